"""What the policy in a folder can do, on its held-out tasks and as a proposer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from random import Random

from .examples import draw_inputs_proposal, draw_triplet_proposal
from .sampling import Completion, Sampler
from .scoring import correct, prompt, valid_inputs, valid_triplets
from .tasks import HELD_OUT_COUNTS, HELD_OUT_FILE, Row, read_rows

SAMPLING_SEED = 0


@dataclass(frozen=True)
class SolverFigures:
    """Shares of the held-out tasks of one type, at temperature 1 but for `greedy`. NaN is the share of nothing."""

    solved: float
    greedy: float
    reasoned: float
    solved_reasoning: float  # of the answers with a trace
    solved_at_once: float  # of those without


@dataclass(frozen=True)
class ProposerFigures:
    """Shares of the proposals of one type, at temperature 1."""

    valid: float
    distinct: float


@dataclass(frozen=True)
class Figures:
    solver: dict[str, SolverFigures]
    proposer: dict[str, ProposerFigures]


def measure(folder: Path, limit: int) -> Figures:
    """Measures on at most `limit` tasks and proposals of each type."""
    sampler = Sampler(folder)
    rows = read_rows(folder / HELD_OUT_FILE)
    solver = {
        kind: _solver(sampler, [row for row in rows if row["type"] == kind][:limit])
        for kind in HELD_OUT_COUNTS
    }
    return Figures(solver, _proposer(sampler, limit))


def _solver(sampler: Sampler, rows: list[Row]) -> SolverFigures:
    prompts = [prompt(row) for row in rows]
    sampled = sampler.complete(prompts, greedy=False, seed=SAMPLING_SEED)
    right = correct(rows, sampled)
    reasoned = [completion.trace != "" for completion in sampled]
    greedy = correct(rows, sampler.complete(prompts, greedy=True, seed=SAMPLING_SEED))
    return SolverFigures(
        solved=_share(right),
        greedy=_share(greedy),
        reasoned=_share(reasoned),
        solved_reasoning=_share(list(compress(right, reasoned))),
        solved_at_once=_share(list(compress(right, [not r for r in reasoned]))),
    )


def _proposer(sampler: Sampler, count: int) -> dict[str, ProposerFigures]:
    rng = Random("proposals")
    figures = {}
    for kind, tag in (("deduction", "<gen-ded>"), ("abduction", "<gen-abd>")):
        prompts = [draw_triplet_proposal(rng, tag).prompt for _ in range(count)]
        proposals = sampler.complete(prompts, greedy=False, seed=SAMPLING_SEED)
        figures[kind] = _figures(valid_triplets(proposals), proposals)
    examples = [draw_inputs_proposal(rng) for _ in range(count)]
    proposals = sampler.complete(
        [example.prompt for _, example in examples], greedy=False, seed=SAMPLING_SEED
    )
    figures["induction"] = _figures(
        valid_inputs([program.text for program, _ in examples], proposals), proposals
    )
    return figures


def _figures(valid: list[bool], proposals: list[Completion]) -> ProposerFigures:
    return ProposerFigures(_share(valid), len({proposal.answer for proposal in proposals}) / len(proposals))


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")
