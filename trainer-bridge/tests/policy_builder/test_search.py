"""Traces that search: values and verdicts are Python's, what is wrong is marked, what is right ends the search."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from azr_policy_builder.compact import Trace
from azr_policy_builder.generator import draw_pairs, draw_runnable, is_held_out, states
from azr_policy_builder.program import Program, Value, kind_of
from azr_policy_builder.search import CLASSES, LONGEST, class_of, search_input, search_program

TRY = re.compile(
    r"(?P<arguments>[^\n?;!=A-H]*)(?P<mark>[A-H]?)(?P<steps>(?:\n [^#]*#[^\n?;!=]*)+)"
    r"\?(?P<wanted>[^!=]*)(?P<verdict>[!=])"
)
STEP = re.compile(r"(\n [^#]*)#([^\n]*)")


def test_induction_traces_are_true_and_end_with_the_right_program() -> None:
    rng = Random(3)
    retried = 0
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        tries = read_tries(search_program(rng, program, pairs).text)
        assert all(tried.mark for tried in tries)
        assert [tried.is_right for tried in tries] == [False] * (len(tries) - 1) + [True]
        assert tries[-1].program == program
        for tried in tries:
            assert not is_held_out(tried.program.text)
            assert list(zip(tried.arguments, tried.wanted, strict=True)) == pairs[:2]
        retried += len(tries) > 1
    assert 90 < retried < 200


def test_a_search_goes_from_class_to_class() -> None:
    rng = Random(6)
    right = set()
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 3), 3)
        marks = "".join(tried.mark for tried in read_tries(search_program(rng, program, pairs).text))
        assert marks in CLASSES * 2
        assert len(marks) <= len(CLASSES)
        right.add(marks[-1])
    assert right == set(CLASSES)


def test_many_wrong_programs_are_right_on_the_first_pair() -> None:
    rng = Random(7)
    wrong = near = 0
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        for tried in read_tries(search_program(rng, program, pairs).text)[:-1]:
            wrong += 1
            near += tried.outputs[0] == tried.wanted[0]
    assert 0.1 < near / wrong < 0.6


def test_abduction_traces_are_true_and_end_with_the_input() -> None:
    rng = Random(4)
    retried = 0
    for _ in range(300):
        program, (argument,) = draw_runnable(rng, rng.randint(1, 4), 1)
        run = (argument, states(program, argument))
        trace = search_input(rng, program, run)
        tries = [read_tries(attempt.partition(";")[2])[0] for attempt in attempts(trace)]
        assert [tried.is_right for tried in tries] == [False] * (len(tries) - 1) + [True]
        assert tries[-1].arguments == [argument]
        assert all(tried.program == program and tried.wanted == run[1][-1:] for tried in tries)
        retried += len(tries) > 1
    assert 60 < retried < 150


def test_verdicts_are_marked_and_guesses_come_before_the_right_program() -> None:
    rng = Random(5)
    for _ in range(200):
        program, pairs = draw_pairs(rng, 2, 3)
        trace = search_program(rng, program, pairs)
        assert len(trace.text) <= LONGEST or not trace.guesses
        assert "".join(trace.text[a:b] for a, b in trace.verdicts) == "!" * (len(trace.verdicts) - 1) + "="
        last_wrong = trace.text.rfind("!", 0, trace.verdicts[-1][0])
        assert all(end <= last_wrong for _, end in trace.guesses)
        assert bool(trace.guesses) == (last_wrong >= 0)


def attempts(trace: Trace) -> list[str]:
    """Each with its verdict at the end."""
    ends = [0, *(end for _, end in trace.verdicts)]
    return [trace.text[start:end] for start, end in pairwise(ends)]


class ReadTry:
    """A program carried out on inputs side by side, as a trace tells it, checked against what it really does."""

    def __init__(self, match: re.Match[str]) -> None:
        self.mark = match["mark"]
        self.arguments = values(match["arguments"])
        self.wanted = values(match["wanted"])
        steps = STEP.findall(match["steps"])
        self.program = Program(kind_of(self.arguments[0]), tuple(statement for statement, _ in steps))
        after = [states(self.program, argument) for argument in self.arguments]
        assert ["|".join(map(repr, beside)) for beside in zip(*after, strict=True)] == [
            text for _, text in steps
        ]
        self.outputs = [each[-1] for each in after]
        self.is_right = match["verdict"] == "="
        assert self.is_right == (self.outputs == self.wanted)
        assert self.mark in ("", CLASSES[class_of(self.program)])


def values(text: str) -> list[Value]:
    return [eval(value) for value in text.split("|")]


def read_tries(text: str) -> list[ReadTry]:
    matches = list(TRY.finditer(text))
    assert "".join(match[0] for match in matches) == text
    return [ReadTry(match) for match in matches]
