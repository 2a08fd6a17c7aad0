"""How to train on a batch. Ranges are those of `LossConfig` and `OptimizerConfig` in the contract."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Aggregation(Enum):
    """How token losses become one number."""

    TOKEN_MEAN = "token_mean"
    SEQUENCE_MEAN = "sequence_mean"


@dataclass(frozen=True)
class LossSettings:
    """The clipped policy-gradient loss on token-level ratios."""

    clip_low: float
    clip_high: float
    aggregation: Aggregation
    entropy_coefficient: float = 0.0
    importance_cap: float = 0.0  # 0: no importance weight


@dataclass(frozen=True)
class OptimizerSettings:
    """AdamW, and how the batch is cut into its steps."""

    learning_rate: float
    beta1: float
    beta2: float
    weight_decay: float
    gradient_clip: float  # 0: no clipping
    mini_batch: int  # sequences of one optimizer step
    epochs: int
    micro_batch_tokens: int  # rows x longest row of one forward pass, padding included


@dataclass(frozen=True)
class UpdateSettings:
    """All that one update is told beside its batch."""

    loss: LossSettings
    optimizer: OptimizerSettings
