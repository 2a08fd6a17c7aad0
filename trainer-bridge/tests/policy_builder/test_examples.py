"""The stream: well-formed, true, disjoint from the held-out side, and mixed as asked."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from azr_policy_builder.compact import END
from azr_policy_builder.examples import PROPOSAL_WEIGHT, Example, Reasoned, draw_example
from azr_policy_builder.generator import is_held_out

PROGRAMS = re.compile(r"def f\(x\):.*?\n return x", re.DOTALL)


def draw(count: int, reasoned: float = 0.5) -> list[Example]:
    rng = Random(7)
    return [draw_example(rng, Reasoned.equally(reasoned)) for _ in range(count)]


def test_no_program_is_held_out() -> None:
    texts = [text for e in draw(3000) for text in PROGRAMS.findall(e.prompt + e.completion)]
    assert len(texts) > 3000
    assert not any(map(is_held_out, texts))


def test_answers_are_true() -> None:
    seen = Counter()
    for example in draw(1500):
        if not (solved := re.fullmatch(r"<(ded|abd)>(.*)<(?:in|out)>(.*)<think>", example.prompt, re.DOTALL)):
            continue
        kind, program, given = solved.groups()
        answer = example.completion.removesuffix(END).partition("</think>")[2]
        scope: dict[str, object] = {}
        exec(program, scope)
        argument, output = (given, answer) if kind == "ded" else (answer, given)
        assert repr(scope["f"](eval(argument))) == output
        seen[kind] += 1
    assert min(seen["ded"], seen["abd"]) > 250


def test_induction_answers_give_the_shown_outputs() -> None:
    inductions = [e for e in draw(600) if e.prompt.startswith("<ind>")]
    assert inductions
    for example in inductions:
        scope: dict[str, object] = {}
        exec(example.completion.removesuffix(END).partition("</think>")[2], scope)
        pairs = re.findall(r"<in>(.*?)<out>(.*?)(?=<)", example.prompt)
        assert 2 <= len(pairs) <= 5
        assert all(repr(scope["f"](eval(i))) == o for i, o in pairs)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_share_of_reasoned_answers(share: float) -> None:
    solver = [e for e in draw(3000, share) if not e.prompt.startswith("<gen")]
    reasoned = sum(not e.completion.startswith("</think>") for e in solver) / len(solver)
    assert reasoned == pytest.approx(share, abs=0.03)


def test_proposals_weigh_less_and_are_never_reasoned() -> None:
    for example in draw(1000, 1.0):
        proposal = example.prompt.startswith("<gen")
        assert example.weight == (PROPOSAL_WEIGHT if proposal else 1.0)
        assert example.completion.startswith("</think>") is proposal


def test_the_same_seed_draws_the_same() -> None:
    assert draw(50) == draw(50)
