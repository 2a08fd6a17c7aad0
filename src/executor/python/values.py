"""Writes a value of exact builtin types as a Python literal.

Runs after a program in the same process, so it uses nothing that the program can replace by name, and never
a method of the program's classes: a type is one of SCALARS or of CONTAINERS, or the value is refused.
"""

from __future__ import annotations

import builtins

# Functions find builtins here rather than in the module that a program can write to.
__builtins__ = vars(builtins).copy()  # type: ignore[assignment]

MAX_DEPTH = 100

INTEGER_BOUND = 10**4300
"""Longer integers have no decimal text in CPython either (sys.int_info.default_max_str_digits)."""


class InvalidOutput(Exception):
    """One line that says why the value has no literal."""


class OutputTooLong(Exception):
    """The literal is longer than its limit."""


def literal_of(value: object, limit: int) -> str:
    """At most `limit` characters. Raises InvalidOutput, OutputTooLong, and RecursionError as repr() would."""
    writer = Writer(limit)
    text = writer.text_of(value)
    if writer.deepest > MAX_DEPTH:
        raise InvalidOutput(f"the value is nested deeper than {MAX_DEPTH}")
    return text


class Writer:
    def __init__(self, limit: int) -> None:
        self.left = limit
        self.open: set[int] = set()
        """Identities of the containers that are being written, to find a value that contains itself."""
        self.deepest = 0

    def text_of(self, value: object) -> str:
        kind = type(value)
        scalar = SCALARS.get(id(kind))
        if scalar is not None:
            return self.charged(scalar(value, self.left))
        if id(kind) not in CONTAINERS:
            raise InvalidOutput(f"{type_name(kind)} is not a builtin value type")
        return self.container(value, kind)

    def container(self, value: object, kind: type) -> str:
        identity = id(value)
        if identity in self.open:
            raise InvalidOutput("the value contains itself")
        self.open.add(identity)
        self.deepest = max(self.deepest, len(self.open))
        try:
            text = self.dictionary(value) if kind is dict else self.collection(value, kind)
        finally:
            self.open.discard(identity)
        self.charged("[],")
        return text

    def collection(self, value: object, kind: type) -> str:
        items = [self.text_of(item) for item in value]  # type: ignore[attr-defined]
        if kind is set or kind is frozenset:
            items.sort()
        opening, closing = CONTAINERS[id(kind)] if items else EMPTY[id(kind)]
        comma = "," if kind is tuple and len(items) == 1 else ""
        return f"{opening}{', '.join(items)}{comma}{closing}"

    def dictionary(self, value: object) -> str:
        entries = value.items()  # type: ignore[attr-defined]
        pairs = [f"{self.text_of(key)}: {self.text_of(item)}" for key, item in entries]
        return "{" + ", ".join(pairs) + "}"

    def charged(self, text: str) -> str:
        """Counts while it is written: shared references can make a small value's text exponential."""
        self.left -= len(text)
        if self.left < 0:
            raise OutputTooLong
        return text


def integer(value: int, left: int) -> str:
    if not -INTEGER_BOUND < value < INTEGER_BOUND:
        raise InvalidOutput("an integer of more than 4300 digits has no literal")
    return INTEGER_TEXT(value)


def floating(value: float, left: int) -> str:
    text = repr(value)
    return f"float('{text}')" if text in ("inf", "-inf", "nan") else text


def complex_number(value: complex, left: int) -> str:
    parts = (value.real, value.imag)
    if all(part - part == 0 for part in parts):
        return repr(value)
    return f"complex({floating(value.real, left)}, {floating(value.imag, left)})"


def sized_text(value: str | bytes, left: int) -> str:
    """A text cannot be shorter than what it stands for: a huge one is not written first."""
    if len(value) > left:
        raise OutputTooLong
    return repr(value)


def type_name(kind: type) -> str:
    """The `__name__` as the interpreter holds it, whatever a metaclass says; at most 200 characters."""
    return PLAIN_TEXT(NAME(kind))[:200]


def qualified_name(kind: type) -> str:
    """With the module, unless it is `builtins` or hidden; at most 200 characters."""
    name = PLAIN_TEXT(QUALIFIED_NAME(kind))
    module = MODULE(kind)
    return (name if type(module) is not str or module == "builtins" else f"{module}.{name}")[:200]


def has_own_repr(kind: type) -> bool:
    """Whether a class of the program says how its objects are written."""
    for base in BASES(kind):
        method = MEMBERS(base).get("__repr__")
        if method is not None:
            return type(method) is FUNCTION
    return False


INTEGER_TEXT = int.__repr__
PLAIN_TEXT = str.__str__
NAME = type.__dict__["__name__"].__get__
QUALIFIED_NAME = type.__dict__["__qualname__"].__get__
MODULE = type.__dict__["__module__"].__get__
BASES = type.__dict__["__mro__"].__get__
MEMBERS = type.__dict__["__dict__"].__get__
FUNCTION = type(literal_of)

# By identity: to look a class up by itself would ask its metaclass for a hash and an equality.
SCALARS = {
    id(type(None)): lambda value, left: "None",
    id(bool): lambda value, left: "True" if value else "False",
    id(int): integer,
    id(float): floating,
    id(complex): complex_number,
    id(str): sized_text,
    id(bytes): sized_text,
}

CONTAINERS = {
    id(list): ("[", "]"),
    id(tuple): ("(", ")"),
    id(set): ("{", "}"),
    id(frozenset): ("frozenset({", "})"),
    id(dict): ("{", "}"),
}

EMPTY = CONTAINERS | {id(set): ("set(", ")"), id(frozenset): ("frozenset(", ")")}
