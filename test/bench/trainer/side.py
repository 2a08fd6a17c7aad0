"""One side in a process of its own: a round for each line on standard input, a line of JSON about it on the output."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from baseline import EagerUpdate
from job import SETTINGS, draw_batch

from azr_trainer.backends.torch_backend import TorchBackend


def our_side(name: str, folder: Path, threads: int) -> Callable[[], dict[str, float]]:
    """The trainer's own update, with the copies that it keeps to undo one that fails."""
    backend = TorchBackend("cpu", threads)
    info = backend.load_policy(folder, seed=0)
    batch = draw_batch(name, info.vocab_size)

    def run() -> dict[str, float]:
        metrics = backend.train(batch, SETTINGS, lambda _: None)
        return {
            "tokens": metrics.total_tokens,
            "sequences": len(batch.sequences),
            "parameters": info.parameters,
            "gradientNorm": metrics.gradient_norm,
            "sharedShare": metrics.shared_share,
        }

    return run


def eager_side(name: str, folder: Path, threads: int) -> Callable[[], dict[str, float]]:
    """The baseline."""
    torch.set_num_threads(threads)
    vocabulary = json.loads((folder / "config.json").read_text())["vocab_size"]
    batch = draw_batch(name, vocabulary)
    update = EagerUpdate(folder, batch, SETTINGS)

    def run() -> dict[str, float]:
        norm = update.run()
        return {"gradientNorm": norm, "paddingShare": update.padding_share}

    return run


SIDES = {"ours": our_side, "eager": eager_side}


def main(side: str, name: str, folder: str, threads: str) -> None:
    """Answers until the input ends."""
    run = SIDES[side](name, Path(folder), int(threads))
    held = _peak_bytes()
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        began, cpu_began = time.monotonic(), time.process_time()
        measured = run()
        spent = {"seconds": time.monotonic() - began, "cpuSeconds": time.process_time() - cpu_began}
        memory = {"heldBytes": held, "peakBytes": _peak_bytes()}
        print(json.dumps({**measured, **spent, **memory}), flush=True)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
