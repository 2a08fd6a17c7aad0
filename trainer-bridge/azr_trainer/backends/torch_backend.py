"""PyTorch in this process, one rank on the CPU or a GPU: alone, or sharing the policy with others by FSDP2."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.optim import AdamW

from azr_trainer.atomic_folder import atomic_folder
from azr_trainer.backend import FinishSaving, PolicyInfo, ReportProgress, TrainerBackend
from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint import POLICY_FOLDER, TENSORS_FOLDER, check_checkpoint, write_checkpoint
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.faults import RequestFault, TrainerFault, one_line
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.optimizer_state import (
    new_optimizer,
    optimizer_state,
    restore_optimizer_state,
    restore_weights,
    weights_copy,
)
from azr_trainer.parts import whole
from azr_trainer.policy import Policy
from azr_trainer.policy_folder import (
    LoadedFolder,
    build_policy,
    load_policy_folder,
    published_tensors,
    write_policy_folder,
)
from azr_trainer.ranks import ALONE, Ranks
from azr_trainer.scoring import score_sequences
from azr_trainer.settings import LossSettings, UpdateSettings
from azr_trainer.sharded_policy import shard_policy
from azr_trainer.shares import rank_of_each
from azr_trainer.snapshot import restore_snapshot, take_snapshot
from azr_trainer.update import Update
from azr_trainer.weights_file import write_weights

SCORING_TOKENS = 4_096  # of one forward pass that only scores; a bound on memory


class TorchBackend(TrainerBackend):
    """Bit-identical on the CPU: the same policy and batches give the same bytes with as many threads and ranks.

    All ranks must call the same methods in the same order with the same arguments. The first one writes the files, but
    those of a checkpoint's tensors, of which each writes its own.
    """

    name = "torch"

    def __init__(
        self, device: str, threads: int, options: ComputeOptions | None = None, ranks: Ranks = ALONE
    ) -> None:
        torch.set_num_threads(threads)
        self._options, self._ranks = options or ComputeOptions(), ranks
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
        loaded = load_policy_folder(folder, self._loading_device, self._options)
        return self._take(folder, loaded, seed, reference)

    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        check_checkpoint(folder)
        loaded = build_policy(folder / POLICY_FOLDER, self._loading_device, self._options)
        return self._take(folder, loaded, seed, reference, folder / TENSORS_FOLDER)

    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        loaded, _ = self._held()
        everything = np.arange(len(sequences))
        mine = np.flatnonzero(rank_of_each(sequences, [everything], self._ranks.count) == self._ranks.rank)
        scores = score_sequences(loaded.policy, sequences, mine, SCORING_TOKENS, ranks=self._ranks)
        logprobs: Float32s = self._ranks.add_up(scores.logprobs).cpu().numpy()
        return logprobs

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        loaded, optimizer = self._held()
        reference = self._reference_for(settings.loss)
        model = loaded.policy.model
        weights, state = weights_copy(model), optimizer_state(model, optimizer)
        try:
            return Update(loaded.policy, optimizer, batch, settings, reference, self._ranks).run(report)
        except BaseException as error:
            restore_weights(model, weights)
            restore_optimizer_state(model, optimizer, state)
            # Of torch itself, out of memory, say. Other ranks may be elsewhere by now: then it is no fault of one.
            if isinstance(error, RuntimeError) and not self._ranks.several:
                raise TrainerFault(f"the update failed: {one_line(error)}") from error
            raise
        finally:
            optimizer.zero_grad(set_to_none=True)

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        saving = self._ranks.saving
        snapshot = take_snapshot(*self._held(), saving.mesh)
        return partial(write_checkpoint, folder, snapshot, metadata, saving)

    def export(self, folder: Path) -> None:
        loaded, tensors = self._held()[0], self._whole_tensors()
        if not self._ranks.is_first:
            return
        if folder.exists() and any(folder.iterdir()) and not (folder / "config.json").is_file():
            raise RequestFault(
                f"{folder}: holds something else than an export, expected a new folder or an export"
            )
        try:
            with atomic_folder(folder) as made:
                write_policy_folder(made, tensors, loaded.companions)
        except OSError as error:
            raise TrainerFault(f"{folder}: cannot be written: {error.strerror}") from None

    def write_weights(self, file: Path) -> None:
        tensors = self._whole_tensors()
        if not self._ranks.is_first:
            return
        try:
            write_weights(file, tensors)
        except OSError as error:
            raise TrainerFault(f"{file}: cannot be written: {error.strerror}") from None

    def _take(
        self,
        folder: Path,
        loaded: LoadedFolder,
        seed: int,
        reference: Path | None,
        stored_tensors: Path | None = None,
    ) -> PolicyInfo:
        info = _describe(folder, loaded)
        referred_to = self._load_reference(reference, info) if reference else None
        if self._ranks.several:
            shard_policy(loaded.policy, self._ranks)
        optimizer = new_optimizer(loaded.policy.model, self._options.optimizer_offload)
        if stored_tensors:
            restore_snapshot(stored_tensors, loaded.policy, optimizer, self._ranks.saving.mesh)
        torch.manual_seed(seed)
        self._loaded, self._optimizer, self._reference = loaded, optimizer, referred_to
        return info

    @property
    def _loading_device(self) -> torch.device:
        """Where policies are read and probed. What will be spread over GPUs need not fit into one."""
        return torch.device("cpu") if self._ranks.several else self._device

    def _load_reference(self, folder: Path, info: PolicyInfo) -> Policy:
        """A policy that stays as it is. Raises RequestFault where it cannot score what the trained one can."""
        reference = load_policy_folder(folder, self._loading_device, self._options)
        known = _describe(folder, reference)
        if (known.vocab_size, known.max_positions) != (info.vocab_size, info.max_positions):
            raise RequestFault(
                f"{folder}: has {known.vocab_size} tokens and {known.max_positions} positions, expected"
                f" {info.vocab_size} and {info.max_positions} as the trained policy has"
            )
        reference.policy.model.requires_grad_(False)
        if self._ranks.several:
            shard_policy(reference.policy, self._ranks)
        return reference.policy

    def _whole_tensors(self) -> dict[str, Tensor]:
        """What is published. The ranks gather it tensor by tensor; the others than the first keep nothing of it."""
        tensors: dict[str, Tensor] = {}
        for name, tensor in published_tensors(self._held()[0].policy).items():
            gathered = whole(tensor)
            if self._ranks.is_first:
                tensors[name] = gathered.cpu() if self._ranks.several else gathered
        return tensors

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
