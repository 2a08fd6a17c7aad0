"""A rollout server reduced to its weight-transfer routes, over real HTTP, answering as vLLM does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from safetensors.torch import load_file
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass
class RolloutServerStandIn:
    """Records what it was told. `broken` is a path that is answered with 500, `hanging` one that is not answered."""

    url: str = ""
    broken: str = ""
    hanging: str = ""
    init_ends_session: bool = True  # the embedded server's does, vLLM's does not
    calls: list[str] = field(default_factory=list)
    version: str = "default"
    tensors: dict[str, tuple[int, ...]] = field(default_factory=dict)
    paused: bool = False
    root: Path | None = None
    updating: bool = False

    def app(self) -> Starlette:
        methods = {"/weight_info": "GET"}
        paths = ("/pause", "/init_weight_transfer_engine", "/start_weight_update", "/update_weights")
        every = (*paths, "/finish_weight_update", "/weight_info", "/resume")
        return Starlette(
            routes=[Route(path, self._answer, methods=[methods.get(path, "POST")]) for path in every]
        )

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.calls.append(path.removeprefix("/") + (f"?{request.url.query}" if request.url.query else ""))
        if path == self.hanging:
            while (await request.receive())["type"] != "http.disconnect":
                pass
        if path == self.broken:
            self.updating = False
            return JSONResponse({"error": {"message": "Worker failed", "code": 500}}, 500)
        body = await request.json() if await request.body() else {}
        return self._take(path, body)

    def _take(self, path: str, body: dict[str, dict[str, str]]) -> Response:
        if path in ("/pause", "/resume"):
            self.paused = path == "/pause"
        elif path == "/init_weight_transfer_engine":
            self.root = Path(body["init_info"]["root"])
            self.updating &= not self.init_ends_session
        elif path == "/start_weight_update":
            if self.root is None or self.updating:
                why = "a weight update is already active" if self.updating else "no init"
                return JSONResponse({"error": {"message": why, "code": 500}}, 500)
            self.updating = True
        elif path == "/update_weights":
            loaded = load_file(self.root / body["update_info"]["path"])
            self.tensors = {name: tuple(tensor.shape) for name, tensor in loaded.items()}
        elif path == "/finish_weight_update":
            self.updating, self.version = False, str(body.get("weight_version", self.version))
        return JSONResponse({"weight_version": self.version})


@contextmanager
def running(server: RolloutServerStandIn) -> Iterator[RolloutServerStandIn]:
    """Serves on a free port until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # from here on connections wait, so that nothing need be waited for
        server.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        http = uvicorn.Server(uvicorn.Config(server.app(), log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=lambda: asyncio.run(http.serve([listening])), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.should_exit = True
            thread.join(10)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
