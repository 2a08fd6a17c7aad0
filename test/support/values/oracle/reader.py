"""What a text means by the README of the grammar, decided with CPython's own parser and evaluation.

Nothing but nodes of the grammar is evaluated.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NoReturn

from powers import certain_power
from work import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_WORK,
    Meter,
    OverBound,
    has_named_escape,
    length_of,
    units_of,
    units_of_operation,
    written,
)

INTEGER_BOUND = 10**4300
MAX_NAME = 1000
MAX_NUMBER_TEXT = 1000

UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
}
BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPLEX_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class Refused(Exception):
    """The text is no value of the grammar."""


def refuse(why: str) -> NoReturn:
    raise Refused(why)


class Arguments(tuple[tuple[Any, ...], dict[str, Any]]):
    """What stands between the parentheses of a call: positional arguments, then those with names."""


def read(kind: str, text: str) -> Any:
    """A value or Arguments. Raises Refused, OverBound, or what CPython raises for the text."""
    if length_of(text) > MAX_LENGTH:
        raise OverBound("too long")
    if "\0" in text or re.search("[\ud800-\udfff]", text):
        refuse("a NUL or a surrogate")
    reader = Reader()
    value = reader.arguments(text) if kind == "arguments" else reader.whole(text)
    if not is_small(text, reader.meter):
        reader.count(text)
    if "\\N" in text and has_named_escape(text):
        refuse("a named escape")
    return value


def is_small(text: str, meter: Meter) -> bool:
    """Whether what is written can be over no bound: it is slow to count."""
    is_shallow = all(sum(map(text.count, marks)) <= MAX_DEPTH for marks in ("([{*", "+-~"))
    return is_shallow and 5 * len(text) + meter.units <= MAX_WORK


class Reader:
    """Evaluates the syntax tree of one text."""

    def __init__(self) -> None:
        self.meter = Meter()

    def count(self, text: str) -> None:
        units, levels, signs = written(text)
        self.meter.charge(units)
        if levels > MAX_DEPTH or signs > MAX_DEPTH:
            raise OverBound("too deep")

    def whole(self, text: str) -> Any:
        # A text that closes the bracket itself cannot fit both kinds of brackets.
        listed = ast.parse(f"[{text} \n]", mode="eval").body
        tree = ast.parse(f"({text} \n)", mode="eval").body
        if isinstance(listed, ast.List) and not listed.elts:
            refuse("nothing but blanks")
        return self.value(tree)

    def arguments(self, text: str) -> Arguments:
        call = ast.parse(f"f({text} \n)", mode="eval").body
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "f"):
            refuse("the text closes the call")
        positional = tuple(self.value(argument) for argument in call.args)
        return Arguments((positional, self.keywords(call)))

    def keywords(self, call: ast.Call) -> dict[str, Any]:
        named = {argument_name(item.arg): self.value(item.value) for item in call.keywords}
        return named if len(named) == len(call.keywords) else refuse("a name again")

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(str() | bytes() | int() | float() | complex() as value):
                return bounded(value)
            case ast.Constant(value) if value in (None, True, False, ...):
                return value
            case ast.Name("Ellipsis") if is_plain(node):
                return ...
            case ast.List(items):
                return [self.value(item) for item in items]
            case ast.Tuple(items):
                return tuple(self.value(item) for item in items)
            case ast.Set(items):
                members = [self.value(item) for item in items]
                self.meter.charge(len(members))
                return set(members)
            case ast.Dict(keys, values):
                pairs = [(self.key(k), self.value(v)) for k, v in zip(keys, values, strict=True)]
                self.meter.charge(len(pairs))
                return dict(pairs)
            case ast.UnaryOp(op, operand) if type(op) in UNARY:
                return self.unary(type(op), number(self.value(operand)))
            case ast.BinOp(left, op, right) if type(op) in BINARY:
                return self.binary(type(op), number(self.value(left)), number(self.value(right)))
            case ast.Call(ast.Name(name) as func) if name in CONSTRUCTORS and is_bare_call(node, func):
                return self.call(name, node)
        refuse(type(node).__name__)

    def key(self, node: ast.expr | None) -> Any:
        return refuse("a double star") if node is None else self.value(node)

    def unary(self, op: type[ast.unaryop], operand: Any) -> Any:
        self.meter.charge(units_of_operation(operand, 1) if isinstance(operand, int) else 1)
        return bounded(UNARY[op](operand))

    def binary(self, op: type[ast.operator], left: Any, right: Any) -> Any:
        if isinstance(left, complex) or isinstance(right, complex):
            if op not in COMPLEX_OPERATORS:
                refuse("an operator that complex numbers do not have here")
            self.meter.charge(1)
        elif isinstance(left, float) or isinstance(right, float):
            self.meter.charge(1)
            if op is ast.Pow:
                return self.power(float(left), float(right))
        elif op is ast.Pow:
            if right < 0:
                self.meter.charge(1)
                return self.power(float(left), float(right))
            self.charge_power(left, right)
        else:
            self.meter.charge(units_of_operation(left, right) + (3 if op is ast.Div else 0))
        return bounded(BINARY[op](left, right))

    def power(self, base: float, exponent: float) -> float:
        result = certain_power(base, exponent, self.meter)
        return refuse("an uncertain power") if result is None else result

    def charge_power(self, base: int, exponent: int) -> None:
        bits = (abs(base).bit_length() - 1) * exponent if base else 0
        if bits > 4300 * 3.3220:
            refuse("a large power")
        result_words = 1 + Fraction(bits, 64)
        self.meter.charge(1 + -(-(result_words * result_words) // 128))

    def call(self, name: str, node: ast.Call) -> Any:
        args = [self.value(argument) for argument in node.args]
        named = self.keywords(node)
        if named and name != "dict":
            refuse("keywords")
        return CONSTRUCTORS[name](self, *args, **({"named": named} if name == "dict" else {}))

    def to_set(self, source: Any = ()) -> Any:
        return set(self.members(source))

    def to_frozenset(self, source: Any = ()) -> Any:
        return frozenset(self.members(source))

    def members(self, source: Any) -> Any:
        if isinstance(source, set | frozenset):
            return source
        elements = list(self.elements(source))
        self.meter.charge(len(elements))
        return elements

    def to_dict(self, source: Any = (), *, named: dict[str, Any]) -> Any:
        pairs = list(source.items() if isinstance(source, dict) else self.elements(ordered(source)))
        if any(not isinstance(pair, list | tuple) for pair in pairs):
            refuse("pairs that are no lists or tuples")
        if not isinstance(source, dict) or named:
            self.meter.charge(len(pairs) + len(named))
        return (
            dict(pairs, **named) if all(len(pair) == 2 for pair in pairs) else refuse("pairs of other sizes")
        )

    def to_bytes(self, source: Any = b"") -> Any:
        if isinstance(source, bytes):
            return source
        if isinstance(source, int):
            if source > 0:
                self.meter.charge(source)
            return bytes(source)
        if isinstance(source, str):
            refuse("bytes of a str")
        return bytes(list(self.elements(ordered(source))))

    def elements(self, source: Any) -> Iterator[Any]:
        for element in source:
            self.meter.charge(units_of(element) if type(element) is int else 1)
            yield element

    def to_range(self, *bounds: Any) -> Any:
        return range(*bounds)

    def to_float(self, source: Any = 0.0) -> Any:
        if isinstance(source, str | int | float):
            return float(number_text(source))
        return refuse("a float of something else")

    def to_complex(self, *parts: Any) -> Any:
        if len(parts) == 1 and isinstance(parts[0], str | complex):
            return complex(number_text(parts[0]))
        if len(parts) > 2 or any(not isinstance(part, int | float) for part in parts):
            refuse("a complex number of something else")
        return complex(*parts)


CONSTRUCTORS: dict[str, Callable[..., Any]] = {
    "set": Reader.to_set,
    "frozenset": Reader.to_frozenset,
    "dict": Reader.to_dict,
    "bytes": Reader.to_bytes,
    "range": Reader.to_range,
    "float": Reader.to_float,
    "complex": Reader.to_complex,
}


def is_plain(node: ast.Name) -> bool:
    """Whether the name is written with the letters that it has: CPython takes other forms of the letters as well."""
    return node.end_col_offset is not None and node.end_col_offset - node.col_offset == len(node.id)


def is_bare_call(node: ast.Call, func: ast.Name) -> bool:
    return is_plain(func) and (node.lineno, node.col_offset) == (func.lineno, func.col_offset)


def argument_name(name: str | None) -> str:
    if name is None:
        refuse("a double star")
    if length_of(name) > MAX_NAME or keyword.iskeyword(name) or name == "__debug__":
        refuse("a keyword, or a long name")
    return name


def ordered(source: Any) -> Any:
    return refuse("a set where order counts") if isinstance(source, set | frozenset) else source


def number_text(source: Any) -> Any:
    if isinstance(source, str) and not (source.isascii() and length_of(source) <= MAX_NUMBER_TEXT):
        refuse("a number in digits that are not ASCII, or in many")
    return source


def number(value: Any) -> Any:
    return value if type(value) in (int, bool, float, complex) else refuse("arithmetic on something else")


def bounded(value: Any) -> Any:
    return refuse("a large integer") if type(value) is int and abs(value) >= INTEGER_BOUND else value
