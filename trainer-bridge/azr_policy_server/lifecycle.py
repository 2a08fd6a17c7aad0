"""How the process begins and ends: its port, its announcement, its owner, its signals."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:  # not at run time: the engine imports torch
    from starlette.applications import Starlette

    from azr_policy_server.engine import Engine

SHUTDOWN_SECONDS = 5
"""How long responses under way, and then the engine's last step, may take at the end."""

FAULT_VISIBLE_SECONDS = 1.0
"""How long `/health` answers 503 before a server whose engine has died ends."""

_PR_SET_PDEATHSIG = 1  # prctl(2)


class StartError(Exception):
    """The server cannot start; one line says why."""


def bind(host: str, port: int) -> socket.socket:
    """Takes the port before anything slow happens; it does not listen yet. Raises StartError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except (OSError, OverflowError) as error:
        raise StartError(f"cannot listen on {host} port {port}: {error}") from None
    return bound


def exit_on_signals() -> None:
    """SIGTERM and SIGINT end the process with exit status 0, while it starts and, in good order, while it serves."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))


def die_with_owner() -> None:
    """Ends this process when its owner does: in good order at the end of standard input, at the latest by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        with suppress(OSError):  # a standard input that is closed has ended, too
            while os.read(0, 4096):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="owner", daemon=True).start()


class PolicyServer(uvicorn.Server):
    """Announces readiness on standard output, aborts what runs at the end, and leaves when the engine has died."""

    def __init__(self, app: Starlette, engine: Engine) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        self._engine = engine
        self._fault = False

    def serve_until_told(self, bound: socket.socket) -> int:
        """Serves on the bound socket; the exit status of the process. Raises StartError."""
        self._engine.on_fault = self._leave
        self._engine.start()
        self.run(sockets=[bound])
        return 1 if self._fault else 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except OSError as error:  # another server took the port while this one was loading
            raise StartError(f"cannot listen: {error}") from None
        for bound in sockets or ():
            host, port = bound.getsockname()[:2]
            url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            print(json.dumps({"ready": True, "url": url}, separators=(",", ":")), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Aborted requests still get their partial answers."""
        self._engine.stop(timeout=SHUTDOWN_SECONDS)
        await super().shutdown(sockets)

    def _leave(self, fault: BaseException) -> None:
        """The engine has died: health checks see it for a moment, then the process ends."""
        logging.getLogger("azr_policy_server").critical("the engine has died", exc_info=fault)
        self._fault = True
        timer = threading.Timer(FAULT_VISIBLE_SECONDS, setattr, (self, "should_exit", True))
        timer.daemon = True
        timer.start()
