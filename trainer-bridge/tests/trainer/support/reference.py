"""The update's loss and gradient in float64, written from the formulas: one sequence, then one token at a time."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from transformers import PreTrainedModel

from azr_trainer.batch import TrainBatch
from azr_trainer.settings import Aggregation, LossSettings


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
    model: PreTrainedModel, proximal_model: PreTrainedModel, batch: TrainBatch, loss: LossSettings
) -> Tensor:
    """Of the whole batch as one mini-batch; both models in float64."""
    total, weight_sum = torch.zeros((), dtype=torch.float64), 0.0
    answers = 0
    for index in range(len(batch.sequences)):
        response = int(batch.sequences.response_lengths[index])
        weight = float(batch.loss_weights[index])
        rollout = batch.rollout_logprobs[answers : answers + response]
        answers += response
        if response == 0:
            continue
        of_tokens = _sequence_losses(model, proximal_model, batch, index, rollout, loss)
        if loss.aggregation is Aggregation.TOKEN_MEAN:
            total = total + weight * sum(of_tokens)
            weight_sum += weight * response
        else:
            total = total + weight * sum(of_tokens) / response
            weight_sum += weight
    return total / weight_sum


def _sequence_losses(
    model: PreTrainedModel,
    proximal_model: PreTrainedModel,
    batch: TrainBatch,
    index: int,
    rollout: object,
    loss: LossSettings,
) -> list[Tensor]:
    temperature = float(batch.sequences.temperatures[index])
    advantage = float(batch.advantages[index])
    logits, tokens = token_distributions(model, batch, index)
    with torch.no_grad():
        old_logits, _ = token_distributions(proximal_model, batch, index)
    losses = []
    for row, old_row, token, said in zip(logits, old_logits, tokens, rollout, strict=True):
        probabilities = torch.softmax(row / temperature, 0)
        old = torch.softmax(old_row / temperature, 0)[token]
        ratio = probabilities[token] / old
        bounded = ratio.clamp(1 - loss.clip_low, 1 + loss.clip_high)
        surrogate = torch.minimum(ratio * advantage, bounded * advantage)
        weight = 1.0
        if loss.importance_cap:
            raw = math.log(float(torch.softmax(old_row, 0)[token]))
            weight = min(math.exp(raw - float(said)), loss.importance_cap)
        entropy = -(probabilities * probabilities.log()).sum()
        losses.append(-weight * surrogate - loss.entropy_coefficient * entropy)
    return losses
