"""Traces that find an answer by trying: what is wrong is followed by another try, what is right by the answer.

What is wrong is drawn here and must not be learned: its place in the trace is marked as a guess, which has no weight
in the loss. So a policy learns from the right ones alone what to try, and from all of them to see what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from . import compact
from .compact import Run, Trace
from .generator import draw_input, is_held_out, states
from .program import Program, Value, is_small, kind_of
from .statements import LETTERS, Kind, draw_statement

Pair = tuple[Value, Value]

LONGEST = 400  # characters of a trace
CHECKED_PAIRS = 2  # on which a program is tried, of those shown
ANOTHER_PROGRAM = 0.5  # chance of one more wrong program before the right one
ANOTHER_INPUT = 0.35
DRAWS = 40  # of something wrong, before it is given up


def search_program(rng: Random, program: Program, pairs: Sequence[Pair]) -> Trace:
    """Programs on the first of the pairs, the last of them `program`, which is right on all."""
    checked = pairs[:CHECKED_PAIRS]
    wanted = [output for _, output in checked]

    def attempt() -> Trace | None:
        runs = _draw_wrong_runs(rng, program, checked)
        return None if runs is None else compact.tried_program(*runs, wanted)

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
    rng: Random, program: Program, pairs: Sequence[Pair]
) -> tuple[Program, list[Run]] | None:
    """Of a program like the right one, or of its length; its values have the right kind, and one is wrong."""
    kinds = [program.takes, *map(kind_of, states(program, pairs[0][0]))]
    for _ in range(DRAWS):
        other = _draw_like(rng, program, kinds)
        if is_held_out(other.text):
            continue
        try:
            runs = _runs_on(other, pairs)
        except ValueError:
            continue
        last = runs[-1][1][-1]
        if kind_of(last) == kinds[-1] and last != pairs[len(runs) - 1][1]:
            return other, runs
    return None


def _draw_like(rng: Random, program: Program, kinds: Sequence[Kind]) -> Program:
    """Each statement is kept, where it still fits, or drawn anew; or all are.

    `kinds` are of the input and of the values after each of the program's statements.
    """
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
