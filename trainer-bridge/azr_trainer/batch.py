"""What is trained on. Sequences are packed: one after the other, without padding, prompt before response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Float32s = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sequences:
    """S sequences of P_i prompt and R_i response tokens, P_i >= 1, R_i >= 0."""

    prompt_lengths: Int32s  # [S]
    response_lengths: Int32s  # [S]
    token_ids: Int32s  # [sum of P_i + R_i]
    temperatures: Float32s  # [S], above 0: what each was sampled at

    def __len__(self) -> int:
        return len(self.prompt_lengths)

    @property
    def lengths(self) -> Int32s:
        """P_i + R_i, [S]."""
        return self.prompt_lengths + self.response_lengths

    @property
    def response_tokens(self) -> int:
        """Sum of R_i."""
        return int(self.response_lengths.sum(dtype=np.int64))


@dataclass(frozen=True, eq=False)
class TrainBatch:
    """Sequences with what the policy gradient needs of each."""

    sequences: Sequences
    rollout_logprobs: Float32s  # [sum of R_i], nats, raw: the temperature not applied
    advantages: Float32s  # [S]
    loss_weights: Float32s  # [S], at least 0
    policy_versions: NDArray[np.uint64]  # [S]


def join_sequences(parts: Sequence[Sequences]) -> Sequences:
    """One after the other; at least one part."""
    return Sequences(
        prompt_lengths=np.concatenate([part.prompt_lengths for part in parts]),
        response_lengths=np.concatenate([part.response_lengths for part in parts]),
        token_ids=np.concatenate([part.token_ids for part in parts]),
        temperatures=np.concatenate([part.temperatures for part in parts]),
    )


def join_batches(parts: Sequence[TrainBatch]) -> TrainBatch:
    """One after the other; at least one part."""
    return TrainBatch(
        sequences=join_sequences([part.sequences for part in parts]),
        rollout_logprobs=np.concatenate([part.rollout_logprobs for part in parts]),
        advantages=np.concatenate([part.advantages for part in parts]),
        loss_weights=np.concatenate([part.loss_weights for part in parts]),
        policy_versions=np.concatenate([part.policy_versions for part in parts]),
    )
