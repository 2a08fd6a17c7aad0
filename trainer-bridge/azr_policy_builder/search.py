"""Traces that find an answer by trying: what is wrong is followed by another try, what is right by the answer.

What is wrong is drawn here and must not be learned: its place in the trace is marked as a guess, which has no weight
in the loss. So a policy learns from the right ones alone what to try, and from all of them to see what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from random import Random

from . import compact
from .compact import Run, Trace
from .generator import draw_input, is_held_out, states
from .program import Program, Value, is_small, kind_of
from .statements import LETTERS, Kind, draw_statement

Pair = tuple[Value, Value]

LONGEST = 400  # characters of a trace
CHECKED_PAIRS = 2  # on which a program is tried, of those shown
ANOTHER_PROGRAM = 0.55  # chance of one more wrong program before the right one
ANOTHER_INPUT = 0.35
DRAWS = 60  # of something wrong, before it is given up
PLAUSIBLE = 0.8  # chance that a wrong program is looked for which is right on the first pair
DETAIL = re.compile(r"\d+|(?<=')[a-z](?=')")


def search_program(rng: Random, program: Program, pairs: Sequence[Pair]) -> Trace:
    """Programs on the first of the pairs, the last of them `program`, which is right on all."""
    checked = pairs[:CHECKED_PAIRS]
    wanted = [output for _, output in checked]
    refused: set[str] = set()

    def attempt() -> Trace | None:
        wrong = _draw_wrong_runs(rng, program, checked, refused)
        if wrong is None:
            return None
        refused.add(wrong[0].text)
        return compact.tried_program(*wrong, wanted)

    right = compact.tried_program(program, _runs_on(program, checked), wanted)
    return _after_others(rng, right, attempt, ANOTHER_PROGRAM)


def search_input(rng: Random, program: Program, run: Run) -> Trace:
    """Inputs for the last value of the run, the last of them the run's own."""
    wanted = run[1][-1]

    def attempt() -> Trace | None:
        wrong = _draw_wrong_input(rng, program, run)
        return None if wrong is None else compact.tried_input(program, wrong, wanted)

    return _after_others(rng, compact.tried_input(program, run, wanted), attempt, ANOTHER_INPUT)


def _after_others(rng: Random, right: Trace, draw: Callable[[], Trace | None], another: float) -> Trace:
    trace = right
    while rng.random() < another:
        attempt = draw()
        if attempt is None or len(attempt.text) + len(trace.text) > LONGEST:
            break
        trace = attempt + trace
    return trace


def _runs_on(program: Program, pairs: Sequence[Pair]) -> list[Run]:
    """On the inputs in turn, up to and with the first whose output is wrong."""
    runs: list[Run] = []
    for value, output in pairs:
        after = states(program, value)
        runs.append((value, after))
        if after[-1] != output:
            break
    return runs


def _draw_wrong_runs(
    rng: Random, program: Program, pairs: Sequence[Pair], refused: Set[str]
) -> tuple[Program, list[Run]] | None:
    """Of a program that is wrong on one of the pairs, often on the second alone, and none of the refused.

    A policy that guesses well is wrong in that way: what is drawn blindly would hardly ever be its own guess, and to
    turn from its own guess to another is what it is to learn.
    """
    kinds = [program.takes, *map(kind_of, states(program, pairs[0][0]))]
    is_choosy = rng.random() < PLAUSIBLE
    found: tuple[Program, list[Run]] | None = None
    for _ in range(DRAWS):
        other = _draw_like(rng, program, kinds)
        if other.text in refused or is_held_out(other.text):
            continue
        runs = _wrong_runs(other, pairs, kinds[-1])
        if runs is None:
            continue
        if len(runs) > 1 or not is_choosy:
            return other, runs
        found = found or (other, runs)
    return found


def _wrong_runs(program: Program, pairs: Sequence[Pair], gives: Kind) -> list[Run] | None:
    """None where the program is right, does not run, or gives another kind of value."""
    try:
        runs = _runs_on(program, pairs)
    except ValueError:
        return None
    last = runs[-1][1][-1]
    return runs if kind_of(last) == gives and last != pairs[len(runs) - 1][1] else None


def _draw_like(rng: Random, program: Program, kinds: Sequence[Kind]) -> Program:
    """With a detail of one statement changed, with some of the statements drawn anew, or with all of them.

    `kinds` are of the input and of the values after each of the program's statements.
    """
    if rng.random() < 0.3:
        return _change_detail(rng, program)
    kept = rng.choice((0.0, 0.5))
    own = program.statements
    length = len(own) if rng.random() < 0.8 else rng.randint(1, 3)
    statements: list[str] = []
    kind = program.takes
    for index in range(length):
        if index < len(own) and kinds[index] == kind and rng.random() < kept:
            statements.append(own[index])
            kind = kinds[index + 1]
            continue
        statement, kind = draw_statement(rng, kind)
        statements.append(statement)
    return Program(program.takes, tuple(statements))


def _change_detail(rng: Random, program: Program) -> Program:
    """The program with a number or a letter in one statement changed; where that has none, the program as it is."""
    statements = list(program.statements)
    at = rng.randrange(len(statements))
    details = list(DETAIL.finditer(statements[at]))
    if details:
        detail = rng.choice(details)
        statements[at] = (
            detail.string[: detail.start()] + _other(rng, detail[0]) + detail.string[detail.end() :]
        )
    return Program(program.takes, tuple(statements))


def _other(rng: Random, detail: str) -> str:
    """Another letter, or a number from 1 up that is near."""
    if not detail.isdigit():
        return rng.choice(LETTERS.replace(detail, ""))
    near = range(max(1, int(detail) - 3), int(detail) + 4)
    return str(rng.choice([number for number in near if number != int(detail)]))


def _draw_wrong_input(rng: Random, program: Program, run: Run) -> Run | None:
    argument, right = run
    for _ in range(DRAWS):
        value = _draw_near(rng, argument) if rng.random() < 0.7 else draw_input(rng, program.takes)
        after = program.states(value) if is_small(value) else None
        if after is not None and after[-1] != right[-1]:
            return value, after
    return None


def _draw_near(rng: Random, value: Value) -> Value:
    """With one number, item or letter changed, added or left out."""
    if isinstance(value, int):
        return value + rng.choice((-3, -2, -1, 1, 2, 3))
    at = rng.randrange(len(value) + 1)
    end = at + rng.randint(0, 1)
    if isinstance(value, str):
        return value[:at] + rng.choice((rng.choice(LETTERS), "")) + value[end:]
    return value[:at] + rng.choice(([rng.randint(0, 9)], [])) + value[end:]
