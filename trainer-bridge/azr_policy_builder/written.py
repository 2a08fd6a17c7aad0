"""Runs programs that the policy wrote, on inputs that it wrote: never in this process.

A child with an empty environment forks once for each program, under limits of CPU time, memory and wall clock, with
no way to import or open anything. This measures a policy of ours; it is no jail for programs of strangers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_CHILD = Path(__file__).with_name("written_child.py")
_SECONDS_A_PROGRAM = 2  # the child's own alarm
_START_SECONDS = 30

Job = tuple[str, list[str]]  # a program, and the texts of its inputs


def run_written(jobs: list[Job]) -> list[list[str] | None]:
    """For each job the `repr` of the outputs; None when it is malformed, raises, returns None or hits a limit."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_CHILD)],
        input=json.dumps(jobs),
        stdout=subprocess.PIPE,
        text=True,
        timeout=_START_SECONDS + _SECONDS_A_PROGRAM * len(jobs),
        env={},
        check=True,
    )
    outputs: list[list[str] | None] = json.loads(done.stdout)
    return outputs
