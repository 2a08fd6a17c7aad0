"""Our side: the policy server in a process of its own, asked over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

PACKAGE_ROOT = Path(__file__).resolve().parents[3] / "trainer-bridge"
SECONDS = 300.0
"""Bound on every request."""


class PolicyServer:
    """`tokens_per_second` of as many requests at a time as there are prompts, one completion each."""

    name = "ours"

    def __init__(self, url: str) -> None:
        self._url = url

    def tokens_per_second(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float:
        return asyncio.run(self._measure(prompts, new_tokens, seed))

    async def _measure(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float:
        limits = httpx.Limits(max_connections=len(prompts))
        async with httpx.AsyncClient(base_url=self._url, timeout=SECONDS, limits=limits) as client:
            began = time.perf_counter()
            counts = await asyncio.gather(
                *(self._complete(client, prompt, new_tokens, seed + i) for i, prompt in enumerate(prompts))
            )
            return sum(counts) / (time.perf_counter() - began)

    async def _complete(self, client: httpx.AsyncClient, prompt: str, new_tokens: int, seed: int) -> int:
        body = {
            "prompt": prompt,
            "max_tokens": new_tokens,
            "ignore_eos": True,
            "temperature": 1.0,
            "seed": seed,
            "logprobs": 0,
            "return_token_ids": True,
        }
        response = await client.post("/v1/completions", json=body)
        response.raise_for_status()
        return len(response.json()["choices"][0]["token_ids"])


@contextmanager
def serving(model: Path, rows: int) -> Iterator[PolicyServer]:
    """A server with room for `rows` sequences at once; ended when the block is."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "azr_policy_server", "--model", str(model)),
            *("--max-num-seqs", str(rows), "--threads", "1", "--owner-stdin"),
        ],
        cwd=PACKAGE_ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield PolicyServer(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)
