"""Reads the metrics of a run: JSONL, one line a step."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

POLL_SECONDS = 0.5


class MalformedMetrics(ValueError):
    """A line that is no step; names the file, the line and what is wrong with it."""


@dataclass(frozen=True)
class StepMetrics:
    """What was measured at one step."""

    step: int
    seconds: float
    """Since 1970, UTC."""
    values: dict[str, float]
    """By flat name, such as `reward/proposer/deduction`."""


def read_steps(file: Path, ended: threading.Event | None = None) -> Iterator[StepMetrics]:
    """The steps of a file, one after another. Raises MalformedMetrics.

    With `ended` the file may grow until that is set; what it holds then is still read.
    """
    for number, line in enumerate(_lines(file, ended), start=1):
        try:
            yield _step_of(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedMetrics(f"{file}, line {number}: no metrics of a step: {error!r}") from error


def _lines(file: Path, ended: threading.Event | None) -> Iterator[str]:
    with file.open(encoding="utf-8") as lines:
        begun = ""
        while True:
            # Asked before the file is looked at: what was written until then is read.
            is_last = ended is None or ended.is_set()
            while part := lines.readline():
                begun += part
                if begun.endswith("\n"):
                    yield begun
                    begun = ""
            if is_last:
                break
            assert ended is not None
            ended.wait(POLL_SECONDS)
        if begun:
            yield begun


def _step_of(row: dict[str, object]) -> StepMetrics:
    step, time = row.pop("step"), row.pop("time")
    if not isinstance(step, int) or not isinstance(time, str):
        raise TypeError(f"step must be a whole number and time a text, not {step!r} and {time!r}")
    values = {name: float(value) for name, value in row.items() if isinstance(value, int | float)}
    return StepMetrics(step, datetime.fromisoformat(time).timestamp(), values)
