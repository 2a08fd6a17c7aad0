"""How a batch is cut into optimizer steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from azr_trainer.batch import Float32s, TrainBatch
from azr_trainer.loss import token_coefficients
from azr_trainer.micro_batch import Indices
from azr_trainer.settings import LossSettings, OptimizerSettings


@dataclass(frozen=True, eq=False)
class PlannedStep:
    """An optimizer step to be taken."""

    chosen: Indices  # its sequences
    tokens: int  # its response tokens
    coefficients: Float32s  # c_i of every sequence of the batch, 0 for those of other steps, [S]


def mini_batches(count: int, size: int) -> list[Indices]:
    """`count` sequences in the order sent, `size` at a time."""
    return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]


def plan_steps(batch: TrainBatch, loss: LossSettings, options: OptimizerSettings) -> list[PlannedStep]:
    """Mini-batches in the order sent, once for each epoch, without those that have no token of any weight."""
    responses = batch.sequences.response_lengths
    lengths, weights = (torch.tensor(of, dtype=torch.float64) for of in (responses, batch.loss_weights))
    planned = []
    for chosen in mini_batches(len(responses), options.mini_batch):
        shares = token_coefficients(lengths[chosen], weights[chosen], loss)
        if shares is not None:
            coefficients = np.zeros(len(responses), np.float32)
            coefficients[chosen] = shares.numpy()
            planned.append(PlannedStep(chosen, int(responses[chosen].sum()), coefficients))
    return planned * options.epochs
