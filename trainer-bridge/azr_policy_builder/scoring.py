"""Whether answers and proposals of the policy are right."""

from __future__ import annotations

import ast

from . import compact
from .examples import INDUCTION_INPUTS
from .sampling import Completion
from .tasks import Row
from .written import Job, run_written

SHOWN = INDUCTION_INPUTS // 2  # pairs that the solver of an induction task is shown; the others are hidden
MAX_LITERAL = 200  # characters


def prompt(row: Row) -> str:
    if row["type"] == "deduction":
        return compact.deduction_prompt(row["program"], row["input"])
    if row["type"] == "abduction":
        return compact.abduction_prompt(row["program"], row["output"])
    return compact.induction_prompt((i, o) for i, o in row["pairs"][:SHOWN])


def correct(rows: list[Row], completions: list[Completion]) -> list[bool]:
    """For each row of a task file whether its completion solves it; an answer that is missing is wrong."""
    answers = [completion.answer or "" for completion in completions]
    if rows and rows[0]["type"] == "deduction":
        return [_literal(answer) == row["output"] for row, answer in zip(rows, answers, strict=True)]
    jobs, wanted = [], []
    for row, answer in zip(rows, answers, strict=True):
        if row["type"] == "abduction":
            jobs.append((row["program"], [answer]))
            wanted.append([row["output"]])
        else:
            hidden = row["pairs"][SHOWN:]
            jobs.append((answer, [i for i, _ in hidden]))
            wanted.append([o for _, o in hidden])
    return [outputs == expected for outputs, expected in zip(run_written(jobs), wanted, strict=True)]


def valid_triplets(completions: list[Completion]) -> list[bool]:
    """Whether each proposal `program<in>input` runs."""
    jobs: list[Job] = []
    for completion in completions:
        program, _, argument = (completion.answer or "").partition("<in>")
        jobs.append((program, [argument]))
    return [outputs is not None for outputs in run_written(jobs)]


def valid_inputs(programs: list[str], completions: list[Completion]) -> list[bool]:
    """Whether each proposal of inputs has as many as asked, all different, and the program runs on every one."""
    inputs = [(completion.answer or "").split("<in>") for completion in completions]
    outputs = run_written(list(zip(programs, inputs, strict=True)))
    return [
        found is not None and len(set(texts)) == len(texts) == INDUCTION_INPUTS
        for found, texts in zip(outputs, inputs, strict=True)
    ]


def _literal(text: str) -> str | None:
    """The `repr` of the value that `text` writes; None when it writes none."""
    if len(text) > MAX_LITERAL:
        return None
    try:
        return repr(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
