"""Requests, checked and made into what the trainer takes. Everything here raises Refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from azr.v1 import trainer_pb2 as pb

from azr_trainer.batch import TrainBatch, join_batches
from azr_trainer.chunk import SequenceLimits, read_training_chunk
from azr_trainer.publishers.publisher import RolloutServer
from azr_trainer.refusal import Violation, invalid, invalid_field
from azr_trainer.settings import UpdateSettings

MAX_BATCH_TOKENS = 1 << 26
MAX_PHASE_MS = 600_000
DEFAULT_PHASE_MS = 30_000
MAX_WAIT_MS = 60_000


def check_context(context: pb.OperationContext) -> None:
    """That every operation can be told from every other."""
    found = [
        Violation(f"context.{name}", "is empty, expected an id")
        for name in ("run_id", "operation_id")
        if not getattr(context, name)
    ]
    if context.lease_epoch < 1:
        found.append(Violation("context.lease_epoch", f"is {context.lease_epoch}, expected at least 1"))
    if found:
        raise invalid(found)


def read_folder(value: str, field: str) -> Path:
    """An absolute path: the bridge and its actors need not share a working directory."""
    path = Path(value)
    if not path.is_absolute() or "\0" in value:
        raise invalid_field(field, f"is {value!r}, expected an absolute path")
    return path


def read_servers(request: pb.PublishRequest) -> list[RolloutServer]:
    """At least one, with names that differ and HTTP addresses."""
    names: set[str] = set()
    if not request.servers:
        raise invalid_field("servers", "is empty, expected at least one server")
    for index, server in enumerate(request.servers):
        if not server.name or server.name in names:
            raise invalid_field(f"servers[{index}].name", f"is '{server.name}', expected a name of its own")
        names.add(server.name)
        if not _is_http(server.url):
            description = f"is '{server.url}', expected an address such as http://127.0.0.1:8000"
            raise invalid_field(f"servers[{index}].url", description)
    return [RolloutServer(server.name, server.url) for server in request.servers]


def read_phase_seconds(request: pb.PublishRequest) -> float:
    """The bound on each phase."""
    milliseconds = request.phase_timeout_ms or DEFAULT_PHASE_MS
    if milliseconds > MAX_PHASE_MS:
        raise invalid_field("phase_timeout_ms", f"is {milliseconds}, expected at most {MAX_PHASE_MS}")
    return milliseconds / 1000


def read_wait_seconds(request: pb.GetOperationRequest) -> float:
    """How long to wait."""
    if request.wait_ms > MAX_WAIT_MS:
        raise invalid_field("wait_ms", f"is {request.wait_ms}, expected at most {MAX_WAIT_MS}")
    return request.wait_ms / 1000


async def read_header(messages: AsyncIterator[pb.TrainRequest]) -> pb.TrainHeader:
    """The first message of a Train call."""
    first = await anext(messages, None)
    if first is None or first.WhichOneof("part") != "header":
        raise invalid_field("part", "does not begin with a header, expected header first, then chunks")
    return first.header


async def read_batch(
    messages: AsyncIterator[pb.TrainRequest],
    header: pb.TrainHeader,
    settings: UpdateSettings,
    limits: SequenceLimits,
) -> TrainBatch:
    """The rest of a Train call. What is too much is refused as soon as it is seen."""
    parts: list[TrainBatch] = []
    count = tokens = 0
    async for message in messages:
        where = f"chunk[{len(parts)}]"
        if message.WhichOneof("part") != "chunk":
            raise invalid_field("part", f"is no chunk after {where}, expected header first, then chunks")
        part = read_training_chunk(message.chunk, where, limits, header.context.expected_version)
        parts.append(part)
        count += len(part.sequences)
        tokens += len(part.sequences.token_ids)
        if count > header.sequence_count:
            raise invalid_field("header.sequence_count", f"is {header.sequence_count}, more sequences came")
        if tokens > MAX_BATCH_TOKENS:
            raise invalid_field(
                where, f"makes {tokens} tokens, expected at most {MAX_BATCH_TOKENS} in a batch"
            )
    if count != header.sequence_count:
        raise invalid_field("header.sequence_count", f"is {header.sequence_count}, {count} sequences came")
    batch = join_batches(parts)
    longest, budget = int(batch.sequences.lengths.max()), settings.optimizer.micro_batch_tokens
    if longest > budget:
        description = f"is {budget}, expected at least {longest}, the longest sequence of the batch"
        raise invalid_field("header.optimizer.micro_batch_tokens", description)
    return batch


def _is_http(url: str) -> bool:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host)
