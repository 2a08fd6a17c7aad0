"""TensorBoard's event files, by PyTorch's `SummaryWriter`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .metrics_file import StepMetrics

FLUSH_SECONDS = 10


def to_tensorboard(folder: Path, settings: dict[str, Any], steps: Iterable[StepMetrics]) -> None:
    """Writes every value as a scalar at its step and time. What the folder has of an earlier export is superseded."""
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(folder), purge_step=0, flush_secs=FLUSH_SECONDS) as writer:
        # Four spaces make it a block of code in TensorBoard's Markdown.
        text = json.dumps(settings, indent=2)
        writer.add_text("settings", "\n".join(f"    {line}" for line in text.splitlines()), 0)
        for step in steps:
            for name, value in step.values.items():
                writer.add_scalar(name, value, step.step, walltime=step.seconds)
