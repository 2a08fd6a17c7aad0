"""Muon against torch's, which computes in bfloat16, and against what it promises."""

from __future__ import annotations

import torch
from torch import nn

from azr_policy_builder.muon import MOMENTUM, WEIGHT_DECAY, Muon, orthogonal


def test_steps_are_those_of_torch_up_to_bfloat16() -> None:
    torch.manual_seed(0)
    shapes = [(16, 16), (8, 16), (24, 8), (16, 16)]
    own = [nn.Parameter(torch.randn(shape)) for shape in shapes]
    theirs = [nn.Parameter(matrix.detach().clone()) for matrix in own]
    muon = Muon(own)
    reference = torch.optim.Muon(theirs, lr=0.1, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    for _ in range(4):
        for a, b in zip(own, theirs, strict=True):
            a.grad = torch.randn(a.shape)
            b.grad = a.grad.clone()
        muon.step(0.1)
        reference.step()
    for a, b in zip(own, theirs, strict=True):
        assert torch.allclose(a, b, atol=0.02)


def test_singular_values_come_near_one() -> None:
    torch.manual_seed(1)
    for shape in ((2, 12, 20), (2, 20, 12)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
        assert values.min() > 0.5 and values.max() < 1.5
