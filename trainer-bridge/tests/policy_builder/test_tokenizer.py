"""Every text has tokens and comes back; what programs are made of is short."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from transformers import AutoTokenizer, Qwen2Config

from azr_policy_builder.compact import END, TAGS
from azr_policy_builder.examples import Reasoned, draw_example
from azr_policy_builder.network import CONTEXT
from azr_policy_builder.sampling import MAX_NEW_TOKENS
from azr_policy_builder.tokenizer import PIECES, build_tokenizer, save_tokenizer

TOKENIZER = build_tokenizer()
EXACT = "<ded>def f(x):\n x=[v%4 for v in x]\n return x<in>[12, 100, -3]<think>\u00e9\u0000\r\n<|end|>"


@given(
    st.text() | st.lists(st.sampled_from([*PIECES, *TAGS, END, "1", "x", " ", "\n", "\u65e5"])).map("".join)
)
def test_any_text_round_trips(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text).ids, skip_special_tokens=False) == text


def test_frequent_pieces_are_single_tokens() -> None:
    pieces = [*TAGS, END, *map(str, range(100)), "def f(x):", "\n return x", "\n x=x+", ", "]
    assert [len(TOKENIZER.encode(piece).ids) for piece in pieces] == [1] * len(pieces)


def test_vocabulary_is_small_and_without_gaps() -> None:
    assert sorted(TOKENIZER.get_vocab().values()) == list(range(TOKENIZER.get_vocab_size()))
    assert TOKENIZER.get_vocab_size() <= 512


def test_the_longest_piece_is_taken() -> None:
    assert TOKENIZER.encode("\n x=x//3").tokens == ["\n x=x//", "3"]
    assert TOKENIZER.encode("\n x=[v for v in x if v>3]").tokens == ["\n x=[v for v in x if v>", "3", "]"]


def test_examples_fit_the_context_and_all_but_few_what_is_sampled() -> None:
    rng = Random(0)
    examples = [draw_example(rng, Reasoned.equally(1.0)) for _ in range(2000)]
    assert max(len(TOKENIZER.encode(e.prompt + e.completion).ids) for e in examples) <= CONTEXT
    cut = sum(len(TOKENIZER.encode(e.completion).ids) > MAX_NEW_TOKENS for e in examples)
    assert cut <= 0.02 * len(examples)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    saved = tmp_path_factory.mktemp("tokenizer")
    save_tokenizer(TOKENIZER, saved, 512)
    Qwen2Config().save_pretrained(saved)
    return saved


def test_loads_from_its_file(folder: Path) -> None:
    loaded = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert loaded.encode(EXACT).ids == TOKENIZER.encode(EXACT).ids


def test_loads_as_the_tokenizer_of_a_qwen2_model(folder: Path) -> None:
    loaded = AutoTokenizer.from_pretrained(folder)
    ids = loaded(EXACT).input_ids
    assert ids == TOKENIZER.encode(EXACT).ids
    assert loaded.decode(ids) == EXACT
    assert loaded.decode(ids, skip_special_tokens=True) == EXACT.removesuffix(END)
    assert (loaded.eos_token, loaded.pad_token, loaded.bos_token, loaded.unk_token) == (END, END, None, None)
    assert loaded.all_special_tokens == [END]
