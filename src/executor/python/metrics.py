"""Measures of a program's syntax tree; each is a file of its own."""

from __future__ import annotations

import ast
from typing import TypedDict

from cognitive import cognitive_complexity
from cyclomatic import cyclomatic_complexity
from halstead import halstead


class Metrics(TypedDict):
    """As `ProgramMetrics` in the contract."""

    cognitive: int
    cyclomatic: int
    volume: float
    effort: float


def measure(tree: ast.Module) -> Metrics:
    volume, effort = halstead(tree)
    return Metrics(
        cognitive=cognitive_complexity(tree),
        cyclomatic=cyclomatic_complexity(tree),
        volume=volume,
        effort=effort,
    )


def no_metrics() -> Metrics:
    return Metrics(cognitive=0, cyclomatic=0, volume=0.0, effort=0.0)
