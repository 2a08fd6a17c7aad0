"""Makes the address layout of a fork server depend on its group, down to the lowest bits.

The kernel randomises where memory begins, but only by whole pages: `id(x) % 4096` would be the same in every
interpreter that has allocated the same things.
"""

from __future__ import annotations

import gc

SIZE_CLASSES = range(16, 513, 16)
"""Bytes; what CPython's own allocator serves (Objects/obmalloc.c)."""

BLOCKS_A_GROUP = 37
"""Odd, so that the shift by this many blocks of any size class is no multiple of a page."""


def scatter(group: int) -> list[object]:
    """Returns what must stay alive."""
    gc.collect()  # also empties the free lists, whose blocks lie where they lay in every group
    kept: list[object] = []
    for size in SIZE_CLASSES:
        for _ in range(BLOCKS_A_GROUP * group):
            kept.append(block_of(size))
    return kept


def block_of(size: int) -> object:
    """An object of exactly this size class: a bytes object has 33 bytes of its own."""
    if size == 16:
        return object()
    return float(size) if size == 32 else bytes(size - 33)
