"""What one child wrote, on its way to the supervisor."""

from __future__ import annotations

import mmap
import os
import time

from protocol import FRAME, LENGTH, ReplyKind, reply_header, write_replies

MAX_FRAME_BYTES = 16 << 20

HOLD_SECONDS = 0.1
"""How long frames are kept back, to go out together."""


class BadFrame(Exception):
    """No child of ours writes such a length."""


class ResultBuffer:
    """Memory that no child inherits, so that none finds what another one returned."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, MAX_FRAME_BYTES + LENGTH.size)
        self.memory.madvise(mmap.MADV_DONTFORK)
        self.view = memoryview(self.memory)
        self.clear()

    def clear(self) -> None:
        self.start = self.end = 0
        self.held: list[bytes | memoryview] = []
        self.last_flush = time.monotonic()

    def fill(self, pipe: int) -> int:
        """Bytes that came; 0 at the end of the pipe."""
        if self.end == len(self.view):
            self.flush()
        size = os.readv(pipe, [self.view[self.end :]])
        self.end += size
        return size

    def next_frame(self, longest: int) -> memoryview | None:
        """Without its length; None if none is whole yet."""
        if self.end - self.start < FRAME.size:
            return None
        (length,) = LENGTH.unpack_from(self.view, self.start)
        if not 1 <= length <= longest:
            raise BadFrame
        begin = self.start + LENGTH.size
        if begin + length > self.end:
            return None
        self.start = begin + length
        return self.view[begin : self.start]

    def hold(self, frame: memoryview, micros: int) -> None:
        self.held += [reply_header(ReplyKind.FRAME, len(frame), micros), frame]

    def flush(self, *replies: bytes) -> None:
        """Sends what is held, then `replies`."""
        write_replies([*self.held, *replies])
        self.held = []
        rest = self.end - self.start
        self.view[:rest] = self.view[self.start : self.end]
        self.start, self.end = 0, rest
        self.last_flush = time.monotonic()

    def flush_if_due(self) -> None:
        if time.monotonic() - self.last_flush > HOLD_SECONDS:
            self.flush()
