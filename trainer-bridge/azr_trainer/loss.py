"""The loss, a function for each of its terms.

With response token t of sequence i, advantage A_i, and ratio r_it = exp(new_it - proximal_it):

    loss = sum_it c_i * (-v_it min(r_it A_i, clip(r_it, 1 - clip_low, 1 + clip_high) A_i) - beta H_it + kappa k_it)

where c_i comes from the aggregation, v_it from the mismatch with the rollout server (1 without a correction, see
`mismatch.py`), H_it is the entropy of the policy at that token, k_it an estimate of its KL divergence from another
policy, and beta and kappa are their coefficients. All log-probabilities here are at the temperature of the sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from azr_trainer.settings import Aggregation, KlEstimator, LossSettings

# A log-ratio beyond it is cut: exp stays finite, also where the clipped term wins and the gradient is 0 * ratio.
MAX_LOG_RATIO = 20.0


@dataclass(frozen=True, eq=False)
class PolicyTerm:
    """Of each token, all [tokens]."""

    losses: Tensor
    ratios: Tensor
    clipped_low: Tensor  # whether the lower bound cut its gradient off
    clipped_high: Tensor  # whether the upper bound did


def clipped_policy_term(
    new: Tensor, proximal: Tensor, advantages: Tensor, clip_low: float, clip_high: float
) -> PolicyTerm:
    """-min(r A, clip(r, 1 - clip_low, 1 + clip_high) A), all arguments [tokens].

    PPO, arXiv 1707.06347, eq. 7, with separate bounds as in DAPO, arXiv 2503.14476. The proximal policy is the one
    before the update, as in AZR, arXiv 2505.03335.
    """
    ratios = torch.exp(_bounded(new - proximal))
    losses = -torch.minimum(ratios * advantages, ratios.clamp(1 - clip_low, 1 + clip_high) * advantages)
    return PolicyTerm(
        losses,
        ratios.detach(),
        clipped_low=(ratios < 1 - clip_low) & (advantages < 0),
        clipped_high=(ratios > 1 + clip_high) & (advantages > 0),
    )


def kl_term(new: Tensor, target: Tensor, estimator: KlEstimator) -> Tensor:
    """Estimates of KL(new || target) from tokens that `new` drew, [tokens]; with d = target - new:

        k1 = -d        k2 = d^2 / 2        k3 = exp(d) - 1 - d

    J. Schulman, Approximating KL Divergence, joschu.net/blog/kl-approx.html; k3 as a loss as in GRPO, arXiv 2402.03300,
    eq. 4. As a loss, k1 has gradient zero in expectation, and k2 the gradient of the divergence.
    """
    difference = target - new
    if estimator is KlEstimator.K1:
        return -difference
    if estimator is KlEstimator.K2:
        return difference.square() / 2
    difference = _bounded(difference)
    return torch.expm1(difference) - difference


def token_coefficients(lengths: Tensor, weights: Tensor, settings: LossSettings) -> Tensor | None:
    """c_i, the same for each token of sequence i, [S]; None where nothing has weight.

    `lengths` are the R_i, `weights` the w_i, both [S] and float64; sums over j are over sequences with R_j > 0:

        token mean:       c_i = w_i / sum_j w_j R_j      (AZR; DAPO, arXiv 2503.14476, eq. 8)
        sequence mean:    c_i = w_i / (R_i sum_j w_j)    (GRPO, arXiv 2402.03300, eq. 3)
        constant length:  c_i = w_i / (L sum_j w_j)      (Dr. GRPO, arXiv 2503.20783; L is the same for every batch)
    """
    answered = lengths > 0
    if settings.aggregation is Aggregation.TOKEN_MEAN:
        shares, total = weights, (weights * lengths).sum()
    elif settings.aggregation is Aggregation.SEQUENCE_MEAN:
        shares, total = weights / lengths.clamp(min=1), (weights * answered).sum()
    else:
        shares, total = weights / settings.constant_length, (weights * answered).sum()
    return shares * answered / total if total > 0 else None


def _bounded(log_ratios: Tensor) -> Tensor:
    return log_ratios.clamp(-MAX_LOG_RATIO, MAX_LOG_RATIO)
