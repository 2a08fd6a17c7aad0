"""Watches one child: keeps its clock, passes its frames on, and says how it ended."""

from __future__ import annotations

import os
import resource
import select
import time

from protocol import CONTROL, Cause, ReplyKind, Request, RequestKind, read_request, reply_header
from result_buffer import HOLD_SECONDS, BadFrame, ResultBuffer
from syscalls import SIGCONT, SIGKILL, SIGSTOP, SIGXCPU

PREAMBLE_SECONDS = 10.0
"""For reading the payload and its inputs."""


class Desynchronised(Exception):
    """A child ended before it had read its payload, so the next request cannot be told from its rest."""


def watch(buffer: ResultBuffer, process: int, pipe: int, request: Request, cpu_seconds: int) -> None:
    """Ends the child, one way or another, and sends what became of it. Raises Desynchronised."""
    buffer.clear()
    spent_before = seconds_of_children()
    run = Run(buffer, process, pipe, request)
    cause = run.follow()
    os.kill(process, SIGKILL)
    _, status = os.waitpid(process, 0)
    code = 0
    if cause is None:
        cause, code = cause_of(status, seconds_of_children() - spent_before >= cpu_seconds)
    if run.owed > request.frames:
        raise Desynchronised(f"cause {cause}")
    buffer.flush(reply_header(ReplyKind.END, 0, run.elapsed_micros(), cause | code << 8))


class Run:
    def __init__(self, buffer: ResultBuffer, process: int, pipe: int, request: Request) -> None:
        self.buffer = buffer
        self.process = process
        self.pipe = pipe
        self.request = request
        self.owed = request.frames + 1
        self.started = time.monotonic()
        self.cpu_before = 0.0
        """CPU time of the process when its clock began to run."""
        self.limit = PREAMBLE_SECONDS
        self.exit: int | None = None
        """A descriptor of the process, once its pipe has closed."""
        self.poll = select.poll()
        self.poll.register(pipe, select.POLLIN)
        self.poll.register(CONTROL, 0)  # the child reads its payload there

    def follow(self) -> int | None:
        """None if the child ended by itself."""
        try:
            while self.owed > 0:
                left = self.started + self.limit - time.monotonic()
                patience = min(left, HOLD_SECONDS) if self.buffer.held else left
                ready = [descriptor for descriptor, _ in self.poll.poll(max(patience, 0) * 1000)]
                if not ready and left > patience:
                    self.buffer.flush()  # what is held would come too late with the next frame
                    continue
                if not ready:
                    if self.is_extended():
                        continue
                    return Cause.WALL_CLOCK
                if CONTROL in ready:  # hung up, or a request that can only be to cancel
                    return Cause.CANCELLED
                if self.exit in ready:
                    return None
                self.receive()
            return Cause.COMPLETE
        except BadFrame:
            return Cause.BAD_FRAME
        finally:
            if self.exit is not None:
                os.close(self.exit)

    def is_extended(self) -> bool:
        """Asks the supervisor, which sees how long the child has waited for a core."""
        if self.owed > self.request.frames:
            return False  # it still reads its payload
        os.kill(self.process, SIGSTOP)
        idle = time.monotonic() - self.started - (cpu_clock(self.process) - self.cpu_before)
        self.buffer.flush(reply_header(ReplyKind.OVERDUE, 0, self.elapsed_micros(), max(0, int(idle * 1000))))
        answer = read_request()
        if answer.kind != RequestKind.EXTEND or answer.timeout_ms == 0:
            return False
        self.limit += answer.timeout_ms / 1000
        os.kill(self.process, SIGCONT)
        return True

    def receive(self) -> None:
        if self.buffer.fill(self.pipe) == 0:
            # A closed pipe is not an ended program: wait for the process itself.
            self.poll.unregister(self.pipe)
            self.exit = os.pidfd_open(self.process)
            self.poll.register(self.exit, select.POLLIN)
        while self.owed > 0 and (frame := self.buffer.next_frame(self.request.frame_bytes)) is not None:
            self.buffer.hold(frame, self.elapsed_micros())
            self.next_frame()
        self.buffer.flush_if_due()

    def next_frame(self) -> None:
        if self.owed > self.request.frames:
            self.poll.modify(CONTROL, select.POLLIN)
        self.owed -= 1
        self.cpu_before = cpu_clock(self.process)
        self.started = time.monotonic()
        self.limit = self.request.timeout_ms / 1000

    def elapsed_micros(self) -> int:
        return min(int((time.monotonic() - self.started) * 1e6), 0xFFFFFFFF)


def seconds_of_children() -> float:
    """CPU time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def cpu_clock(process: int) -> float:
    """CPU seconds of a process that has not been waited for, all its life (clock_getcpuclockid(3))."""
    return time.clock_gettime(~process << 3 | 2)


def cause_of(status: int, spent_cpu: bool) -> tuple[int, int]:
    """With the exit code or the signal. An unexplained SIGKILL is the host's."""
    if os.WIFEXITED(status):
        return Cause.EXIT, os.WEXITSTATUS(status)
    number = os.WTERMSIG(status)
    if number == SIGXCPU or (number == SIGKILL and spent_cpu):
        return Cause.CPU_LIMIT, number
    if number == SIGKILL:
        return Cause.KILLED, number
    return Cause.SIGNAL, number
