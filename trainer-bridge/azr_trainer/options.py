"""The command line."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How to run."""

    listen: str
    device: str
    threads: int
    publish_root: Path | None
    ray_dir: Path | None
    ray_address: str | None
    owner_stdin: bool


def parse_options(arguments: list[str]) -> Options:
    """Ends the process with status 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="azr_trainer", description="Trains one policy; azr.v1.TrainerService."
    )
    parser.add_argument(
        "--listen",
        default="127.0.0.1:0",
        help="HOST:PORT, port 0 for a free one, or unix:/PATH (default: %(default)s)",
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--threads", type=_threads, default=len(os.sched_getaffinity(0)), help="of the CPU, in computing"
    )
    parser.add_argument(
        "--publish-root",
        type=Path,
        help="folder for published weights, readable by the rollout servers and used by nothing else"
        " (default: a temporary one; needed with --ray-address)",
    )
    parser.add_argument("--ray-dir", type=Path, help="folder for Ray's own files (default: under /tmp)")
    parser.add_argument("--ray-address", help="of a Ray cluster to join (default: a Ray of its own)")
    parser.add_argument(
        "--owner-stdin", action="store_true", help="end when standard input ends or the parent process dies"
    )
    return Options(**vars(parser.parse_args(arguments)))


def _threads(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"is {text!r}, expected 1 to 1024")
    return int(text)
