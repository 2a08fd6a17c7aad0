"""The processes that pre-train together: each takes its part of a step's examples, and their gradients are summed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory

import torch
import torch.distributed as dist
from torch import nn
from torch.multiprocessing.spawn import spawn

RANKS = 2


def run_ranks(work: Callable[..., None], *arguments: object) -> None:
    """Calls `work(rank, *arguments)` in `RANKS` processes of a group; what one raises ends them all and is raised."""
    with TemporaryDirectory() as folder:
        spawn(_join, (folder, work, arguments), nprocs=RANKS)  # type: ignore[no-untyped-call]


def _join(rank: int, folder: str, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    # More threads would change the order of sums, and so the weights.
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/group", rank=rank, world_size=RANKS)
    work(rank, *arguments)
    dist.destroy_process_group()


def summed(*numbers: float) -> list[float]:
    """Each number's sum over the ranks."""
    tensor = torch.tensor(numbers, dtype=torch.float64)
    dist.all_reduce(tensor)
    return tensor.tolist()


def sum_gradients(network: nn.Module) -> None:
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([gradient.view(-1) for gradient in gradients])
    dist.all_reduce(flat)
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))
