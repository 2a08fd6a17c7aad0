"""How to train on a batch. Ranges are those of `LossConfig` and `OptimizerConfig` in the contract."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Aggregation(Enum):
    """How token losses become one number."""

    TOKEN_MEAN = "token_mean"
    SEQUENCE_MEAN = "sequence_mean"
    CONSTANT_LENGTH = "constant_length"


class KlTarget(Enum):
    """The policy that the KL term keeps the new one near to."""

    PROXIMAL = "proximal"  # the one before the update
    REFERENCE = "reference"  # the one loaded as reference


class KlEstimator(Enum):
    """How the KL term is estimated from the tokens that were drawn."""

    K1 = "k1"
    K2 = "k2"
    K3 = "k3"


class MaskUnit(Enum):
    """What is masked together."""

    TOKEN = "token"
    SEQUENCE = "sequence"


@dataclass(frozen=True)
class LossSettings:
    """The clipped policy-gradient loss on token-level ratios, with what may be added to it."""

    clip_low: float
    clip_high: float
    aggregation: Aggregation
    constant_length: int = 0  # tokens, at least 1 with CONSTANT_LENGTH
    entropy_coefficient: float = 0.0
    kl_coefficient: float = 0.0  # 0: no KL term
    kl_target: KlTarget = KlTarget.PROXIMAL
    kl_estimator: KlEstimator = KlEstimator.K3
    importance_cap: float = 0.0  # 0: no importance weight
    mask_threshold: float = 0.0  # 0: nothing is masked; else above 1
    mask_unit: MaskUnit = MaskUnit.TOKEN

    @property
    def needs_reference(self) -> bool:
        """Whether a reference policy is asked for its log-probabilities."""
        return self.kl_coefficient > 0 and self.kl_target is KlTarget.REFERENCE


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
    micro_batch_tokens: int  # of the sequences in one forward pass, each with its prompt


@dataclass(frozen=True)
class UpdateSettings:
    """All that one update is told beside its batch."""

    loss: LossSettings
    optimizer: OptimizerSettings
