"""Batches, settings and requests to train with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.policies import VOCABULARY
from azr_trainer.batch import Sequences, TrainBatch
from azr_trainer.settings import Aggregation, LossSettings, OptimizerSettings, UpdateSettings

LOSS = LossSettings(clip_low=0.2, clip_high=0.3, aggregation=Aggregation.TOKEN_MEAN)
OPTIMIZER = OptimizerSettings(
    learning_rate=1e-3,
    beta1=0.9,
    beta2=0.99,
    weight_decay=0.01,
    gradient_clip=1.0,
    mini_batch=4,
    epochs=1,
    micro_batch_tokens=64,
)
SETTINGS = UpdateSettings(LOSS, OPTIMIZER)


def settings(**changes: object) -> UpdateSettings:
    """The usual settings, but for some fields of either part."""
    loss = {key: value for key, value in changes.items() if hasattr(LOSS, key)}
    optimizer = {key: value for key, value in changes.items() if hasattr(OPTIMIZER, key)}
    assert len(loss) + len(optimizer) == len(changes)
    return UpdateSettings(replace(LOSS, **loss), replace(OPTIMIZER, **optimizer))


def draw_batch(
    seed: int,
    prompts: Iterable[int] = (3, 5, 2, 7, 1, 4, 6, 3),
    responses: Iterable[int] = (4, 9, 0, 2, 12, 1, 5, 7),
    temperatures: Iterable[float] | None = None,
) -> TrainBatch:
    """Random tokens, advantages and log-probabilities for the given lengths."""
    rng = np.random.default_rng(seed)
    prompt_lengths, response_lengths = np.array([*prompts], np.int32), np.array([*responses], np.int32)
    count, tokens = len(prompt_lengths), int(response_lengths.sum())
    return TrainBatch(
        Sequences(
            prompt_lengths,
            response_lengths,
            rng.integers(0, VOCABULARY, tokens + int(prompt_lengths.sum())).astype(np.int32),
            np.array([*temperatures], np.float32) if temperatures else np.ones(count, np.float32),
        ),
        rollout_logprobs=-rng.uniform(1, 6, tokens).astype(np.float32),
        advantages=rng.normal(size=count).astype(np.float32),
        loss_weights=rng.uniform(0.5, 2, count).astype(np.float32),
        policy_versions=np.zeros(count, np.uint64),
    )


def share_beginnings(batch: TrainBatch) -> TrainBatch:
    """The same lengths, but prompts of one length are the same, and responses begin alike or are the same."""
    token_ids = batch.sequences.token_ids.copy()
    ends = np.cumsum(batch.sequences.lengths)
    for start, end, prompt in zip(
        ends - batch.sequences.lengths, ends, batch.sequences.prompt_lengths, strict=True
    ):
        token_ids[start : start + prompt] = np.arange(prompt)
        token_ids[start + prompt : end] %= 2
    return replace(batch, sequences=replace(batch.sequences, token_ids=token_ids))


def chunk_of(batch: TrainBatch, start: int = 0, end: int | None = None) -> pb.SequenceChunk:
    """Some sequences of a batch, as they travel."""
    sequences, chosen = batch.sequences, slice(start, end)
    tokens, answers = np.cumsum([0, *sequences.lengths]), np.cumsum([0, *sequences.response_lengths])
    last = len(sequences) if end is None else end
    return pb.SequenceChunk(
        prompt_lengths=sequences.prompt_lengths[chosen],
        response_lengths=sequences.response_lengths[chosen],
        token_ids=sequences.token_ids[tokens[start] : tokens[last]].astype("<i4").tobytes(),
        rollout_logprobs=batch.rollout_logprobs[answers[start] : answers[last]].astype("<f4").tobytes(),
        advantages=batch.advantages[chosen],
        loss_weights=batch.loss_weights[chosen],
        temperatures=sequences.temperatures[chosen],
        policy_versions=batch.policy_versions[chosen],
    )


def context(sequence: int, operation_id: str, version: int = 0, epoch: int = 1) -> pb.OperationContext:
    """Of the run that the tests are about."""
    return pb.OperationContext(
        run_id="run",
        lease_epoch=epoch,
        sequence=sequence,
        operation_id=operation_id,
        expected_version=version,
    )


def header_of(batch: TrainBatch, about: pb.OperationContext) -> pb.TrainHeader:
    """With the usual settings."""
    return pb.TrainHeader(
        context=about,
        sequence_count=len(batch.sequences),
        loss=pb.LossConfig(clip_low=0.2, clip_high=0.3, aggregation=pb.LOSS_AGGREGATION_TOKEN_MEAN),
        optimizer=pb.OptimizerConfig(
            learning_rate=1e-3,
            beta1=0.9,
            beta2=0.99,
            weight_decay=0.01,
            gradient_clip=1.0,
            mini_batch=4,
            epochs=1,
            micro_batch_tokens=64,
        ),
    )


def train_messages(
    batch: TrainBatch, about: pb.OperationContext, chunk_size: int = 3
) -> Iterator[pb.TrainRequest]:
    """The stream of a Train call."""
    yield pb.TrainRequest(header=header_of(batch, about))
    for start in range(0, len(batch.sequences), chunk_size):
        end = min(start + chunk_size, len(batch.sequences))
        yield pb.TrainRequest(chunk=chunk_of(batch, start, end))
