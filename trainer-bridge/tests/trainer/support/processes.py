"""What /proc says of other processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

END_SECONDS = 10.0
LISTEN = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}


def until_none(left: Callable[[], Sequence[object]]) -> None:
    """Waits until nothing is left of what `left` lists, within a bound."""
    give_up = time.monotonic() + END_SECONDS
    while found := left():
        assert time.monotonic() < give_up, f"still there: {found}"
        time.sleep(0.05)


def descendants(pid: int) -> dict[int, str]:
    """Command lines of the children of a process, and theirs."""
    found: dict[int, str] = {}
    parents = {child: parent for child in _all() if (parent := _parent(child)) is not None}
    fringe = {pid}
    while fringe:
        fringe = {child for child, parent in parents.items() if parent in fringe}
        found.update({child: _command(child) for child in fringe})
    return found


def alive(pids: dict[int, str]) -> list[str]:
    """Those of them that still run; a zombie does not."""
    return [f"{pid} {command}" for pid, command in pids.items() if command and _command(pid) == command]


def using(folder: Path) -> list[str]:
    """Processes that have anything to do with a folder: by command line, environment or open files."""
    trace = str(folder).encode()
    return [
        f"{pid} {_command(pid)}"
        for pid in _all()
        if pid != os.getpid()
        and any(trace in one for one in (_read(pid, "cmdline"), _read(pid, "environ"), *_files(pid)))
    ]


def listening(pids: dict[int, str]) -> set[str]:
    """Addresses, in hexadecimal, that the processes listen on."""
    sockets = {file for pid in pids for file in _files(pid) if file.startswith(b"socket:")}
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == LISTEN and f"socket:[{columns[9]}]".encode() in sockets:
                found.add(columns[1].partition(":")[0])
    return found


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _command(pid: int) -> str:
    return _read(pid, "cmdline").replace(b"\0", b" ").decode(errors="replace").strip()[:200]


def _parent(pid: int) -> int | None:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else None


def _files(pid: int) -> Iterator[bytes]:
    try:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            yield bytes(Path(entry.path).readlink())
    except OSError:
        return
