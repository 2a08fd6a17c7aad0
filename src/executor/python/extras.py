"""What a fork server with the library does beside running programs: it analyses them, and attacks its own jail."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import seccomp
from analysis import analyze, skim
from fork_server import ForkServer
from payload import Payload
from probes import Probe, probes
from protocol import NULL, Request, RequestKind, Status
from runner import send


def add_to(server: ForkServer) -> None:
    """Call before the jail closes."""
    analyze(
        "def f(x):\n    return x"
    )  # has the parser build, before any fork, what it builds at its first use
    attacks = probes(os.getppid())
    server.probes = [f"{probe.name}\t{probe.layer}\t{int(probe.lethal)}" for probe in attacks]
    server.handlers[RequestKind.ANALYZE] = reader(server, analyze)
    server.handlers[RequestKind.SKIM] = reader(server, skim)
    server.handlers[RequestKind.PROBE] = attacker(server, attacks)


def reader(server: ForkServer, read: Callable[[str], object]) -> Callable[[Request, Payload], None]:
    def read_all(request: Request, payload: Payload) -> None:
        seccomp.install(server.filter)
        send(Status.PREAMBLE, "")
        for program in payload.items:
            send(Status.OK, json.dumps(read(str(program, "utf-8")), ensure_ascii=False))
        os._exit(0)

    return read_all


def attacker(server: ForkServer, attacks: list[Probe]) -> Callable[[Request, Payload], None]:
    def attack(request: Request, payload: Payload) -> None:
        probe = attacks[int(payload.items[0])]
        send(Status.PREAMBLE, "")
        try:
            if probe.layer == "seccomp":
                seccomp.install(server.filter)
            elif probe.layer != "limits":
                os.close(NULL)  # the limit leaves room for no other descriptor
            result = {"held": not probe.lethal, "detail": probe.attack()}
        except Exception as error:
            result = {"held": False, "detail": str(error) or repr(error)}
        send(Status.OK, json.dumps(result))
        os._exit(0)

    return attack
