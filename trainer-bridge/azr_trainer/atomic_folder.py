"""Folders that appear whole or not at all."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = ".unfinished-"


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` to be filled; on a normal end it is flushed to disk and takes the target's place.

    What an earlier, interrupted attempt left behind is removed first. A folder that is already there is put aside,
    and deleted once the new one is in its place.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}{MARK}", dir=target.parent))
    try:
        made.chmod(0o755)
        yield made
        _flush(made)
        if target.exists():
            aside = made.with_name(made.name + "-old")
            target.rename(aside)
        made.rename(target)
        _flush_entry(target.parent)
    finally:
        _remove_leftovers(target)


def folder_bytes(folder: Path) -> int:
    """Size of all files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _remove_leftovers(target: Path) -> None:
    for leftover in target.parent.glob(f".{glob.escape(target.name)}{MARK}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        _flush_entry(path)
    _flush_entry(folder)


def _flush_entry(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
