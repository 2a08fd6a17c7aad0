"""Makes the values of an argument list from what the supervisor, which has read its text, sends of it.

An input is a byte, then `marshal` data of `(positional arguments, keyword arguments)`. The byte is 1 where there are
values that marshal has no form for; such a value is written as a tuple that begins with StopIteration, which is no
value, and goes on with the name of its constructor and its arguments.
"""

from __future__ import annotations

from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CONSTRUCTORS: dict[object, Callable[..., object]] = {
    "frozenset": lambda *members: frozenset(set(members)),
    "range": range,
}
"""A frozenset is made as a program makes one, of a set: its order may depend on that."""


def build(data: memoryview) -> object:
    """Fresh values each time, so that calls cannot share state."""
    values = loads(data[1:])
    return constructed(values) if data[0] else values


def constructed(value: Any) -> object:
    kind = type(value)
    if kind is list:
        return [constructed(item) for item in value]
    if kind is set:
        return {constructed(item) for item in value}
    if kind is dict:
        return {constructed(key): constructed(item) for key, item in value.items()}
    if kind is not tuple:
        return value
    items = tuple([constructed(item) for item in value])
    if items and items[0] is StopIteration:
        return CONSTRUCTORS[items[1]](*items[2:])
    return items
