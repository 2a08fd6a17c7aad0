"""Starts a fork server: a warm interpreter in a jail that forks a child for each request.

Usage: python3 -P -s -S -B zygote.py TIER GROUP, with this folder in PYTHONPATH. TIER is the strongest jail to
build; GROUP is what the address layout and the process numbers depend on.
"""

from __future__ import annotations

import gc
import signal
import sys

import layout
import library


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's to answer
    tier, group = map(int, sys.argv[1:])
    allowed = library.preload()
    from fork_server import ForkServer  # what these import is not for programs
    from payload import warm_up

    server = ForkServer(tier, group)
    library.close(allowed)
    warm_up()
    gc.disable()
    kept = layout.scatter(group)
    gc.freeze()
    server.serve()
    kept.clear()


main()
