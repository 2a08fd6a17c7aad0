"""The life of this process is its owner's."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def watch_owner(gone: Callable[[], object]) -> None:
    """Calls `gone`, on another thread, at the end of standard input; SIGTERM comes when the parent dies.

    Either alone has a hole: a pipe may be held open by another process, and the signal is missed by one that was
    started too late.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    def read() -> None:
        while os.read(0, 4096):
            pass
        gone()

    threading.Thread(target=read, name="owner", daemon=True).start()
