"""The text format, byte for byte: the control plane renders and parses the same."""

from __future__ import annotations

from azr_policy_builder import compact
from azr_policy_builder.program import Program

PROGRAM = Program("int", ("\n x=x+3", "\n if x>5:\n  x=x-1"))
STATES = [8, 7]


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


def test_traces() -> None:
    assert compact.forward_trace(PROGRAM, 5, STATES) == "5\n x=x+3#8\n if x>5:\n  x=x-1#7"
    assert compact.backward_trace(PROGRAM, 5, STATES) == "7\n if x>5:\n  x=x-1#8\n x=x+3#5"
