"""Traces that find an answer by trying: what is wrong is followed by another try, what is right by the answer.

What is wrong is drawn here and must not be learned: its place in the trace is marked as a guess, which has no weight
in the loss. So a policy learns from the right ones alone what to try, and from all of them to see what came of it.

A search for a program goes round the classes of programs, one try in each, and leaves some out. A letter in the trace
names the class, and which comes next is a matter of the task and of the letter before. Without classes a policy tries
what was refused again and again: of what it would guess it had to leave out what it has guessed already, and it does
not learn to; nor does it learn to leave out the letters of more than one try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from string import ascii_uppercase

from . import compact
from .compact import Run, Trace
from .generator import draw_input, is_held_out, states
from .program import Program, Value, is_small, kind_of
from .statements import LETTERS, MOST_TEMPLATES, Kind, draw_statement, template_of, templates_of

Pair = tuple[Value, Value]

LONGEST = 400  # characters of a trace's tries
CHECKED_PAIRS = 3  # on which a program is tried, of those shown
CLASSES = ascii_uppercase  # programs of one statement, then longer ones by the template of their first
ANOTHER_PROGRAM = 0.55  # chance of one more wrong program before the right one
ANOTHER_INPUT = 0.35
TRIED = 0.35  # chance of a class between two that are tried
DRAWS = 60  # of something wrong, before it is given up
PLAUSIBLE = 0.8  # chance that a wrong program is looked for which is right on the first pair

assert len(CLASSES) > MOST_TEMPLATES


def class_of(program: Program) -> int:
    """Its place in `CLASSES`."""
    return 0 if len(program.statements) == 1 else 1 + template_of(program.statements[0], program.takes)


def search_program(rng: Random, program: Program, pairs: Sequence[Pair]) -> Trace:
    """Programs of one class after another on the first of the pairs, the last of them `program`, right on all."""
    checked = pairs[:CHECKED_PAIRS]
    before = _classes_before(rng, class_of(program), 1 + templates_of(program.takes))

    def attempt() -> Trace | None:
        for place in before:
            wrong = _draw_wrong_program(rng, program, checked, place)
            if wrong:
                return _tried(*wrong, checked)
        return None

    runs = [(argument, states(program, argument)) for argument, _ in checked]
    tries = _after_others(rng, _tried(program, runs, checked), attempt, ANOTHER_PROGRAM)
    return compact.looked_for(checked) + tries


def search_input(rng: Random, program: Program, run: Run) -> Trace:
    """Inputs for the last value of the run, the last of them the run's own."""
    wanted = run[1][-1]

    def attempt() -> Trace | None:
        wrong = _draw_wrong_input(rng, program, run)
        return None if wrong is None else compact.tried_input(program, wrong, wanted)

    return _after_others(rng, compact.tried_input(program, run, wanted), attempt, ANOTHER_INPUT)


def _classes_before(rng: Random, right: int, count: int) -> Iterator[int]:
    """Places of the classes tried before the right one, from the last to the first: some on the way are left out."""
    return ((right - back) % count for back in range(1, count) if rng.random() < TRIED)


def _after_others(rng: Random, right: Trace, draw: Callable[[], Trace | None], another: float) -> Trace:
    trace = right
    while rng.random() < another:
        attempt = draw()
        if attempt is None or len(attempt.text) + len(trace.text) > LONGEST:
            break
        trace = attempt + trace
    return trace


def _tried(program: Program, runs: Sequence[Run], pairs: Sequence[Pair]) -> Trace:
    return compact.tried_program(CLASSES[class_of(program)], program, runs, [output for _, output in pairs])


def _draw_wrong_program(
    rng: Random, right: Program, pairs: Sequence[Pair], place: int
) -> tuple[Program, list[Run]] | None:
    """Of the class at `place`, wrong on one of the pairs, often not the first, and of the right kind of output.

    A policy that guesses well is wrong in that way.
    """
    is_choosy = rng.random() < PLAUSIBLE
    wanted = [output for _, output in pairs]
    found: tuple[Program, list[Run]] | None = None
    for _ in range(DRAWS):
        program = _draw_of_class(rng, right.takes, place)
        runs = _runs(program, pairs)
        outputs = [after[-1] for _, after in runs]
        if (
            not runs
            or outputs == wanted
            or kind_of(outputs[0]) != kind_of(wanted[0])
            or is_held_out(program.text)
        ):
            continue
        if outputs[0] == wanted[0] or not is_choosy:
            return program, runs
        found = found or (program, runs)
    return found


def _runs(program: Program, pairs: Sequence[Pair]) -> list[Run]:
    """None at all where it does not run on every input."""
    runs: list[Run] = []
    for argument, _ in pairs:
        after = program.states(argument)
        if after is None:
            return []
        runs.append((argument, after))
    return runs


def _draw_of_class(rng: Random, takes: Kind, place: int) -> Program:
    if place == 0:
        return Program(takes, (draw_statement(rng, takes)[0],))
    first, kind = draw_statement(rng, takes, place - 1)
    return Program(takes, (first, draw_statement(rng, kind)[0]))


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
