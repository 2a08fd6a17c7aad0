"""A rollout server reduced to its weight-transfer routes, with the transfer by file."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from safetensors.torch import load_file
from torch import Tensor


@dataclass
class RolloutServer:
    """What it was told. It does not know any transfer but by file."""

    address: str = ""
    phases: list[str] = field(default_factory=list)
    weight_version: str = "none"
    tensors: dict[str, Tensor] = field(default_factory=dict)
    root: Path = Path()
    other_transfer: bool = False

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and answer."""
        self.phases.append(path.removeprefix("/"))
        if path == "/init_weight_transfer_engine":
            self.other_transfer = "root" not in body["init_info"]
            self.root = Path(body["init_info"].get("root", ""))
        if self.other_transfer:
            return 500, {"error": {"message": "init_info has no root, this server takes weights by file"}}
        if path == "/update_weights":
            self.tensors = load_file(self.root / body["update_info"]["path"])
        elif path == "/finish_weight_update":
            self.weight_version = body["weight_version"]
        return 200, {"weight_version": self.weight_version}


@contextmanager
def rollout_server() -> Iterator[RolloutServer]:
    """Serves on a free port of the loopback until the block ends."""
    state = RolloutServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = state.take(urlsplit(self.path).path, json.loads(content or b"{}"))
            encoded = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, name="rollout server", daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
