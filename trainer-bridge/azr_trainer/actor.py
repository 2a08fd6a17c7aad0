"""The Ray actor of a rank, and the backend that speaks to all of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azr_trainer.backend import FinishSaving, PolicyInfo, ReportProgress, TrainerBackend
from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.faults import PolicyLostError
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.settings import UpdateSettings

if TYPE_CHECKING:  # they import torch and Ray, which this process must not do before their environment is set
    from azr_trainer.rank_group import RankGroup
    from azr_trainer.ranks import MeetingPoint

ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Threads that wait for each other must not spin: on a machine that others use too, that slowed updates 100-fold.
    "OMP_WAIT_POLICY": "PASSIVE",
}


class PolicyActor:
    """Runs the torch backend of one rank in a process of its own."""

    def __init__(self, rank: int, count: int, device: str, threads: int, options: ComputeOptions) -> None:
        os.environ.update(ENVIRONMENT)  # before torch is imported, which reads them
        self._rank, self._count, self._device = rank, count, device
        self._threads, self._options = threads, options
        self._store: Any = None  # the first rank's, for the others to meet at
        self._progress = 0.0
        self._finish_saving: FinishSaving | None = None

    def prepare(self) -> MeetingPoint | None:
        """Imports everything, which takes seconds. The first of several ranks answers where the others find it."""
        import ray

        import azr_trainer.backends.torch_backend  # noqa: F401
        from azr_trainer.ranks import open_meeting_point

        if self._count == 1 or self._rank > 0:
            return None
        point, self._store = open_meeting_point(ray.util.get_node_ip_address(), self._count)
        return point

    def join(self, point: MeetingPoint | None) -> None:
        """Meets the others, where there are any."""
        from azr_trainer.backends.torch_backend import TorchBackend
        from azr_trainer.ranks import ALONE, join_ranks

        ranks = join_ranks(self._rank, self._count, self._device, point, self._store) if point else ALONE
        self._backend = TorchBackend(self._device, self._threads, self._options, ranks)

    def load_policy(self, folder: Path, seed: int, reference: Path | None) -> PolicyInfo:
        """As the backend's."""
        return self._backend.load_policy(folder, seed, reference)

    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None) -> PolicyInfo:
        """As the backend's."""
        return self._backend.load_checkpoint(folder, seed, reference)

    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        """As the backend's."""
        return self._backend.compute_logprobs(sequences)

    def train(self, batch: TrainBatch, settings: UpdateSettings) -> UpdateMetrics:
        """As the backend's, with the progress kept for `progress`."""
        self._progress = 0.0
        return self._backend.train(batch, settings, self._report)

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> None:
        """As the backend's, with what it answers kept for `finish_saving`."""
        self._finish_saving = self._backend.save_checkpoint(folder, metadata)

    def finish_saving(self) -> int:
        """As what the backend answered; the copies are let go of at its end."""
        finish, self._finish_saving = self._finish_saving, None
        assert finish, "a checkpoint is begun before it is finished"
        return finish()

    def export(self, folder: Path) -> None:
        """As the backend's."""
        self._backend.export(folder)

    def write_weights(self, file: Path) -> None:
        """As the backend's."""
        self._backend.write_weights(file)

    def progress(self) -> float:
        """How far `train` is, 0 to 1."""
        return self._progress

    def _report(self, done: float) -> None:
        self._progress = done


class ActorBackend(TrainerBackend):
    """A backend in Ray actors, one for each rank; Ray must be initialised. `device` is `cpu` or `cuda`."""

    name = "torch"

    def __init__(
        self, device: str, threads: int, ranks: int = 1, options: ComputeOptions | None = None
    ) -> None:
        """`threads` are those of each rank."""
        self.device = device
        self._threads, self._ranks, self._options = threads, ranks, options or ComputeOptions()
        self._group: RankGroup | None = None

    def start(self) -> None:
        """Starts the actors and waits for them. Raises TrainerFault."""
        from azr_trainer.rank_group import RankGroup

        group = RankGroup(
            PolicyActor, self._ranks, self.device == "cuda", (self.device, self._threads, self._options)
        )
        group.meet()
        self._group = group

    def load_policy(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        return self._load("load_policy", folder, seed, reference)

    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        return self._load("load_checkpoint", folder, seed, reference)

    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        logprobs: Float32s = self._call("compute_logprobs", sequences)
        return logprobs

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        metrics: UpdateMetrics = self._call("train", batch, settings, changes=True, report=report)
        return metrics

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        self._call("save_checkpoint", folder, metadata)
        group = self._group
        assert group
        return lambda: self._call_on(group, lambda group: group.call_beside("finish_saving"))

    def export(self, folder: Path) -> None:
        self._call("export", folder)

    def write_weights(self, file: Path) -> None:
        self._call("write_weights", file)

    def _load(self, method: str, folder: Path, seed: int, reference: Path | None) -> PolicyInfo:
        if self._group is None:
            self.start()
        info: PolicyInfo = self._call(method, folder, seed, reference, changes=True)
        return info

    def _call(
        self, method: str, *arguments: Any, changes: bool = False, report: ReportProgress | None = None
    ) -> Any:
        """Faults are raised as they are; PolicyLostError where a rank is gone: the next load starts anew."""
        if self._group is None:
            raise PolicyLostError("the policy is lost, expected LoadPolicy from a checkpoint")
        return self._call_on(
            self._group, lambda group: group.call(method, *arguments, changes=changes, report=report)
        )

    def _call_on(self, group: RankGroup, call: Callable[[RankGroup], Any]) -> Any:
        """A group that is lost while another one has its place already leaves that there."""
        try:
            return call(group)
        except PolicyLostError:
            if self._group is group:
                self._group = None
            raise
