"""The text format, byte for byte: the control plane renders and parses the same."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from azr_policy_builder import compact
from azr_policy_builder.compact import Span, Trace
from azr_policy_builder.program import Program, Value

PROGRAM = Program("int", ("\n x=x+3", "\n if x>5:\n  x=x-1"))
RUN = (5, [8, 7])


def test_program_text() -> None:
    assert PROGRAM.text == "def f(x):\n x=x+3\n if x>5:\n  x=x-1\n return x"


def test_prompts() -> None:
    assert compact.deduction_prompt("P", "5") == "<ded>P<in>5<think>"
    assert compact.abduction_prompt("P", "7") == "<abd>P<out>7<think>"
    assert compact.induction_prompt([("1", "2"), ("3", "4")]) == "<ind><in>1<out>2<in>3<out>4<think>"
    assert compact.proposal_prompt("<gen-abd>", [("P", "1", "2")]) == "<gen-abd><prog>P<in>1<out>2<think>"
    assert compact.inputs_prompt("P") == "<gen-ind><prog>P<think>"


def test_completions() -> None:
    assert compact.completion("7") == "</think>7<|end|>"
    assert compact.completion("7", "5#") == "5#</think>7<|end|>"
    assert compact.proposal_answer("P", "5") == "P<in>5"
    assert compact.inputs_answer([[1, 2], "a"]) == "[1, 2]<in>'a'"


def test_forward_trace() -> None:
    assert compact.forward_trace(PROGRAM, RUN) == Trace("5\n x=x+3#8\n if x>5:\n  x=x-1#7")


def test_a_search_for_a_program_begins_with_the_pairs() -> None:
    assert compact.looked_for([(5, 7), (0, [3])]) == Trace("5|0?7|[3]")


def test_a_program_that_is_right_on_all_pairs() -> None:
    tried = compact.tried_program("B", PROGRAM, [RUN, (0, [3, 3])], [7, 3])
    assert tried.text == "B\n x=x+3#8|3\n if x>5:\n  x=x-1#7|3="
    assert marked(tried, tried.verdicts) == ["="]
    assert tried.guesses == ()


@pytest.mark.parametrize(("wanted", "last"), [([7, 4], "7|3"), ([8, 3], "7"), ([8, 4], "7")])
def test_a_wrong_program_is_a_guess_with_its_mark_and_ends_with_its_first_wrong_value(
    wanted: list[Value], last: str
) -> None:
    tried = compact.tried_program("B", PROGRAM, [RUN, (0, [3, 3])], wanted)
    assert tried.text == f"B\n x=x+3#8|3\n if x>5:\n  x=x-1#{last}!"
    assert marked(tried, tried.verdicts) == ["!"]
    assert marked(tried, tried.guesses) == ["B", "\n x=x+3", "\n if x>5:\n  x=x-1"]


def test_an_input_is_tried_backwards_and_checked_forwards() -> None:
    back, forth = "7\n if x>5:\n  x=x-1#8\n x=x+3#5", "5\n x=x+3#8\n if x>5:\n  x=x-1#7"
    right = compact.tried_input(PROGRAM, RUN, 7)
    assert right.text == f"{back};{forth}?7="
    assert right.guesses == ()
    wrong = compact.tried_input(PROGRAM, RUN, 9)
    assert wrong.text == f"9{back[1:]};{forth}?9!"
    assert marked(wrong, wrong.guesses) == [f"9{back[1:]}"]


def test_places_move_with_what_stands_before_them() -> None:
    wrong = compact.tried_input(PROGRAM, RUN, 9)
    both = wrong + wrong
    assert marked(both, both.verdicts) == ["!", "!"]
    assert marked(both, both.guesses) == marked(wrong, wrong.guesses) * 2


def marked(trace: Trace, spans: Iterable[Span]) -> list[str]:
    return [trace.text[start:end] for start, end in spans]
