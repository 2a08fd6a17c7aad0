"""What a child does in its jail: it runs the program of its payload on each input."""

from __future__ import annotations

import os
from marshal import dumps

from protocol import CONTROL, LENGTH, PAYLOAD, Status, read_exactly
from runner import Limits, Runner, compiled, send


class Payload:
    """`calls`, `depth` and `output` as in Limits."""

    __slots__ = ("calls", "depth", "items", "output")

    def __init__(self, calls: int, depth: int, output: int, items: list[memoryview]) -> None:
        self.calls = calls
        self.depth = depth
        self.output = output
        self.items = items
        """A program or its compiled code, one of them empty, and its inputs (arguments.py); or programs to analyse, or
        the number of a probe."""


def read_payload(size: int) -> Payload:
    """Layout: `u32 calls, depth, output, count`, then `u32 length, bytes` for each item."""
    data = memoryview(read_exactly(CONTROL, size))
    calls, depth, output, count = PAYLOAD.unpack_from(data)
    items, at = [], PAYLOAD.size
    for _ in range(count):
        (length,) = LENGTH.unpack_from(data, at)
        at += LENGTH.size
        items.append(data[at : at + length])
        at += length
    return Payload(calls, depth, output, items)


def execute(payload: Payload, memory: int) -> None:
    """One frame for each call on each input; `memory` as in Limits. Ends the process."""
    program, code, *inputs = payload.items
    send(Status.PREAMBLE, "")
    limits = Limits(payload.calls, payload.depth, payload.output, memory)
    runner = Runner(str(program, "utf-8"), code, limits)
    for one in inputs:
        runner.run(one)
    os._exit(0)


WARM_UP_RUNS = 10
"""CPython rewrites code that it has run some times (PEP 659): what is rewritten before a fork is not copied after."""


def warm_up() -> None:
    """Has the interpreter do once, before any fork, what it does at first uses. Its frames go to the null device."""
    program = "def f(x):\n    return [x]"
    code = memoryview(dumps(compiled(program)))
    for depth in range(WARM_UP_RUNS):
        runner = Runner("", code, Limits(calls=2, depth=depth, output=100, memory=0))
        runner.run(memoryview(NO_ARGUMENTS))
        runner.run(memoryview(ONE_ARGUMENT))


NO_ARGUMENTS = b"\0" + dumps(([], {}), 2)
ONE_ARGUMENT = b"\0" + dumps((["a"], {}), 2)
