"""`python -m azr_metrics (tensorboard | wandb) --metrics FILE …`: hands a run's metrics on, then ends.

Exit status: 0 when all was handed on, 1 if it was not, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from azr_trainer.owner import watch_owner

from .metrics_file import MalformedMetrics, read_steps
from .tensorboard import to_tensorboard
from .weights_and_biases import Destination, to_weights_and_biases

INSTALL = "trainer-bridge/.venv/bin/pip install -r trainer-bridge/requirements-metrics.txt installs it"


def main() -> int:
    options = _parse(sys.argv[1:])
    steps = read_steps(options.metrics, _until_stopped() if options.follow else None)
    try:
        if options.target == "tensorboard":
            to_tensorboard(options.dir, options.settings, steps)
        else:
            os.environ.setdefault("WANDB_MODE", "offline")
            destination = Destination(options.project, options.run, options.dir)
            to_weights_and_biases(destination, options.settings, steps)
    except ModuleNotFoundError as error:
        print(f"azr_metrics: {error.name} is not installed; {INSTALL}", file=sys.stderr)
        return 1
    except (MalformedMetrics, OSError) as error:
        print(f"azr_metrics: {error}", file=sys.stderr)
        return 1
    return 0


def _until_stopped() -> threading.Event:
    """Set at SIGTERM, or when the owner's end of standard input closes."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    watch_owner(ended.set)
    return ended


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="azr_metrics", allow_abbrev=False)
    targets = parser.add_subparsers(dest="target", required=True)
    for target in ("tensorboard", "wandb"):
        command = targets.add_parser(target, allow_abbrev=False)
        command.add_argument("--metrics", type=Path, required=True, help="JSONL, one line a step")
        command.add_argument("--dir", type=Path, required=True, help="folder to write to")
        command.add_argument(
            "--follow", action="store_true", help="the file grows, until SIGTERM or the end of input"
        )
        command.add_argument("--settings", type=json.loads, default={}, help="the run's settings, as JSON")
        if target == "wandb":
            command.add_argument("--project", required=True)
            command.add_argument("--run", required=True, help="the run's id")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
