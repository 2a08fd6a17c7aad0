"""The clipped policy-gradient loss, a function for each of its terms.

With response token t of sequence i, advantage A_i, and ratio r_it = exp(new_it - proximal_it):

    loss = sum_it c_it * (v_it * -min(r_it A_i, clip(r_it, 1 - clip_low, 1 + clip_high) A_i) - beta * H_it)

where c_it comes from the aggregation, v_it is the importance weight (1 without one), H_it the entropy of the policy
at that token and beta the entropy coefficient. Both log-probabilities are at the temperature of the sequence.
"""

from __future__ import annotations

import torch
from torch import Tensor

from azr_trainer.settings import Aggregation

# A log-ratio beyond it is cut: exp stays finite, also where the clipped term wins and the gradient is 0 * ratio.
MAX_LOG_RATIO = 20.0


def clipped_policy_loss(
    new: Tensor, proximal: Tensor, advantages: Tensor, clip_low: float, clip_high: float
) -> tuple[Tensor, Tensor]:
    """Loss of each token, and whether clipping cut its gradient off; all shapes [tokens].

    PPO, arXiv 1707.06347, eq. 7, with separate bounds as in DAPO, arXiv 2503.14476. The proximal policy is the one
    before the update, as in AZR, arXiv 2505.03335.
    """
    ratio = torch.exp((new - proximal).clamp(-MAX_LOG_RATIO, MAX_LOG_RATIO))
    unclipped = ratio * advantages
    clipped = ratio.clamp(1 - clip_low, 1 + clip_high) * advantages
    return -torch.minimum(unclipped, clipped), clipped < unclipped


def importance_weights(proximal: Tensor, rollout: Tensor, cap: float) -> Tensor:
    """min(exp(proximal - rollout), cap) of each token: what corrects for the rollout server having sampled.

    Decoupled PPO, arXiv 2110.00641, as AReaL uses it, arXiv 2505.24298; truncated as in IMPALA, arXiv 1802.01561.
    Both log-probabilities are raw, because that is what rollout servers report.
    """
    return torch.exp(proximal - rollout).clamp(max=cap)


def entropies(logits: Tensor) -> Tensor:
    """H = log sum exp(z) - sum p z, in nats, of each row of `logits` [tokens, vocabulary]."""
    return logits.logsumexp(-1) - (logits.softmax(-1) * logits).sum(-1)


def token_coefficients(lengths: Tensor, weights: Tensor, aggregation: Aggregation) -> Tensor | None:
    """c_i, the same for each token of sequence i, [S]; None where nothing has weight.

    `lengths` are the R_i, `weights` the w_i, both [S] and float64:

        token mean:     c_i = w_i / sum_j w_j R_j               (AZR; DAPO)
        sequence mean:  c_i = w_i / (R_i * sum_{j: R_j > 0} w_j)  (GRPO, arXiv 2402.03300, eq. 3)
    """
    answered = lengths > 0
    if aggregation is Aggregation.TOKEN_MEAN:
        shares, total = weights, (weights * lengths).sum()
    else:
        shares, total = weights / lengths.clamp(min=1), (weights * answered).sum()
    return shares * answered / total if total > 0 else None
