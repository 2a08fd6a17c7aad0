"""The trainer under test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import grpc

from azr_backend_conformance.client import Client
from azr_backend_conformance.expect import NotApplicable, expect_all_near
from azr_backend_conformance.float64_trainer import Float64Trainer
from azr_backend_conformance.policies import Policies, write_policies
from azr_backend_conformance.sample import Batch
from azr_backend_conformance.serving import serving
from azr_trainer.backend import TrainerBackend

# How far float32 may be from float64, relatively: ten times what the backend of this repository needs on a CPU.
FLOAT32 = 1e-3


@dataclass
class Subject:
    """What a check needs: a client, policies, room for folders, and how exact numbers must be."""

    client: Client
    policies: Policies
    folder: Path  # of this run of the checks; the trainer sees it under the same path
    tolerance: float
    another: Callable[
        [], AbstractContextManager[Client]
    ]  # a client of a trainer that knows nothing of this one
    _counter: Iterator[int] = field(default_factory=itertools.count)

    @cached_property
    def is_exact(self) -> bool:
        """Whether a replay gives the same bits: on one host's CPU."""
        return self.client.status().device == "cpu"

    def new_path(self, name: str) -> Path:
        """Of a file or folder that is not there yet."""
        return self.folder / f"{name}-{next(self._counter)}"

    def new_run(self, reference: bool = False) -> Float64Trainer:
        """Puts the trainer at version 0 of a run of its own; the float64 trainer holds the same."""
        folder = self.policies.reference if reference else None
        self.client.load_policy(f"run-{next(self._counter)}", self.policies.trained, folder)
        return Float64Trainer(self.policies.trained, self.policies.reference)

    def expect_policy(self, wanted: Float64Trainer, batch: Batch) -> None:
        """Raises Failed unless the trainer's policy scores a batch as the float64 one does."""
        expect_all_near(
            "log-probability", self.client.logprobs(batch), wanted.logprobs(batch), 5 * self.tolerance
        )


@contextmanager
def subject_of_backend(
    make: Callable[[], TrainerBackend], folder: Path, tolerance: float = FLOAT32
) -> Iterator[Subject]:
    """`make` answers a new backend. It is served in this process, and `folder` is written to."""

    @contextmanager
    def another() -> Iterator[Client]:
        with serving(make(), folder / "published") as address, _client_of(address) as client:
            yield client

    with another() as client:
        yield Subject(client, write_policies(folder), folder, tolerance, another)


@contextmanager
def subject_of_service(address: str, folder: Path, tolerance: float = FLOAT32) -> Iterator[Subject]:
    """A trainer that runs already, as HOST:PORT or unix:/PATH, and sees `folder` under the same path.

    Whatever policy it holds is lost.
    """

    def another() -> AbstractContextManager[Client]:
        raise NotApplicable("there is one service, and its checkpoints cannot be loaded in another")

    with _client_of(address) as client:
        yield Subject(client, write_policies(folder), folder, tolerance, another)


@contextmanager
def _client_of(address: str) -> Iterator[Client]:
    with grpc.insecure_channel(address) as channel:
        yield Client(channel)
