"""The task files that ship beside the policy: `seed.jsonl`, which self-play starts from, and `heldout.jsonl`.

One JSON object a line. Deduction and abduction: `{type, program, input, output}`; induction: `{type, program, pairs}`
with six `[input, output]` pairs. Every value is Python's `repr` of it. The two files share no program, and no held-out
program, which has at least two statements, is ever drawn in pre-training.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Set
from pathlib import Path
from random import Random
from typing import Any

from .examples import INDUCTION_INPUTS, draw_induction_length, draw_length
from .generator import draw_pairs

SEED_FILE = Path("tasks/seed.jsonl")  # in the policy's folder
HELD_OUT_FILE = Path("tasks/heldout.jsonl")
HELD_OUT_COUNTS = {"deduction": 300, "abduction": 300, "induction": 300}
SEED_COUNTS = {"deduction": 64, "abduction": 64, "induction": 32}
CONSTANT_CHECK = 4  # inputs on which a deduction or abduction program's outputs must not all be the same

Row = dict[str, Any]


def held_out_rows(seed: int) -> list[Row]:
    return _rows(Random(f"held-out {seed}"), HELD_OUT_COUNTS, held_out=True)


def seed_rows(seed: int) -> list[Row]:
    return _rows(Random(f"seed tasks {seed}"), SEED_COUNTS, held_out=False)


def write_rows(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def read_rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _rows(rng: Random, counts: dict[str, int], held_out: bool) -> list[Row]:
    return [
        row
        for kind, count in counts.items()
        for row in distinct_rows(
            rng, kind, count, draw_held_out_length if held_out else draw_task_length, held_out
        )
    ]


def draw_task_length(rng: Random, kind: str) -> int:
    """Statements of a program, as in pre-training."""
    return draw_induction_length(rng) if kind == "induction" else draw_length(rng)


def draw_held_out_length(rng: Random, kind: str) -> int:
    """As in pre-training, but for programs of one statement, none of which is held out."""
    while (length := draw_task_length(rng, kind)) == 1:
        pass
    return length


def distinct_rows(
    rng: Random,
    kind: str,
    count: int,
    length_of: Callable[[Random, str], int],
    held_out: bool,
    known: Set[str] = frozenset(),
) -> list[Row]:
    """`count` rows of distinct programs, none of `known`, in the order drawn, so that any prefix is a fair sample.

    A program drawn before is drawn again at the same length: there are few short programs, and drawing the length
    again too would leave them out more and more.
    """
    draw = _induction_row if kind == "induction" else _triplet_row
    rows: list[Row] = []
    texts = set(known)
    for _ in range(count):
        length = length_of(rng, kind)
        row = draw(rng, kind, length, held_out)
        while row["program"] in texts:
            row = draw(rng, kind, length, held_out)
        texts.add(row["program"])
        rows.append(row)
    return rows


def _triplet_row(rng: Random, kind: str, length: int, held_out: bool) -> Row:
    program, pairs = draw_pairs(rng, length, CONSTANT_CHECK, held_out)
    argument, output = pairs[0]
    return {"type": kind, "program": program.text, "input": repr(argument), "output": repr(output)}


def _induction_row(rng: Random, kind: str, length: int, held_out: bool) -> Row:
    program, pairs = draw_pairs(rng, length, INDUCTION_INPUTS, held_out)
    return {"type": kind, "program": program.text, "pairs": [[repr(i), repr(o)] for i, o in pairs]}
