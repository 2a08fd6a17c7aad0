"""`npm run bench:policy`: generated tokens a second, against transformers' `generate`; see README.md."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch
from products import Products
from server import serving
from transformers_side import Transformers

REPOSITORY = Path(__file__).resolve().parents[3]
CONCURRENCIES = (1, 32, 256)
NEW_TOKENS = 64
ROUNDS = 5
CEILING = 2  # the third side


def main() -> None:
    options = parser().parse_args()
    prompts = read_prompts(options.model / "tasks" / "heldout.jsonl", max(CONCURRENCIES))
    torch.set_num_threads(options.cores)
    others = (Transformers(options.model), Products(options.model))
    with serving(options.model, options.cores, max(CONCURRENCIES)) as ours:
        measured = {n: measure((ours, *others), prompts[:n], options.rounds) for n in CONCURRENCIES}
    print(as_text(measured))
    if options.json:
        print(json.dumps(as_json(measured)))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="bench:policy", description=__doc__)
    options.add_argument("--model", type=Path, default=REPOSITORY / "policies" / "tiny", metavar="DIR")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument(
        "--cores",
        type=int,
        default=os.cpu_count() or 1,
        help="how many policy servers, with a thread each, and threads of the others (default: all cores)",
    )
    options.add_argument("--json", action="store_true", help="end with one line of JSON")
    return options


def read_prompts(tasks: Path, count: int) -> list[str]:
    """Deduction prompts in the policy's format, one a line of the file, repeated where there are too few."""
    rows = [json.loads(line) for line in tasks.read_text().splitlines()]
    prompts = [
        f"<ded>{row['program']}<in>{row['input']}<think>" for row in rows if row["type"] == "deduction"
    ]
    return [prompts[i % len(prompts)] for i in range(count)]


class Side(Protocol):
    """One that is measured."""

    name: str

    def tokens_per_second(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float: ...


Speeds = dict[str, list[float]]
"""Tokens a second by side (ours, the baseline, the ceiling), one figure a round."""


def measure(sides: Sequence[Side], prompts: Sequence[str], rounds: int) -> Speeds:
    """Rounds by turns, after one that does not count."""
    speeds: Speeds = {side.name: [] for side in sides}
    for number in range(rounds + 1):
        for side in sides:
            speed = side.tokens_per_second(prompts, NEW_TOKENS, seed=1000 * number)
            if number > 0:
                speeds[side.name].append(speed)
    return speeds


def ratios(speeds: Speeds, side: int = 0) -> list[float]:
    """Of a side to the baseline, round by round."""
    measured = list(speeds.values())
    return [one / theirs for one, theirs in zip(measured[side], measured[1], strict=True)]


def as_text(measured: dict[int, Speeds]) -> str:
    lines = ["concurrency   ours, tokens/s   transformers   ratio (least to greatest)   products alone"]
    for n, speeds in measured.items():
        ours, theirs, _ = (statistics.median(values) for values in speeds.values())
        spread = "{:.2f}x ({:.2f} to {:.2f})".format(
            statistics.median(ratios(speeds)), *extremes(ratios(speeds))
        )
        ceiling = statistics.median(ratios(speeds, CEILING))
        lines.append(f"{n:11}   {ours:14,.0f}   {theirs:12,.0f}   {spread:25}   {ceiling:.2f}x")
    return "\n".join(lines)


def as_json(measured: dict[int, Speeds]) -> dict[str, object]:
    return {
        "ratio": {n: round(statistics.median(ratios(speeds)), 3) for n, speeds in measured.items()},
        "spread": {n: extremes(ratios(speeds)) for n, speeds in measured.items()},
        "ceiling": {
            n: round(statistics.median(ratios(speeds, CEILING)), 3) for n, speeds in measured.items()
        },
        "tokensPerSecond": {
            n: {side: round(statistics.median(values), 1) for side, values in speeds.items()}
            for n, speeds in measured.items()
        },
        "newTokens": NEW_TOKENS,
    }


def extremes(values: Sequence[float]) -> list[float]:
    return [round(min(values), 3), round(max(values), 3)]


if __name__ == "__main__":
    sys.exit(main())
