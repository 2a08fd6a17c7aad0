"""What a child does in its jail: it runs or analyses the items of its payload, one frame for each."""

from __future__ import annotations

import json
import os
from typing import NamedTuple, NoReturn

from analysis import analyze
from arguments import Arguments, InvalidArguments, parse_arguments
from protocol import CONTROL, LENGTH, PAYLOAD, RequestKind, Status, read_exactly
from runner import Limits, Runner, printable, send
from values import literal_of


class Payload(NamedTuple):
    """`calls`, `depth` and `output` as in Limits."""

    calls: int
    depth: int
    output: int
    items: list[str]
    """A program and its inputs, programs to analyse, or the number of a probe."""


def read_payload(size: int) -> Payload:
    """Layout: `u32 calls, depth, output, count`, then `u32 length, UTF-8` for each item."""
    data = memoryview(read_exactly(CONTROL, size))
    calls, depth, output, count = PAYLOAD.unpack_from(data)
    items, at = [], PAYLOAD.size
    for _ in range(count):
        (length,) = LENGTH.unpack_from(data, at)
        at += LENGTH.size
        items.append(str(data[at : at + length], "utf-8"))
        at += length
    return Payload(calls, depth, output, items)


def handle_payload(kind: int, payload: Payload, memory: int) -> NoReturn:
    """`memory` as in Limits."""
    if kind == RequestKind.ANALYZE:
        analyze_all(payload.items)
    else:
        execute_all(payload.items, Limits(payload.calls, payload.depth, payload.output, memory))
    os._exit(0)


def analyze_all(programs: list[str]) -> None:
    send(Status.PREAMBLE, "")
    for program in programs:
        send(Status.OK, json.dumps(analyze(program), ensure_ascii=False))


def execute_all(items: list[str], limits: Limits) -> None:
    """The preamble lists, as JSON, the inputs that are no values, before the program can say anything."""
    program, *texts = items
    inputs = [read_input(text) for text in texts]
    send(Status.PREAMBLE, json.dumps([i for i, one in enumerate(inputs) if isinstance(one, str)]))
    runner = Runner(program, limits)
    for one in inputs:
        if isinstance(one, Arguments):
            runner.run(one)
        else:
            for _ in range(limits.calls):
                send(Status.INVALID_INPUT, one)


def read_input(text: str) -> Arguments | str:
    try:
        return parse_arguments(text)
    except InvalidArguments as error:
        return printable(str(error))


def warm_up() -> None:
    """Has the interpreter build, once and before any fork, what it builds at the first use of its parser."""
    analyze("def f(x):\n    return x")
    literal_of(parse_arguments("1, [2], a={3: 'b'}").build(), 100)
