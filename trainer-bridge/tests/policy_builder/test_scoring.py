"""Which answers and proposals count as right."""

from __future__ import annotations

from azr_policy_builder.sampling import Completion
from azr_policy_builder.scoring import correct, prompt, valid_inputs, valid_triplets

PROGRAM = "def f(x):\n x=x%3\n return x"
PAIRS = [[str(i), str(i % 3)] for i in range(6)]


def answers(*texts: str | None) -> list[Completion]:
    return [Completion("", text) for text in texts]


def test_completions_are_parsed() -> None:
    assert Completion.parse("5\n x=x+3#8</think>8<|end|><|end|>") == Completion("5\n x=x+3#8", "8")
    assert Completion.parse("</think>8") == Completion("", None)
    assert Completion.parse("5#8<|end|>").answer is None


def test_deduction_compares_values() -> None:
    row = {"type": "deduction", "program": PROGRAM, "input": "5", "output": "[1, 2]"}
    assert prompt(row) == f"<ded>{PROGRAM}<in>5<think>"
    assert correct([row] * 5, answers("[1, 2]", "[1,2]", "[2, 1]", "[1", None)) == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_abduction_takes_any_input_with_the_output() -> None:
    row = {"type": "abduction", "program": PROGRAM, "input": "5", "output": "2"}
    assert prompt(row) == f"<abd>{PROGRAM}<out>2<think>"
    assert correct([row] * 4, answers("5", "8", "7", "'a'")) == [True, True, False, False]


def test_induction_is_scored_on_hidden_pairs() -> None:
    row = {"type": "induction", "program": PROGRAM, "pairs": PAIRS}
    assert prompt(row) == "<ind><in>0<out>0<in>1<out>1<in>2<out>2<think>"
    shown_only = "def f(x):\n return x"
    assert correct([row] * 3, answers(PROGRAM, shown_only, "def f(x")) == [True, False, False]


def test_valid_proposals() -> None:
    assert valid_triplets(answers(f"{PROGRAM}<in>7", f"{PROGRAM}<in>[7]", PROGRAM, None)) == [
        True,
        False,
        False,
        False,
    ]
    texts = ("0<in>1<in>2<in>3<in>4<in>5", "0<in>1<in>2<in>3<in>4<in>4", "0<in>1")
    assert valid_inputs([PROGRAM] * 3, answers(*texts)) == [True, False, False]
