"""Muon: momentum whose update is made nearly orthogonal, for the matrices inside a network.

Keller Jordan and others, "Muon: An optimizer for hidden layers in neural networks", 2024. `torch.optim.Muon`
computes the same, but in bfloat16, which processors without instructions for it take ten times as long over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import sqrt

import torch
from torch import nn

MOMENTUM = 0.95
WEIGHT_DECAY = 0.01
ITERATIONS = 5
COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic polynomial; the article says how they were found


class Muon:
    """Steps matrices by their gradients. Those of one shape are stepped together."""

    def __init__(self, matrices: Iterable[nn.Parameter]) -> None:
        by_shape: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
        for matrix in matrices:
            by_shape[matrix.shape].append(matrix)
        self._stacks = [(same, torch.zeros(len(same), *shape)) for shape, same in by_shape.items()]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Needs a gradient of every matrix. A matrix taller than wide is moved further, by the root of the ratio."""
        for matrices, momentum in self._stacks:
            gradients = torch.stack(
                [gradient for matrix in matrices if (gradient := matrix.grad) is not None]
            )
            momentum.lerp_(gradients, 1 - MOMENTUM)
            updates = orthogonal(gradients.lerp(momentum, MOMENTUM))
            rows, columns = updates.shape[1:]
            for matrix, update in zip(matrices, updates, strict=True):
                matrix.mul_(1 - rate * WEIGHT_DECAY).sub_(update, alpha=rate * sqrt(max(1, rows / columns)))


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """[count, rows, columns] with all singular values brought near 1, by a Newton-Schulz iteration."""
    is_tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if is_tall else matrices
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if is_tall else x
