"""`python -m azr_policy_builder --out DIR --seed 0`: pre-trains the policy, writes it and measures it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .card import write_card
from .measure import measure
from .network import CONTEXT
from .pretrain import pretrain
from .schedule import Schedule
from .tasks import HELD_OUT_FILE, SEED_FILE, held_out_rows, seed_rows, write_rows
from .tokenizer import build_tokenizer, save_tokenizer

MEASURED = 300  # tasks, and proposals, of each type


def main() -> None:
    arguments = _parse()
    out: Path = arguments.out
    schedule = Schedule().scaled(arguments.scale)
    if not arguments.measure_only:
        _build(out, schedule, arguments.seed)
    limit = max(8, round(MEASURED * arguments.scale))
    write_card(out, measure(out, limit), schedule, arguments.seed, limit)
    _report(f"measured; see {out / 'README.md'}")


def _build(out: Path, schedule: Schedule, seed: int) -> None:
    write_rows(out / SEED_FILE, seed_rows(seed))
    write_rows(out / HELD_OUT_FILE, held_out_rows(seed))
    save_tokenizer(build_tokenizer(), out, CONTEXT)
    pretrain(out, schedule, seed)
    (out / "model.safetensors").chmod(0o644)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="azr_policy_builder", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write the policy to")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=_scale, default=1.0, help="share of the steps to take (default 1)")
    parser.add_argument(
        "--measure-only", action="store_true", help="measure the policy that is in the folder"
    )
    return parser.parse_args()


def _scale(text: str) -> float:
    scale = float(text)
    if not 0 < scale <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 1")
    return scale


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
