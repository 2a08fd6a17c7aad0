"""Equality by value and type at every depth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


def same(a: Any, b: Any) -> bool:
    """NaN is NaN."""
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


def identical(a: Any, b: Any) -> bool:
    """The same to a program: signs of zeros and the order of dicts count as well."""
    if type(a) is not type(b):
        return False
    match a:
        case float():
            return same(a, b) and (math.isnan(a) or math.copysign(1, a) == math.copysign(1, b))
        case complex():
            return identical(a.real, b.real) and identical(a.imag, b.imag)
        case list() | tuple():
            return len(a) == len(b) and all(map(identical, a, b))
        case set() | frozenset():
            return matched(list(a), list(b), identical)
        case dict():
            return identical(list(a.items()), list(b.items()))
        case range():
            return repr(a) == repr(b)
    return bool(a == b)


def matched(a: list[Any], b: list[Any], equal: Callable[[Any, Any], bool]) -> bool:
    rest = list(b)
    for item in a:
        found = next((index for index, other in enumerate(rest) if equal(item, other)), None)
        if found is None:
            return False
        rest.pop(found)
    return not rest
