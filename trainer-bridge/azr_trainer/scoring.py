"""Log-probabilities of a whole batch under the present weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from azr_trainer.batch import Sequences
from azr_trainer.micro_batch import micro_batches
from azr_trainer.policy import Policy, token_logprobs


@dataclass(frozen=True, eq=False)
class BatchScores:
    """Of each response token of a batch, in its order, float32 [sum of R_i], in nats."""

    logprobs: Tensor  # at the temperature of its sequence
    raw: Tensor  # at temperature 1


@torch.no_grad()
def score_batch(
    policy: Policy, sequences: Sequences, budget: int, report: Callable[[float], None] = lambda _: None
) -> BatchScores:
    """Scores every response token, at most `budget` tokens a forward pass; `report` is called with 0 to 1."""
    total = sequences.response_tokens
    logprobs, raw = torch.zeros(2, total, device=policy.device)
    temperatures = torch.tensor(sequences.temperatures, device=policy.device)
    tempered = bool((sequences.temperatures != 1).any())
    done = 0
    for micro in micro_batches(sequences, np.arange(len(sequences)), budget, policy.device):
        logits = policy.response_logits(micro)
        raw[micro.slots] = token_logprobs(logits, micro.targets)
        if tempered:
            logprobs[micro.slots] = token_logprobs(logits / temperatures[micro.owners, None], micro.targets)
        done += len(micro.slots)
        report(done / total)
    return BatchScores(logprobs if tempered else raw, raw)
