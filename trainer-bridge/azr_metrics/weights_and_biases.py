"""A run of Weights & Biases, by its own library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .metrics_file import StepMetrics


@dataclass(frozen=True)
class Destination:
    """Where a run goes."""

    project: str
    run: str
    """Its id there as here; a repeated export goes on with it."""
    folder: Path
    """What is kept on disk, offline all of it, lies in `wandb/` below."""


def to_weights_and_biases(
    destination: Destination, settings: dict[str, Any], steps: Iterable[StepMetrics]
) -> None:
    """Logs every step at its number and time; the settings are the run's configuration.

    Offline unless the environment says `WANDB_MODE=online`; the library reads its other variables itself.
    """
    import wandb

    run = wandb.init(
        project=destination.project,
        id=destination.run,
        name=destination.run,
        dir=str(destination.folder),
        config=settings,
        resume="allow",
        # This process is not the one that trained: what it prints and how it fares belongs to no run.
        settings=wandb.Settings(console="off", disable_git=True, x_disable_meta=True, x_disable_stats=True),
    )
    with run:
        for step in steps:
            run.log({**step.values, "_timestamp": step.seconds}, step=step.step)
