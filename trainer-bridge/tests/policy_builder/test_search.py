"""Traces that search: values and verdicts are Python's, what is wrong is marked, what is right ends the search."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from azr_policy_builder.compact import Trace
from azr_policy_builder.generator import draw_pairs, draw_runnable, is_held_out, states
from azr_policy_builder.program import Program, Value
from azr_policy_builder.search import LONGEST, search_input, search_program

RUN = re.compile(
    r"(?P<argument>[^\n?;!=]*)(?P<steps>(?:\n [^#]*#[^\n?;!=]*)+)\?(?P<wanted>[^!=]*)(?P<verdict>[!=])"
)
STEP = re.compile(r"(\n [^#]*)#([^\n]*)")


def test_induction_traces_are_true_and_end_with_the_right_program() -> None:
    rng = Random(3)
    retried = 0
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        trace = search_program(rng, program, pairs)
        runs = read_runs(trace.text)
        assert [run.verdict for run in runs[-2:]] == ["="] * 2
        assert all(run.program == program for run in runs[-2:])
        assert not any(is_held_out(run.program.text) for run in runs)
        for run in runs:
            assert run.wanted == {repr(i): o for i, o in pairs}[repr(run.argument)]
        retried += any(run.verdict == "!" for run in runs)
    assert 90 < retried < 200


def test_abduction_traces_are_true_and_end_with_the_input() -> None:
    rng = Random(4)
    retried = 0
    for _ in range(300):
        program, (argument,) = draw_runnable(rng, rng.randint(1, 4), 1)
        run = (argument, states(program, argument))
        trace = search_input(rng, program, run)
        runs = [read_runs(attempt.partition(";")[2])[0] for attempt in attempts(trace)]
        assert runs[-1].argument == argument
        assert [r.verdict for r in runs] == ["!"] * (len(runs) - 1) + ["="]
        assert all(r.program == program and r.wanted == run[1][-1] for r in runs)
        retried += len(runs) > 1
    assert 60 < retried < 150


def test_verdicts_are_marked_and_guesses_come_before_the_right_program() -> None:
    rng = Random(5)
    for _ in range(200):
        program, pairs = draw_pairs(rng, 2, 3)
        trace = search_program(rng, program, pairs)
        assert len(trace.text) <= LONGEST or not trace.guesses
        assert [trace.text[a:b] for a, b in trace.verdicts] == [run.verdict for run in read_runs(trace.text)]
        last_wrong = trace.text.rfind("!", 0, trace.verdicts[-1][0])
        assert all(end <= last_wrong for _, end in trace.guesses)
        assert bool(trace.guesses) == (last_wrong >= 0)


def test_no_program_is_tried_twice_and_many_wrong_ones_are_right_on_the_first_pair() -> None:
    rng = Random(6)
    wrong = near = 0
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        refused = [
            tried
            for tried in tries(read_runs(search_program(rng, program, pairs).text))
            if tried[-1].verdict == "!"
        ]
        texts = [tried[0].program.text for tried in refused]
        assert len(set(texts)) == len(texts)
        wrong += len(refused)
        near += sum(len(tried) > 1 for tried in refused)
    assert 0.2 < near / wrong < 0.6


def tries(runs: list[ReadRun]) -> list[list[ReadRun]]:
    """The runs of each program tried, in turn: one begins after every `!`."""
    found: list[list[ReadRun]] = [[]]
    for run in runs:
        found[-1].append(run)
        if run.verdict == "!":
            found.append([])
    return found


def attempts(trace: Trace) -> list[str]:
    """Each with its verdict at the end."""
    ends = [0, *(end for _, end in trace.verdicts)]
    return [trace.text[start:end] for start, end in pairwise(ends)]


class ReadRun:
    """A run as a trace tells it, checked against what the program really does."""

    def __init__(self, match: re.Match[str]) -> None:
        self.argument: Value = eval(match["argument"])
        self.wanted: Value = eval(match["wanted"])
        self.verdict = match["verdict"]
        steps = STEP.findall(match["steps"])
        kind = type(self.argument).__name__
        self.program = Program(kind, tuple(statement for statement, _ in steps))  # type: ignore[arg-type]
        after = states(self.program, self.argument)
        assert [repr(value) for value in after] == [value for _, value in steps]
        assert self.verdict == ("=" if after[-1] == self.wanted else "!")


def read_runs(text: str) -> list[ReadRun]:
    matches = list(RUN.finditer(text))
    assert "".join(match[0] for match in matches) == text
    return [ReadRun(match) for match in matches]
