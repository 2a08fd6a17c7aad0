"""The update's loss and gradient in float64, written from the formulas: one sequence, then one token at a time."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from azr_trainer.batch import TrainBatch
from azr_trainer.settings import Aggregation, KlEstimator, LossSettings, MaskUnit


def token_distributions(model: PreTrainedModel, batch: TrainBatch, index: int) -> tuple[Tensor, Tensor]:
    """Raw logits [R, vocabulary] before each response token of one sequence, and the tokens [R]."""
    start = int(batch.sequences.lengths[:index].sum())
    prompt, response = (
        int(of[index]) for of in (batch.sequences.prompt_lengths, batch.sequences.response_lengths)
    )
    ids = torch.tensor(batch.sequences.token_ids[start : start + prompt + response], dtype=torch.int64)
    logits = model(input_ids=ids[None]).logits[0]
    return logits[prompt - 1 : prompt + response - 1], ids[prompt:]


def reference_loss(
    model: PreTrainedModel,
    proximal_model: PreTrainedModel,
    batch: TrainBatch,
    loss: LossSettings,
    reference_model: PreTrainedModel | None = None,
) -> Tensor:
    """Of the whole batch as one mini-batch; all models in float64."""
    total, weight_sum = torch.zeros((), dtype=torch.float64), 0.0
    answers = 0
    for index in range(len(batch.sequences)):
        response = int(batch.sequences.response_lengths[index])
        weight = float(batch.loss_weights[index])
        rollout = batch.rollout_logprobs[answers : answers + response]
        answers += response
        if response == 0:
            continue
        of_tokens = sum(_sequence_losses(model, proximal_model, reference_model, batch, index, rollout, loss))
        if loss.aggregation is Aggregation.TOKEN_MEAN:
            total = total + weight * of_tokens
            weight_sum += weight * response
        elif loss.aggregation is Aggregation.SEQUENCE_MEAN:
            total = total + weight * of_tokens / response
            weight_sum += weight
        else:
            total = total + weight * of_tokens / loss.constant_length
            weight_sum += weight
    return total / weight_sum


def _sequence_losses(
    model: PreTrainedModel,
    proximal_model: PreTrainedModel,
    reference_model: PreTrainedModel | None,
    batch: TrainBatch,
    index: int,
    rollout: np.ndarray,
    loss: LossSettings,
) -> list[Tensor]:
    temperature = float(batch.sequences.temperatures[index])
    advantage = float(batch.advantages[index])
    logits, tokens = token_distributions(model, batch, index)
    with torch.no_grad():
        old_logits, _ = token_distributions(proximal_model, batch, index)
        target_model = reference_model or proximal_model
        target_logits, _ = token_distributions(target_model, batch, index)
    mismatch = [
        math.log(float(torch.softmax(row, 0)[token])) - float(said)
        for row, token, said in zip(old_logits, tokens, rollout, strict=True)
    ]
    losses = []
    for place, token in enumerate(tokens):
        probabilities = torch.softmax(logits[place] / temperature, 0)
        old = torch.softmax(old_logits[place] / temperature, 0)[token]
        ratio = probabilities[token] / old
        bounded = ratio.clamp(1 - loss.clip_low, 1 + loss.clip_high)
        surrogate = torch.minimum(ratio * advantage, bounded * advantage)
        weight = _mismatch_weight(mismatch, place, loss)
        entropy = -(probabilities * probabilities.log()).sum()
        target = torch.softmax(target_logits[place] / temperature, 0)[token]
        divergence = _kl(probabilities[token], target, loss.kl_estimator)
        losses.append(
            -weight * surrogate - loss.entropy_coefficient * entropy + loss.kl_coefficient * divergence
        )
    return losses


def _mismatch_weight(mismatch: list[float], place: int, loss: LossSettings) -> float:
    weight = min(math.exp(mismatch[place]), loss.importance_cap) if loss.importance_cap else 1.0
    if loss.mask_threshold:
        geometric_mean = math.exp(sum(mismatch) / len(mismatch))
        ratio = geometric_mean if loss.mask_unit is MaskUnit.SEQUENCE else math.exp(mismatch[place])
        weight *= 1 / loss.mask_threshold <= ratio <= loss.mask_threshold
    return weight


def _kl(new: Tensor, target: Tensor, estimator: KlEstimator) -> Tensor:
    """Schulman's estimators of KL(new || target), with r = target / new."""
    ratio = target / new
    estimates = {
        KlEstimator.K1: -ratio.log(),
        KlEstimator.K2: 0.5 * ratio.log() ** 2,
        KlEstimator.K3: ratio - 1 - ratio.log(),
    }
    return estimates[estimator]
