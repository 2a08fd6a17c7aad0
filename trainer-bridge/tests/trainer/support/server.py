"""The service in this process, on a real channel; the event loop has a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import grpc.aio
from azr.v1 import trainer_pb2 as pb
from azr.v1 import trainer_pb2_grpc as pb_grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from azr_trainer.backend import TrainerBackend
from azr_trainer.operation_log import OperationLog
from azr_trainer.publishers.file import FilePublisher
from azr_trainer.service import TrainerService
from azr_trainer.trainer import Trainer
from tests.trainer.support.batches import context

WAIT_MS = 20_000


class Client:
    """The generated stub, with what every test does."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.stub = pb_grpc.TrainerServiceStub(channel)

    def end_of(self, operation: pb.Operation) -> pb.Operation:
        """Waits for it."""
        request = pb.GetOperationRequest(operation_id=operation.operation_id, wait_ms=WAIT_MS)
        ended = self.stub.GetOperation(request, timeout=30).operation
        assert ended.state != pb.OPERATION_STATE_RUNNING
        return ended

    def load(self, policy_dir: Path, epoch: int = 1, sequence: int = 1) -> pb.Operation:
        request = pb.LoadPolicyRequest(
            context=context(sequence, f"load-{epoch}", epoch=epoch), policy_dir=str(policy_dir)
        )
        return self.end_of(self.stub.LoadPolicy(request, timeout=30).operation)


@contextmanager
def serving(backend: TrainerBackend, publish_root: Path) -> Iterator[Client]:
    """Serves until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> tuple[grpc.aio.Server, int, asyncio.Task[None]]:
        trainer = Trainer(backend, FilePublisher(publish_root), ThreadPoolExecutor(1))
        log = OperationLog(lambda: trainer.held)
        server = grpc.aio.server()
        pb_grpc.add_TrainerServiceServicer_to_server(TrainerService(trainer, log), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, port, asyncio.create_task(log.run())

    server, port, applying = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Client(channel)
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(0), loop).result(10)
        loop.call_soon_threadsafe(applying.cancel)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def details_of(error: grpc.RpcError) -> tuple[error_details_pb2.ErrorInfo, error_details_pb2.BadRequest]:
    """What the status carries; either may be empty."""
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in rpc_status.from_call(error).details:
        for message in (info, bad):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
    return info, bad
