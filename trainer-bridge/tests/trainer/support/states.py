"""Weights and optimizer states by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from azr_trainer.tensor_files import read_tensors, stored_shapes


def equal(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    """Whether both have the same tensors, bit by bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def stored(checkpoint: Path) -> dict[str, Tensor]:
    """Weights and optimizer of a checkpoint folder, whole, whoever wrote it."""
    folder = checkpoint / "tensors"
    tensors = {name: torch.empty(shape) for name, shape in stored_shapes(folder).items()}
    read_tensors(folder, tensors)
    return tensors
