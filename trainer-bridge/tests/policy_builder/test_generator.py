"""What the generator draws runs, stays small, and is on the side that was asked for."""

from __future__ import annotations

from random import Random

import pytest

from azr_policy_builder.generator import draw_inputs, draw_pairs, draw_runnable, is_held_out, states
from azr_policy_builder.program import Program, is_small
from azr_policy_builder.statements import KINDS, TEMPLATES, draw_statement, template_of, templates_of


def python_output(program: str, argument: object) -> object:
    scope: dict[str, object] = {}
    exec(program, scope)
    return scope["f"](argument)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_states_agree_with_the_whole_program(length: int) -> None:
    rng = Random(length)
    for _ in range(200):
        program, inputs = draw_runnable(rng, length, 2)
        assert len(program.statements) == length
        assert inputs[0] != inputs[1]
        for value in inputs:
            after = states(program, value)
            assert all(map(is_small, after))
            assert repr(after[-1]) == repr(python_output(program.text, value))


def test_every_template_can_be_run() -> None:
    rng = Random(0)
    for template in TEMPLATES:
        found = (draw_inputs(rng, Program(template.takes, (template.write(rng),)), 2) for _ in range(50))
        assert any(found), template.write(rng)


def test_a_statement_tells_its_template() -> None:
    rng = Random(2)
    for kind in KINDS:
        for place in range(templates_of(kind)):
            assert {template_of(draw_statement(rng, kind, place)[0], kind) for _ in range(100)} == {place}


@pytest.mark.parametrize("held_out", [False, True])
def test_side_is_kept(held_out: bool) -> None:
    rng = Random(1)
    for length in (2, 3):
        for _ in range(100):
            assert is_held_out(draw_runnable(rng, length, 1, held_out)[0].text) is held_out


def test_a_quarter_is_held_out() -> None:
    held_out = sum(is_held_out(f"def f(x):\n x=x+{n}\n x=-x\n return x") for n in range(10_000))
    assert held_out == pytest.approx(2500, abs=150)


@pytest.mark.parametrize("statement", ["x=x+{n}", "if x>{n}:\n  x=x-1"])
def test_a_program_of_one_statement_is_never_held_out(statement: str) -> None:
    assert not any(is_held_out(f"def f(x):\n {statement.format(n=n)}\n return x") for n in range(100))


def test_a_program_that_raises_or_grows_has_no_states() -> None:
    assert Program("list", ("\n x=x[1:]", "\n x=max(x)")).states([3]) is None
    assert Program("int", ("\n x=x*5",)).states(20) is None
    with pytest.raises(ValueError, match="does not run on 20"):
        states(Program("int", ("\n x=x*5",)), 20)


def test_pairs_are_distinct_and_their_outputs_differ() -> None:
    rng = Random(3)
    for _ in range(200):
        _, pairs = draw_pairs(rng, 2, 6)
        assert len({repr(i) for i, _ in pairs}) == 6
        assert len({repr(o) for _, o in pairs}) > 1
