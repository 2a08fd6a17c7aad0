"""Traces that search: values and verdicts are Python's, what is wrong is marked, what is right ends the search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from random import Random

from azr_policy_builder.compact import Trace
from azr_policy_builder.generator import draw_pairs, draw_runnable, is_held_out, states
from azr_policy_builder.program import Program, Value, kind_of
from azr_policy_builder.search import CLASSES, LONGEST, Pair, class_of, search_input, search_program
from azr_policy_builder.statements import templates_of

STEP = r"\n [^#]*#[^\n?;!=A-Z]*"
TRIED_PROGRAM = re.compile(rf"(?P<mark>[A-Z])(?P<steps>(?:{STEP})+)(?P<verdict>[!=])")
CHECKED_INPUT = re.compile(
    rf"(?P<argument>[^\n]*)(?P<steps>(?:{STEP})+)\?(?P<wanted>[^!=]*)(?P<verdict>[!=])"
)


def test_induction_traces_are_true_and_end_with_the_right_program() -> None:
    rng = Random(3)
    retried = 0
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        tries = read_programs(search_program(rng, program, pairs).text, pairs)
        assert [tried.is_right for tried in tries] == [False] * (len(tries) - 1) + [True]
        assert tries[-1].program == program
        assert not any(is_held_out(tried.program.text) for tried in tries)
        retried += len(tries) > 1
    assert 90 < retried < 200


def test_a_search_goes_round_the_classes_and_leaves_some_out() -> None:
    rng = Random(6)
    right, gaps = set(), set()
    for _ in range(600):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        tries = read_programs(search_program(rng, program, pairs).text, pairs)
        count = 1 + templates_of(program.takes)
        places = [CLASSES.index(tried.mark) for tried in tries]
        steps = [(after - before) % count for before, after in pairwise(places)]
        assert 0 not in steps
        assert sum(steps) < count
        right.add(places[-1])
        gaps.update(steps)
    assert len(right) > 15
    assert {1, 2, 3} < gaps


def test_many_wrong_programs_are_right_on_the_first_pair() -> None:
    rng = Random(7)
    wrong = near = 0
    for _ in range(300):
        program, pairs = draw_pairs(rng, rng.randint(1, 2), 3)
        for tried in read_programs(search_program(rng, program, pairs).text, pairs)[:-1]:
            wrong += 1
            near += len(tried.outputs) > 1
    assert 0.1 < near / wrong < 0.6


def test_abduction_traces_are_true_and_end_with_the_input() -> None:
    rng = Random(4)
    retried = 0
    for _ in range(300):
        program, (argument,) = draw_runnable(rng, rng.randint(1, 4), 1)
        run = (argument, states(program, argument))
        trace = search_input(rng, program, run)
        tries = [check_input(attempt.partition(";")[2], program, run[1][-1]) for attempt in attempts(trace)]
        assert [is_right for _, is_right in tries] == [False] * (len(tries) - 1) + [True]
        assert tries[-1][0] == argument
        retried += len(tries) > 1
    assert 60 < retried < 150


def test_verdicts_are_marked_and_guesses_come_before_the_right_program() -> None:
    rng = Random(5)
    for _ in range(200):
        program, pairs = draw_pairs(rng, 2, 3)
        trace = search_program(rng, program, pairs)
        tries = trace.text[TRIED_PROGRAM.search(trace.text).start() :]
        assert len(tries) <= LONGEST or not trace.guesses
        assert "".join(trace.text[a:b] for a, b in trace.verdicts) == "!" * (len(trace.verdicts) - 1) + "="
        last_wrong = trace.text.rfind("!", 0, trace.verdicts[-1][0])
        assert all(end <= last_wrong for _, end in trace.guesses)
        assert bool(trace.guesses) == (last_wrong >= 0)


def attempts(trace: Trace) -> list[str]:
    """Each with its verdict at the end."""
    ends = [0, *(end for _, end in trace.verdicts)]
    return [trace.text[start:end] for start, end in pairwise(ends)]


@dataclass(frozen=True)
class TriedProgram:
    """As a trace tells it."""

    mark: str
    program: Program
    outputs: list[Value]
    """As far as they are right, and the first wrong one."""
    is_right: bool


def read_programs(text: str, pairs: Sequence[Pair]) -> list[TriedProgram]:
    """Those of a search on these pairs, each checked against what it really does."""
    header = f"{beside([i for i, _ in pairs])}?{beside([o for _, o in pairs])}"
    matches = list(TRIED_PROGRAM.finditer(text, len(header)))
    assert header + "".join(match[0] for match in matches) == text
    return [read_program(match, pairs) for match in matches]


def read_program(match: re.Match[str], pairs: Sequence[Pair]) -> TriedProgram:
    statements, told = zip(*(step.split("#") for step in re.findall(STEP, match["steps"])), strict=True)
    program = Program(kind_of(pairs[0][0]), statements)
    after = [states(program, argument) for argument, _ in pairs]
    assert list(told[:-1]) == [beside(values) for values in zip(*after, strict=True)][:-1]
    outputs, wanted = [each[-1] for each in after], [output for _, output in pairs]
    is_right = match["verdict"] == "="
    assert is_right == (outputs == wanted)
    assert match["mark"] == CLASSES[class_of(program)]
    told_right = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(outputs, wanted, strict=True))))
    outputs = outputs[: told_right + 1]
    assert told[-1] == beside(outputs)
    return TriedProgram(match["mark"], program, outputs, is_right)


def check_input(text: str, program: Program, wanted: Value) -> tuple[Value, bool]:
    """The input that is carried forward, and the verdict, checked against what the program really does."""
    match = CHECKED_INPUT.fullmatch(text)
    assert match
    argument = eval(match["argument"])
    after = states(program, argument)
    steps = zip(program.statements, after, strict=True)
    assert match["steps"] == "".join(f"{statement}#{value!r}" for statement, value in steps)
    assert match["wanted"] == repr(wanted)
    assert (match["verdict"] == "=") == (after[-1] == wanted)
    return argument, match["verdict"] == "="


def beside(values: Sequence[Value]) -> str:
    return "|".join(map(repr, values))
