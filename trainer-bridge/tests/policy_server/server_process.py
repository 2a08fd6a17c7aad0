"""A policy server in a process of its own, and a client of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
"""Bound on every wait of the tests."""


def spawn(*arguments: str | Path, program: list[str] | None = None, **streams: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *(program or ["-m", "azr_policy_server"]), *map(str, arguments)],
        cwd=PACKAGE_ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        text=True,
        **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams,
    )


def ready_url(process: subprocess.Popen[str]) -> str:
    """Waits for the announcement: the first line of standard output."""
    announcement = json.loads(_stream(process.stdout).readline())
    assert announcement["ready"] is True and set(announcement) == {"ready", "url"}
    return str(announcement["url"])


class Client(httpx.Client):
    def complete(self, prompt: Any = "def f(x)", **fields: Any) -> dict[str, Any]:
        """A completion that must succeed, with token ids and log-probabilities unless told otherwise."""
        body = {"prompt": prompt, "return_token_ids": True, "logprobs": 0, **fields}
        response = self.post("/v1/completions", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def tokens(self, prompt: Any = "def f(x)", **fields: Any) -> list[int]:
        ids: list[int] = self.complete(prompt, **fields)["choices"][0]["token_ids"]
        return ids

    def metric(self, name: str) -> float:
        line = next(x for x in self.get("/metrics").text.splitlines() if x.startswith(f"vllm:{name}{{"))
        return float(line.rsplit(" ", 1)[1])

    def until(self, condition: Callable[[], bool]) -> None:
        """Asks again and again, each question a round trip, a bounded number of times."""
        assert any(condition() for _ in range(20_000))


@contextmanager
def serving(*arguments: str | Path) -> Iterator[Client]:
    process = spawn(*arguments, "--owner-stdin", stderr=subprocess.DEVNULL)
    try:
        with Client(base_url=ready_url(process), timeout=SECONDS) as client:
            yield client
    finally:
        process.kill()
        process.communicate()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
