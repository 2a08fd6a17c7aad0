"""Outlives the bridge by a moment: ends what Ray left running, and deletes Ray's folder.

Ray's own agents notice a lost parent only after minutes. Here they are found by the folder: in an environment variable
that they inherited, or among their open files, since a process that sets its title overwrites its environment. Run as
a script of its own, with the standard library only: `python -I -S reaper.py FOLDER`, with the bridge as its parent and
at the other end of standard input.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

MARK = "AZR_RAY_FOLDER"
GIVE_UP_SECONDS = 10.0
CALM_SECONDS = 0.2  # without any survivor, before it counts as over: one may just have been starting another


def survivors(folder: str, spared: set[int]) -> list[int]:
    """Processes that belong to `folder`."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if pid not in spared and _belongs(pid, folder)]


def _belongs(pid: int, folder: str) -> bool:
    try:
        if f"{MARK}={folder}\0".encode() in Path(f"/proc/{pid}/environ").read_bytes():
            return True
        files = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
        return any(file.startswith(f"{folder}/") for file in files)
    except OSError:  # gone, or another user's
        return False


def reap(folder: str, spared: set[int]) -> None:
    """Kills the survivors until there are none for a while, then deletes the folder."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    calm_since = time.monotonic()
    while time.monotonic() < give_up and time.monotonic() - calm_since < CALM_SECONDS:
        for pid in survivors(folder, spared):
            calm_since = time.monotonic()
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Waits for the bridge's end, or for it to close its end of the pipe because it is about to end."""
    spared = {os.getpid(), os.getppid()}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while sys.stdin.buffer.read(1):
        pass
    reap(sys.argv[1], spared)


if __name__ == "__main__":
    main()
