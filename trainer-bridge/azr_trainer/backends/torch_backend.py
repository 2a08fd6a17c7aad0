"""Plain PyTorch in this process: one rank, float32, on the CPU or a GPU."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch.optim import AdamW

from azr_trainer.atomic_folder import atomic_folder
from azr_trainer.backend import PolicyInfo, ReportProgress, TrainerBackend
from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint import load_checkpoint, write_checkpoint
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.faults import RequestFault, TrainerFault, one_line
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.optimizer_state import (
    State,
    new_optimizer,
    optimizer_state,
    restore_optimizer_state,
    restore_weights,
    weights_copy,
)
from azr_trainer.policy import Policy
from azr_trainer.policy_folder import (
    LoadedFolder,
    load_policy_folder,
    published_tensors,
    write_policy_folder,
)
from azr_trainer.scoring import score_sequences
from azr_trainer.settings import LossSettings, UpdateSettings
from azr_trainer.update import Update
from azr_trainer.weights_file import write_weights

SCORING_TOKENS = 4_096  # of one forward pass that only scores; a bound on memory


class TorchBackend(TrainerBackend):
    """Bit-identical on the CPU: the same policy and batches give the same bytes with the same number of threads."""

    name = "torch"

    def __init__(self, device: str, threads: int) -> None:
        torch.set_num_threads(threads)
        self._device = torch.device(device)
        if self._device.type == "cpu":
            # CUDA's deterministic kernels cost much, and a replay there is only equivalent anyway.
            torch.use_deterministic_algorithms(True)
            # Filling what is allocated only helps to find bugs, and costs a twentieth of the time.
            torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
        self.device = device
        self._loaded: LoadedFolder | None = None
        self._optimizer: AdamW | None = None
        self._reference: Policy | None = None

    def load_policy(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        return self._take(folder, load_policy_folder(folder, self._device), {}, seed, reference)

    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        loaded = load_checkpoint(folder, self._device)
        return self._take(folder, loaded.folder, loaded.optimizer, seed, reference)

    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        loaded, _ = self._held()
        scores = score_sequences(loaded.policy, sequences, np.arange(len(sequences)), SCORING_TOKENS)
        logprobs: Float32s = scores.logprobs.cpu().numpy()
        return logprobs

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        loaded, optimizer = self._held()
        reference = self._reference_for(settings.loss)
        model = loaded.policy.model
        weights, state = weights_copy(model), optimizer_state(model, optimizer)
        try:
            return Update(loaded.policy, optimizer, batch, settings, reference).run(report)
        except BaseException as error:
            restore_weights(model, weights)
            restore_optimizer_state(model, optimizer, state)
            if isinstance(error, RuntimeError):  # of torch itself: out of memory, say
                raise TrainerFault(f"the update failed: {one_line(error)}") from error
            raise
        finally:
            optimizer.zero_grad(set_to_none=True)

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> int:
        loaded, optimizer = self._held()
        state = optimizer_state(loaded.policy.model, optimizer)
        try:
            return write_checkpoint(folder, loaded.policy, loaded.companions, state, metadata)
        except OSError as error:
            raise TrainerFault(f"{folder}: cannot be written: {error.strerror}") from None

    def export(self, folder: Path) -> None:
        loaded, _ = self._held()
        if folder.exists() and any(folder.iterdir()) and not (folder / "config.json").is_file():
            raise RequestFault(
                f"{folder}: holds something else than an export, expected a new folder or an export"
            )
        try:
            with atomic_folder(folder) as made:
                write_policy_folder(made, loaded.policy, loaded.companions)
        except OSError as error:
            raise TrainerFault(f"{folder}: cannot be written: {error.strerror}") from None

    def write_weights(self, file: Path) -> None:
        try:
            write_weights(file, published_tensors(self._held()[0].policy))
        except OSError as error:
            raise TrainerFault(f"{file}: cannot be written: {error.strerror}") from None

    def _take(
        self, folder: Path, loaded: LoadedFolder, state: State, seed: int, reference: Path | None
    ) -> PolicyInfo:
        info = _describe(folder, loaded)
        referred_to = _load_reference(reference, self._device, info) if reference else None
        optimizer = new_optimizer(loaded.policy.model)
        restore_optimizer_state(loaded.policy.model, optimizer, state)
        torch.manual_seed(seed)
        self._loaded, self._optimizer, self._reference = loaded, optimizer, referred_to
        return info

    def _reference_for(self, loss: LossSettings) -> Policy | None:
        """The reference policy where the loss refers to it."""
        if not loss.needs_reference:
            return None
        if self._reference is None:
            raise RequestFault(
                "header.loss.kl_target is the reference policy and none is loaded, expected LoadPolicy with"
                " reference_dir"
            )
        return self._reference

    def _held(self) -> tuple[LoadedFolder, AdamW]:
        if self._loaded is None or self._optimizer is None:
            raise RequestFault("no policy is loaded, expected LoadPolicy first")
        return self._loaded, self._optimizer


def _load_reference(folder: Path, device: torch.device, info: PolicyInfo) -> Policy:
    """A policy that stays as it is. Raises RequestFault where it cannot score what the trained one can."""
    reference = load_policy_folder(folder, device)
    known = _describe(folder, reference)
    if (known.vocab_size, known.max_positions) != (info.vocab_size, info.max_positions):
        raise RequestFault(
            f"{folder}: has {known.vocab_size} tokens and {known.max_positions} positions, expected"
            f" {info.vocab_size} and {info.max_positions} as the trained policy has"
        )
    reference.policy.model.requires_grad_(False)
    return reference.policy


def _describe(folder: Path, loaded: LoadedFolder) -> PolicyInfo:
    model, tensors = loaded.policy.model, published_tensors(loaded.policy)
    positions = getattr(model.config, "max_position_embeddings", None)
    if not isinstance(positions, int):
        raise RequestFault(
            f"{folder}: config.json has no max_position_embeddings, expected the longest sequence"
        )
    return PolicyInfo(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        vocab_size=model.config.vocab_size,
        max_positions=positions,
        tensors={name: tuple(tensor.shape) for name, tensor in tensors.items()},
    )
