"""A backend behind the service of this repository, in this process, on a real channel."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import grpc.aio
from azr.v1 import trainer_pb2_grpc as pb_grpc

from azr_trainer.backend import TrainerBackend
from azr_trainer.operation_log import OperationLog
from azr_trainer.publishers.file import FilePublisher
from azr_trainer.service import TrainerService
from azr_trainer.trainer import Trainer

END_SECONDS = 10.0


@contextmanager
def serving(
    backend: TrainerBackend, publish_root: Path, service: type[TrainerService] = TrainerService
) -> Iterator[str]:
    """The address, until the block ends. The event loop and the backend have a thread each."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="service", daemon=True)
    thread.start()
    with ThreadPoolExecutor(1, thread_name_prefix="backend") as executor:
        trainer = Trainer(backend, FilePublisher(publish_root), executor)
        server, address, applying = asyncio.run_coroutine_threadsafe(_start(trainer, service), loop).result(
            END_SECONDS
        )
        try:
            yield address
        finally:
            asyncio.run_coroutine_threadsafe(_stop(server, applying), loop).result(END_SECONDS)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(END_SECONDS)


async def _start(
    trainer: Trainer, service: type[TrainerService]
) -> tuple[grpc.aio.Server, str, asyncio.Task[None]]:
    log = OperationLog(lambda: trainer.held)
    server = grpc.aio.server()
    pb_grpc.add_TrainerServiceServicer_to_server(service(trainer, log), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, f"127.0.0.1:{port}", asyncio.create_task(log.run())


async def _stop(server: grpc.aio.Server, applying: asyncio.Task[None]) -> None:
    await server.stop(0)
    applying.cancel()
    await asyncio.wait([applying])
