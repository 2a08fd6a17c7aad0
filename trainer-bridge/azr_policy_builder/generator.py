"""Draws programs and inputs. Every choice comes from the `Random` that the caller passes."""

from __future__ import annotations

import re
from hashlib import blake2b
from random import Random

from .program import Program, Value
from .statements import KINDS, LETTERS, Kind, draw_statement

MAX_STATEMENTS = 5
INPUT_TRIES = 12  # draws for one input on which the program stays small, before the program is given up
HELD_OUT_SHARE = 0.25
STATEMENT = re.compile(r"\n \S")


def is_held_out(text: str) -> bool:
    """Whether a program belongs to the held-out side.

    The hash of its text decides, so that no program is on both sides, and both sides keep the generator's
    distribution: skipping a list of held-out programs would thin out the short ones, of which there are few.
    A program of one statement is never held out. There are few statements, and a policy that is never shown one of
    them alone learns that it never stands alone.
    """
    statements = len(STATEMENT.findall(text)) - 1  # the last one returns
    return statements > 1 and blake2b(text.encode(), digest_size=1).digest()[0] < 256 * HELD_OUT_SHARE


def draw_input(rng: Random, kind: Kind) -> Value:
    if kind == "int":
        return rng.randint(0, 20) if rng.random() < 0.9 else rng.randint(-10, 40)
    if kind == "list":
        return [rng.randint(0, 9) for _ in range(rng.randint(1, 5))]
    return "".join(rng.choices(LETTERS, k=rng.randint(1, 5)))


def draw_program(rng: Random, length: int, held_out: bool) -> Program:
    """A program of `length` statements, at least two if held out, on the asked side. It may fail on every input."""
    while True:
        takes = kind = rng.choice(KINDS)
        statements = []
        for _ in range(length):
            statement, kind = draw_statement(rng, kind)
            statements.append(statement)
        program = Program(takes, tuple(statements))
        if is_held_out(program.text) == held_out:
            return program


def draw_inputs(rng: Random, program: Program, count: int) -> list[Value] | None:
    """`count` distinct inputs on which the program stays small; None when they are not found soon."""
    found: list[Value] = []
    for _ in range(INPUT_TRIES * count):
        value = draw_input(rng, program.takes)
        if value not in found and program.states(value) is not None:
            found.append(value)
            if len(found) == count:
                return found
    return None


def draw_runnable(
    rng: Random, length: int, inputs: int, held_out: bool = False
) -> tuple[Program, list[Value]]:
    """A program and `inputs` distinct inputs for it.

    The length is the caller's and is kept over redraws: long programs fail more often, and redrawing the length
    with the program would make them rarer than asked.
    """
    while True:
        program = draw_program(rng, length, held_out)
        found = draw_inputs(rng, program, inputs)
        if found is not None:
            return program, found


def draw_pairs(
    rng: Random, length: int, count: int, held_out: bool = False
) -> tuple[Program, list[tuple[Value, Value]]]:
    """A program and `count` distinct inputs with their outputs, which are not all the same."""
    while True:
        program, inputs = draw_runnable(rng, length, count, held_out)
        pairs = [(value, states(program, value)[-1]) for value in inputs]
        if any(out != pairs[0][1] for _, out in pairs):
            return program, pairs


def states(program: Program, value: Value) -> list[Value]:
    """The value after each statement, from an input that the program is known to run on; ValueError otherwise."""
    found = program.states(value)
    if found is None:
        raise ValueError(f"program {program.text!r} does not run on {value!r}")
    return found
