"""`azr serve` in a process of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.trainer.support.processes import alive, descendants, until_none

ROOT = Path(__file__).resolve().parents[3]
STOP_SECONDS = 60


@dataclass
class Served:
    """A server that runs."""

    process: subprocess.Popen[str]
    address: str

    def executor(self) -> int:
        """Process id of the executor that it has started."""
        found = [
            pid for pid, command in descendants(self.process.pid).items() if "main.js executor" in command
        ]
        assert len(found) == 1, found
        return found[0]


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """Serves until the block ends; nothing is left of it then."""
    node = shutil.which("node")
    assert node is not None, "node is not on PATH"
    command = [node, str(ROOT / "bin/azr.mjs"), "serve", "--home", str(home), "--port", "0", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"})
    assert process.stdout is not None
    family: dict[int, str] = {}
    try:
        yield Served(process, json.loads(process.stdout.readline())["address"])
    finally:
        family = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(STOP_SECONDS) == 0
        finally:
            process.kill()
            process.stdout.close()
        until_none(lambda: alive(family))
