"""Our side: policy servers, each a process of its own, asked over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PACKAGE_ROOT = Path(__file__).resolve().parents[3] / "trainer-bridge"
SECONDS = 300.0
"""Bound on every round."""


class PolicyServers:
    """`tokens_per_second` of as many requests at a time as there are prompts, one completion each, by turns to each."""

    name = "ours"

    def __init__(self, urls: Sequence[str]) -> None:
        self._addresses = [urlsplit(url) for url in urls]

    def tokens_per_second(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float:
        return asyncio.run(self._measure(prompts, new_tokens, seed))

    async def _measure(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float:
        bodies = [_body(prompt, new_tokens, seed + i) for i, prompt in enumerate(prompts)]
        async with asyncio.timeout(SECONDS):
            began = time.perf_counter()
            counts = await asyncio.gather(*map(_complete, cycle(self._addresses), bodies))
            return sum(counts) / (time.perf_counter() - began)


async def _complete(address: SplitResult, body: bytes) -> int:
    """A connection a request, and no more of HTTP than that: a client's library would be what is measured."""
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = (
        f"POST /v1/completions HTTP/1.1\r\nHost: policy\r\nContent-Length: {len(body)}\r\nConnection: close"
    )
    writer.write(head.encode() + b"\r\n\r\n" + body)
    answered, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    if b" 200 " not in answered.splitlines()[0]:
        raise RuntimeError(f"{answered.decode()}: {answer.decode()}")
    return len(json.loads(answer)["choices"][0]["token_ids"])


def _body(prompt: str, new_tokens: int, seed: int) -> bytes:
    request = {
        "prompt": prompt,
        "max_tokens": new_tokens,
        "ignore_eos": True,
        "temperature": 1.0,
        "seed": seed,
        "logprobs": 0,
        "return_token_ids": True,
    }
    return json.dumps(request).encode()


@contextmanager
def serving(model: Path, servers: int, rows: int) -> Iterator[PolicyServers]:
    """Servers with room for `rows` sequences at once, each; ended when the block is."""
    with ExitStack() as ends:
        yield PolicyServers([ends.enter_context(_serving(model, rows)) for _ in range(servers)])


@contextmanager
def _serving(model: Path, rows: int) -> Iterator[str]:
    """Its address."""
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
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)
