"""What an update measures. Names and units are those of `UpdateMetrics` in the contract."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UpdateMetrics:
    """Means over the optimizer steps taken, except where the contract says otherwise."""

    loss: float
    gradient_norm: float
    entropy: float
    clip_fraction_low: float
    clip_fraction_high: float
    ratio_min: float
    ratio_max: float
    kl_update: float
    kl_reference: float | None
    masked_share: float
    mismatch_mean: float
    mismatch_max: float
    mismatch_kl: float
    response_tokens: int
    total_tokens: int
    optimizer_steps: int
    skipped_steps: int
    seconds: float
    tokens_per_second: float
    padding_share: float
    shared_share: float
    peak_memory_bytes: int
    mfu: float | None
