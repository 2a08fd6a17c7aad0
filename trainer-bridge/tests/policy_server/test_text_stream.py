from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from azr_policy_server.text_stream import TextStream, TokenNames

ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())
TOKENIZER = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(ALPHABET)}, merges=[]))
TOKENIZER.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
TOKENIZER.decoder = decoders.ByteLevel()


def stream_of(text: str) -> TextStream:
    stream = TextStream(TOKENIZER, skip_special_tokens=True)
    for token_id in TOKENIZER.encode(text).ids:
        stream.push(token_id)
    return stream


@given(st.text())
def test_the_stream_is_the_text(text: str) -> None:
    assert stream_of(text).text == text


@given(st.lists(st.integers(0, 255), max_size=40))
def test_any_bytes_come_out_as_decoded_but_for_an_unfinished_end(ids: list[int]) -> None:
    stream = TextStream(TOKENIZER, skip_special_tokens=True)
    grown = sum(stream.push(i) for i in ids)
    whole = TOKENIZER.decode(ids)
    assert grown == len(stream.text) and whole.startswith(stream.text)
    assert set(whole[len(stream.text) :]) <= {"\ufffd"}


@pytest.mark.parametrize(
    ("text", "stop", "include", "expected", "matched"),
    [
        ("abcde", ["cd"], False, "ab", "cd"),
        ("abcde", ["cd"], True, "abcd", "cd"),
        ("abcde", ["x", "e"], False, "abcd", "e"),
        ("abcde", ["abcdef"], False, "abcde", None),
        ("aab", ["ab"], False, "a", "ab"),
    ],
)
def test_a_stop_string_is_found_when_it_is_completed(
    text: str, stop: list[str], include: bool, expected: str, matched: str | None
) -> None:
    stream = TextStream(TOKENIZER, skip_special_tokens=True)
    found = None
    for token_id in TOKENIZER.encode(text).ids:
        found = found or stream.cut_at_stop(stop, stream.push(token_id), include)
        if found:
            break
    assert (stream.text, found) == (expected, matched)


def test_the_token_that_completes_a_character_carries_it() -> None:
    names = TokenNames(TOKENIZER)
    ids = TOKENIZER.encode("aé€!").ids
    assert [names.after(ids, i, token_id) for i, token_id in enumerate(ids)] == [
        "a",
        "",
        "é",
        "",
        "",
        "€",
        "!",
    ]


def test_a_special_token_has_a_name(policy: Path) -> None:
    assert TokenNames(Tokenizer.from_file(str(policy / "tokenizer.json"))).name(0) == "<|endoftext|>"
