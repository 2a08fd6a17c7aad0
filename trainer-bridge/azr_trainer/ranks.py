"""The processes that train one policy together, as one of them sees them."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass, field
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor
from torch._C._distributed_c10d import TCPStore
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh

from azr_trainer.saving_ranks import SavingRanks

JOIN_SECONDS = 60.0  # all of them have imported everything before
COLLECTIVE_SECONDS = 120.0  # how long the ranks may be apart before the one that waits gives up
SAVING_SECONDS = 1_800.0  # the same of ranks that write a checkpoint: one may have a slower disk


@dataclass(frozen=True)
class Ranks:
    """All ranks make the same calls in the same order; alone, each call leaves everything as it is."""

    rank: int = 0
    count: int = 1
    mesh: DeviceMesh | None = None  # None where there is one rank: no process group is needed
    saving: SavingRanks = field(default_factory=SavingRanks)

    @property
    def several(self) -> bool:
        """Whether the policy is sharded."""
        return self.count > 1

    @property
    def is_first(self) -> bool:
        """Whether this rank writes what all ranks hold together."""
        return self.rank == 0

    def add_up(self, values: Tensor) -> Tensor:
        """Makes `values` the sum over the ranks."""
        if self.several:
            dist.all_reduce(values)
        return values

    def take_greatest(self, values: Tensor) -> Tensor:
        """Makes each of `values` the greatest among the ranks."""
        if self.several:
            dist.all_reduce(values, dist.ReduceOp.MAX)
        return values

    def greatest(self, number: int, device: torch.device) -> int:
        """The greatest number of a rank; `device` is where the ranks' messages are."""
        return int(self.take_greatest(torch.tensor(number, device=device))) if self.several else number


ALONE = Ranks()


@dataclass(frozen=True)
class MeetingPoint:
    """Where the ranks find each other."""

    host: str
    port: int


def open_meeting_point(host: str, count: int) -> tuple[MeetingPoint, TCPStore]:
    """Of the first rank. It listens on `host` alone for as long as the store lives."""
    listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    port: int = listener.getsockname()[1]
    store = TCPStore(
        host,
        port,
        count,
        is_master=True,
        timeout=timedelta(seconds=JOIN_SECONDS),
        wait_for_workers=False,
        master_listen_fd=listener.detach(),
    )
    return MeetingPoint(host, port), store


def join_ranks(
    rank: int, count: int, device: str, point: MeetingPoint, store: TCPStore | None = None
) -> Ranks:
    """Returns when all ranks are there: NCCL where `device` is `cuda`, gloo else. `store` is the first rank's own."""
    if device == "cuda":
        torch.cuda.set_device(0)  # the one that Ray lets this process see
    if _is_loopback(point.host):
        os.environ["GLOO_SOCKET_IFNAME"] = "lo" if sys.platform == "linux" else "lo0"
    wait = timedelta(seconds=JOIN_SECONDS)
    dist.init_process_group(
        "cpu:gloo,cuda:nccl" if device == "cuda" else "gloo",
        store=store or TCPStore(point.host, point.port, count, is_master=False, timeout=wait),
        rank=rank,
        world_size=count,
        timeout=timedelta(seconds=COLLECTIVE_SECONDS),
    )
    group = dist.new_group(backend="gloo", timeout=timedelta(seconds=SAVING_SECONDS))
    assert group is not None
    saving = SavingRanks(rank, count, group, DeviceMesh.from_group(group, "cpu"))
    return Ranks(rank, count, init_device_mesh(device, (count,)), saving)


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host == "::1"
