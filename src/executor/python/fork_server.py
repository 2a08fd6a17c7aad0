"""The fork server's loop. It reads the headers of requests, and never a payload or a result."""

from __future__ import annotations

import os
import sys

import jail
import seccomp
from payload import Payload, execute, read_payload, warm_up
from protocol import (
    RESULT,
    ReplyKind,
    Request,
    RequestKind,
    read_request,
    reply_header,
    take_descriptors,
    write_replies,
)
from result_buffer import ResultBuffer
from syscalls import fork, read_file
from watch import watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1 << 20
PROCESS_NUMBERS_A_GROUP = 10_007
CLOCK_SECONDS_A_GROUP = 1_000_003


class ForkServer:
    def __init__(self, tier: int, group: int) -> None:
        self.tier = tier
        self.group = group
        self.handlers: dict[int, Callable[[Request, Payload], None]] = {RequestKind.EXECUTE: self.execute}
        """What a child does for each kind of request."""
        self.probes: list[str] = []
        """Lines of the report on the attacks that it can make on its own jail."""

    def confine(self) -> None:
        """Everything that the process will ever read must be imported and open by now."""
        take_descriptors()
        self.address_space = own_address_space()
        self.checks = jail.confine_server(
            self.tier, 100 + PROCESS_NUMBERS_A_GROUP * self.group, CLOCK_SECONDS_A_GROUP * self.group
        )
        self.buffer = ResultBuffer()  # its memory would not have come along into the namespaces
        self.filter = seccomp.as_program(seccomp.build_filter(RESULT))
        warm_up()

    def report(self) -> bytes:
        """Lines of fields with tabs between them: the version; the checks; an empty line; the probes."""
        version = ".".join(map(str, sys.version_info[:3]))
        return "\n".join([version, *map(str, self.checks), "", *self.probes]).encode()

    def serve(self) -> None:
        """Returns when the supervisor has closed the control channel."""
        report = self.report()
        write_replies([reply_header(ReplyKind.READY, len(report)), report])
        while True:
            try:
                request = read_request()
            except EOFError:
                return
            if request.kind in self.handlers:  # else an answer to a child that has ended meanwhile
                self.handle(request)

    def handle(self, request: Request) -> None:
        reader, writer = os.pipe()
        # The kernel counts in ticks, of which a busy machine may see a quarter too many.
        cpu_seconds = 2 * (request.timeout_ms * request.frames // 1000 + 1)
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
        jail.isolate_child(writer, server)
        jail.limit_child(self.address_space + request.memory_mib * MIB, cpu_seconds)
        self.handlers[request.kind](request, payload)

    def execute(self, request: Request, payload: Payload) -> None:
        seccomp.install(self.filter)
        execute(payload, request.memory_mib * MIB)


def own_address_space() -> int:
    return int(read_file("/proc/self/statm").split()[0]) * os.sysconf("SC_PAGE_SIZE")
