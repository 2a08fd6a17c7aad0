"""One update: the optimizer steps of one batch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from azr_trainer.backend import ReportProgress
from azr_trainer.batch import TrainBatch
from azr_trainer.faults import RequestFault
from azr_trainer.loss import clipped_policy_term, kl_term
from azr_trainer.measures import StepMeasures, StepTotals, summarise
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.micro_batch import Indices, MicroBatch, micro_batches
from azr_trainer.mismatch import measure_mismatch, token_weights
from azr_trainer.parts import own_part, whole
from azr_trainer.peak_memory import PeakMemory
from azr_trainer.planned_step import PlannedStep, mini_batches, plan_steps
from azr_trainer.policy import Policy
from azr_trainer.ranks import ALONE, Ranks
from azr_trainer.scoring import BatchScores, batch_temperatures, score_sequences
from azr_trainer.settings import KlEstimator, OptimizerSettings, UpdateSettings
from azr_trainer.shares import rank_of_each
from azr_trainer.throughput import TrainingWork

TRAINING_COST = 3  # of a forward and a backward pass, in forward passes


class Update:
    """One batch on its way into the weights. A fault leaves them half-way: the caller restores them.

    All ranks make the same update of the same batch; each computes a share of every step's sequences.
    """

    def __init__(
        self,
        policy: Policy,
        optimizer: torch.optim.Optimizer,
        batch: TrainBatch,
        settings: UpdateSettings,
        reference: Policy | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        """`reference` is the policy that the KL term refers to; None where it refers to the proximal one, or is off."""
        self._policy, self._reference, self._optimizer, self._batch = policy, reference, optimizer, batch
        self._loss, self._options, self._ranks = settings.loss, settings.optimizer, ranks
        steps = mini_batches(len(batch.sequences), self._options.mini_batch)
        self._is_mine = rank_of_each(batch.sequences, steps, ranks.count) == ranks.rank
        self._temperatures = batch_temperatures(batch.sequences, policy.device)
        self._advantages = self._on_device(batch.advantages)
        self._rollout = self._on_device(batch.rollout_logprobs)
        self._proximal = BatchScores.empty(batch.sequences, policy.device)
        self._reference_scores: BatchScores | None = None
        self._work = TrainingWork(policy, ranks)

    def run(self, report: ReportProgress) -> UpdateMetrics:
        """Takes the steps; one whose loss or gradient is not finite is skipped: weights and optimizer stay as they are.

        Raises RequestFault where a temperature or an optimizer setting is why numbers are not finite.
        """
        began, memory = time.monotonic(), PeakMemory(self._policy.device)
        _configure(self._optimizer, self._options)
        planned = plan_steps(self._batch, self._loss, self._options)
        # Until the first step the weights are the proximal policy's, so that step scores its sequences itself.
        mine = np.flatnonzero(self._is_mine)
        others = np.setdiff1d(mine, planned[0].chosen if planned else [])
        advance = _progress(report, self._cost(planned, others))
        self._proximal = self._scores_of(self._policy, others, advance)
        if self._reference:
            self._reference_scores = self._scores_of(self._reference, mine, advance)
        steps = [self._step(step, number == 0, advance) for number, step in enumerate(planned)]
        weights = dict(self._policy.model.named_parameters())
        self._check_finite([f"tensor '{name}' after the update" for name in weights], [*weights.values()])
        report(1.0)
        self._work.join()
        peak_bytes = self._ranks.greatest(memory.peak_bytes(), self._policy.device)
        return self._metrics(steps, time.monotonic() - began, peak_bytes)

    def _step(self, step: PlannedStep, is_first: bool, advance: Callable[[int], None]) -> StepMeasures | None:
        """One optimizer step; None where it was skipped."""
        self._optimizer.zero_grad(set_to_none=True)
        totals = StepTotals(self._policy.device)
        coefficients = self._on_device(step.coefficients)
        sequences, budget = self._batch.sequences, self._options.micro_batch_tokens
        chosen = step.chosen[self._is_mine[step.chosen]]
        for micro in micro_batches(sequences, chosen, budget, self._policy.device, self._ranks):
            self._work.add(micro)
            self._backward(micro, coefficients, is_first, totals)
            advance(TRAINING_COST * len(micro.slots))
        norm = self._clip_gradient()
        totals.join(self._ranks)
        if not math.isfinite(norm + float(totals.sums.sum())):
            self._check_finite(["a log-probability before the update"], [self._proximal.logprobs])
            return None
        self._optimizer.step()
        return totals.over(step.tokens, norm)

    def _clip_gradient(self) -> float:
        """The norm of the whole gradient before it was clipped."""
        bound = self._options.gradient_clip or math.inf
        return float(whole(nn.utils.clip_grad_norm_(self._policy.model.parameters(), bound)))

    def _backward(self, micro: MicroBatch, coefficients: Tensor, is_first: bool, totals: StepTotals) -> None:
        """Adds to the gradient and to the step's totals."""
        scores = self._policy.score(micro, self._temperatures)
        if is_first:
            self._proximal.put(micro, scores)
        new, proximal = scores.logprobs, self._proximal.logprobs[micro.slots]
        advantages = self._advantages[micro.owners]
        term = clipped_policy_term(new, proximal, advantages, self._loss.clip_low, self._loss.clip_high)
        raw, rollout = self._proximal.raw[micro.slots], self._rollout[micro.slots]
        weights = token_weights(raw, rollout, micro.owners, self._loss)
        losses = term.losses if weights is None else weights * term.losses
        if self._loss.entropy_coefficient > 0:
            losses = losses - self._loss.entropy_coefficient * scores.entropies
        reference = self._reference_scores.logprobs[micro.slots] if self._reference_scores else None
        if self._loss.kl_coefficient > 0:
            target = proximal if reference is None else reference
            losses = losses + self._loss.kl_coefficient * kl_term(new, target, self._loss.kl_estimator)
        loss = (coefficients[micro.owners] * losses).sum()
        torch.autograd.backward(loss)
        nothing = torch.zeros_like(new)
        totals.add(
            loss,
            scores.entropies,
            term,
            kl_update=proximal - new,
            kl_reference=nothing if reference is None else kl_term(new, reference, KlEstimator.K3),
            masked=nothing if weights is None else weights == 0,
        )

    def _metrics(self, steps: list[StepMeasures | None], seconds: float, peak_bytes: int) -> UpdateMetrics:
        taken = [step for step in steps if step is not None]
        measured = asdict(summarise(taken))
        mismatch = measure_mismatch(self._ranks.add_up(self._proximal.raw), self._rollout)
        total_tokens = len(self._batch.sequences.token_ids)
        return UpdateMetrics(
            **{**measured, "kl_reference": measured["kl_reference"] if self._reference else None},
            mismatch_mean=mismatch.mean,
            mismatch_max=mismatch.max,
            mismatch_kl=mismatch.kl,
            response_tokens=self._batch.sequences.response_tokens,
            total_tokens=total_tokens,
            optimizer_steps=len(taken),
            skipped_steps=len(steps) - len(taken),
            seconds=seconds,
            tokens_per_second=total_tokens * self._options.epochs / seconds,
            padding_share=self._work.padding_share,
            shared_share=self._work.shared_share,
            peak_memory_bytes=peak_bytes,
            mfu=self._work.utilization(seconds),
        )

    def _scores_of(self, policy: Policy, chosen: Indices, advance: Callable[[int], None]) -> BatchScores:
        budget = self._options.micro_batch_tokens
        return score_sequences(policy, self._batch.sequences, chosen, budget, advance, self._ranks)

    def _cost(self, planned: list[PlannedStep], others: Indices) -> int:
        """Of this rank's part of the update, in response tokens that go through a forward pass."""
        responses = self._batch.sequences.response_lengths * self._is_mine
        scored = int(responses[others].sum()) + (int(responses.sum()) if self._reference else 0)
        return scored + TRAINING_COST * sum(int(responses[step.chosen].sum()) for step in planned)

    def _check_finite(self, names: list[str], tensors: list[Tensor]) -> None:
        """Raises RequestFault, on all ranks, for the first tensor that has a number on any rank that is not finite."""
        wrong = torch.stack([~torch.isfinite(own_part(tensor)).all() for tensor in tensors]).int()
        for name, is_wrong in zip(names, self._ranks.take_greatest(wrong).tolist(), strict=True):
            if is_wrong:
                raise RequestFault(
                    f"{name} is not finite, so the batch was not applied; expected temperatures and settings that keep"
                    " it finite"
                )

    def _on_device(self, array: NDArray[Any]) -> Tensor:
        return torch.tensor(array, device=self._policy.device)


def _progress(report: ReportProgress, total: int) -> Callable[[int], None]:
    """Reports the share of `total` that is done, as it is added to."""
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        report(done / max(total, 1))

    return advance


def _configure(optimizer: torch.optim.Optimizer, options: OptimizerSettings) -> None:
    for group in optimizer.param_groups:
        group["lr"] = options.learning_rate
        group["betas"] = (options.beta1, options.beta2)
        group["weight_decay"] = options.weight_decay
