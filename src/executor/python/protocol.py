"""Frames between the supervisor, the fork server and its children; little-endian throughout.

supervisor -> fork server, on descriptor 0: a request header, then a payload that only the child reads.
child -> fork server, on its result pipe: `u32 length, u8 status, text`, first of them a preamble.
fork server -> supervisor, on descriptor 1: a reply header, then its body.
"""

from __future__ import annotations

import os
import struct
from enum import IntEnum
from typing import NamedTuple


class RequestKind(IntEnum):
    EXECUTE = 1
    ANALYZE = 2
    PROBE = 3
    CANCEL = 4


class ReplyKind(IntEnum):
    READY = 1
    FRAME = 2
    END = 3


class Cause(IntEnum):
    """How a child ended. Found by the fork server, so that no program can forge it."""

    COMPLETE = 0
    EXIT = 1
    SIGNAL = 2
    WALL_CLOCK = 3
    CPU_LIMIT = 4
    OUT_OF_MEMORY = 5
    BAD_FRAME = 6
    CANCELLED = 7


class Status(IntEnum):
    """What a child says of one item; the supervisor takes it for the program's own word."""

    PREAMBLE = 0
    OK = 1
    EXCEPTION = 2
    MEMORY_LIMIT = 3
    OUTPUT_LIMIT = 4
    INVALID_OUTPUT = 5
    INVALID_INPUT = 6


class Request(NamedTuple):
    kind: int
    frames: int
    """Frames that the child owes after its preamble."""
    timeout_ms: int
    """Wall clock of each of them."""
    memory_mib: int
    frame_bytes: int
    """Longest frame; a longer one ends the child."""
    payload_bytes: int


REQUEST = struct.Struct("<6I")
REPLY = struct.Struct("<4I")
FRAME = struct.Struct("<IB")
LENGTH = struct.Struct("<I")
PAYLOAD = struct.Struct("<4I")

MOST_PARTS = 1024
"""Of one vectored write (IOV_MAX)."""

CONTROL = 0
REPLIES = 1
RESULT = 3
"""The result pipe in a child; 0 to 2 are the null device there."""


def read_exactly(descriptor: int, size: int) -> bytes:
    """Raises EOFError if the writer went away first."""
    parts = []
    while size > 0:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def reply_header(kind: ReplyKind, size: int, micros: int = 0, detail: int = 0) -> bytes:
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
