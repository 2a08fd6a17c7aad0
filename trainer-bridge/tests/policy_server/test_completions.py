"""What is in a completion: seeds, stops, text and log-probabilities."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from tests.policy_server.server_process import Client
from tests.policy_server.tiny_policy import END, END_ID

GREEDY = {"temperature": 0, "max_tokens": 24}


@pytest.fixture(scope="module")
def tokenizer(policy: Path) -> Tokenizer:
    return Tokenizer.from_file(str(policy / "tokenizer.json"))


def test_a_choice_is_a_lone_request_with_the_next_seed(server: Client) -> None:
    together = server.complete(n=4, seed=40, max_tokens=20)["choices"]
    assert [c["token_ids"] for c in together] == [server.tokens(seed=40 + i, max_tokens=20) for i in range(4)]
    assert len({tuple(c["token_ids"]) for c in together}) == 4


def test_a_seed_fixes_the_text_in_any_company(server: Client) -> None:
    def ask(seed: int) -> tuple[list[int], list[float]]:
        choice = server.complete([5, 6, 7 + seed % 5], seed=seed, max_tokens=10 + seed % 30)["choices"][0]
        return choice["token_ids"], choice["logprobs"]["token_logprobs"]

    alone = [ask(seed) for seed in range(40)]
    with ThreadPoolExecutor(20) as pool:  # more than the server has rows: some wait, rows change hands
        assert list(pool.map(ask, range(40))) == alone


def test_no_seed_and_seed_minus_one_are_random(server: Client) -> None:
    drawn = [tuple(server.tokens(max_tokens=20, **seed)) for seed in ({}, {}, {"seed": -1}, {"seed": -1})]
    assert len(set(drawn)) == 4


def test_logprobs_do_not_depend_on_the_temperature(server: Client) -> None:
    def first(temperature: float) -> dict[str, float]:
        choice = server.complete(temperature=temperature, max_tokens=1, logprobs=20)["choices"][0]
        (top,) = choice["logprobs"]["top_logprobs"]
        assert 20 >= len(top) > 1  # tokens that share a text share an entry
        return {text: value for text, value in top.items() if text}

    cold, hot = first(0.3), first(2.0)
    common = cold.keys() & hot.keys()
    assert len(common) > 5 and all(cold[text] == hot[text] for text in common)


def test_a_stop_string_cuts_the_text_and_keeps_the_tokens(server: Client) -> None:
    whole = server.complete(**GREEDY)["choices"][0]
    text = whole["text"]
    stop = text[len(text) // 2 :][:3]
    cut = server.complete(**GREEDY, stop=["\0never\0", stop])["choices"][0]
    included = server.complete(**GREEDY, stop=stop, include_stop_str_in_output=True)["choices"][0]
    assert (cut["finish_reason"], cut["stop_reason"]) == ("stop", stop)
    assert cut["text"] == text[: text.index(stop)] and included["text"] == cut["text"] + stop
    kept = len(cut["token_ids"])
    assert cut["token_ids"] == whole["token_ids"][:kept] == included["token_ids"] and kept < len(
        whole["token_ids"]
    )
    assert len(cut["logprobs"]["tokens"]) == kept


def test_a_stop_token_stays_among_the_tokens_and_out_of_the_text(
    server: Client, tokenizer: Tokenizer
) -> None:
    ids = server.tokens(**GREEDY)
    stop = ids[6]
    choice = server.complete(**GREEDY, stop_token_ids=[stop])["choices"][0]
    assert (choice["finish_reason"], choice["stop_reason"]) == ("stop", stop)
    assert choice["token_ids"] == ids[: ids.index(stop) + 1]
    assert choice["text"] == tokenizer.decode(ids[: ids.index(stop)]).rstrip("\ufffd")


def test_the_end_of_sequence_stops_unless_it_is_ignored(server: Client) -> None:
    ended = next(
        c for seed in range(100) for c in server.complete(seed=seed * 16, n=16, max_tokens=64)["choices"]
        if c["finish_reason"] == "stop"
    )  # fmt: skip
    assert ended["token_ids"][-1] == END_ID and ended["token_ids"].count(END_ID) == 1
    assert ended["stop_reason"] is None
    assert END not in ended["text"] and ended["logprobs"]["tokens"][-1] == END


def test_ignoring_the_end_goes_on_and_can_show_it(server: Client) -> None:
    fields = {"n": 16, "seed": 1, "max_tokens": 200, "ignore_eos": True}
    silent = server.complete(**fields)["choices"]
    shown = server.complete(**fields, skip_special_tokens=False)["choices"]
    assert {c["finish_reason"] for c in silent} == {"length"}
    passed = [i for i, c in enumerate(silent) if END_ID in c["token_ids"][:-1]]
    assert passed and all(END in shown[i]["text"] and END not in silent[i]["text"] for i in passed)


def test_token_texts_line_up_with_their_offsets(server: Client) -> None:
    logprobs = server.complete(seed=3, max_tokens=60, ignore_eos=True)["choices"][0]["logprobs"]
    lengths = [len(text) for text in logprobs["tokens"]]
    assert logprobs["text_offset"] == [sum(lengths[:i]) for i in range(len(lengths))]
    assert all(
        top[text] == own
        for top, text, own in zip(
            logprobs["top_logprobs"], logprobs["tokens"], logprobs["token_logprobs"], strict=True
        )
    )


def test_without_a_limit_the_context_is_filled(server: Client) -> None:
    answer = server.complete([7] * 16378, max_tokens=None, ignore_eos=True)
    assert answer["usage"]["completion_tokens"] == 6
    assert answer["choices"][0]["finish_reason"] == "length"
