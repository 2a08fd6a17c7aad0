"""Log-probabilities of the response tokens of a batch under present weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from azr_trainer.batch import Sequences
from azr_trainer.micro_batch import Indices, MicroBatch, micro_batches
from azr_trainer.policy import Policy
from azr_trainer.ranks import ALONE, Ranks
from azr_trainer.token_scores import TokenScores


@dataclass(frozen=True, eq=False)
class BatchScores:
    """Of each response token of a batch, in its order, float32 [sum of R_i], in nats; 0 until it is put there."""

    logprobs: Tensor  # at the temperature of its sequence
    raw: Tensor  # at temperature 1

    @staticmethod
    def empty(sequences: Sequences, device: torch.device) -> BatchScores:
        """Room for the scores of a batch."""
        return BatchScores(*torch.zeros(2, sequences.response_tokens, device=device))

    def put(self, micro: MicroBatch, scores: TokenScores) -> None:
        """Keeps the scores of some sequences, without gradient."""
        self.logprobs[micro.slots] = scores.logprobs.detach()
        self.raw[micro.slots] = scores.raw


def batch_temperatures(sequences: Sequences, device: torch.device) -> Tensor | None:
    """Of each sequence, [S]; None where all are 1."""
    if bool((sequences.temperatures == 1).all()):
        return None
    return torch.tensor(sequences.temperatures, device=device)


@torch.no_grad()
def score_sequences(
    policy: Policy,
    sequences: Sequences,
    chosen: Indices,
    budget: int,
    report: Callable[[int], None] = lambda _: None,
    ranks: Ranks = ALONE,
) -> BatchScores:
    """Scores the response tokens of the chosen sequences, at most `budget` tokens in a forward pass.

    `report` is called with the number of response tokens that were scored since the call before. All ranks must call
    it, each with sequences of its own, or none.
    """
    scores = BatchScores.empty(sequences, policy.device)
    temperatures = batch_temperatures(sequences, policy.device)
    for micro in micro_batches(sequences, chosen, budget, policy.device, ranks):
        scores.put(micro, policy.score(micro, temperatures))
        report(len(micro.slots))
    policy.release()
    return scores
