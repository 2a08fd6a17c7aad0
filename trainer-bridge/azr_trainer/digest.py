"""What makes two operations the same: the SHA-256 of their content."""

from __future__ import annotations

import hashlib

from azr.v1 import trainer_pb2 as pb
from google.protobuf.message import Message

from azr_trainer.batch import TrainBatch


def request_digest(request: Message) -> bytes:
    """Of a request with a context.

    Who sends it and in which order, lease epoch and sequence, is not its content: a new owner of the run sends the
    same batch again under its own.
    """
    copy = type(request)()
    copy.CopyFrom(request)
    context: pb.OperationContext = copy.context  # type: ignore[attr-defined]
    context.ClearField("lease_epoch")
    context.ClearField("sequence")
    return hashlib.sha256(copy.SerializeToString(deterministic=True)).digest()


def train_digest(header: pb.TrainHeader, batch: TrainBatch) -> bytes:
    """Of a header and its sequences, however they were cut into chunks.

    SHA-256 over the header's digest, then every array as little-endian bytes behind its length.
    """
    digest = hashlib.sha256(request_digest(header))
    sequences = batch.sequences
    for array in (
        sequences.prompt_lengths,
        sequences.response_lengths,
        sequences.token_ids,
        batch.rollout_logprobs,
        batch.advantages,
        batch.loss_weights,
        sequences.temperatures,
        batch.policy_versions,
    ):
        data = array.astype(array.dtype.newbyteorder("<")).tobytes()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()
