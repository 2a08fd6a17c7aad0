"""The ranks as they write a checkpoint together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import torch.distributed as dist
from torch.distributed import ProcessGroup
from torch.distributed.device_mesh import DeviceMesh

from azr_trainer.faults import OperationFault

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class SavingRanks:
    """They write in a thread beside the one that trains, so that their messages have a process group of their own."""

    rank: int = 0
    count: int = 1
    group: ProcessGroup | None = None  # gloo; None where there is one rank
    mesh: DeviceMesh | None = None  # main memory of all ranks, over the same group

    def each(self, work: Callable[[], Answer]) -> list[Answer]:
        """What each rank makes of `work`, by rank. An OperationFault or OSError of one of them is raised on all."""
        mine: tuple[Answer | None, Exception | None]
        try:
            mine = work(), None
        except (OperationFault, OSError) as error:
            mine = None, error
        answers = [mine] * self.count
        if self.group:
            dist.all_gather_object(answers, mine, self.group)
        for _, fault in answers:
            if fault:
                raise fault
        return [answer for answer, _ in answers]  # type: ignore[misc]

    def first(self, work: Callable[[], Answer]) -> Answer:
        """What the first rank alone makes of `work`, on all ranks."""
        return self.each(lambda: work() if self.rank == 0 else None)[0]  # type: ignore[return-value]
