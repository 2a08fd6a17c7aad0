"""What corrects for the rollout server having sampled, and not the trainer: v_it in the loss.

Both log-probabilities are raw, the temperature not applied, because that is what rollout servers report: `proximal` is
the trainer's before the update, `rollout` the server's, of each response token.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from azr_trainer.settings import LossSettings, MaskUnit


@dataclass(frozen=True)
class Mismatch:
    """Between rollout server and trainer, of the response tokens of a batch; all 0 where there are none."""

    mean: float  # of |exp(rollout) - exp(proximal)|
    max: float  # of the same
    kl: float  # mean of rollout - proximal, in nats: the k1 estimate of KL(rollout || proximal)


def measure_mismatch(proximal: Tensor, rollout: Tensor) -> Mismatch:
    """Over all tokens, [tokens] each."""
    if len(rollout) == 0:
        return Mismatch(0.0, 0.0, 0.0)
    raw, said = proximal.double(), rollout.double()
    apart = (said.exp() - raw.exp()).abs()
    return Mismatch(float(apart.mean()), float(apart.max()), float((said - raw).mean()))


def token_weights(proximal: Tensor, rollout: Tensor, owners: Tensor, settings: LossSettings) -> Tensor | None:
    """v_it = m_it * min(exp(proximal - rollout), cap), [tokens]; None where the settings leave both factors out.

    `owners` [tokens] says which sequence each token belongs to; all tokens of a sequence must be there.
    """
    weights = torch.ones_like(proximal)
    if settings.importance_cap > 0:
        weights = importance_weights(proximal, rollout, settings.importance_cap)
    if settings.mask_threshold > 0:
        weights = weights * kept(proximal, rollout, owners, settings)
    return weights if settings.importance_cap > 0 or settings.mask_threshold > 0 else None


def importance_weights(proximal: Tensor, rollout: Tensor, cap: float) -> Tensor:
    """min(exp(proximal - rollout), cap) of each token.

    Decoupled PPO, arXiv 2110.00641, as AReaL uses it, arXiv 2505.24298; truncated as in IMPALA, arXiv 1802.01561.
    """
    return torch.exp(proximal - rollout).clamp(max=cap)


def kept(proximal: Tensor, rollout: Tensor, owners: Tensor, settings: LossSettings) -> Tensor:
    """m_it: whether a ratio lies within 1 / threshold to threshold; those that do not are masked. Bool [tokens].

    The ratio is exp(proximal - rollout) of the token, as in IcePop, arXiv 2510.18855, or of its sequence: the geometric
    mean over its tokens, which is how GSPO, arXiv 2507.18071, makes sequences of any length comparable.
    """
    differences = proximal - rollout
    if settings.mask_unit is MaskUnit.SEQUENCE:
        _, places, counts = torch.unique(owners, return_inverse=True, return_counts=True)
        sums = differences.new_zeros(len(counts)).index_add(0, places, differences)
        differences = (sums / counts)[places]
    return differences.abs() <= math.log(settings.mask_threshold)
