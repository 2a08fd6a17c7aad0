"""`python -m azr_policy_builder.learning_tasks --out DIR`: the tasks that the learning benchmark alone is held against.

`heldout.jsonl` is drawn as the policy's own held-out tasks are, without their programs. `longer.jsonl` has deduction
and abduction tasks whose programs are longer than any that the policy was pre-trained on.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

from .generator import MAX_STATEMENTS
from .tasks import HELD_OUT_FILE, Row, distinct_rows, draw_held_out_length, read_rows, write_rows

TASKS = 400  # of each type
LONGER_TASKS = 200
LONGER = (MAX_STATEMENTS + 1, MAX_STATEMENTS + 2)  # statements


def learning_rows(known: set[str]) -> list[Row]:
    """None has a program of `known`."""
    rows: list[Row] = []
    rng = Random("learning benchmark")
    for kind in ("deduction", "abduction", "induction"):
        rows += distinct_rows(rng, kind, TASKS, draw_held_out_length, held_out=True, known=known)
    return rows


def longer_rows() -> list[Row]:
    rng = Random("learning benchmark, longer")
    rows: list[Row] = []
    for kind in ("deduction", "abduction"):
        rows += distinct_rows(rng, kind, LONGER_TASKS, lambda rng, _: rng.choice(LONGER), held_out=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="azr_policy_builder.learning_tasks", description=__doc__)
    parser.add_argument("--policy", type=Path, required=True, help="folder of the policy")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the tasks to")
    arguments = parser.parse_args()
    known = {row["program"] for row in read_rows(arguments.policy / HELD_OUT_FILE)}
    write_rows(arguments.out / "heldout.jsonl", learning_rows(known))
    write_rows(arguments.out / "longer.jsonl", longer_rows())


if __name__ == "__main__":
    main()
