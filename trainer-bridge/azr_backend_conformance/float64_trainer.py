"""A trainer in float64, without batches: what every other one is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import torch
from azr.v1 import trainer_pb2 as pb
from torch import Tensor

from azr_backend_conformance.formulas import TokenValues, logprobs, shares, token_values
from azr_backend_conformance.policies import load_float64
from azr_backend_conformance.sample import Batch, Sample

EPSILON = 1e-8  # of AdamW; the contract has no field for it


@dataclass(frozen=True, eq=False)
class _Known:
    """Logits that an update compares with, by the identity of the sample."""

    proximal: dict[int, Tensor]
    reference: dict[int, Tensor]


class Float64Trainer:
    """Holds a policy and its optimizer, and updates them by the book."""

    def __init__(self, policy: Path, reference: Path) -> None:
        self._model, self._reference = load_float64(policy), load_float64(reference)
        self._parameters: list[Tensor] = list(self._model.parameters())
        self._first = [torch.zeros_like(parameter) for parameter in self._parameters]
        self._second = [torch.zeros_like(parameter) for parameter in self._parameters]
        self._steps = 0

    @torch.no_grad()
    def logprobs(self, batch: Batch) -> list[float]:
        """Of all response tokens, one sequence after the other, each at its temperature."""
        found: list[float] = []
        for one in batch:
            found.extend(logprobs(_logits(self._model, one), one, one.temperature).tolist())
        return found

    def update(self, batch: Batch, loss: pb.LossConfig, options: pb.OptimizerConfig) -> dict[str, float]:
        """The metrics of the update by the contract's names, those left out that depend on the machine."""
        with torch.no_grad():
            known = _Known(
                {id(one): _logits(self._model, one) for one in batch},
                {id(one): _logits(self._reference, one) for one in batch},
            )
        mini_batches = [
            batch[start : start + options.mini_batch] for start in range(0, len(batch), options.mini_batch)
        ]
        planned = [
            (part, weights) for part in mini_batches if (weights := shares(part, loss)) is not None
        ] * options.epochs
        steps = [self._step(part, weights, known, loss, options) for part, weights in planned]
        return {**_summary(steps, loss), **_mismatch(batch, known), **_counts(batch, steps)}

    def _step(
        self,
        part: Sequence[Sample],
        weights: list[float],
        known: _Known,
        loss: pb.LossConfig,
        options: pb.OptimizerConfig,
    ) -> dict[str, float]:
        total, values = torch.zeros((), dtype=torch.float64), []
        for one, weight in zip(part, weights, strict=True):
            if one.response:
                reference = known.reference[id(one)]
                found = token_values(_logits(self._model, one), known.proximal[id(one)], reference, one, loss)
                total = total + weight * found.losses.sum()
                values.append(found)
        gradients = list(torch.autograd.grad(total, self._parameters))
        norm = float(torch.sqrt(sum(((one**2).sum() for one in gradients), torch.zeros(()))))
        if options.gradient_clip and norm > options.gradient_clip:
            gradients = [one * (options.gradient_clip / norm) for one in gradients]
        self._adamw(gradients, options)
        return {"loss": float(total.detach()), "gradient_norm": norm, **_of_tokens(values)}

    @torch.no_grad()
    def _adamw(self, gradients: list[Tensor], options: pb.OptimizerConfig) -> None:
        """Loshchilov and Hutter, arXiv 1711.05101."""
        self._steps += 1
        for parameter, gradient, first, second in zip(
            self._parameters, gradients, self._first, self._second, strict=True
        ):
            first.mul_(options.beta1).add_((1 - options.beta1) * gradient)
            second.mul_(options.beta2).add_((1 - options.beta2) * gradient**2)
            parameter.mul_(1 - options.learning_rate * options.weight_decay)
            mean = first / (1 - options.beta1**self._steps)
            deviation = (second / (1 - options.beta2**self._steps)).sqrt() + EPSILON
            parameter.sub_(options.learning_rate * mean / deviation)


def _logits(model: torch.nn.Module, sample: Sample) -> Tensor:
    """Before each response token, temperature not applied, [R, vocabulary]."""
    prompt, response = len(sample.prompt), len(sample.response)
    logits: Tensor = model(input_ids=torch.tensor([sample.tokens]), use_cache=False).logits[0]
    return logits[prompt - 1 : prompt + response - 1]


def _of_tokens(values: list[TokenValues]) -> dict[str, float]:
    """Over the response tokens of a mini-batch."""

    def mean(of: list[Tensor]) -> float:
        return float(torch.cat(of).double().mean())

    ratios = torch.cat([one.ratios for one in values])
    return {
        "entropy": mean([one.entropies for one in values]),
        "clip_fraction_low": mean([one.clipped_low for one in values]),
        "clip_fraction_high": mean([one.clipped_high for one in values]),
        "kl_update": mean([one.kl_update for one in values]),
        "kl_reference": mean([one.kl_reference for one in values]),
        "masked_share": mean([one.masked for one in values]),
        "ratio_min": float(ratios.min()),
        "ratio_max": float(ratios.max()),
    }


def _summary(steps: list[dict[str, float]], loss: pb.LossConfig) -> dict[str, float]:
    names = list(steps[0]) if steps else []
    means = {name: fmean(step[name] for step in steps) for name in names}
    means["ratio_min"] = min((step["ratio_min"] for step in steps), default=1.0)
    means["ratio_max"] = max((step["ratio_max"] for step in steps), default=1.0)
    if not (loss.kl_coefficient and loss.kl_target == pb.KL_TARGET_REFERENCE):
        means.pop("kl_reference", None)
    return means


def _mismatch(batch: Batch, known: _Known) -> dict[str, float]:
    """Between the server's log-probabilities and the policy's before the update, both raw."""
    apart, differences = [], []
    for one in batch:
        proximal = logprobs(known.proximal[id(one)], one, 1.0)
        rollout = torch.tensor(one.rollout_logprobs, dtype=torch.float64)
        apart.extend((rollout.exp() - proximal.exp()).abs().tolist())
        differences.extend((rollout - proximal).tolist())
    if not apart:
        return {"mismatch_mean": 0.0, "mismatch_max": 0.0, "mismatch_kl": 0.0}
    return {"mismatch_mean": fmean(apart), "mismatch_max": max(apart), "mismatch_kl": fmean(differences)}


def _counts(batch: Batch, steps: list[dict[str, float]]) -> dict[str, float]:
    return {
        "response_tokens": sum(len(one.response) for one in batch),
        "total_tokens": sum(len(one.tokens) for one in batch),
        "optimizer_steps": len(steps),
        "skipped_steps": 0,
    }
