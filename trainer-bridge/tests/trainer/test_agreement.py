"""Trainer and policy server agree on log-probabilities, before and after weights were published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.policies import VOCABULARY
from azr_trainer.backends.torch_backend import TorchBackend
from tests.trainer.support.batches import context, draw_batch, train_messages
from tests.trainer.support.server import Client, serving

BRIDGE = Path(__file__).parents[2]


@contextmanager
def policy_server(model: Path) -> Iterator[str]:
    """Its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "azr_policy_server", "--model", str(model), "--owner-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(BRIDGE)},
    ) as process:
        assert process.stdout
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.kill()


def both_logprobs(client: Client, url: str, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Of sampled responses: what the server said of them, and what the trainer says, both raw."""
    rng = np.random.default_rng(4)
    chunk, said = pb.SequenceChunk(), []
    for length in (1, 2, 5, 9):
        prompt = rng.integers(2, VOCABULARY, length).tolist()
        body = {
            "model": "policy",
            "prompt": prompt,
            "max_tokens": 12,
            "n": 4,
            "seed": 1,
            "temperature": temperature,
            "logprobs": 0,
            "return_token_ids": True,
        }
        answer = httpx.post(f"{url}/v1/completions", json=body, timeout=30).raise_for_status().json()
        for choice in answer["choices"]:
            chunk.prompt_lengths.append(length)
            chunk.response_lengths.append(len(choice["token_ids"]))
            chunk.token_ids += np.array([*prompt, *choice["token_ids"]], "<i4").tobytes()
            chunk.temperatures.append(1.0)
            said += choice["logprobs"]["token_logprobs"]
    [scored] = client.stub.ComputeLogprobs(iter([pb.ComputeLogprobsRequest(chunk=chunk)]), timeout=30)
    return np.array(said), np.frombuffer(scored.logprobs, "<f4")


def test_logprobs_agree(policy_dir: Path, tmp_path: Path) -> None:
    with policy_server(policy_dir) as url, serving(TorchBackend("cpu", 1), tmp_path) as client:
        client.load(policy_dir)
        first, _ = both_logprobs(client, url, 1.0)
        for version in range(2):
            train = train_messages(draw_batch(version), context(2 + 2 * version, f"batch-{version}", version))
            client.end_of(client.stub.Train(train, timeout=30).operation)
            publish = pb.PublishRequest(
                context=context(3 + 2 * version, f"publish-{version}", version + 1),
                servers=[pb.RolloutServer(name="policy", url=url)],
            )
            done = client.end_of(client.stub.Publish(publish, timeout=30).operation)
            assert [server.error for server in done.publish.servers] == [""]
            for temperature in (1.0, 0.6):
                said, scored = both_logprobs(client, url, temperature)
                assert np.abs(said - scored).max() <= 1e-4
        last, _ = both_logprobs(client, url, 1.0)
    assert len(first) != len(last) or np.abs(first - last).max() > 1e-3  # the weights did change
