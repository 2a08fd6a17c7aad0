"""Frames between the supervisor, the fork server and its children; little-endian throughout.

supervisor -> fork server: a request header, then a payload that only the child reads.
child -> fork server, on its result pipe: `u32 length, u8 status, text`, first of them a preamble.
fork server -> supervisor: a reply header, then its body.

Plain classes of numbers, not enumerations: what a fork server imports is memory that each fork has to copy.
"""

from __future__ import annotations

import os
import struct


class RequestKind:
    EXECUTE = 1
    ANALYZE = 2
    PROBE = 3
    CANCEL = 4
    """The running child is to be ended; ignored between children."""
    EXTEND = 5
    """Answer to OVERDUE: so many milliseconds more, or the end."""
    SKIM = 6
    """As ANALYZE, for no more than what decides if and how a program may be run."""


class ReplyKind:
    READY = 1
    FRAME = 2
    END = 3
    OVERDUE = 4
    """The clock of the running child has run out; it stands still until the answer. The detail says for how many
    milliseconds of it the child had no core, or did not want one."""


class Cause:
    """How a child ended. Found by the fork server, so that no program can forge it."""

    COMPLETE = 0
    EXIT = 1
    SIGNAL = 2
    WALL_CLOCK = 3
    CPU_LIMIT = 4
    BAD_FRAME = 6
    CANCELLED = 7
    KILLED = 9
    """By the host, and not for anything that the child did."""


class Status:
    """What a child says of one item; the supervisor takes it for the program's own word."""

    PREAMBLE = 0
    OK = 1
    EXCEPTION = 2
    MEMORY_LIMIT = 3
    OUTPUT_LIMIT = 4
    INVALID_OUTPUT = 5


class Request:
    __slots__ = ("frame_bytes", "frames", "kind", "memory_mib", "payload_bytes", "timeout_ms")

    def __init__(self, header: bytes) -> None:
        self.kind: int
        self.frames: int
        """Frames that the child owes after its preamble."""
        self.timeout_ms: int
        """Wall clock of each of them."""
        self.memory_mib: int
        self.frame_bytes: int
        """Longest frame; a longer one ends the child."""
        self.payload_bytes: int
        (
            self.kind,
            self.frames,
            self.timeout_ms,
            self.memory_mib,
            self.frame_bytes,
            self.payload_bytes,
        ) = REQUEST.unpack(header)


REQUEST = struct.Struct("<6I")
REPLY = struct.Struct("<4I")
FRAME = struct.Struct("<IB")
LENGTH = struct.Struct("<I")
PAYLOAD = struct.Struct("<4I")

MOST_PARTS = 1024
"""Of one vectored write (IOV_MAX)."""

# Descriptors. A child has the null device for the first three, and the result pipe; the rest it closes.
NULL = 0
RESULT = 3
CONTROL = 4
REPLIES = 5

ELSEWHERE = 121
"""Exit code of a child whose program needs the library, in a fork server that has none."""


def take_descriptors() -> None:
    """Moves what the supervisor gave from where a child's null device belongs. Standard error stays."""
    os.dup2(0, CONTROL, inheritable=False)
    os.dup2(1, REPLIES, inheritable=False)
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (NULL, 1, RESULT):
        os.dup2(null, descriptor)
    if null > REPLIES:
        os.close(null)


def read_request() -> Request:
    """Raises EOFError if the supervisor went away."""
    return Request(read_exactly(CONTROL, REQUEST.size))


def read_exactly(descriptor: int, size: int) -> bytes:
    """Raises EOFError if the writer went away first."""
    data = os.read(descriptor, size)
    if len(data) == size:
        return data
    parts = [data]
    size -= len(data)
    while size > 0:
        part = os.read(descriptor, size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def reply_header(kind: int, size: int = 0, micros: int = 0, detail: int = 0) -> bytes:
    """`size` of the body that follows; `detail` packs the cause (low byte) and the exit code or signal above it."""
    return REPLY.pack(kind, size, micros, detail)


def write_replies(parts: list[bytes | memoryview]) -> None:
    """Writes without joining: a copy would lie in memory that children inherit."""
    while parts:
        written = os.writev(REPLIES, parts[:MOST_PARTS])
        while parts and written >= len(parts[0]):
            written -= len(parts.pop(0))
        if written > 0:
            parts[0] = memoryview(parts[0])[written:]
