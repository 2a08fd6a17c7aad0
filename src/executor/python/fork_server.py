"""The fork server's loop. It reads the headers of requests, and never a payload or a result."""

from __future__ import annotations

import json
import os
import sys

import jail
import seccomp
from payload import handle_payload, read_payload
from probes import Probe, probes
from protocol import (
    CONTROL,
    REQUEST,
    RESULT,
    ReplyKind,
    Request,
    RequestKind,
    Status,
    read_exactly,
    reply_header,
    write_replies,
)
from result_buffer import ResultBuffer
from runner import send
from syscalls import fork, read_file
from watch import watch

MIB = 1 << 20
PROCESS_NUMBERS_A_GROUP = 10_007


class ForkServer:
    def __init__(self, tier: int, group: int) -> None:
        self.supervisor = os.getppid()
        self.null_device = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self.address_space = own_address_space()
        self.checks = jail.confine_server(tier, 100 + PROCESS_NUMBERS_A_GROUP * group)
        self.buffer = ResultBuffer()  # its memory would not have come along into the namespaces
        self.filter = seccomp.as_program(seccomp.build_filter(RESULT))
        self.probes = probes(self.supervisor)

    def report(self) -> bytes:
        report = {
            "pythonVersion": ".".join(map(str, sys.version_info[:3])),
            "checks": [check._asdict() for check in self.checks],
            "probes": [{"name": p.name, "layer": p.layer, "lethal": p.lethal} for p in self.probes],
        }
        return json.dumps(report).encode()

    def serve(self) -> None:
        """Returns when the supervisor has closed the control channel."""
        report = self.report()
        write_replies([reply_header(ReplyKind.READY, len(report)), report])
        while True:
            try:
                request = Request._make(REQUEST.unpack(read_exactly(CONTROL, REQUEST.size)))
            except EOFError:
                return
            if request.kind != RequestKind.CANCEL:  # one that came too late
                self.handle(request)

    def handle(self, request: Request) -> None:
        reader, writer = os.pipe()
        cpu_seconds = request.timeout_ms * request.frames // 1000 + 1
        server = os.getpid()
        process = fork()
        if process == 0:
            try:
                self.run_child(request, writer, server, cpu_seconds)
            finally:
                os._exit(1)
        os.close(writer)
        try:
            watch(self.buffer, process, reader, request, cpu_seconds)
        finally:
            os.close(reader)

    def run_child(self, request: Request, writer: int, server: int, cpu_seconds: int) -> None:
        payload = read_payload(request.payload_bytes)
        memory = request.memory_mib * MIB
        jail.isolate_child(self.null_device, writer, server)
        jail.limit_child(self.address_space + memory, cpu_seconds)
        if request.kind == RequestKind.PROBE:
            self.run_probe(self.probes[int(payload.items[0])])
        else:
            seccomp.install(self.filter)
            handle_payload(request.kind, payload, memory)

    def run_probe(self, probe: Probe) -> None:
        send(Status.PREAMBLE, "")
        try:
            if probe.layer == "seccomp":
                seccomp.install(self.filter)
            elif probe.layer != "limits":
                os.close(CONTROL)  # the limit leaves room for no other descriptor
            result = {"held": not probe.lethal, "detail": probe.attack()}
        except Exception as error:
            result = {"held": False, "detail": str(error) or repr(error)}
        send(Status.OK, json.dumps(result))


def own_address_space() -> int:
    return int(read_file("/proc/self/statm").split()[0]) * os.sysconf("SC_PAGE_SIZE")
