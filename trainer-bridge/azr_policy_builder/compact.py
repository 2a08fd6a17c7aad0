"""The text format `compact`: how tasks are shown to the policy and how it answers.

A prompt ends in `<think>`; a completion is an optional trace, `</think>`, the answer and `<|end|>`. The control
plane renders and parses the same format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


RIGHT = "="
WRONG = "!"
WANTED = "?"
CHECK = ";"
BESIDE = "|"

Span = tuple[int, int]


@dataclass(frozen=True)
class Trace:
    """What stands in a think block, and places in it, in characters from its beginning."""

    text: str = ""
    guesses: tuple[Span, ...] = ()
    """What is tried and is wrong."""
    verdicts: tuple[Span, ...] = ()

    def __add__(self, other: Trace) -> Trace:
        def moved(spans: tuple[Span, ...]) -> tuple[Span, ...]:
            return tuple((start + len(self.text), end + len(self.text)) for start, end in spans)

        return Trace(
            self.text + other.text,
            self.guesses + moved(other.guesses),
            self.verdicts + moved(other.verdicts),
        )


Run = tuple[Value, Sequence[Value]]
"""An input, and the values after each statement."""


def forward_trace(program: Program, run: Run) -> Trace:
    """The input, then each statement with the value after it. Repeating the statement makes the next step a copy."""
    argument, after = run
    steps = zip(program.statements, after, strict=True)
    return Trace(repr(argument) + "".join(f"{statement}#{value!r}" for statement, value in steps))


def backward_trace(program: Program, output: Value, run: Run) -> str:
    """The output, then each statement from the last to the first with the value before it."""
    argument, after = run
    before = [argument, *after[:-1]]
    steps = zip(reversed(program.statements), reversed(before), strict=True)
    return repr(output) + "".join(f"{statement}#{value!r}" for statement, value in steps)


def looked_for(pairs: Sequence[tuple[Value, Value]]) -> Trace:
    """What a search for a program begins with: the inputs side by side, and the outputs that are wanted."""
    return Trace(_beside(i for i, _ in pairs) + WANTED + _beside(o for _, o in pairs))


def tried_program(mark: str, program: Program, runs: Sequence[Run], wanted: Sequence[Value]) -> Trace:
    """The mark, each statement with the values after it side by side, and a verdict.

    All the values after a statement are there when the next is guessed: it has to lead from each to an output. The
    last values end with the first that is not the wanted one.
    """
    outputs = [after[-1] for _, after in runs]
    wrong = [output != asked for output, asked in zip(outputs, wanted, strict=True)]
    write = _guessed if any(wrong) else Trace
    told = outputs[: wrong.index(True) + 1] if any(wrong) else outputs
    *before, last = program.statements
    trace = write(mark)
    for place, statement in enumerate(before):
        trace += write(statement) + Trace(f"#{_beside(after[place] for _, after in runs)}")
    return trace + write(last) + Trace(f"#{_beside(told)}") + _verdict(not any(wrong))


def tried_input(program: Program, run: Run, wanted: Value) -> Trace:
    """From the wanted output back to an input, and forward again; the output that was wanted, and a verdict."""
    is_right = run[1][-1] == wanted
    write = Trace if is_right else _guessed
    return (
        write(backward_trace(program, wanted, run))
        + Trace(CHECK)
        + forward_trace(program, run)
        + Trace(f"{WANTED}{wanted!r}")
        + _verdict(is_right)
    )


def _guessed(text: str) -> Trace:
    """What is not to be learned."""
    return Trace(text, guesses=((0, len(text)),))


def _verdict(is_right: bool) -> Trace:
    return Trace(RIGHT if is_right else WRONG, verdicts=((0, 1),))


def _beside(values: Iterable[Value]) -> str:
    return BESIDE.join(map(repr, values))
