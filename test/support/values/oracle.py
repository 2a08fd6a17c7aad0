"""CPython's reading of texts, for comparison with the value parser.

Reads one JSON object from standard input: ``{"texts": [{"kind", "text", "ours"}], "pairs": [[i, j, strict, python]]}``.
``kind`` is ``value`` or ``arguments``; ``ours`` is the canonical text that the parser gave, null where it refused the
text; a pair holds two indices of accepted values and what ``equalValues`` said in its two modes. Writes the
disagreements as a JSON array of strings. Nothing but nodes of the grammar is evaluated.
"""

from __future__ import annotations

import ast
import json
import math
import operator
import re
import sys
import unicodedata
import warnings
from typing import Any, NoReturn

CALLABLE: dict[str, Any] = {f.__name__: f for f in (set, frozenset, dict, range, bytes, float, complex)}
CONSTANTS = {"Ellipsis": ..., "None": None, "True": True, "False": False}
UNARY: dict[type[ast.unaryop], Any] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
}
BINARY: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
INTEGER_BOUND = 10**4300
# Canonical texts escape what Unicode 14.0 does not print; where `repr` knows more, only their values are compared.
NEWER_UNICODE = unicodedata.unidata_version != "14.0.0"


class Refused(Exception):
    """The text is no value of the grammar."""


def refuse(why: str) -> NoReturn:
    raise Refused(why)


class Reader:
    """Evaluates the syntax tree of one text."""

    def __init__(self) -> None:
        # True once the parser may refuse what Python accepts: a power whose last bit is uncertain, a named escape.
        self.may_refuse = False

    def read(self, kind: str, text: str) -> Any:
        if kind == "arguments":
            return self.arguments(parsed("f(" + text + " \n)"))
        # A text that closes the bracket itself cannot fit both kinds of brackets.
        parsed("[" + text + " \n]")
        tree = parsed("(" + text + " \n)")
        if isinstance(tree, ast.Tuple) and not tree.elts and "(" not in strip_comments(text):
            refuse("empty")
        return self.value(tree)

    def arguments(self, call: ast.expr) -> Any:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "f"):
            refuse("the text closes the call")
        positional = tuple(self.value(argument) for argument in call.args)
        return positional, self.keywords(call)

    def keywords(self, call: ast.Call) -> dict[str, Any]:
        if any(keyword.arg is None for keyword in call.keywords):
            refuse("a double star")
        return {str(keyword.arg): self.value(keyword.value) for keyword in call.keywords}

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value):
                return bounded(value)
            case ast.Name(name) if name in CONSTANTS:
                return CONSTANTS[name]
            case ast.List(items):
                return [self.value(item) for item in items]
            case ast.Tuple(items):
                return tuple(self.value(item) for item in items)
            case ast.Set(items):
                return {self.value(item) for item in items}
            case ast.Dict(keys, values):
                return {self.key(key): self.value(value) for key, value in zip(keys, values, strict=True)}
            case ast.UnaryOp(op, operand) if type(op) in UNARY:
                return bounded(UNARY[type(op)](number(self.value(operand))))
            case ast.BinOp(left, op, right) if type(op) in BINARY:
                return self.binary(type(op), number(self.value(left)), number(self.value(right)))
            case ast.Call(ast.Name(name)) if name in CALLABLE:
                return self.call(name, node)
        refuse(type(node).__name__)

    def key(self, node: ast.expr | None) -> Any:
        return refuse("a double star") if node is None else self.value(node)

    def binary(self, op: type[ast.operator], left: Any, right: Any) -> Any:
        if isinstance(left, complex) or isinstance(right, complex):
            if op in (ast.FloorDiv, ast.Mod, ast.Pow):
                refuse("an operator that complex numbers do not have here")
        elif op is ast.Pow and (isinstance(left, float) or isinstance(right, float) or right < 0):
            self.may_refuse = True
        elif op is ast.Pow and abs(left) > 1 and math.log10(abs(left)) * right > 4300:
            refuse("a large power")
        result = BINARY[op](left, right)
        if isinstance(result, complex) and op is ast.Pow:
            refuse("a complex power")
        return bounded(result)

    def call(self, name: str, node: ast.Call) -> Any:
        args = [self.value(argument) for argument in node.args]
        named = self.keywords(node)
        if named and name != "dict":
            refuse("keywords")
        if name in ("float", "complex") and any(not is_numeric(arg) for arg in args):
            refuse("a number from bytes, or from digits that are not ASCII")
        if name == "bytes" and args and isinstance(args[0], (set, frozenset)):
            refuse("bytes of a set")
        if (name == "bytes" and len(args) > 1) or (name == "complex" and len(args) > 1 and any_complex(args)):
            refuse("arguments that the grammar leaves out")
        pairs = args[0] if name == "dict" and args and not isinstance(args[0], dict) else []
        if any(not isinstance(pair, (list, tuple)) for pair in pairs):
            refuse("pairs that are no lists or tuples")
        if name == "range":
            return range(*args)
        if name == "bytes" and args and isinstance(args[0], int) and args[0] > 60_000:
            refuse("too many bytes")
        if any(isinstance(arg, range) and len(arg) > 60_000 for arg in args):
            refuse("too many elements")
        return CALLABLE[name](*args, **named)


def is_numeric(arg: Any) -> bool:
    return arg.isascii() if isinstance(arg, str) else not isinstance(arg, bytes)


def any_complex(args: list[Any]) -> bool:
    return any(isinstance(arg, complex) for arg in args)


def strip_comments(text: str) -> str:
    return re.sub(r"#[^\r\n]*", "", text)


def parsed(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def number(value: Any) -> Any:
    if type(value) not in (int, bool, float, complex):
        refuse("arithmetic on something else")
    return value


def bounded(value: Any) -> Any:
    if type(value) is int and abs(value) >= INTEGER_BOUND:
        refuse("a large integer")
    return value


def canonical(value: Any) -> str:
    """``repr`` with the two departures of the README: numbers that are not finite, and the order of sets."""
    match value:
        case float() if not math.isfinite(value):
            return f"float('{value!r}')"
        case complex() if not (math.isfinite(value.real) and math.isfinite(value.imag)):
            return f"complex('{repr(value).strip('()')}')"
        case list():
            return "[" + ", ".join(map(canonical, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(canonical, value)) + (",)" if len(value) == 1 else ")")
        case dict():
            return "{" + ", ".join(f"{canonical(k)}: {canonical(v)}" for k, v in value.items()) + "}"
        case set() | frozenset() if value:
            members = sorted(value, key=lambda member: (size(member), canonical(member).encode("utf-16-be")))
            text = "{" + ", ".join(map(canonical, members)) + "}"
            return text if isinstance(value, set) else f"frozenset({text})"
    return repr(value)


def size(value: Any) -> float:
    is_real = type(value) is int or (type(value) is float and not math.isnan(value))
    return value if is_real else math.inf


def same(a: Any, b: Any) -> bool:
    """Equal by value and type at every depth; NaN is NaN."""
    if type(a) is not type(b):
        return False
    match a:
        case float():
            return a == b or (math.isnan(a) and math.isnan(b))
        case complex():
            return same(a.real, b.real) and same(a.imag, b.imag)
        case list() | tuple():
            return len(a) == len(b) and all(map(same, a, b))
        case set() | frozenset():
            return matched(list(a), list(b), same)
        case dict():
            return matched(list(a.items()), list(b.items()), same)
    return bool(a == b)


def matched(a: list[Any], b: list[Any], equal: Any) -> bool:
    rest = list(b)
    for item in a:
        found = next((index for index, other in enumerate(rest) if equal(item, other)), None)
        if found is None:
            return False
        rest.pop(found)
    return not rest


def compare(entry: dict[str, Any]) -> tuple[Any, str | None]:
    kind, text, ours = entry["kind"], entry["text"], entry["ours"]
    reader = Reader()
    try:
        value = reader.read(kind, text)
    except (
        Refused,
        SyntaxError,
        ValueError,
        TypeError,
        ArithmeticError,
        MemoryError,
        RecursionError,
    ) as error:
        return None, None if ours is None else f"{text!a}: we read {ours[:200]!a}, CPython: {error!r}"
    if ours is None:
        allowed = reader.may_refuse or "\\N{" in text
        return None, None if allowed else f"{text!a}: we refuse it, CPython reads {canonical(value)[:200]!a}"
    expected = arguments_text(*value) if kind == "arguments" else canonical(value)
    agrees = ours == expected or (NEWER_UNICODE and same(value, Reader().read(kind, ours)))
    return value, None if agrees else f"{text!a}: we read {ours[:200]!a}, CPython {expected[:200]!a}"


def arguments_text(positional: tuple[Any, ...], keyword: dict[str, Any]) -> str:
    return ", ".join(
        [*map(canonical, positional), *(f"{name}={canonical(v)}" for name, v in keyword.items())]
    )


def compare_pair(values: list[Any], pair: list[Any]) -> str | None:
    first, second, strict, plain = pair
    a, b = values[first], values[second]
    if strict == same(a, b) and plain == bool(a == b):
        return None
    return f"{canonical(a)[:200]!a} and {canonical(b)[:200]!a}: we say strict {strict}, python {plain}"


def main() -> None:
    warnings.simplefilter("ignore")
    job = json.load(sys.stdin)
    compared = [compare(entry) for entry in job["texts"]]
    values = [value for value, _ in compared]
    complaints = [complaint for _, complaint in compared] + [
        compare_pair(values, pair) for pair in job["pairs"]
    ]
    json.dump([complaint for complaint in complaints if complaint], sys.stdout)


if __name__ == "__main__":
    main()
