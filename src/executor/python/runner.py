"""Runs a program's calls, and says in a frame what became of each."""

from __future__ import annotations

import builtins
import gc
import sys
from marshal import loads
from os import _exit, write
from resource import RUSAGE_SELF
from resource import getrusage as get_usage

from arguments import build
from layout import SIZE_CLASSES, block_of
from protocol import FRAME, RESULT, Status
from values import (
    PLAIN_TEXT,
    InvalidOutput,
    OutputTooLong,
    has_own_repr,
    literal_of,
    qualified_name,
    type_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# As in values.py: what follows runs beside a program that may have replaced builtins.
__builtins__ = vars(builtins).copy()  # type: ignore[assignment]

MODULE_NAME = "program"
CALLS_A_LOAD = 2
RECURSION_LIMIT = 1000
DETAIL_LENGTH = 300

set_recursion_limit, set_trace, set_profile = sys.setrecursionlimit, sys.settrace, sys.setprofile
enable_collector, disable_collector, collect = gc.enable, gc.disable, gc.collect
exception_arguments = BaseException.__dict__["args"].__get__
Module = type(sys)


class Limits:
    __slots__ = ("calls", "depth", "memory", "output")

    def __init__(self, calls: int, depth: int, output: int, memory: int) -> None:
        self.calls = calls
        """Calls of `f` on each input; a module is loaded for the first, and another one for the third."""
        self.depth = depth
        """Frames below the first call, one more below the next: no value may depend on the stack's depth."""
        self.output = output
        """Bytes of a value's literal."""
        self.memory = memory
        """Bytes that the program may add to the address space."""


class Runner:
    """Calls one program's `f`, in a fresh module for each input."""

    def __init__(self, program: str, compiled: memoryview, limits: Limits) -> None:
        """`compiled` is as `marshal` writes it; empty where the program has yet to be compiled."""
        self.program = program
        self.compiled = compiled
        self.limits = limits
        self.code: Any = None
        self.peak_before = peak_memory()

    def run(self, arguments: memoryview) -> None:
        """One frame for each call. Ends the process where memory was exhausted, whatever is left of it."""
        self.forget()
        calls: list[Any] = [build(arguments) for _ in range(self.limits.calls)]
        function: Any = None
        blocks: list[object] = [None] * (len(SIZE_CLASSES) + 2)
        for number, (positional, keywords) in enumerate(calls):
            enable_collector()
            try:
                if number == CALLS_A_LOAD:
                    first = function  # noqa: F841  (it has to stay where it is)
                    take_next_blocks(blocks)
                    function = None
                if function is None:
                    function = self.load()
                value = call_at(self.limits.depth + number, function, positional, keywords)
            except BaseException as error:
                status, text = self.failure(error)
            else:
                status, text = self.literal(value)
            send(status, text)
            if status == Status.MEMORY_LIMIT:
                _exit(0)

    def forget(self) -> None:
        """Frees what the program kept for the input before, and what the library did: an `re` that knows the flags 2
        takes 2.0 for them.
        """
        if sys.modules.pop(MODULE_NAME, None) is not None:
            collect()
            if "re" in sys.modules:
                sys.modules["re"].purge()

    def load(self) -> object:
        if self.code is None:
            self.code = loads(self.compiled) if self.compiled else compiled(self.program)
        module = Module(MODULE_NAME)
        sys.modules[MODULE_NAME] = module
        scope = vars(module)
        scope["__builtins__"] = builtins  # or it would be given ours
        exec(self.code, scope)
        if "f" not in scope:
            raise NameError("the program defines no f")
        return scope["f"]

    def literal(self, value: object) -> tuple[int, str]:
        calm_interpreter()
        limit = self.limits.output
        try:
            text = literal_of(value, limit)
            if text.isascii() or len(text.encode()) <= limit:
                return Status.OK, text
        except InvalidOutput as error:
            return self.refused(value, printable(str(error)))
        except OutputTooLong:
            pass
        except BaseException as error:
            return self.failure(error)
        return Status.OUTPUT_LIMIT, f"the output is longer than {limit} bytes"

    def refused(self, value: object, reason: str) -> tuple[int, str]:
        """A value without a literal. Where the program's own `__repr__` raises, so would a program that prints it."""
        if has_own_repr(type(value)):
            try:
                repr(value)
            except BaseException as error:
                return self.failure(error)
        return Status.INVALID_OUTPUT, reason

    def failure(self, error: BaseException) -> tuple[int, str]:
        """With EXCEPTION: three lines, the type's `__name__`, its qualified name, and a detail."""
        calm_interpreter()
        if type(error) is MemoryError and self.is_memory_exhausted():
            return Status.MEMORY_LIMIT, f"more than {self.limits.memory >> 20} MiB"
        names = [printable(name(type(error))) for name in (type_name, qualified_name)]
        return Status.EXCEPTION, "\n".join([*names, printable(message_of(error))])

    def is_memory_exhausted(self) -> bool:
        """False if the refused block was impossible by itself: half the limit was never used, nor is it now."""
        if peak_memory() - self.peak_before > self.limits.memory // 2:
            return True
        try:
            return len(bytes(self.limits.memory // 2)) == 0
        except MemoryError:  # the traceback holds the rest
            return True


def compiled(program: str) -> Any:
    return compile(program, "<program>", "exec", dont_inherit=True)


def take_next_blocks(blocks: list[object]) -> None:
    """Takes what would be the addresses of the next objects: one of each size class, and a list and a dict, for which
    the interpreter keeps blocks apart. Makes nothing else on the way: a block that is taken for a moment is the next
    one again.
    """
    blocks[-1] = []
    blocks[-2] = {}
    at = 0
    while at < len(SIZE_CLASSES):
        blocks[at] = block_of(SIZE_CLASSES[at])
        at += 1


def peak_memory() -> int:
    """Bytes of the largest resident set that the process had."""
    return get_usage(RUSAGE_SELF).ru_maxrss << 10


def call_at(depth: int, function: Any, positional: list[Any], keywords: dict[str, Any]) -> object:
    if depth > 0:
        return call_at(depth - 1, function, positional, keywords)
    return function(*positional, **keywords)


def calm_interpreter() -> None:
    """Nothing of the program runs while its value is written: no trace function, no finaliser."""
    set_trace(None)
    set_profile(None)
    set_recursion_limit(RECURSION_LIMIT)
    disable_collector()


def message_of(error: BaseException) -> str:
    """The first argument if it is a plain text: an exception's own __str__ may do anything."""
    first = next(iter(exception_arguments(error)), None)
    return first if type(first) is str else ""


def printable(text: str) -> str:
    return "".join([c if c.isprintable() else "\ufffd" for c in text[:DETAIL_LENGTH]])


def send(status: int, text: str) -> None:
    body = PLAIN_TEXT(text).encode(errors="backslashreplace")
    pending = FRAME.pack(len(body) + 1, status) + body
    while pending:
        pending = pending[write(RESULT, pending) :]
