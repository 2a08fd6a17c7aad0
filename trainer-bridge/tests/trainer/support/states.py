"""Weights and optimizer states by name."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def equal(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    """Whether both have the same tensors, bit by bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)
