"""Sequences packed for one forward pass, a bounded number of tokens at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from azr_trainer.batch import Sequences
from azr_trainer.packed_attention import AttentionLayout
from azr_trainer.ranks import ALONE, Ranks

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MicroBatch:
    """Some sequences, without padding, and what they begin with in common once: T tokens for n response tokens.

    A token's state depends on nothing but what comes before it, so that one will do. All tensors are int64.
    """

    input_ids: Tensor  # [T]
    positions: Tensor  # [T], of each in its sequence
    attention: AttentionLayout
    predicting: Tensor  # [n], the packed tokens whose logits predict a response token
    targets: Tensor  # [n], the response tokens' ids
    owners: Tensor  # [n], which sequence of the batch each belongs to
    slots: Tensor  # [n], its place among all response tokens of the batch, in the batch's order
    unshared: int  # tokens of all its sequences, as if they had nothing in common


def micro_batches(
    sequences: Sequences, chosen: Indices, budget: int, device: torch.device, ranks: Ranks = ALONE
) -> Iterator[MicroBatch]:
    """The chosen sequences, those without a response left out, at most `budget` tokens in each.

    What sequences share counts for each of them, for in attention it is there for each. Sequences of one prompt stand
    together, the prompt of the longest one first, so that what cannot fit in memory fails at once. A sequence longer
    than the budget is alone. Ranks gather weights together: one that has fewer than another ends with fillers.
    """
    packer = _Packer(sequences)
    groups = list(_groups(packer, chosen, budget))
    fillers = ranks.greatest(len(groups), device) - len(groups)
    for group in groups:
        yield packer.pack(group, device)
    for _ in range(fillers):
        yield _filler(device)


def _filler(device: torch.device) -> MicroBatch:
    """One token that predicts nothing: scores of it are empty, and its gradient is zero."""
    zero, none = (
        torch.zeros(1, dtype=torch.int64, device=device),
        torch.empty(0, dtype=torch.int64, device=device),
    )
    return MicroBatch(
        zero, zero, _layout([np.zeros(1, np.int64)], 1, device), none, none, none, none, unshared=0
    )


def _groups(packer: _Packer, chosen: Indices, budget: int) -> Iterator[list[int]]:
    group: list[int] = []
    tokens = 0
    for index in packer.ordered(chosen):
        length = int(packer.lengths[index])
        if group and tokens + length > budget:
            yield group
            group, tokens = [], 0
        group.append(index)
        tokens += length
    if group:
        yield group


class _Packer:
    """Knows where each sequence of a batch stands."""

    def __init__(self, sequences: Sequences) -> None:
        self.lengths = sequences.lengths
        self._token_ids = sequences.token_ids
        self._prompts, self._responses = sequences.prompt_lengths, sequences.response_lengths
        self._starts = np.cumsum(self.lengths, dtype=np.int64) - self.lengths
        self._slots = np.cumsum(self._responses, dtype=np.int64) - self._responses

    def ordered(self, chosen: Indices) -> list[int]:
        """Those with a response, prompt by prompt, and so that each has most in common with the one before it."""
        answered = [int(index) for index in chosen if self._responses[index] > 0]
        longest: dict[bytes, int] = {}
        for index in answered:
            prompt = self._prompt(index)
            longest[prompt] = max(longest.get(prompt, 0), int(self.lengths[index]))

        def rank(index: int) -> tuple[int, bytes]:
            return -longest[self._prompt(index)], self._tokens(index).tobytes()

        return sorted(answered, key=rank)

    def pack(self, group: list[int], device: torch.device) -> MicroBatch:
        places, whole, size = self._places(group)
        input_ids, positions = np.zeros((2, size), np.int64)
        for index, of in zip(group, places, strict=True):
            input_ids[of] = self._tokens(index)
            positions[of] = np.arange(len(of))

        def on_device(arrays: list[Indices]) -> Tensor:
            return torch.from_numpy(np.concatenate(arrays)).to(device)

        counts = [int(self._responses[index]) for index in group]
        predicting = [of[-count - 1 : -1] for of, count in zip(places, counts, strict=True)]
        responding = [of[-count:] for of, count in zip(places, counts, strict=True)]
        return MicroBatch(
            input_ids=on_device([input_ids]),
            positions=on_device([positions]),
            attention=_layout(whole, size, device),
            predicting=on_device(predicting),
            targets=on_device([input_ids[of] for of in responding]),
            owners=on_device([np.full(count, index) for index, count in zip(group, counts, strict=True)]),
            slots=on_device(
                [self._slots[index] + np.arange(count) for index, count in zip(group, counts, strict=True)]
            ),
            unshared=sum(len(of) for of in places),
        )

    def _places(self, group: list[int]) -> tuple[list[Indices], list[Indices], int]:
        """Where the tokens of each sequence stand when they are packed; those that are in no other; how many tokens."""
        places: list[Indices] = []
        whole: list[Indices] = []
        size = 0
        for _, alike in groupby(group, self._prompt):
            before, stood = np.empty(0, np.int32), np.empty(0, np.int64)
            for index in alike:
                tokens = self._tokens(index)
                shared = _common(before, tokens)
                if before.size and shared == len(before):
                    whole.pop()
                added = np.arange(size, size + len(tokens) - shared)
                before, stood = tokens, np.concatenate([stood[:shared], added])
                size += len(added)
                places.append(stood)
                whole.append(stood)
        return places, whole, size

    def _tokens(self, index: int) -> NDArray[np.int32]:
        start = int(self._starts[index])
        return self._token_ids[start : start + int(self.lengths[index])]

    def _prompt(self, index: int) -> bytes:
        return self._tokens(index)[: self._prompts[index]].tobytes()


def _common(one: NDArray[np.int32], other: NDArray[np.int32]) -> int:
    """How many tokens both begin with."""
    length = min(len(one), len(other))
    different = np.flatnonzero(one[:length] != other[:length])
    return int(different[0]) if len(different) else length


def _layout(whole: list[Indices], size: int, device: torch.device) -> AttentionLayout:
    by_length = sorted(whole, key=len, reverse=True)
    shapes = tuple((len([*alike]), length) for length, alike in groupby(by_length, len))
    tokens = np.concatenate(by_length)
    cells = np.zeros(size, np.int64)
    cells[tokens] = np.arange(len(tokens))
    return AttentionLayout(shapes, torch.from_numpy(tokens).to(device), torch.from_numpy(cells).to(device))
