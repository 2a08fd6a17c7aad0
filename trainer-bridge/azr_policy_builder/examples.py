"""The pre-training stream: what the policy is shown of each task type and each proposer prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from . import compact
from .compact import Run, Trace
from .generator import MAX_STATEMENTS, draw_pairs, draw_runnable, states
from .program import Program
from .search import search_input, search_program

PROPOSAL_WEIGHT = 0.25  # proposals have many tokens that nothing determines, and would swamp the loss
PROPOSED_LENGTHS = (0.3, 0.3, 0.2, 0.1, 0.1)  # of one to five statements
INDUCTION_LENGTHS = (0.35, 0.65)  # longer programs can hardly be found
SHOWN_PAIRS = {2: 0.1, 3: 0.7, 4: 0.1, 5: 0.1}
INDUCTION_INPUTS = 6


@dataclass(frozen=True)
class Example:
    """`weight` is that of each of the completion's tokens in the loss; the prompt's have none.

    The completion begins with `trace`, whose guesses have none either, and whose verdicts have more.
    """

    prompt: str
    completion: str
    weight: float = 1.0
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True)
class Reasoned:
    """The share of the solver's answers that come with a trace, by type of task."""

    deduction: float
    abduction: float
    induction: float

    @classmethod
    def equally(cls, share: float) -> Reasoned:
        return cls(share, share, share)


def draw_example(rng: Random, reasoned: Reasoned) -> Example:
    """One example of the stream."""
    (draw,) = rng.choices(tuple(_STREAM), tuple(_STREAM.values()))
    return draw(rng, reasoned)


def draw_length(rng: Random) -> int:
    return rng.randint(1, MAX_STATEMENTS)


def draw_induction_length(rng: Random) -> int:
    return _draw_weighted(rng, INDUCTION_LENGTHS)


def draw_proposed_length(rng: Random) -> int:
    return _draw_weighted(rng, PROPOSED_LENGTHS)


def _draw_weighted(rng: Random, lengths: Sequence[float]) -> int:
    return rng.choices(range(1, len(lengths) + 1), lengths)[0]


def draw_triplet_proposal(rng: Random, tag: str) -> Example:
    """`tag` is `<gen-ded>` or `<gen-abd>`. The references have no bearing on what is proposed."""
    references = []
    for _ in range(rng.randint(1, 2)):
        program, (argument,) = draw_runnable(rng, draw_proposed_length(rng), 1)
        references.append((program.text, repr(argument), repr(states(program, argument)[-1])))
    program, (argument,) = draw_runnable(rng, draw_proposed_length(rng), 1)
    answer = compact.proposal_answer(program.text, repr(argument))
    return Example(compact.proposal_prompt(tag, references), compact.completion(answer), PROPOSAL_WEIGHT)


def draw_inputs_proposal(rng: Random) -> tuple[Program, Example]:
    """The program that inputs are to be written for, and the example."""
    program, arguments = draw_runnable(rng, draw_proposed_length(rng), INDUCTION_INPUTS)
    answer = compact.inputs_answer(arguments)
    return program, Example(compact.inputs_prompt(program.text), compact.completion(answer), PROPOSAL_WEIGHT)


def _deduction(rng: Random, reasoned: Reasoned) -> Example:
    program, run = _draw_run(rng)
    prompt = compact.deduction_prompt(program.text, repr(run[0]))
    return _solved(
        rng, reasoned.deduction, prompt, repr(run[1][-1]), lambda: compact.forward_trace(program, run)
    )


def _abduction(rng: Random, reasoned: Reasoned) -> Example:
    program, run = _draw_run(rng)
    prompt = compact.abduction_prompt(program.text, repr(run[1][-1]))
    return _solved(rng, reasoned.abduction, prompt, repr(run[0]), lambda: search_input(rng, program, run))


def _induction(rng: Random, reasoned: Reasoned) -> Example:
    (shown,) = rng.choices(tuple(SHOWN_PAIRS), tuple(SHOWN_PAIRS.values()))
    program, pairs = draw_pairs(rng, draw_induction_length(rng), shown)
    prompt = compact.induction_prompt((repr(i), repr(o)) for i, o in pairs)
    return _solved(rng, reasoned.induction, prompt, program.text, lambda: search_program(rng, program, pairs))


def _draw_run(rng: Random) -> tuple[Program, Run]:
    program, (argument,) = draw_runnable(rng, draw_length(rng), 1)
    return program, (argument, states(program, argument))


def _solved(rng: Random, share: float, prompt: str, answer: str, reason: Callable[[], Trace]) -> Example:
    trace = reason() if rng.random() < share else Trace()
    return Example(prompt, compact.completion(answer, trace.text), trace=trace)


# The share of each in the stream. Induction comes more often than the other solver tasks: it is learned slowest.
_STREAM: dict[Callable[[Random, Reasoned], Example], float] = {
    _deduction: 0.17,
    _abduction: 0.18,
    _induction: 0.53,
    lambda rng, _: draw_triplet_proposal(rng, "<gen-ded>"): 0.04,
    lambda rng, _: draw_triplet_proposal(rng, "<gen-abd>"): 0.04,
    lambda rng, _: draw_inputs_proposal(rng)[1]: 0.04,
}
