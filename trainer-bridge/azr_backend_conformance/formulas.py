"""The loss in float64, written from the formulas of the contract, one sequence at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from azr.v1 import trainer_pb2 as pb
from torch import Tensor

from azr_backend_conformance.sample import Sample


@dataclass(frozen=True, eq=False)
class TokenValues:
    """Of the response tokens of one sequence, [R] each. Only losses have a gradient."""

    losses: Tensor
    entropies: Tensor
    ratios: Tensor
    clipped_low: Tensor
    clipped_high: Tensor
    kl_update: Tensor
    kl_reference: Tensor
    masked: Tensor


def token_values(
    new: Tensor, proximal: Tensor, reference: Tensor | None, sample: Sample, loss: pb.LossConfig
) -> TokenValues:
    """`new`, `proximal`, `reference`: logits before each response token, [R, vocabulary], temperature not applied.

    Loss of a token: -v min(r A, clip(r, 1 - low, 1 + high) A) - beta H + kappa k.
    """
    new_logprobs = logprobs(new, sample, sample.temperature)
    proximal_logprobs = logprobs(proximal, sample, sample.temperature)
    reference_logprobs = proximal_logprobs
    if reference is not None:
        reference_logprobs = logprobs(reference, sample, sample.temperature)
    ratios = (new_logprobs - proximal_logprobs).exp()
    bounded = ratios.clamp(1 - loss.clip_low, 1 + loss.clip_high)
    surrogates = torch.minimum(ratios * sample.advantage, bounded * sample.advantage)
    weights = _mismatch_weights(logprobs(proximal, sample, 1.0), sample, loss)
    entropies = _entropies(new / sample.temperature)
    losses = -weights * surrogates - loss.entropy_coefficient * entropies
    if loss.kl_coefficient:
        refers_to_reference = loss.kl_target == pb.KL_TARGET_REFERENCE
        target = reference_logprobs if refers_to_reference else proximal_logprobs
        losses = losses + loss.kl_coefficient * _kl(new_logprobs, target, loss.kl_estimator)
    return TokenValues(
        losses=losses,
        entropies=entropies.detach(),
        ratios=ratios.detach(),
        clipped_low=(ratios < 1 - loss.clip_low) & (sample.advantage < 0),
        clipped_high=(ratios > 1 + loss.clip_high) & (sample.advantage > 0),
        kl_update=(proximal_logprobs - new_logprobs).detach(),
        kl_reference=_kl(new_logprobs, reference_logprobs, pb.KL_ESTIMATOR_K3).detach(),
        masked=weights == 0,
    )


def logprobs(logits: Tensor, sample: Sample, temperature: float) -> Tensor:
    """Of the response tokens, [R], in nats."""
    chosen = torch.tensor(sample.response, dtype=torch.int64)
    return torch.log_softmax(logits / temperature, -1).gather(1, chosen[:, None])[:, 0]


def shares(batch: Sequence[Sample], loss: pb.LossConfig) -> list[float] | None:
    """What each token loss of a sequence is multiplied by before all are added; None where nothing has weight."""
    answered = [one for one in batch if one.response]
    if loss.aggregation == pb.LOSS_AGGREGATION_TOKEN_MEAN:
        total = sum(one.loss_weight * len(one.response) for one in answered)
        divisors = [1 for _ in batch]
    else:
        constant = loss.aggregation == pb.LOSS_AGGREGATION_CONSTANT_LENGTH
        total = sum(one.loss_weight for one in answered)
        divisors = [loss.constant_length if constant else max(len(one.response), 1) for one in batch]
    if total == 0:
        return None
    return [one.loss_weight / by / total for one, by in zip(batch, divisors, strict=True)]


def _mismatch_weights(proximal: Tensor, sample: Sample, loss: pb.LossConfig) -> Tensor:
    """v: the capped importance weight, 0 where the mismatch is beyond the threshold."""
    differences = proximal - torch.tensor(sample.rollout_logprobs, dtype=torch.float64)
    weights = torch.ones_like(differences)
    if loss.importance_cap:
        weights = differences.exp().clamp(max=loss.importance_cap)
    if loss.mask_threshold:
        by_sequence = loss.mask_unit == pb.MASK_UNIT_SEQUENCE
        ratios = (differences.mean().expand_as(differences) if by_sequence else differences).exp()
        weights = weights * ((ratios >= 1 / loss.mask_threshold) & (ratios <= loss.mask_threshold))
    return weights


def _entropies(logits: Tensor) -> Tensor:
    log_p = torch.log_softmax(logits, -1)
    return -(log_p.exp() * log_p).sum(-1)


def _kl(new: Tensor, target: Tensor, estimator: int) -> Tensor:
    """Estimates of KL(new || target) of each token, with d = target - new."""
    difference = target - new
    if estimator == pb.KL_ESTIMATOR_K1:
        return -difference
    if estimator == pb.KL_ESTIMATOR_K2:
        return difference**2 / 2
    return difference.exp() - 1 - difference
