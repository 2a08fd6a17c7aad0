"""`npm run bench:policy`: generated tokens a second, against transformers' `generate`; see README.md."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from server import PolicyServer, serving
from transformers_side import Transformers

REPOSITORY = Path(__file__).resolve().parents[3]
CONCURRENCIES = (1, 32, 256)
NEW_TOKENS = 64
ROUNDS = 5


def main() -> None:
    options = parser().parse_args()
    prompts = read_prompts(options.model / "tasks" / "heldout.jsonl", max(CONCURRENCIES))
    baseline = Transformers(options.model)
    with serving(options.model, max(CONCURRENCIES)) as ours:
        measured = {n: measure(ours, baseline, prompts[:n], options.rounds) for n in CONCURRENCIES}
    print(as_text(measured))
    if options.json:
        print(json.dumps(as_json(measured)))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="bench:policy", description=__doc__)
    options.add_argument("--model", type=Path, default=REPOSITORY / "policies" / "tiny", metavar="DIR")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--json", action="store_true", help="end with one line of JSON")
    return options


def read_prompts(tasks: Path, count: int) -> list[str]:
    """Deduction prompts in the policy's format, one a line of the file, repeated where there are too few."""
    rows = [json.loads(line) for line in tasks.read_text().splitlines()]
    prompts = [
        f"<ded>{row['program']}<in>{row['input']}<think>" for row in rows if row["type"] == "deduction"
    ]
    return [prompts[i % len(prompts)] for i in range(count)]


Speeds = dict[str, list[float]]
"""Tokens a second by side, one figure a round."""


def measure(ours: PolicyServer, baseline: Transformers, prompts: Sequence[str], rounds: int) -> Speeds:
    """Rounds by turns, after one that does not count."""
    speeds: Speeds = {side.name: [] for side in (ours, baseline)}
    for number in range(rounds + 1):
        for side in (ours, baseline):
            speed = side.tokens_per_second(prompts, NEW_TOKENS, seed=1000 * number)
            if number > 0:
                speeds[side.name].append(speed)
    return speeds


def ratios(speeds: Speeds) -> list[float]:
    return [ours / theirs for ours, theirs in zip(*speeds.values(), strict=True)]


def as_text(measured: dict[int, Speeds]) -> str:
    lines = ["concurrency   ours, tokens/s   transformers   ratio (least to greatest)"]
    for n, speeds in measured.items():
        ours, theirs = (statistics.median(values) for values in speeds.values())
        least, middle, most = min(ratios(speeds)), statistics.median(ratios(speeds)), max(ratios(speeds))
        lines.append(f"{n:11}   {ours:14,.0f}   {theirs:12,.0f}   {middle:.2f}x ({least:.2f} to {most:.2f})")
    return "\n".join(lines)


def as_json(measured: dict[int, Speeds]) -> dict[str, object]:
    return {
        "ratio": {n: round(statistics.median(ratios(speeds)), 3) for n, speeds in measured.items()},
        "spread": {n: extremes(ratios(speeds)) for n, speeds in measured.items()},
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
