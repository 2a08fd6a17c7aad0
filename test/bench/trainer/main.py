"""`npm run bench:trainer`: our update against one written with transformers alone; see README.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
BRIDGE = HERE.parents[2] / "trainer-bridge"
sys.path.insert(0, str(BRIDGE))

ROUNDS = 9  # at most, of a policy
START_SECONDS = 120
TOLERANCE = 1e-3  # between the two gradients' norms, relatively: both do the same job
MIB = 1 << 20

Measured = dict[str, float]


class Side:
    """A process that makes one update for each line that it is sent."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.rounds: list[Measured] = []
        self._answer()

    def run(self) -> None:
        """One round."""
        assert self._process.stdin
        print(file=self._process.stdin, flush=True)
        self.rounds.append(self._answer())

    def _answer(self) -> Measured:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"bench:trainer: a side ended with code {self._process.wait()}")
        answer: Measured = json.loads(line)
        return answer


@contextmanager
def started(side: str, name: str, folder: Path, threads: int) -> Iterator[Side]:
    """A side, until the block ends."""
    command = [sys.executable, str(HERE / "side.py"), side, name, str(folder), str(threads)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(BRIDGE),
        "OMP_NUM_THREADS": str(threads),
        "HF_HUB_OFFLINE": "1",
        "TQDM_DISABLE": "1",
    }
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            yield Side(process)
        finally:
            process.kill()


def compare(name: str, seconds: float, threads: int) -> dict[str, object]:
    """Rounds by turns until the time is spent, one at least."""
    from job import write_policy

    with ExitStack() as stack:
        folder = write_policy(
            name, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="azr-bench-")))
        )
        ours, eager = (
            stack.enter_context(started(side, name, folder, threads)) for side in ("ours", "eager")
        )
        began = time.monotonic()
        for number in range(ROUNDS):
            for side in (ours, eager) if number % 2 else (eager, ours):
                side.run()
            spent = time.monotonic() - began
            if spent + spent / (number + 1) > seconds:
                break
        return summary(ours.rounds, eager.rounds)


def summary(ours: list[Measured], eager: list[Measured]) -> dict[str, object]:
    """Medians over the rounds; the first round's gradients tell whether both did the same."""
    ratios, cpu_ratios = (
        [theirs[unit] / mine[unit] for mine, theirs in zip(ours, eager, strict=True)]
        for unit in ("seconds", "cpuSeconds")
    )
    first, other = ours[0]["gradientNorm"], eager[0]["gradientNorm"]
    tokens = ours[0]["tokens"]

    def described(rounds: list[Measured], *shares: str) -> dict[str, float]:
        return {
            "tokensPerSecond": round(tokens / median(each["seconds"] for each in rounds)),
            "tokensPerCpuSecond": round(tokens / median(each["cpuSeconds"] for each in rounds)),
            "peakMiB": round(rounds[-1]["peakBytes"] / MIB),
            "updateMiB": round((rounds[-1]["peakBytes"] - rounds[-1]["heldBytes"]) / MIB),
            **{share: round(rounds[0][share], 4) for share in shares},
        }

    return {
        "ratio": round(median(ratios), 3),
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "ratioCpu": round(median(cpu_ratios), 3),
        "ours": described(ours, "sharedShare"),
        "eager": described(eager, "paddingShare"),
        "parameters": int(ours[0]["parameters"]),
        "sequences": int(ours[0]["sequences"]),
        "tokens": int(tokens),
        "rounds": len(ratios),
        "gradientNorms": [first, other],
        "agree": abs(first - other) <= TOLERANCE * other,
    }


def as_text(name: str, found: dict[str, object]) -> str:
    """A few lines for a person."""
    lines = [
        f"{name}: {found['parameters']:,} parameters, {found['sequences']} sequences of {found['tokens']:,} tokens"
        f" in all, {found['rounds']} rounds",
        f"  {found['ratio']:.2f}x the tokens a second ({found['spread'][0]:.2f} to {found['spread'][1]:.2f}),"
        f" {found['ratioCpu']:.2f}x a CPU second",
    ]
    for side in ("ours", "eager"):
        of = found[side]
        lines.append(
            f"  {side:6} {of['tokensPerSecond']:>8,} tokens/s  peak {of['peakMiB']:,} MiB,"
            f" {of['updateMiB']:,} of them for updates"
        )
    if not found["agree"]:
        lines.append(f"  THE GRADIENTS DIFFER: norms {found['gradientNorms']}")
    return "\n".join(lines)


def main() -> None:
    """Ends with code 1 if the two sides did not compute the same gradient."""
    parser = argparse.ArgumentParser(prog="bench:trainer", description=__doc__)
    parser.add_argument("--policy", choices=["tiny", "50m"], action="append", help="instead of both")
    parser.add_argument("--seconds", type=float, default=30, help="of the rounds of a policy, about (30)")
    parser.add_argument("--threads", type=int, default=1, help="for arithmetic; 1 is what npm start takes")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    options = parser.parse_args()
    began = time.monotonic()
    results: dict[str, dict[str, object]] = {}
    for name in options.policy or ["tiny", "50m"]:
        results[name] = compare(name, options.seconds, options.threads)
        print(as_text(name, results[name]), flush=True)
    if options.json:
        whole = {**results, "threads": options.threads, "seconds": round(time.monotonic() - began, 1)}
        print(json.dumps(whole, separators=(",", ":")))
    if not all(found["agree"] for found in results.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
