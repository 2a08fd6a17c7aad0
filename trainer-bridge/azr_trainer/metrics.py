"""What an update measures. Names and units are those of `UpdateMetrics` in the contract."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UpdateMetrics:
    """Means over the optimizer steps, except the mismatch and the counts, which are of the whole batch."""

    loss: float
    gradient_norm: float
    entropy: float
    clip_fraction: float
    kl_update: float
    mismatch_mean: float
    mismatch_max: float
    mismatch_kl: float
    response_tokens: int
    total_tokens: int
    optimizer_steps: int
    seconds: float
