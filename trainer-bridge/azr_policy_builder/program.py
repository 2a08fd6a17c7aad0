"""A generated program, and what it does to a value. Only programs of our own generator are ever run here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from .statements import Kind

Value = int | str | list[int]

MAX_NUMBER = 50  # each number is a token of its own, to be learned one by one
MAX_LIST = 6
MAX_STRING = 8


@dataclass(frozen=True)
class Program:
    """`statements` carry their leading newline and indent; `takes` is the kind of the argument."""

    takes: Kind
    statements: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"def f(x):{''.join(self.statements)}\n return x"

    def states(self, argument: Value) -> list[Value] | None:
        """The value after each statement; None when a statement raises or a value grows too large."""
        scope: dict[str, object] = {"x": argument}
        states: list[Value] = []
        for statement in self.statements:
            try:
                exec(_compile(statement), scope)
            except (ArithmeticError, LookupError, ValueError):
                return None
            value = scope["x"]
            if not is_small(value):
                return None
            states.append(value)  # type: ignore[arg-type]
        return states


def kind_of(value: Value) -> Kind:
    if isinstance(value, str):
        return "str"
    return "list" if isinstance(value, list) else "int"


def is_small(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_STRING
    if isinstance(value, list):
        return len(value) <= MAX_LIST and all(abs(v) <= MAX_NUMBER for v in value)
    return isinstance(value, int) and abs(value) <= MAX_NUMBER


@lru_cache(maxsize=65536)
def _compile(statement: str) -> CodeType:
    # `if 1:` gives the indented statement a block to stand in.
    return compile(f"if 1:{statement}", "<statement>", "exec")
