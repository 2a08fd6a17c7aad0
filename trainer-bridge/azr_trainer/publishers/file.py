"""Publication through files: the weights are written once, under a root that the rollout servers can read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import httpx

from azr_trainer.faults import TrainerFault
from azr_trainer.publishers.four_phases import Update, update_server
from azr_trainer.publishers.publisher import Publication, Publisher, RolloutServer, ServerPublication

PREFIX = "weights-v"
SUFFIX = ".safetensors"


class FilePublisher(Publisher):
    """Backend `file` of the servers: `init_info` is {root}, `update_info` {path}, relative to the root."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def publish(
        self, publication: Publication, servers: Sequence[RolloutServer], phase_seconds: float
    ) -> list[ServerPublication]:
        """Files of other versions are deleted: a server that failed is sent the present one later."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainerFault(f"{self._root}: cannot be made: {error.strerror}") from None
        file = self._root / f"{PREFIX}{publication.version}{SUFFIX}"
        await publication.write(file)
        _check_tensors(file, publication.tensors)
        update = Update({"root": str(self._root)}, {"path": file.name}, str(publication.version))
        # Loopback and cluster addresses: a proxy from the environment would only be in the way.
        async with httpx.AsyncClient(timeout=None, trust_env=False) as client:
            answers = await asyncio.gather(
                *(update_server(client, server, update, phase_seconds) for server in servers)
            )
        self._remove_others(file)
        return answers

    def _remove_others(self, present: Path) -> None:
        for file in self._root.glob(f"{PREFIX}*{SUFFIX}"):
            if file != present:
                file.unlink(missing_ok=True)


def _check_tensors(file: Path, expected: dict[str, tuple[int, ...]]) -> None:
    """Servers take a partial set in silence and answer nonsense from then on, so it is checked before they see it."""
    with file.open("rb") as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
    written = {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
    if written != expected:
        wrong = sorted(name for name in written.keys() | expected if written.get(name) != expected.get(name))
        raise TrainerFault(
            f"{file}: {len(wrong)} tensors are not those of the policy, the first is '{wrong[0]}'; nothing was sent"
        )
