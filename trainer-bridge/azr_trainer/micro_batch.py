"""Sequences made into padded tensors, a bounded number of tokens at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from azr_trainer.batch import Sequences

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MicroBatch:
    """Some sequences, right-padded, and the n response tokens in them. All tensors are int64."""

    input_ids: (
        Tensor  # [rows, longest]; what stands behind a sequence is never attended to, attention being causal
    )
    predicting: Tensor  # [n], places in the flattened [rows * longest] whose logits predict a response token
    targets: Tensor  # [n], the response tokens' ids
    owners: Tensor  # [n], which sequence of the batch each belongs to
    slots: Tensor  # [n], its place among all response tokens of the batch, in the batch's order

    @property
    def tokens(self) -> int:
        """Of the forward pass, padding included."""
        return self.input_ids.numel()


def micro_batches(
    sequences: Sequences, chosen: Indices, budget: int, device: torch.device
) -> Iterator[MicroBatch]:
    """The chosen sequences, those without a response left out, at most `budget` tokens of padded rows each.

    Sorted by length, longest first, so that little is padding and what cannot fit in memory fails at once. A sequence
    longer than the budget is alone.
    """
    starts = np.cumsum(sequences.lengths, dtype=np.int64) - sequences.lengths
    slots = np.cumsum(sequences.response_lengths, dtype=np.int64) - sequences.response_lengths
    for group in _groups(sequences, chosen, budget):
        yield _pad(sequences, group, starts, slots, device)


def _groups(sequences: Sequences, chosen: Indices, budget: int) -> Iterator[Indices]:
    answered = chosen[sequences.response_lengths[chosen] > 0]
    ordered = answered[np.argsort(-sequences.lengths[answered], kind="stable")]
    while len(ordered):
        rows = max(1, budget // int(sequences.lengths[ordered[0]]))
        yield ordered[:rows]
        ordered = ordered[rows:]


def _pad(
    sequences: Sequences, group: Indices, starts: Indices, slots: Indices, device: torch.device
) -> MicroBatch:
    lengths, prompts = sequences.lengths, sequences.prompt_lengths
    input_ids = np.zeros((len(group), int(lengths[group].max())), np.int64)
    predicting, owners, places = [], [], []
    for row, index in enumerate(group):
        length, response = int(lengths[index]), int(sequences.response_lengths[index])
        input_ids[row, :length] = sequences.token_ids[starts[index] : starts[index] + length]
        first = row * input_ids.shape[1] + int(prompts[index]) - 1
        predicting.append(np.arange(first, first + response))
        owners.append(np.full(response, index))
        places.append(np.arange(slots[index], slots[index] + response))
    at = np.concatenate(predicting)

    def on_device(array: Indices) -> Tensor:
        return torch.from_numpy(array).to(device)

    return MicroBatch(
        input_ids=on_device(input_ids),
        predicting=on_device(at),
        targets=on_device(input_ids.reshape(-1)[at + 1]),
        owners=on_device(np.concatenate(owners)),
        slots=on_device(np.concatenate(places)),
    )
