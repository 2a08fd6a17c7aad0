"""Backends that are each wrong in one way, built from a right one by its interface alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from safetensors.torch import load_file, save_file

from azr_trainer.backend import FinishSaving, PolicyInfo, ReportProgress
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.faults import TrainerFault
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.settings import Aggregation, KlEstimator, KlTarget, MaskUnit, UpdateSettings

Fields = Callable[[UpdateSettings], dict[str, object]]


class Right(TorchBackend):
    """What the others are made of."""

    def __init__(self) -> None:
        super().__init__("cpu", 1)


def with_loss(change: Fields) -> type[Right]:
    """Trains with some fields of the loss changed."""
    return _with_settings(lambda settings: replace(settings, loss=replace(settings.loss, **change(settings))))


def with_optimizer(change: Fields) -> type[Right]:
    """Trains with some fields of the optimizer changed."""
    return _with_settings(
        lambda settings: replace(settings, optimizer=replace(settings.optimizer, **change(settings)))
    )


def _with_settings(change: Callable[[UpdateSettings], UpdateSettings]) -> type[Right]:
    class Changed(Right):
        def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
            return super().train(batch, change(settings), report)

    return Changed


def with_batch(change: Callable[[TrainBatch], TrainBatch]) -> type[Right]:
    """Trains on another batch."""

    class Changed(Right):
        def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
            return super().train(change(batch), settings, report)

    return Changed


def token_means(settings: UpdateSettings) -> dict[str, object]:
    if settings.loss.aggregation is Aggregation.SEQUENCE_MEAN:
        return {"aggregation": Aggregation.TOKEN_MEAN}
    return {}


def sequence_means(settings: UpdateSettings) -> dict[str, object]:
    if settings.loss.aggregation is Aggregation.TOKEN_MEAN:
        return {"aggregation": Aggregation.SEQUENCE_MEAN}
    return {}


def weightless(batch: TrainBatch) -> TrainBatch:
    return replace(batch, loss_weights=np.ones_like(batch.loss_weights))


def cold(batch: TrainBatch) -> TrainBatch:
    ones = np.ones_like(batch.sequences.temperatures)
    return replace(batch, sequences=replace(batch.sequences, temperatures=ones))


class ScoresCold(Right):
    """Leaves the temperature out of scores."""

    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        return super().compute_logprobs(replace(sequences, temperatures=np.ones_like(sequences.temperatures)))


class AppliesTwice(Right):
    """Takes the steps of a batch once more."""

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        metrics = super().train(batch, settings, report)
        super().train(batch, settings, report)
        return metrics


class FailsWhereNotFinite(Right):
    """Ends the operation where a step is to be skipped."""

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        metrics = super().train(batch, settings, report)
        if metrics.skipped_steps:
            raise TrainerFault("a gradient is not finite")
        return metrics


class CountsSkippedAsTaken(Right):
    """Does not say that steps were skipped."""

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        metrics = super().train(batch, settings, report)
        steps = metrics.optimizer_steps + metrics.skipped_steps
        return replace(metrics, optimizer_steps=steps, skipped_steps=0)


class ForgetsMoments(Right):
    """Writes checkpoints with the optimizer as it was before the first step."""

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        weights = folder.with_name(f"{folder.name}-weights")
        self.export(weights)
        fresh = Right()
        fresh.load_policy(weights, seed=0)
        return fresh.save_checkpoint(folder, metadata)


class ForgetsLastBatch(Right):
    """Writes checkpoints that do not say what was applied last."""

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        return super().save_checkpoint(folder, replace(metadata, last_applied=None))


class CheckpointsForItself(Right):
    """Loads a copy that only it knows of, and does not look at the folder."""

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        size = super().save_checkpoint(folder, metadata)()
        shutil.copytree(folder, self._copy(folder))
        return lambda: size

    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        return super().load_checkpoint(self._copy(folder), seed, reference)

    def _copy(self, folder: Path) -> Path:
        return folder.with_name(f"{folder.name}-of-{id(self)}")


class ExportsFirstPolicy(Right):
    """Exports the policy that it began with."""

    def load_policy(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        self._first = folder
        return super().load_policy(folder, seed, reference)

    def export(self, folder: Path) -> None:
        shutil.copytree(self._first, folder, dirs_exist_ok=True)


class PublishesFirstPolicy(ExportsFirstPolicy):
    """Publishes the policy that it began with."""

    def export(self, folder: Path) -> None:
        TorchBackend.export(self, folder)

    def write_weights(self, file: Path) -> None:
        save_file(load_file(self._first / "model.safetensors"), file)


class PublishesHalf(Right):
    """Writes weights in half precision."""

    def write_weights(self, file: Path) -> None:
        super().write_weights(file)
        save_file({name: tensor.half() for name, tensor in load_file(file).items()}, file)


@dataclass(frozen=True)
class Broken:
    """A backend, the check that has to find what is wrong with it, and what the check has to name."""

    make: type[Right]
    check: str
    named: str


BROKEN = {
    "clips both ways alike": Broken(
        with_loss(lambda settings: {"clip_high": settings.loss.clip_low}), "loss/clip_high", "loss is"
    ),
    "does not clip below": Broken(
        with_loss(lambda _: {"clip_low": 1.0}), "loss/clip_low", "clip_fraction_low is 0"
    ),
    "mean over tokens, not sequences": Broken(with_loss(token_means), "loss/sequence_mean", "loss is"),
    "mean over sequences, not tokens": Broken(with_loss(sequence_means), "loss/token_mean", "loss is"),
    "divides by the longest response": Broken(
        with_loss(lambda _: {"constant_length": 12}), "loss/constant_length", "loss is"
    ),
    "ignores entropy": Broken(with_loss(lambda _: {"entropy_coefficient": 0.0}), "loss/entropy", "loss is"),
    "ignores KL": Broken(with_loss(lambda _: {"kl_coefficient": 0.0}), "loss/kl_k2_proximal", "loss is"),
    "KL to the proximal policy always": Broken(
        with_loss(lambda _: {"kl_target": KlTarget.PROXIMAL}), "loss/kl_k2_reference", "kl_reference"
    ),
    "k3 always": Broken(
        with_loss(lambda _: {"kl_estimator": KlEstimator.K3}), "loss/kl_k1_proximal", "loss is"
    ),
    "does not cap": Broken(
        with_loss(lambda settings: {"importance_cap": 1e9 * settings.loss.importance_cap}),
        "loss/importance_cap",
        "loss is",
    ),
    "ignores importance": Broken(
        with_loss(lambda _: {"importance_cap": 0.0}), "loss/cap_and_mask", "loss is"
    ),
    "does not mask": Broken(
        with_loss(lambda _: {"mask_threshold": 0.0}), "loss/token_mask", "masked_share is 0"
    ),
    "masks tokens alone": Broken(
        with_loss(lambda _: {"mask_unit": MaskUnit.TOKEN}), "loss/sequence_mask", "loss is"
    ),
    "one weight for all": Broken(with_batch(weightless), "loss/token_mean", "loss is"),
    "trains at temperature 1": Broken(with_batch(cold), "loss/token_mean", "entropy is"),
    "one pass": Broken(with_optimizer(lambda _: {"epochs": 1}), "update/epochs", "optimizer_steps is 2"),
    "the whole batch at once": Broken(
        with_optimizer(lambda _: {"mini_batch": 1000}), "update/mini_batches", "optimizer_steps is 1"
    ),
    "a learning rate of its own": Broken(
        with_optimizer(lambda _: {"learning_rate": 5e-3}), "update/learning_rate", "kl_update is"
    ),
    "betas of its own": Broken(
        with_optimizer(lambda _: {"beta1": 0.9, "beta2": 0.99}), "update/moments", "kl_update is"
    ),
    "does not decay": Broken(
        with_optimizer(lambda _: {"weight_decay": 0.0}), "update/weight_decay", "kl_update is"
    ),
    "does not clip gradients": Broken(
        with_optimizer(lambda _: {"gradient_clip": 0.0}), "update/gradient_clip", "kl_update is"
    ),
    "scores at temperature 1": Broken(ScoresCold, "scoring/logprobs", "log-probability at its temperature"),
    "applies a batch twice": Broken(AppliesTwice, "operations/repeat", "kl_update is"),
    "fails where not finite": Broken(FailsWhereNotFinite, "update/not_finite", "OPERATION_STATE_FAILED"),
    "counts skipped steps as taken": Broken(
        CountsSkippedAsTaken, "update/not_finite_alone", "(optimizer_steps, skipped_steps) is (1, 0)"
    ),
    "forgets the moments": Broken(ForgetsMoments, "checkpoints/continues", "loss after the checkpoint is"),
    "forgets the last batch": Broken(ForgetsLastBatch, "checkpoints/answers_last_batch", "last_applied"),
    "checkpoints for itself alone": Broken(
        CheckpointsForItself, "checkpoints/continues_elsewhere", "LoadPolicy of a checkpoint"
    ),
    "does not look at a checkpoint": Broken(
        CheckpointsForItself, "checkpoints/damaged", "a damaged checkpoint"
    ),
    "exports the first policy": Broken(ExportsFirstPolicy, "exports/loads", "log-probability by the export"),
    "publishes the first policy": Broken(
        PublishesFirstPolicy, "publication/publishes", "model.embed_tokens.weight"
    ),
    "publishes half precision": Broken(PublishesHalf, "publication/publishes", "torch.float16"),
}
