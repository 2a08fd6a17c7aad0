"""The work of reading a text, and its levels, counted as the README of the grammar has them.

Where a rule is about what is written, the tokens of the text are counted; where it is about what is computed,
the reader charges while it evaluates.
"""

from __future__ import annotations

import io
import re
import tokenize
from fractions import Fraction
from typing import NamedTuple

MAX_LENGTH = 1 << 20
MAX_DEPTH = 150
MAX_WORK = 1 << 15

ATOM = 1
CALL = 4

OPERANDS = {tokenize.NUMBER, tokenize.STRING, tokenize.NAME}
BLANKS = {
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.COMMENT,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
SIGNS = {"+", "-", "~"}


class OverBound(Exception):
    """A bound of the grammar is passed."""


class Meter:
    """Adds up units of work."""

    def __init__(self) -> None:
        self.units = Fraction(0)

    def charge(self, units: Fraction | int) -> None:
        self.units += units
        if self.units > MAX_WORK:
            raise OverBound("too much work")


def words(value: int) -> int:
    """64-bit words of the magnitude, rounded up to a power of two."""
    count = max(1, -(-abs(value).bit_length() // 64))
    return 1 << (count - 1).bit_length()


def units_of(value: int) -> int:
    return 2 * words(value) - 1


def units_of_operation(a: int, b: int) -> int:
    return 1 + words(a) * words(b) // 128


def length_of(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Written(NamedTuple):
    """What is counted in the tokens of a text."""

    units: int
    levels: int
    signs: int
    """The most in a row."""


def written(text: str) -> Written:
    """Of a text that CPython accepts between parentheses."""
    tokens = tokens_of(text)
    scan = Scan()
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        scan.add(before, token, after)
    return Written(scan.units - ATOM, scan.deepest - 1, scan.most_signs)


def tokens_of(text: str) -> list[tokenize.TokenInfo]:
    """Parentheses around the text are among them."""
    lines = io.StringIO(f"({text}\n)", newline=None)
    return [token for token in tokenize.generate_tokens(lines.readline) if token.type not in BLANKS]


def has_named_escape(text: str) -> bool:
    r"""Whether a string has an escape such as `\N{DIGIT ONE}`."""
    strings = [token.string for token in tokens_of(text) if token.type == tokenize.STRING]
    return any(re.match(r"""[uU]?["'](?:[^\\]|\\[^N])*\\N""", string, re.DOTALL) for string in strings)


class Scan:
    """One pass over the tokens."""

    def __init__(self) -> None:
        self.units = 0
        self.deepest = 0
        self.most_signs = 0
        self.signs = 0
        self.powers = [0]
        """Of each open bracket, how many `**` are open within it: their right-hand sides have not ended."""

    def add(
        self,
        before: tokenize.TokenInfo | None,
        token: tokenize.TokenInfo,
        after: tokenize.TokenInfo | None,
    ) -> None:
        is_sign = token.string in SIGNS and not ends_operand(before)
        self.signs = self.signs + 1 if is_sign else 0
        self.most_signs = max(self.most_signs, self.signs)
        self.units += self.units_of(before, token, after)
        if token.string in "([{" and token.type == tokenize.OP:
            self.powers.append(0)
        elif token.string in ")]}" and token.type == tokenize.OP:
            self.powers.pop()
        elif token.string == "**":
            self.powers[-1] += 1
        elif token.type == tokenize.OP and not is_sign and token.string != "...":
            self.powers[-1] = 0
        self.deepest = max(self.deepest, len(self.powers) - 1 + sum(self.powers))

    def units_of(
        self,
        before: tokenize.TokenInfo | None,
        token: tokenize.TokenInfo,
        after: tokenize.TokenInfo | None,
    ) -> int:
        match token.type, token.string:
            case tokenize.NUMBER, text:
                return number_units(text)
            case tokenize.STRING, _:
                return ATOM
            case tokenize.NAME, _ if after is not None and after.string == "=":
                return CALL
            case tokenize.NAME, _:
                return ATOM + (CALL if after is not None and after.string == "(" else 0)
            case tokenize.OP, "(" if before is not None and before.type == tokenize.NAME:
                return 0
            case tokenize.OP, "(" | "[" | "{" | "...":
                return ATOM
        return 0


def ends_operand(token: tokenize.TokenInfo | None) -> bool:
    return token is not None and (token.type in OPERANDS or token.string in (")", "]", "}", "..."))


def number_units(text: str) -> int:
    try:
        return units_of(int(text, 0))
    except ValueError:
        return ATOM
