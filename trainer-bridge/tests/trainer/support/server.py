"""A client of the service in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
from azr.v1 import trainer_pb2 as pb
from azr.v1 import trainer_pb2_grpc as pb_grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from azr_backend_conformance.serving import serving as served
from azr_trainer.backend import TrainerBackend
from tests.trainer.support.batches import context

WAIT_MS = 60_000  # the longest that the service waits: a rank that is lost and started anew takes a loaded machine long


class Client:
    """The generated stub, with what every test does."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.stub = pb_grpc.TrainerServiceStub(channel)

    def end_of(self, operation: pb.Operation) -> pb.Operation:
        """Waits for it."""
        request = pb.GetOperationRequest(operation_id=operation.operation_id, wait_ms=WAIT_MS)
        ended = self.stub.GetOperation(request, timeout=WAIT_MS / 1000 + 10).operation
        assert ended.state != pb.OPERATION_STATE_RUNNING
        return ended

    def load(self, policy_dir: Path, epoch: int = 1, sequence: int = 1) -> pb.Operation:
        request = pb.LoadPolicyRequest(
            context=context(sequence, f"load-{epoch}", epoch=epoch), policy_dir=str(policy_dir)
        )
        return self.end_of(self.stub.LoadPolicy(request, timeout=30).operation)


@contextmanager
def serving(backend: TrainerBackend, publish_root: Path) -> Iterator[Client]:
    """A client of the backend behind the service, until the block ends."""
    with served(backend, publish_root) as address, grpc.insecure_channel(address) as channel:
        yield Client(channel)


def details_of(error: grpc.RpcError) -> tuple[error_details_pb2.ErrorInfo, error_details_pb2.BadRequest]:
    """What the status carries; either may be empty."""
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in rpc_status.from_call(error).details:
        for message in (info, bad):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
    return info, bad
