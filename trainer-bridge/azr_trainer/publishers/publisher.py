"""What brings the present weights to rollout servers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

WriteWeights = Callable[[Path], Awaitable[None]]


@dataclass(frozen=True)
class RolloutServer:
    """A server that takes weights in four phases. `url` is its base address."""

    name: str
    url: str


@dataclass(frozen=True)
class ServerPublication:
    """What became of one server; `error` is empty if it answers from the new version."""

    name: str
    error: str
    paused_seconds: float


@dataclass(frozen=True)
class Publication:
    """The weights to be published."""

    version: int
    tensors: dict[str, tuple[int, ...]]  # shape of every tensor that must arrive, by name
    write: WriteWeights


class Publisher(ABC):
    """Publishing a version again is harmless: it is sent again."""

    @abstractmethod
    async def publish(
        self, publication: Publication, servers: Sequence[RolloutServer], phase_seconds: float
    ) -> list[ServerPublication]:
        """An answer for each server, in order. Raises TrainerFault if there is nothing that could be sent."""
