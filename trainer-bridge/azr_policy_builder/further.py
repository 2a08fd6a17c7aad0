"""`python -m azr_policy_builder.further --policy DIR --out DIR --steps N`: goes on with the main part of pre-training.

For orientation: what supervision makes of a policy in as many tokens as self-play generates.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .network import CONTEXT
from .pretrain import pretrain
from .schedule import Schedule
from .tokenizer import build_tokenizer, save_tokenizer

FULL_RATE = 0.25  # of that of pre-training: the policy has come to rest before


def main() -> None:
    parser = argparse.ArgumentParser(prog="azr_policy_builder.further", description=__doc__)
    parser.add_argument("--policy", type=Path, required=True, help="folder of the policy to start from")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the policy to")
    parser.add_argument("--steps", type=int, required=True, help="optimizer steps")
    parser.add_argument(
        "--seed", type=int, default=1, help="another than the policy's own, or its examples come again"
    )
    arguments = parser.parse_args()
    schedule = Schedule(copying=0, main=arguments.steps, last=0, full_rate=FULL_RATE)
    pretrain(arguments.out, schedule, arguments.seed, arguments.policy)
    save_tokenizer(build_tokenizer(), arguments.out, CONTEXT)


if __name__ == "__main__":
    main()
