"""The canonical text, by the README: `repr`, but for numbers that are not finite and the order of sets."""

from __future__ import annotations

import math
from typing import Any

from reader import Arguments


def canonical(value: Any) -> str:
    match value:
        case Arguments():
            positional, named = value
            return ", ".join(
                [*map(canonical, positional), *(f"{k}={canonical(v)}" for k, v in named.items())]
            )
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
            texts = sorted((size(member), text_order(canonical(member))) for member in value)
            text = "{" + ", ".join(text for _, (_, text) in texts) + "}"
            return text if isinstance(value, set) else f"frozenset({text})"
    return repr(value)


def text_order(text: str) -> tuple[bytes, str]:
    """Texts are ordered by their UTF-16 units."""
    return text.encode("utf-16-be"), text


def size(value: Any) -> float:
    """Integers and floats come first, by size; what has none, NaN and infinity come after them, by text."""
    is_real = type(value) is int or (type(value) is float and not math.isnan(value))
    return value if is_real else math.inf
