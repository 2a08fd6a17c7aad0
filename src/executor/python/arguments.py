"""Reads an argument list such as `1, [2], key={'a'}` into values, without evaluating anything.

Literals, signs, `a + bj`, displays, and the plain constructors of CONSTRUCTORS on values. The control plane
sends canonical texts; this reader has to be safe with any other.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

MAX_DEPTH = 110
"""Above what the control plane accepts, below what could exhaust the stack."""

MAX_DIGITS = 100_000
"""Decimal digits of an integer while inputs are read; programs have CPython's own bound."""

Value = Any
"""A value of builtin types."""


class InvalidArguments(Exception):
    """One line that says what is no value."""


class Arguments(NamedTuple):
    """A parsed argument list; `build` makes fresh values each time, so that calls cannot share state."""

    call: ast.Call

    def build(self) -> tuple[list[Value], dict[str, Value]]:
        positional = [value_of(node, MAX_DEPTH) for node in self.call.args]
        keywords = {k.arg: value_of(k.value, MAX_DEPTH) for k in self.call.keywords if k.arg is not None}
        return positional, keywords


def parse_arguments(text: str) -> Arguments:
    """Raises InvalidArguments."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(MAX_DIGITS)
    try:
        tree = ast.parse(f"_({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.args[0] if error.args else type(error).__name__
        raise InvalidArguments(f"no argument list: {reason}") from None
    finally:
        sys.set_int_max_str_digits(digits)
    # The outermost node is a call of `_` only if its first parenthesis closes with the last one.
    if not (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "_"):
        raise InvalidArguments("no argument list: its parentheses do not match")
    names = [keyword.arg for keyword in tree.keywords]
    if None in names or len(set(names)) < len(names):
        raise InvalidArguments("keyword arguments need a name of their own")
    arguments = Arguments(tree)
    arguments.build()
    return arguments


def value_of(node: ast.expr, depth: int) -> Value:
    if depth == 0:
        raise InvalidArguments(f"values are nested deeper than {MAX_DEPTH}")
    read = READERS.get(type(node))
    if read is None:
        raise InvalidArguments(f"{type(node).__name__} is no value")
    try:
        return read(node, depth - 1)
    except (TypeError, ValueError, OverflowError, MemoryError) as error:
        raise InvalidArguments(f"{type(node).__name__} is no value: {error}") from None


def values_of(nodes: list[ast.expr], depth: int) -> list[Value]:
    return [value_of(node, depth) for node in nodes]


def read_dict(node: ast.Dict, depth: int) -> Value:
    pairs = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise InvalidArguments("** is no value")
        pairs[value_of(key, depth)] = value_of(value, depth)
    return pairs


def read_name(node: ast.Name, depth: int) -> Value:
    if node.id == "Ellipsis":
        return ...
    raise InvalidArguments(f"the name {node.id} is no value")


def read_sign(node: ast.UnaryOp, depth: int) -> Value:
    operand = value_of(node.operand, depth)
    if isinstance(node.op, ast.USub):
        return -operand
    if isinstance(node.op, ast.UAdd):
        return +operand
    raise InvalidArguments(f"{type(node.op).__name__} is no value")


def read_complex(node: ast.BinOp, depth: int) -> Value:
    real, imaginary = value_of(node.left, depth), value_of(node.right, depth)
    if type(real) in (int, float) and type(imaginary) is complex and imaginary.real == 0:
        if isinstance(node.op, ast.Add):
            return real + imaginary
        if isinstance(node.op, ast.Sub):
            return real - imaginary
    raise InvalidArguments("arithmetic other than a + bj is no value")


def read_call(node: ast.Call, depth: int) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    construct = CONSTRUCTORS.get(name)
    if construct is None:
        raise InvalidArguments(f"a call of {name or 'an expression'} is no value")
    keywords = {k.arg: value_of(k.value, depth) for k in node.keywords if k.arg is not None}
    if len(keywords) < len(node.keywords) or (keywords and construct is not dict):
        raise InvalidArguments(f"{name} takes no such keyword arguments")
    return construct(*values_of(node.args, depth), **keywords)


def sized(construct: Callable[..., Value]) -> Callable[..., Value]:
    """`bytes(n)` and `bytearray(n)` would make n zeros."""

    def of_values(*values: Value) -> Value:
        if values and isinstance(values[0], int):
            raise InvalidArguments("bytes of a size are no value")
        return construct(*values)

    return of_values


READERS: dict[type, Callable[[Any, int], Value]] = {
    ast.Constant: lambda node, depth: node.value,
    ast.List: lambda node, depth: values_of(node.elts, depth),
    ast.Tuple: lambda node, depth: tuple(values_of(node.elts, depth)),
    ast.Set: lambda node, depth: set(values_of(node.elts, depth)),
    ast.Dict: read_dict,
    ast.Name: read_name,
    ast.UnaryOp: read_sign,
    ast.BinOp: read_complex,
    ast.Call: read_call,
}

CONSTRUCTORS: dict[str, Callable[..., Value]] = {
    "set": set,
    "frozenset": frozenset,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "float": float,
    "complex": complex,
    "range": range,
    "bytes": sized(bytes),
    "bytearray": sized(bytearray),
}
