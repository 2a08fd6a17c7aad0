"""One update: the optimizer steps of one batch."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from azr_trainer.backend import ReportProgress
from azr_trainer.batch import TrainBatch
from azr_trainer.faults import RequestFault
from azr_trainer.loss import clipped_policy_loss, entropies, importance_weights, token_coefficients
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.micro_batch import Indices, MicroBatch, micro_batches
from azr_trainer.policy import Policy, token_logprobs
from azr_trainer.scoring import BatchScores, score_batch
from azr_trainer.settings import OptimizerSettings, UpdateSettings

PROXIMAL_SHARE = 0.25  # of the time: one forward pass, against one forward and one backward pass


@dataclass(frozen=True)
class StepMeasures:
    """Of one optimizer step; means over its response tokens."""

    loss: float
    gradient_norm: float
    entropy: float
    clip_fraction: float
    kl_update: float


class Update:
    """One batch on its way into the weights. A fault leaves them half-way: the caller restores them."""

    def __init__(
        self, policy: Policy, optimizer: torch.optim.Optimizer, batch: TrainBatch, settings: UpdateSettings
    ) -> None:
        self._policy, self._optimizer, self._batch = policy, optimizer, batch
        self._loss, self._options = settings.loss, settings.optimizer
        self._temperatures = self._on_device(batch.sequences.temperatures)
        self._advantages = self._on_device(batch.advantages)
        self._rollout = self._on_device(batch.rollout_logprobs)
        self._lengths = self._on_device(batch.sequences.response_lengths).double()
        self._weights = self._on_device(batch.loss_weights).double()

    def run(self, report: ReportProgress) -> UpdateMetrics:
        """Takes every step. Raises RequestFault where a number is no longer finite."""
        began = time.monotonic()
        _configure(self._optimizer, self._options)
        proximal = score_batch(
            self._policy,
            self._batch.sequences,
            self._options.micro_batch_tokens,
            lambda done: report(PROXIMAL_SHARE * done),
        )
        _check_finite("a proximal log-probability", proximal.logprobs)
        mini_batches = self._mini_batches()
        steps: list[StepMeasures] = []
        for taken, chosen in enumerate(mini_batches, start=1):
            steps += self._step(chosen, proximal)
            report(PROXIMAL_SHARE + (1 - PROXIMAL_SHARE) * taken / len(mini_batches))
        for name, parameter in self._policy.model.named_parameters():
            _check_finite(f"tensor '{name}' after the update", parameter)
        return self._metrics(steps, proximal, time.monotonic() - began)

    def _mini_batches(self) -> list[Indices]:
        """In the order sent, once for each epoch."""
        count, size = len(self._batch.sequences), self._options.mini_batch
        once = [np.arange(start, min(start + size, count)) for start in range(0, count, size)]
        return once * self._options.epochs

    def _step(self, chosen: Indices, proximal: BatchScores) -> list[StepMeasures]:
        """One optimizer step; none where no response token of the mini-batch has weight."""
        index = self._on_device(chosen)
        lengths = self._lengths[index]
        shares = token_coefficients(lengths, self._weights[index], self._loss.aggregation)
        if shares is None:
            return []
        coefficients = torch.zeros_like(self._weights).index_copy(0, index, shares).float()
        self._optimizer.zero_grad(set_to_none=True)
        sums = torch.zeros(4, dtype=torch.float64, device=self._policy.device)
        for micro in micro_batches(
            self._batch.sequences, chosen, self._options.micro_batch_tokens, self._policy.device
        ):
            sums += self._backward(micro, coefficients, proximal)
        _check_finite("the loss", sums)
        norm = nn.utils.clip_grad_norm_(
            self._policy.model.parameters(), self._options.gradient_clip or math.inf
        )
        _check_finite("the gradient's norm", norm)
        self._optimizer.step()
        loss, *token_sums = sums.tolist()
        entropy, clipped, kl = (value / float(lengths.sum()) for value in token_sums)
        return [StepMeasures(loss, float(norm), entropy, clipped, kl)]

    def _backward(self, micro: MicroBatch, coefficients: Tensor, proximal: BatchScores) -> Tensor:
        """Adds to the gradient; the loss, and the token sums of entropy, clipped tokens and KL, float64 [4]."""
        logits = self._policy.response_logits(micro) / self._temperatures[micro.owners, None]
        new, before = token_logprobs(logits, micro.targets), proximal.logprobs[micro.slots]
        with torch.set_grad_enabled(self._loss.entropy_coefficient > 0):
            entropy = entropies(logits)
        advantages = self._advantages[micro.owners]
        losses, clipped = clipped_policy_loss(
            new, before, advantages, self._loss.clip_low, self._loss.clip_high
        )
        if self._loss.importance_cap > 0:
            raw, rollout = proximal.raw[micro.slots], self._rollout[micro.slots]
            losses = losses * importance_weights(raw, rollout, self._loss.importance_cap)
        losses = losses - self._loss.entropy_coefficient * entropy
        loss = (coefficients[micro.owners] * losses).sum()
        torch.autograd.backward(loss)
        measured = (loss, entropy.sum(), clipped.sum(), (before - new).sum())
        return torch.stack([value.detach().double() for value in measured])

    def _metrics(self, steps: list[StepMeasures], proximal: BatchScores, seconds: float) -> UpdateMetrics:
        def mean(name: str) -> float:
            return fmean(getattr(step, name) for step in steps) if steps else 0.0

        raw, rollout = proximal.raw.double(), self._rollout.double()
        mismatch = (rollout.exp() - raw.exp()).abs()
        tokens = max(1, len(rollout))
        return UpdateMetrics(
            loss=mean("loss"),
            gradient_norm=mean("gradient_norm"),
            entropy=mean("entropy"),
            clip_fraction=mean("clip_fraction"),
            kl_update=mean("kl_update"),
            mismatch_mean=float(mismatch.sum()) / tokens,
            mismatch_max=float(mismatch.max()) if len(mismatch) else 0.0,
            mismatch_kl=float((rollout - raw).sum()) / tokens,
            response_tokens=len(rollout),
            total_tokens=len(self._batch.sequences.token_ids),
            optimizer_steps=len(steps),
            seconds=seconds,
        )

    def _on_device(self, array: NDArray[Any]) -> Tensor:
        return torch.tensor(array, device=self._policy.device)


def _configure(optimizer: torch.optim.Optimizer, options: OptimizerSettings) -> None:
    for group in optimizer.param_groups:
        group["lr"] = options.learning_rate
        group["betas"] = (options.beta1, options.beta2)
        group["weight_decay"] = options.weight_decay


def _check_finite(what: str, values: Tensor) -> None:
    if not bool(torch.isfinite(values).all()):
        raise RequestFault(
            f"{what} is not finite, so the batch was not applied; expected advantages, temperatures and settings"
            " that keep it finite"
        )
