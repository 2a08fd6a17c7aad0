"""The text format `compact`: how tasks are shown to the policy and how it answers.

A prompt ends in `<think>`; a completion is an optional trace, `</think>`, the answer and `<|end|>`. The control
plane renders and parses the same format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .program import Program, Value

END = "<|end|>"
THINK = "<think>"
UNTHINK = "</think>"
TAGS = (
    "<ded>", "<abd>", "<ind>", "<gen-ded>", "<gen-abd>", "<gen-ind>", "<prog>", "<in>", "<out>", THINK, UNTHINK
)  # fmt: skip

Pair = tuple[str, str]
Reference = tuple[str, str, str]  # program, input, output


def deduction_prompt(program: str, argument: str) -> str:
    return f"<ded>{program}<in>{argument}{THINK}"


def abduction_prompt(program: str, output: str) -> str:
    return f"<abd>{program}<out>{output}{THINK}"


def induction_prompt(pairs: Iterable[Pair]) -> str:
    return f"<ind>{''.join(f'<in>{i}<out>{o}' for i, o in pairs)}{THINK}"


def proposal_prompt(tag: str, references: Iterable[Reference]) -> str:
    """`tag` is `<gen-ded>` or `<gen-abd>`."""
    return f"{tag}{''.join(f'<prog>{p}<in>{i}<out>{o}' for p, i, o in references)}{THINK}"


def inputs_prompt(program: str) -> str:
    return f"<gen-ind><prog>{program}{THINK}"


def completion(answer: str, trace: str = "") -> str:
    return f"{trace}{UNTHINK}{answer}{END}"


def proposal_answer(program: str, argument: str) -> str:
    return f"{program}<in>{argument}"


def inputs_answer(arguments: Sequence[Value]) -> str:
    return "<in>".join(map(repr, arguments))


def forward_trace(program: Program, argument: Value, states: Sequence[Value]) -> str:
    """The input, then each statement with the value after it. Repeating the statement makes the next step a copy."""
    steps = zip(program.statements, states, strict=True)
    return repr(argument) + "".join(f"{statement}#{value!r}" for statement, value in steps)


def backward_trace(program: Program, argument: Value, states: Sequence[Value]) -> str:
    """The output, then each statement from the last to the first with the value before it."""
    before = [argument, *states[:-1]]
    steps = zip(reversed(program.statements), reversed(before), strict=True)
    return repr(states[-1]) + "".join(f"{statement}#{value!r}" for statement, value in steps)
