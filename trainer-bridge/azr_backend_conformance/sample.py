"""What is trained on, one sequence at a time, and how it travels."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.policies import VOCABULARY


@dataclass(frozen=True)
class Sample:
    """A sequence with what the policy gradient needs of it. Numbers are those that float32 can hold."""

    prompt: tuple[int, ...]
    response: tuple[int, ...]
    rollout_logprobs: tuple[float, ...]  # of the response tokens, nats, raw
    advantage: float
    loss_weight: float
    temperature: float = 1.0
    policy_version: int = 0

    @property
    def tokens(self) -> tuple[int, ...]:
        """Prompt and response."""
        return self.prompt + self.response


Batch = tuple[Sample, ...]

PROMPTS = (3, 5, 2, 7, 1, 4, 6, 3)
RESPONSES = (4, 9, 0, 2, 12, 1, 5, 7)
TEMPERATURES = (1.0, 0.75, 1.0, 1.25, 1.0, 2.0, 1.0, 0.5)


def draw_batch(
    seed: int, prompts: Sequence[int] = PROMPTS, responses: Sequence[int] = RESPONSES, hot: bool = True
) -> Batch:
    """Random tokens, advantages and weights; temperatures of 1 unless `hot`."""
    rng = np.random.default_rng(seed)
    drawn = []
    for index, (prompt, response) in enumerate(zip(prompts, responses, strict=True)):
        ids = rng.integers(0, VOCABULARY, prompt + response).tolist()
        drawn.append(
            Sample(
                prompt=tuple(ids[:prompt]),
                response=tuple(ids[prompt:]),
                rollout_logprobs=_float32s(-rng.uniform(1, 6, response)),
                advantage=_float32s(rng.normal(size=1))[0],
                loss_weight=_float32s(rng.uniform(0.5, 2, 1))[0],
                temperature=TEMPERATURES[index % len(TEMPERATURES)] if hot else 1.0,
            )
        )
    return tuple(drawn)


def to_chunk(samples: Sequence[Sample]) -> pb.SequenceChunk:
    """Packed."""
    tokens = [token for one in samples for token in one.tokens]
    logprobs = [logprob for one in samples for logprob in one.rollout_logprobs]
    return pb.SequenceChunk(
        prompt_lengths=[len(one.prompt) for one in samples],
        response_lengths=[len(one.response) for one in samples],
        token_ids=struct.pack(f"<{len(tokens)}i", *tokens),
        rollout_logprobs=struct.pack(f"<{len(logprobs)}f", *logprobs),
        advantages=[one.advantage for one in samples],
        loss_weights=[one.loss_weight for one in samples],
        temperatures=[one.temperature for one in samples],
        policy_versions=[one.policy_version for one in samples],
    )


def to_chunks(batch: Batch, size: int) -> Iterator[pb.SequenceChunk]:
    """At most `size` sequences in each."""
    for start in range(0, len(batch), size):
        yield to_chunk(batch[start : start + size])


def _float32s(values: np.ndarray) -> tuple[float, ...]:
    return tuple(values.astype(np.float32).tolist())
