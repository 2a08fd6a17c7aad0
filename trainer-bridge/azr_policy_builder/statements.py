r"""The statements that generated programs are made of.

A statement is Python text with its leading newline and one-space indent, exactly as it stands in a program
(`"\n x=x+3"`). Each template maps a value of one kind to a value of one kind, so that a program is well typed by
construction; whether it also stays small and never raises is found by running it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Literal

Kind = Literal["int", "list", "str"]
KINDS: tuple[Kind, ...] = ("int", "list", "str")

# Few letters, so that `count`, `replace` and `in` often find what they look for.
LETTERS = "abcdef"


@dataclass(frozen=True)
class Template:
    """One form of statement. `weight` is relative to the other templates that take the same kind."""

    takes: Kind
    gives: Kind
    weight: float
    write: Callable[[Random], str]


def _fixed(text: str) -> Callable[[Random], str]:
    return lambda rng: text


def _number(before: str, low: int, high: int, after: str = "") -> Callable[[Random], str]:
    return lambda rng: f"{before}{rng.randint(low, high)}{after}"


def _letter(before: str, after: str) -> Callable[[Random], str]:
    return lambda rng: f"{before}{rng.choice(LETTERS)}{after}"


def _replace(rng: Random) -> str:
    old, new = rng.sample(LETTERS, 2)
    return f"\n x=x.replace('{old}','{new}')"


def _int_body(rng: Random) -> str:
    form, low, high = rng.choice((("x+", 1, 9), ("x-", 1, 9), ("x*", 2, 2), ("x//", 2, 2)))
    return f":\n  x={form}{rng.randint(low, high)}"


def _int_if(rng: Random) -> str:
    test = rng.choice((f"x>{rng.randint(0, 15)}", f"x<{rng.randint(0, 15)}", "x%2==0"))
    return f"\n if {test}{_int_body(rng)}"


def _int_for(rng: Random) -> str:
    body = rng.choice((f"x+{rng.randint(1, 5)}", f"x-{rng.randint(1, 5)}", "x+i", "x*2"))
    return f"\n for i in range({rng.randint(2, 3)}):\n  x={body}"


def _sequence_if(bodies: Callable[[Random], tuple[str, ...]]) -> Callable[[Random], str]:
    return lambda rng: f"\n if len(x){rng.choice('<>')}{rng.randint(1, 4)}:\n  x={rng.choice(bodies(rng))}"


def _list_bodies(rng: Random) -> tuple[str, ...]:
    return ("x[1:]", "x[:-1]", "x[::-1]", f"x+[{rng.randint(0, 9)}]")


def _str_bodies(rng: Random) -> tuple[str, ...]:
    return ("x[1:]", "x[:-1]", "x[::-1]", f"x+'{rng.choice(LETTERS)}'")


def _membership_if(rng: Random) -> str:
    return f"\n if '{rng.choice(LETTERS)}' in x:\n  x={rng.choice(_str_bodies(rng))}"


TEMPLATES: tuple[Template, ...] = (
    Template("int", "int", 2.0, _number("\n x=x+", 1, 9)),
    Template("int", "int", 2.0, _number("\n x=x-", 1, 9)),
    Template("int", "int", 1.0, _number("\n x=x*", 2, 3)),
    Template("int", "int", 1.0, _number("\n x=x//", 2, 3)),
    Template("int", "int", 1.0, _number("\n x=x%", 2, 7)),
    Template("int", "int", 0.4, _number("\n x=", 1, 9, "-x")),
    Template("int", "int", 0.3, _fixed("\n x=-x")),
    Template("int", "int", 0.3, _fixed("\n x=abs(x)")),
    Template("int", "int", 2.5, _int_if),
    Template("int", "int", 1.5, _int_for),
    Template("int", "list", 0.4, _number("\n x=[x,x+", 1, 5, "]")),
    Template("int", "list", 0.3, _fixed("\n x=list(range(x))")),
    Template("list", "list", 0.8, _fixed("\n x=sorted(x)")),
    Template("list", "list", 0.8, _fixed("\n x=x[::-1]")),
    Template("list", "list", 0.6, _fixed("\n x=x[1:]")),
    Template("list", "list", 0.6, _fixed("\n x=x[:-1]")),
    Template("list", "list", 0.5, _number("\n x=x[:", 1, 3, "]")),
    Template("list", "list", 0.3, _fixed("\n x=x+x")),
    Template("list", "list", 1.0, _number("\n x=x+[", 0, 9, "]")),
    Template("list", "list", 0.8, _number("\n x=[", 0, 9, "]+x")),
    Template("list", "list", 1.0, _number("\n x=[v+", 1, 5, " for v in x]")),
    Template("list", "list", 0.8, _number("\n x=[v-", 1, 5, " for v in x]")),
    Template("list", "list", 0.6, _number("\n x=[v*", 2, 3, " for v in x]")),
    Template("list", "list", 0.5, _number("\n x=[v%", 2, 4, " for v in x]")),
    Template("list", "list", 0.6, _number("\n x=[v for v in x if v>", 1, 7, "]")),
    Template("list", "list", 0.6, _number("\n x=[v for v in x if v<", 2, 8, "]")),
    Template("list", "list", 1.2, _sequence_if(_list_bodies)),
    Template("list", "list", 0.3, _number("\n for i in range(", 2, 3, "):\n  x=x+[i]")),
    Template("list", "int", 0.4, _fixed("\n x=len(x)")),
    Template("list", "int", 0.6, _fixed("\n x=sum(x)")),
    Template("list", "int", 0.4, _fixed("\n x=max(x)")),
    Template("list", "int", 0.4, _fixed("\n x=min(x)")),
    Template("list", "int", 0.3, _fixed("\n x=x[0]")),
    Template("list", "int", 0.3, _fixed("\n x=x[-1]")),
    Template("str", "str", 0.8, _fixed("\n x=x[::-1]")),
    Template("str", "str", 0.6, _fixed("\n x=x[1:]")),
    Template("str", "str", 0.6, _fixed("\n x=x[:-1]")),
    Template("str", "str", 0.5, _number("\n x=x[:", 1, 4, "]")),
    Template("str", "str", 0.5, _fixed("\n x=x*2")),
    Template("str", "str", 0.6, _fixed("\n x=''.join(sorted(x))")),
    Template("str", "str", 1.2, _letter("\n x=x+'", "'")),
    Template("str", "str", 1.2, _letter("\n x='", "'+x")),
    Template("str", "str", 1.2, _replace),
    Template("str", "str", 1.0, _sequence_if(_str_bodies)),
    Template("str", "str", 1.0, _membership_if),
    Template(
        "str",
        "str",
        0.4,
        lambda rng: f"\n for i in range({rng.randint(2, 3)}):\n  x=x+'{rng.choice(LETTERS)}'",
    ),
    Template("str", "int", 0.4, _fixed("\n x=len(x)")),
    Template("str", "int", 0.4, _letter("\n x=x.count('", "')")),
)

_DETAIL = re.compile(r"\d+|(?<=')[a-z](?=')")
_SHAPE_DRAWS = 500  # of a template, which has twenty shapes at most

_BY_KIND = {kind: tuple(t for t in TEMPLATES if t.takes == kind) for kind in KINDS}
MOST_TEMPLATES = max(map(len, _BY_KIND.values()))


def draw_statement(rng: Random, kind: Kind, template: int | None = None) -> tuple[str, Kind]:
    """A statement that takes `kind`, of the template at that place if one is given, and the kind that it gives."""
    if template is None:
        (drawn,) = rng.choices(_BY_KIND[kind], _weights(kind))
    else:
        drawn = _BY_KIND[kind][template]
    return drawn.write(rng), drawn.gives


@cache
def _weights(kind: Kind) -> list[float]:
    return [template.weight for template in _BY_KIND[kind]]


def templates_of(kind: Kind) -> int:
    """How many take `kind`."""
    return len(_BY_KIND[kind])


def template_of(statement: str, kind: Kind) -> int:
    """The place, 0 up, of a drawn statement's template among those that take `kind`."""
    return _by_shape(kind)[_shape(statement)]


@cache
def _by_shape(kind: Kind) -> dict[str, int]:
    rng = Random("shapes of statements")
    return {
        _shape(template.write(rng)): place
        for place, template in enumerate(_BY_KIND[kind])
        for _ in range(_SHAPE_DRAWS)
    }


def _shape(statement: str) -> str:
    """Without its numbers and letters."""
    return _DETAIL.sub("0", statement)
