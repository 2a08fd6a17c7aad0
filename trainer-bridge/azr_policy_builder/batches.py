"""Turns examples into padded batches of token ids."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from string import ascii_lowercase, digits, punctuation

import torch
from tokenizers import Tokenizer

from .compact import END, Span
from .examples import Example, Reasoned, draw_example
from .tokenizer import piece_ids, token_id

VERDICT_WEIGHT = 4.0  # one token, on which the rest of a trace depends


@dataclass(frozen=True)
class Batch:
    """`ids` and `weights` are [rows, tokens]; `weights[r, t]` is the loss weight of predicting `ids[r, t]`.

    Rows are padded on the right, where causal attention keeps the padding from every real token.
    """

    ids: torch.Tensor
    weights: torch.Tensor


@dataclass(frozen=True)
class _Row:
    ids: list[int]
    weights: list[float]


def draw_batches(
    rng: Random, tokenizer: Tokenizer, examples: int, reasoned: Reasoned, rows: int
) -> list[Batch]:
    """The examples of one optimizer step, sorted by length into batches of `rows`, so that little is padding."""
    encoded = _encode(tokenizer, [draw_example(rng, reasoned) for _ in range(examples)])
    encoded.sort(key=lambda row: len(row.ids))
    padding = token_id(tokenizer, END)
    return [_pad(encoded[start : start + rows], padding) for start in range(0, examples, rows)]


def draw_copy_batch(rng: Random, tokenizer: Tokenizer, tokens: int, longest: int) -> Batch:
    """About `tokens` in rows of random tokens, each row a string of up to `longest` and the same string again.

    Only the repetition is in the loss. The length differs from batch to batch, so that what is learned is to look
    back at what followed, and not to look back by a distance.
    """
    alphabet = _copied_tokens(tokenizer)
    length = rng.randint(longest // 4, longest)
    strings = [rng.choices(alphabet, k=length) for _ in range(tokens // (2 * length))]
    weights = [0.0] * length + [1.0] * length
    return _pad([_Row(string * 2, weights) for string in strings], token_id(tokenizer, END))


@cache
def _copied_tokens(tokenizer: Tokenizer) -> list[int]:
    """What programs and values are written with; bytes that never occur in them would only slow copying down."""
    return [token_id(tokenizer, c) for c in ascii_lowercase + digits + punctuation] + piece_ids(tokenizer)


def _encode(tokenizer: Tokenizer, examples: list[Example]) -> list[_Row]:
    prompts = tokenizer.encode_batch([e.prompt for e in examples], add_special_tokens=False)
    completions = tokenizer.encode_batch([e.completion for e in examples], add_special_tokens=False)
    return [
        _Row(prompt.ids + completion.ids, [0.0] * len(prompt.ids) + _weights(example, completion.offsets))
        for prompt, completion, example in zip(prompts, completions, examples, strict=True)
    ]


def _weights(example: Example, offsets: Sequence[Span]) -> list[float]:
    """Of the completion's tokens, which lie in it at `offsets`."""
    weights = [example.weight] * len(offsets)
    for spans, weight in ((example.trace.guesses, 0.0), (example.trace.verdicts, VERDICT_WEIGHT)):
        for start, end in spans:
            first = bisect_left(offsets, (start, start))
            for index in range(first, bisect_left(offsets, (end, end))):
                weights[index] = weight
    return weights


def _pad(rows: list[_Row], padding: int) -> Batch:
    longest = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), longest), padding, dtype=torch.long)
    weights = torch.zeros((len(rows), longest))
    for index, row in enumerate(rows):
        ids[index, : len(row.ids)] = torch.tensor(row.ids)
        weights[index, : len(row.ids)] = torch.tensor(row.weights)
    return Batch(ids, weights)
