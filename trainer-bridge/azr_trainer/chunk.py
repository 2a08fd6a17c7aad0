"""Chunks of packed sequences, checked and made into arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from azr.v1 import trainer_pb2 as pb
from numpy.typing import NDArray

from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.refusal import Refusal, invalid_field

ROUNDING = 1e-3  # how far above 0 a server's arithmetic may put the log-probability of a certain token


@dataclass(frozen=True)
class SequenceLimits:
    """What the loaded policy can take."""

    vocab_size: int
    max_tokens: int  # of one sequence


def read_sequences(chunk: pb.SequenceChunk, where: str, limits: SequenceLimits) -> Sequences:
    """`where` is the chunk's path in the request. Raises Refusal for the first field that is wrong."""
    if not chunk.prompt_lengths:
        raise invalid_field(f"{where}.prompt_lengths", "is empty, expected at least one sequence")
    count = len(chunk.prompt_lengths)
    _check_count(chunk.response_lengths, f"{where}.response_lengths", count)
    _check_count(chunk.temperatures, f"{where}.temperatures", count)
    prompts = np.array(chunk.prompt_lengths, np.int64)
    responses = np.array(chunk.response_lengths, np.int64)
    temperatures = np.array(chunk.temperatures, np.float32)
    _check_each(prompts, prompts >= 1, f"{where}.prompt_lengths", "at least 1")
    short = prompts + responses <= limits.max_tokens
    most = f"at most {limits.max_tokens} tokens, prompt and response: the policy's max_position_embeddings"
    _check_each(prompts + responses, short, f"{where} sequence", most)
    right = np.isfinite(temperatures) & (temperatures > 0)
    _check_each(temperatures, right, f"{where}.temperatures", "finite and above 0")
    token_ids = _unpack(chunk.token_ids, "<i4", int((prompts + responses).sum()), f"{where}.token_ids")
    known = (token_ids >= 0) & (token_ids < limits.vocab_size)
    _check_each(token_ids, known, f"{where}.token_ids", f"0 to {limits.vocab_size - 1}")
    return Sequences(prompts.astype(np.int32), responses.astype(np.int32), token_ids, temperatures)


def read_training_chunk(
    chunk: pb.SequenceChunk, where: str, limits: SequenceLimits, present_version: int
) -> TrainBatch:
    """The same with what training needs; sequences cannot come from a version later than the present one."""
    sequences = read_sequences(chunk, where, limits)
    count = len(sequences)
    advantages = _floats(chunk.advantages, f"{where}.advantages", count)
    weights = _floats(chunk.loss_weights, f"{where}.loss_weights", count)
    _check_each(weights, weights >= 0, f"{where}.loss_weights", "at least 0")
    field = f"{where}.rollout_logprobs"
    logprobs: Float32s = _unpack(chunk.rollout_logprobs, "<f4", sequences.response_tokens, field)
    right = np.isfinite(logprobs) & (logprobs <= ROUNDING)
    _check_each(logprobs, right, field, "finite and at most 0")
    _check_count(chunk.policy_versions, f"{where}.policy_versions", count)
    versions = np.array(chunk.policy_versions, np.uint64)
    right = versions <= np.uint64(present_version)
    _check_each(versions, right, f"{where}.policy_versions", f"at most the present version {present_version}")
    return TrainBatch(sequences, logprobs, advantages, weights, versions)


def check_has_logprobs_or_none(chunk: pb.SequenceChunk, where: str, sequences: Sequences) -> None:
    """ComputeLogprobs does not read them, but a wrong length says that the packing is wrong."""
    if chunk.rollout_logprobs:
        _unpack(chunk.rollout_logprobs, "<f4", sequences.response_tokens, f"{where}.rollout_logprobs")


def _unpack(data: bytes, dtype: str, count: int, field: str) -> NDArray[Any]:
    if len(data) != 4 * count:
        raise invalid_field(
            field, f"has {len(data)} bytes, expected {4 * count} for {count} numbers of 4 bytes"
        )
    return np.frombuffer(data, dtype).astype(dtype[1:])


def _floats(values: Sequence[float], field: str, count: int) -> Float32s:
    _check_count(values, field, count)
    array = np.array(values, np.float32)
    _check_each(array, np.isfinite(array), field, "a finite number")
    return array


def _check_count(values: Sequence[Any], field: str, count: int) -> None:
    if len(values) != count:
        raise invalid_field(field, f"has {len(values)} values, expected {count}, one for each sequence")


def _check_each(values: NDArray[Any], right: NDArray[np.bool_], field: str, expected: str) -> None:
    if not right.all():
        index = int(np.argmin(right))
        raise _wrong_value(field, index, values[index], expected)


def _wrong_value(field: str, index: int, value: object, expected: str) -> Refusal:
    return invalid_field(f"{field}[{index}]", f"is {value}, expected {expected}")
