"""Starts a fork server: a warm interpreter in a jail that forks a child for each request.

Usage: python3 -P -s -S -B zygote.py TIER GROUP LIBRARY, with this folder in PYTHONPATH. TIER is the strongest
jail to build; GROUP is what the address layout, the clocks and the process numbers depend on. LIBRARY is `none`
or `whole`. Without it the fork server is small, so that its forks cost least, and runs programs that import
nothing. With it, it runs the others, and analyses programs and attacks its own jail as well.
"""

from __future__ import annotations

import gc
import sys

import layout
import library


def main() -> None:
    tier, group = int(sys.argv[1]), int(sys.argv[2])
    is_whole = sys.argv[3] == "whole"
    allowed = library.preload() if is_whole else set()
    from fork_server import ForkServer  # what these import is not for programs

    server = ForkServer(tier, group)
    if is_whole:
        import extras

        extras.add_to(server)
    server.confine()
    library.close(allowed)
    if not is_whole:
        library.send_imports_elsewhere()
    gc.disable()
    kept = layout.scatter(group)
    gc.freeze()
    server.serve()
    kept.clear()


main()
