"""What a caller gets of a real server: verdicts, tasks, and errors of single items."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from azr_verifier import (
    Answer,
    InvalidRequest,
    ItemError,
    Limits,
    Options,
    Proposal,
    Response,
    Task,
    Verifier,
)
from tests.verifier_client.served import Served

SQUARE = "def f(x):\n    return x * x"
SOON = Options(limits=Limits(timeout_ms=300))


def said(results: list) -> list[str]:
    """The reason, outcome or illegal field of each."""
    return [
        result.field if isinstance(result, ItemError) else result.reason or result.outcome
        for result in results
    ]


def test_answers_of_every_type_are_scored_in_their_order(verifier: Verifier) -> None:
    hidden = [("3", "9"), ("-2", "4")]
    answers = [
        Answer(Task("deduction", output="{'a': 1}"), '{"a": 1}'),
        Answer(Task("deduction", output="1"), "1.0"),
        Answer(Task("abduction", program=SQUARE, output="9"), "-3"),
        Answer(Task("abduction", program=SQUARE, output="9"), "2"),
        Answer(Task("induction", hidden=hidden), SQUARE),
        Answer(Task("induction", hidden=hidden), "def f(x): return 9"),
        Answer(Task("error", output="KeyError"), "KeyError"),
    ]
    results = verifier.score(answers)
    assert said(results) == [
        *("correct", "wrong_value", "correct", "wrong_value", "correct", "wrong_value", "correct")
    ]
    assert [result.correct for result in results] == [True, False] * 3 + [True]


def test_tasks_that_were_accepted_can_be_answered(verifier: Verifier) -> None:
    inputs = [f"{number}" for number in range(10)]
    response = Response("</think>\n<answer>\n```python\n" + SQUARE + "\n```\n```input\n3\n```\n</answer>")
    validations = verifier.validate(
        [
            Proposal("deduction", program=SQUARE, input="0x3"),
            Proposal("abduction", response=response),
            Proposal("induction", program=SQUARE, inputs=inputs, message="a number"),
            Proposal("induction", program=SQUARE, inputs=inputs, message=SQUARE),
            Proposal("error", program=SQUARE, input="None"),
            Proposal("deduction", program="def f(x): return (", input="1"),
        ],
        options=Options(prompt_format="paper"),
    )
    assert said(validations) == ["accepted"] * 3 + ["leak", "accepted", "syntax_error"]
    assert [validation.penalised for validation in validations] == [False] * 3 + [True, False, True]
    tasks = [validation.task for validation in validations if validation.accepted]
    assert tasks[0] == Task("deduction", program=SQUARE, input="3", output="9")
    assert len(tasks[2].given) == len(tasks[2].hidden) == 5
    golds = ["9", "-3", SQUARE, "TypeError"]
    assert said(verifier.score(map(Answer, tasks, golds))) == ["correct"] * 4


def test_an_illegal_item_keeps_no_other_from_its_verdict(verifier: Verifier) -> None:
    good = Answer(Task("deduction", output="1"), "1")
    results = verifier.score(
        [
            good,
            Answer(Task("deduction", output="open('x')"), "1"),
            Answer(Task("deduction", output="1"), "\ud83d"),
            Answer(Task("deduction", output="1"), Response("1")),
            Answer(Task("deduction", output="1"), "1" * (64 << 20)),
            good,
        ]
    )
    assert said(results) == ["correct", "task.deduction.output", "text", "response", "item", "correct"]
    assert str(results[1]).startswith(
        "task.deduction.output: \"open('x')\" is not legal; it is a Python value"
    )


def test_options_of_the_verifier_hold_unless_a_call_has_its_own(served: Served) -> None:
    one = [Answer(Task("deduction", output="1"), "1.0")]
    with Verifier(served.address, options=Options(equality="python")) as verifier:
        assert said(verifier.score(one)) == ["correct"]
        assert said(verifier.score(one, options=Options())) == ["wrong_value"]
        with pytest.raises(InvalidRequest, match=r"options\.limits\.timeout_ms: 70000 is not legal"):
            verifier.score(one, options=Options(limits=Limits(timeout_ms=70_000)))
        with pytest.raises(ValueError, match="riddle"):
            Task("riddle")


def test_more_items_than_a_call_may_have_go_in_several(verifier: Verifier) -> None:
    count = 25_001
    answers = (Answer(Task("deduction", output=f"{i}"), f"{i - i % 2}") for i in range(count))
    results = verifier.score(answers)
    assert [result.correct for result in results] == [i % 2 == 0 for i in range(count)]
    assert verifier.score([]) == []


def test_threads_share_a_verifier(verifier: Verifier) -> None:
    def score(own: int) -> list[bool]:
        answers = (Answer(Task("deduction", output=f"{own}"), f"{i % 10}") for i in range(200))
        return [result.correct for result in verifier.score(answers)]

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(score, range(8)))
    assert results == [[i % 10 == own for i in range(200)] for own in range(8)]


def test_results_come_as_they_are_done(verifier: Verifier) -> None:
    hangs = Answer(Task("abduction", program="def f(x):\n    while True: pass", output="1"), "1")
    quick = Answer(Task("deduction", output="1"), "1")
    indices = [index for index, _ in verifier.score_stream([hangs, quick, quick], options=SOON)]
    assert sorted(indices[:2]) == [1, 2] and indices[2] == 0


def test_capabilities_name_the_jail(verifier: Verifier) -> None:
    found = verifier.capabilities()
    assert found.tier in (1, 2)
    assert found.python_version.startswith("3.1")
    assert found.prompt_formats == ("compact", "paper")


def test_an_executor_that_is_killed_during_a_batch_costs_no_answer(
    served: Served, verifier: Verifier
) -> None:
    verifier.capabilities()
    program = "def f(x):\n    return sum(range(10**6)) * 0 + x"
    count = 60
    answers = [
        Answer(Task("abduction", program=f"{program} # {i}", output="7"), "7" if i % 3 else "8")
        for i in range(count)
    ]
    results = {}
    for index, result in verifier.score_stream(answers):
        if not results:
            os.kill(served.executor(), signal.SIGKILL)
        results[index] = result
    assert said([results[i] for i in range(count)]) == [
        "correct" if i % 3 else "wrong_value" for i in range(count)
    ]
