"""`agreement.py URL MODEL POLICY_DIR`: how far a server's log-probabilities are from the trainer's.

Samples from the server, and scores what it sampled with the trainer's own code and the weights of the folder. Prints
one line of JSON: how many response tokens there were, and the maximum of the differences, in nats.
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.batch import Sequences

PROMPTS = ("<ded>def f(x):\n x=x+1\n return x<in>1<think>", "<ded>def f(x):\n return x[::-1]<in>'ab'<think>")
TEMPERATURES = (1.0, 0.6)  # the server's are raw, whatever it samples at


def sampled(url: str, model: str) -> list[dict[str, Any]]:
    """The choices of some requests, at different temperatures."""
    salt = uuid.uuid4().hex  # nothing of an earlier comparison's prefixes
    return [
        choice
        for prompt in PROMPTS
        for temperature in TEMPERATURES
        for choice in httpx.post(
            f"{url}/v1/completions",
            json={
                "model": model,
                "prompt": prompt,
                "n": 32,
                "seed": 7,
                "max_tokens": 64,
                "temperature": temperature,
                "logprobs": 0,
                "return_token_ids": True,
                "cache_salt": salt,
            },
            timeout=120,
        )
        .raise_for_status()
        .json()["choices"]
    ]


def main(url: str, model: str, folder: str) -> None:
    """Compares and prints."""
    choices = sampled(url, model)
    said = np.concatenate([choice["logprobs"]["token_logprobs"] for choice in choices])
    lengths = [[len(choice[part]) for choice in choices] for part in ("prompt_token_ids", "token_ids")]
    tokens = np.concatenate([[*choice["prompt_token_ids"], *choice["token_ids"]] for choice in choices])
    backend = TorchBackend("cpu", 1)
    backend.load_policy(Path(folder), 0)
    scored = backend.compute_logprobs(
        Sequences(
            np.array(lengths[0], np.int32),
            np.array(lengths[1], np.int32),
            tokens.astype(np.int32),
            np.ones(len(choices), np.float32),
        )
    )
    print(json.dumps({"tokens": len(said), "maximum": float(np.abs(said - scored).max())}))


if __name__ == "__main__":
    main(*sys.argv[1:])
