"""The process: Ray and the policy's actors, or a backend of another's making, and the gRPC server, start to end."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import grpc.aio
from azr.v1 import trainer_pb2, trainer_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health

from azr_trainer.actor import ActorBackend
from azr_trainer.backend import TrainerBackend
from azr_trainer.backend_factory import read_factory
from azr_trainer.faults import one_line
from azr_trainer.local_ray import LocalRay, count_gpus, init_ray
from azr_trainer.operation_log import OperationLog
from azr_trainer.options import Options
from azr_trainer.owner import watch_owner
from azr_trainer.publishers.file import FilePublisher
from azr_trainer.service import TrainerService
from azr_trainer.trainer import Trainer

MESSAGE_BYTES = 16 << 20  # of one gRPC message; a batch is any number of them
END_SECONDS = (
    3.0  # for servers to be resumed, a checkpoint to be written and calls to be answered, at the end
)
UNIX = "unix:"


class StartError(Exception):
    """The bridge cannot start. The message is one line for a person."""


async def run_bridge(options: Options, ready: IO[str]) -> None:
    """Serves until it is told to stop. `ready` gets one line of JSON once calls are answered. Raises StartError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if options.owner_stdin:
        watch_owner(lambda: loop.call_soon_threadsafe(stop.set))
    server, address = _bind(options.listen)
    ray = None if options.ray_address or options.backend else LocalRay(options.ray_dir)
    root = _publish_root(options, ray)
    # Ray's daemons die with the thread that starts them, so it is this one, which lasts to the end.
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backend")
    starting = loop.run_in_executor(thread, _start_backend, ray, options)
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        _remove_socket(address)
        return
    try:
        trainer = Trainer(_started(starting), FilePublisher(root), thread)
        await _serve(server, trainer, stop, lambda: _announce(ready, address))
    finally:
        if ray:
            await asyncio.to_thread(ray.stop)


def _bind(listen: str) -> tuple[grpc.aio.Server, str]:
    """A server that has its address, but answers no calls yet."""
    server = grpc.aio.server(
        options=[
            ("grpc.so_reuseport", 0),  # a port in use is an error, not shared
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
        ]
    )
    try:
        port = server.add_insecure_port(listen)
    except RuntimeError:
        raise StartError(
            f"--listen {listen}: cannot be bound, expected a free HOST:PORT or unix:/PATH"
        ) from None
    address = listen if listen.startswith(UNIX) else f"{listen.rpartition(':')[0]}:{port}"
    return server, address


def _remove_socket(address: str) -> None:
    """What a server that served does by itself."""
    if address.startswith(UNIX):
        Path(address.removeprefix(UNIX)).unlink(missing_ok=True)


def _start_backend(ray: LocalRay | None, options: Options) -> TrainerBackend:
    if options.backend:
        return _foreign_backend(options.backend)
    if ray:
        ray.start(options.ranks)
    else:
        init_ray(address=options.ray_address)
    device = choose_device(options, count_gpus())
    compute = options.compute_options(device)
    backend = ActorBackend(device, options.threads, options.ranks, compute)
    backend.start()
    return backend


def _foreign_backend(name: str) -> TrainerBackend:
    try:
        return read_factory(name)()
    except argparse.ArgumentTypeError as error:
        raise StartError(f"--backend: {error}") from None
    except Exception as error:
        raise StartError(f"--backend {name}: failed to start: {one_line(error)}") from error


def choose_device(options: Options, gpus: int) -> str:
    """`cpu` or `cuda`, where Ray has so many GPUs. Raises StartError where that does not fit the options."""
    device = ("cuda" if gpus else "cpu") if options.device == "auto" else options.device
    if device == "cuda" and options.ranks > gpus:
        raise StartError(
            f"--ranks {options.ranks}: needs a GPU for each, expected at most the {gpus} that Ray has"
        )
    if device == "cpu" and options.optimizer_offload:
        raise StartError("--optimizer-offload: has nothing to offload from a CPU, expected --device cuda")
    return device


def _started(starting: asyncio.Future[TrainerBackend]) -> TrainerBackend:
    try:
        return starting.result()
    except StartError:
        raise
    except Exception as error:
        raise StartError(f"Ray or the policy's process did not start: {one_line(error)}") from error


def _publish_root(options: Options, ray: LocalRay | None) -> Path:
    """Without one of the caller's, a folder that goes when Ray's does, even if this process is killed."""
    if options.publish_root:
        return options.publish_root.resolve()
    if ray is None:
        raise StartError(
            "--publish-root: is missing, expected a folder that trainer and rollout servers share"
        )
    return ray.folder / "weights"


async def _serve(
    server: grpc.aio.Server, trainer: Trainer, stop: asyncio.Event, announce: Callable[[], None]
) -> None:
    log = OperationLog(lambda: trainer.held)
    servicer = health.HealthServicer()
    trainer_pb2_grpc.add_TrainerServiceServicer_to_server(TrainerService(trainer, log), server)  # type: ignore[no-untyped-call]
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    for name in ("", trainer_pb2.DESCRIPTOR.services_by_name["TrainerService"].full_name):
        await servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    await server.start()
    applying = asyncio.create_task(log.run())
    announce()
    await stop.wait()
    await servicer.enter_graceful_shutdown()
    applying.cancel()
    ending = [applying, asyncio.create_task(server.stop(END_SECONDS / 2)), *log.rests]
    await asyncio.wait(ending, timeout=END_SECONDS)


def _announce(ready: IO[str], address: str) -> None:
    print(json.dumps({"ready": True, "address": address}, separators=(",", ":")), file=ready, flush=True)
