"""The command line."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from azr_trainer.compute_options import ComputeOptions

MAX_THREADS = 1024
MAX_RANKS = 1024
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Options:
    """How to run."""

    listen: str
    backend: str | None
    device: str
    ranks: int
    threads: int  # of each rank
    precision: str
    activation_checkpointing: bool
    optimizer_offload: bool
    publish_root: Path | None
    ray_dir: Path | None
    ray_address: str | None
    owner_stdin: bool

    def compute_options(self, device: str) -> ComputeOptions:
        """On `device`, `cpu` or `cuda`."""
        bfloat16 = self.precision == "bfloat16" or (self.precision == "auto" and device == "cuda")
        return ComputeOptions(bfloat16, self.activation_checkpointing, self.optimizer_offload)


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
    parser.add_argument(
        "--backend",
        metavar="MODULE:FACTORY",
        help="function that answers a TrainerBackend, in place of ours (without Ray; needs --publish-root; the options"
        " from --device to --optimizer-offload are of no effect)",
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--ranks",
        type=_ranks,
        default=1,
        help="processes that share the policy and every batch by FSDP2, on CUDA with a GPU each (default: %(default)s)",
    )
    parser.add_argument(
        "--threads",
        type=_threads,
        help="of the CPU in each rank (default: those of this machine, shared among the ranks)",
    )
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="auto",
        help="of products; weights and optimizer are float32 (default: bfloat16 on CUDA, float32 else)",
    )
    parser.add_argument(
        "--activation-checkpointing",
        action="store_true",
        help="compute each layer again in the backward pass, and keep less in memory",
    )
    parser.add_argument(
        "--optimizer-offload",
        action="store_true",
        help="keep AdamW and its moments in main memory, not on the GPU",
    )
    parser.add_argument(
        "--publish-root",
        type=Path,
        help="folder for published weights, readable by the rollout servers and used by nothing else"
        " (default: a temporary one; needed with --ray-address and --backend)",
    )
    parser.add_argument("--ray-dir", type=Path, help="folder for Ray's own files (default: under /tmp)")
    parser.add_argument("--ray-address", help="of a Ray cluster to join (default: a Ray of its own)")
    parser.add_argument(
        "--owner-stdin", action="store_true", help="end when standard input ends or the parent process dies"
    )
    options = parser.parse_args(arguments)
    if options.threads is None:
        options.threads = max(1, len(os.sched_getaffinity(0)) // options.ranks)
    return Options(**vars(options))


def _threads(text: str) -> int:
    return _count(text, MAX_THREADS)


def _ranks(text: str) -> int:
    return _count(text, MAX_RANKS)


def _count(text: str, most: int) -> int:
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"is {text!r}, expected 1 to {most}")
    return int(text)
