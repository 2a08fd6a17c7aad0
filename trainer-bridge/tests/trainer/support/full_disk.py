"""A disk that is full, as far as a process can tell."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


def limit_files(size: int) -> None:
    """From now on, no file of this process grows beyond `size` bytes: writing fails. -1 is no limit."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@contextmanager
def writes_of_at_most(size: int) -> Iterator[None]:
    """`limit_files` until the block ends."""
    limit_files(size)
    try:
        yield
    finally:
        limit_files(-1)
