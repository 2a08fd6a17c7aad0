"""The pre-training stream: what the policy is shown of each task type and each proposer prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from . import compact
from .generator import MAX_STATEMENTS, draw_pairs, draw_runnable, states
from .program import Program, Value

PROPOSAL_WEIGHT = 0.25  # proposals have many tokens that nothing determines, and would swamp the loss
INDUCTION_LENGTHS = (
    0.35,
    0.40,
    0.15,
    0.05,
    0.05,
)  # of one to five statements: long programs can hardly be found
SHOWN_PAIRS = {2: 0.1, 3: 0.7, 4: 0.1, 5: 0.1}
INDUCTION_INPUTS = 6


@dataclass(frozen=True)
class Example:
    """`weight` is that of each of the completion's tokens in the loss; the prompt's have none."""

    prompt: str
    completion: str
    weight: float = 1.0


def draw_example(rng: Random, reasoned_share: float) -> Example:
    """One example of the stream; `reasoned_share` of the solver's answers come with a trace."""
    (draw,) = rng.choices(tuple(_STREAM), tuple(_STREAM.values()))
    return draw(rng, reasoned_share)


def draw_length(rng: Random) -> int:
    return rng.randint(1, MAX_STATEMENTS)


def draw_induction_length(rng: Random) -> int:
    return rng.choices(range(1, MAX_STATEMENTS + 1), INDUCTION_LENGTHS)[0]


def draw_triplet_proposal(rng: Random, tag: str) -> Example:
    """`tag` is `<gen-ded>` or `<gen-abd>`. The references have no bearing on what is proposed."""
    references = []
    for _ in range(rng.randint(1, 2)):
        program, (argument,) = draw_runnable(rng, draw_length(rng), 1)
        references.append((program.text, repr(argument), repr(states(program, argument)[-1])))
    program, (argument,) = draw_runnable(rng, draw_length(rng), 1)
    answer = compact.proposal_answer(program.text, repr(argument))
    return Example(compact.proposal_prompt(tag, references), compact.completion(answer), PROPOSAL_WEIGHT)


def draw_inputs_proposal(rng: Random) -> tuple[Program, Example]:
    """The program that inputs are to be written for, and the example."""
    program, arguments = draw_runnable(rng, draw_length(rng), INDUCTION_INPUTS)
    answer = compact.inputs_answer(arguments)
    return program, Example(compact.inputs_prompt(program.text), compact.completion(answer), PROPOSAL_WEIGHT)


def _deduction(rng: Random, reasoned_share: float) -> Example:
    reasoned = rng.random() < reasoned_share
    program, (argument,) = draw_runnable(rng, draw_length(rng), 1)
    after = states(program, argument)
    trace = compact.forward_trace(program, argument, after) if reasoned else ""
    prompt = compact.deduction_prompt(program.text, repr(argument))
    return Example(prompt, compact.completion(repr(after[-1]), trace))


def _abduction(rng: Random, reasoned_share: float) -> Example:
    reasoned = rng.random() < reasoned_share
    program, (argument,) = draw_runnable(rng, draw_length(rng), 1)
    after = states(program, argument)
    trace = compact.backward_trace(program, argument, after) if reasoned else ""
    prompt = compact.abduction_prompt(program.text, repr(after[-1]))
    return Example(prompt, compact.completion(repr(argument), trace))


def _induction(rng: Random, reasoned_share: float) -> Example:
    reasoned = rng.random() < reasoned_share
    (shown,) = rng.choices(tuple(SHOWN_PAIRS), tuple(SHOWN_PAIRS.values()))
    program, pairs = draw_pairs(rng, draw_induction_length(rng), shown)
    trace = _first_trace(program, pairs[0][0]) if reasoned else ""
    prompt = compact.induction_prompt((repr(i), repr(o)) for i, o in pairs)
    return Example(prompt, compact.completion(program.text, trace))


def _first_trace(program: Program, argument: Value) -> str:
    return compact.forward_trace(program, argument, states(program, argument))


# The share of each in the stream. Induction comes more often than the other solver tasks: it is learned slowest.
_STREAM: dict[Callable[[Random, float], Example], float] = {
    _deduction: 0.28,
    _abduction: 0.26,
    _induction: 0.30,
    lambda rng, _: draw_triplet_proposal(rng, "<gen-ded>"): 0.06,
    lambda rng, _: draw_triplet_proposal(rng, "<gen-abd>"): 0.06,
    lambda rng, _: draw_inputs_proposal(rng)[1]: 0.04,
}
