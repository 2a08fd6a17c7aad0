"""CPython's reading of texts, for comparison with the value parser.

Each line of standard input is a JSON object ``{"texts": [{"kind", "text", "ours", "marshalled"?}], "pairs": [...]}``.
``kind`` is ``value`` or ``arguments``; ``ours`` is the canonical text that the parser gave, null where it refused the
text; ``marshalled`` is what the executor would be sent of it (base64). A pair ``[i, j, strict, python]`` holds two
indices of texts that were accepted, and what ``equalValues`` said of them in its two modes. Each line of output
answers one: ``{"disagreements": [{"text", "what"}], "literals": [...], "python"}``; a literal is what the executor
writes of an accepted value, null where it writes none.
"""

from __future__ import annotations

import base64
import json
import sys
import unicodedata
import warnings
from pathlib import Path
from typing import Any

from canonical import canonical
from equality import identical, same
from reader import Arguments, Refused, is_small, read
from work import Meter, OverBound

# The executor's own reader and writer of values, as libraries.
sys.path.append(str(Path(__file__).parents[4] / "src" / "executor" / "python"))
from arguments import build
from values import InvalidOutput, literal_of

# Canonical texts and names are those of Unicode 14.0; where CPython knows more, only their values are compared.
NEWER_UNICODE = unicodedata.unidata_version != "14.0.0"
MAX_OUTPUT = 1 << 20
REFUSALS = (
    Refused,
    OverBound,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    MemoryError,
    RecursionError,
)

Text = dict[str, Any]


class Disagreement(Exception):
    """What CPython says and the parser does not."""


def compare(entry: Text) -> Any:
    """The value of an accepted text, None for one that is refused. Raises Disagreement."""
    kind, ours = entry["kind"], entry["ours"]
    try:
        value = read(kind, entry["text"])
        expected = canonical(value)
        if not is_small(expected, Meter()):
            read(kind, expected)
    except REFUSALS as error:
        if ours is None:
            return None
        raise Disagreement(
            f"we read {ours[:500]}, and CPython refuses: {type(error).__name__}: {error}"
        ) from None
    if ours is None:
        if NEWER_UNICODE and not entry["text"].isascii():
            return None
        raise Disagreement(f"we refuse it, and CPython reads {expected[:500]}")
    if ours != expected and not (NEWER_UNICODE and same(value, read(kind, ours))):
        raise Disagreement(f"we read {ours[:500]}, and CPython {expected[:500]}")
    return value


def check_marshalled(value: Any, marshalled: str) -> None:
    """What the executor builds is what a program may see of the text."""
    positional, named = value if isinstance(value, Arguments) else ((value,), {})
    built: Any = build(memoryview(base64.b64decode(marshalled)))
    if not identical([list(positional), named], list(built)):
        raise Disagreement(f"the executor builds {built!r:.500}")


def literal(value: Any) -> str | None:
    try:
        return literal_of(value, MAX_OUTPUT)
    except InvalidOutput:
        return None


def compare_pair(values: list[Any], pair: list[Any]) -> None:
    first, second, strict, plain = pair
    a, b = values[first], values[second]
    if strict != same(a, b) or plain != bool(a == b):
        raise Disagreement(f"we say strict {strict}, python {plain} of this and {canonical(b)[:500]}")


class Answer:
    """The answer to one line."""

    def __init__(self) -> None:
        self.disagreements: list[dict[str, str]] = []

    def check(self, text: str, check: Any, *args: Any) -> Any:
        try:
            return check(*args)
        except Disagreement as disagreement:
            self.disagreements.append({"text": text, "what": str(disagreement)})
            return None


def answer(job: dict[str, Any]) -> dict[str, Any]:
    result = Answer()
    texts: list[Text] = job["texts"]
    values = [result.check(entry["text"], compare, entry) for entry in texts]
    for entry, value in zip(texts, values, strict=True):
        if "marshalled" in entry:
            result.check(entry["text"], check_marshalled, value, entry["marshalled"])
    for pair in job["pairs"]:
        result.check(texts[pair[0]]["text"], compare_pair, values, pair)
    literals = [
        literal(value) if entry["kind"] == "value" and entry["ours"] is not None else None
        for entry, value in zip(texts, values, strict=True)
    ]
    python = sys.version.split()[0]
    return {"disagreements": result.disagreements, "literals": literals, "python": python}


def main() -> None:
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
