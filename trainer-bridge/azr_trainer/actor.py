"""The Ray actor that holds the policy, and the backend that speaks to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from azr_trainer.backend import PolicyInfo, ReportProgress, TrainerBackend
from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.faults import OperationFault, PolicyLostError, TrainerFault, one_line
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.settings import UpdateSettings

PROGRESS_SECONDS = 0.5
START_SECONDS = 120.0

ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Threads that wait for each other must not spin: on a machine that others use too, that slowed updates 100-fold.
    "OMP_WAIT_POLICY": "PASSIVE",
}


class PolicyActor:
    """Runs the torch backend in a process of its own."""

    def __init__(self, device: str, threads: int) -> None:
        os.environ.update(ENVIRONMENT)  # before torch is imported, which reads them
        from azr_trainer.backends.torch_backend import TorchBackend

        self._backend = TorchBackend(device, threads)
        self._progress = 0.0

    def call(self, method: str, *arguments: Any) -> Any:
        """Calls a method of the backend."""
        return getattr(self._backend, method)(*arguments)

    def train(self, batch: TrainBatch, settings: UpdateSettings) -> UpdateMetrics:
        """As `call`, with the progress kept for `progress`."""
        self._progress = 0.0
        return self._backend.train(batch, settings, self._report)

    def progress(self) -> float:
        """How far `train` is, 0 to 1. In a concurrency group of its own: answered while `train` is at work."""
        return self._progress

    def device(self) -> str:
        """Where it computes. The first answer says that everything is imported."""
        return self._backend.device

    def _report(self, done: float) -> None:
        self._progress = done


class ActorBackend(TrainerBackend):
    """A backend in a Ray actor; Ray must be initialised. `device` is `auto`, `cpu` or `cuda`."""

    name = "torch"

    def __init__(self, device: str, threads: int) -> None:
        import ray

        self._ray = ray
        cuda = device == "cuda" or (device == "auto" and ray.cluster_resources().get("GPU", 0) > 0)
        self.device = "cuda" if cuda else "cpu"
        self._threads = threads
        self._actor: Any = None

    def start(self) -> None:
        """Starts the actor and waits for it. Raises TrainerFault."""
        remote = self._ray.remote(concurrency_groups={"progress": 1})(PolicyActor)
        options = {"num_cpus": 1, "num_gpus": 1 if self.device == "cuda" else 0}
        self._actor = remote.options(**options).remote(self.device, self._threads)
        try:
            self._ray.get(self._actor.device.remote(), timeout=START_SECONDS)
        except self._ray.exceptions.GetTimeoutError:
            self._drop_actor()
            raise TrainerFault(
                f"the policy's process did not start within {START_SECONDS:g} s on {options}"
            ) from None
        except self._ray.exceptions.RayError as error:
            self._drop_actor()
            raise TrainerFault(f"the policy's process did not start: {_last_line(error)}") from None

    def load_policy(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        return self._load("load_policy", folder, seed, reference)

    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        return self._load("load_checkpoint", folder, seed, reference)

    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        logprobs: Float32s = self._call("compute_logprobs", sequences)
        return logprobs

    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        metrics: UpdateMetrics = self._wait(lambda actor: actor.train.remote(batch, settings), report)
        return metrics

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> int:
        size: int = self._call("save_checkpoint", folder, metadata)
        return size

    def export(self, folder: Path) -> None:
        self._call("export", folder)

    def write_weights(self, file: Path) -> None:
        self._call("write_weights", file)

    def _load(self, method: str, folder: Path, seed: int, reference: Path | None) -> PolicyInfo:
        if self._actor is None:
            self.start()
        info: PolicyInfo = self._call(method, folder, seed, reference)
        return info

    def _call(self, method: str, *arguments: Any) -> Any:
        return self._wait(lambda actor: actor.call.remote(method, *arguments))

    def _wait(self, send: Callable[[Any], Any], report: ReportProgress | None = None) -> Any:
        """The answer of the actor. Its faults are raised as they are; PolicyLostError if it is gone."""
        if self._actor is None:
            raise PolicyLostError("the policy's process is gone, expected LoadPolicy from a checkpoint")
        try:
            answer = send(self._actor)
            while not self._ray.wait([answer], timeout=PROGRESS_SECONDS)[0]:
                if report:
                    self._ask_progress(report)
            return self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from (None if isinstance(error.cause, OperationFault) else error)
        except self._ray.exceptions.RayError as error:
            # Whatever it is, nobody can say any more what the actor has applied.
            self._drop_actor()
            raise PolicyLostError(f"the policy's process is gone: {one_line(error)}") from None

    def _ask_progress(self, report: ReportProgress) -> None:
        with suppress(self._ray.exceptions.GetTimeoutError):
            report(self._ray.get(self._actor.progress.remote(), timeout=PROGRESS_SECONDS))

    def _drop_actor(self) -> None:
        self._ray.kill(self._actor)
        self._actor = None


def _last_line(error: BaseException) -> str:
    """Where Ray's errors carry a traceback, the cause stands last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
