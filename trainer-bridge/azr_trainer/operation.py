"""One operation: what it is asked to do, and where it stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from azr.v1 import trainer_pb2 as pb

from azr_trainer.faults import OperationFault, RequestFault, TrainerFault, one_line

# The end of an operation after which others may follow while it is still at work.
Rest = asyncio.Task[pb.Operation]
# Does the operation: reports 0 to 1, and answers an Operation in which only the result is set, or what will answer it.
Work = Callable[[Callable[[float], None]], Awaitable[pb.Operation | Rest]]

logger = logging.getLogger(__name__)


class Kind(Enum):
    """What an operation does to the policy."""

    LOAD = auto()  # puts another in its place
    TRAIN = auto()  # makes the next version
    READ = auto()  # leaves it as it is


@dataclass
class Operation:
    """An operation that was taken on. `message` is what callers see, and changes as the work goes on."""

    kind: Kind
    context: pb.OperationContext
    digest: bytes
    work: Work | None  # None once it is over: it may hold a whole batch
    message: pb.Operation = field(init=False)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        identity = self.context.operation_id
        self.message = pb.Operation(operation_id=identity, state=pb.OPERATION_STATE_RUNNING)

    @property
    def running(self) -> bool:
        """Waiting for earlier ones, or at work."""
        return self.message.state == pb.OPERATION_STATE_RUNNING

    @property
    def failed(self) -> bool:
        """Ended without effect."""
        return self.message.state == pb.OPERATION_STATE_FAILED

    async def apply(self) -> asyncio.Task[Rest | None] | None:
        """Does the work; whatever comes of it is in `message`, at the latest when what is answered has ended."""
        work, self.work = self.work, None
        assert work, "an operation is applied once"
        rest = await self._take(work(self._report))
        return asyncio.create_task(self._take(rest)) if rest else None

    async def _take(self, work: Awaitable[pb.Operation | Rest]) -> Rest | None:
        rest = None
        try:
            answer = await work
            if isinstance(answer, asyncio.Task):
                rest = answer
                return rest
            self.message.MergeFrom(answer)
            self.message.state, self.message.progress = pb.OPERATION_STATE_SUCCEEDED, 1.0
        except Exception as error:
            if not isinstance(error, OperationFault):
                logger.exception("operation %s failed unexpectedly", self.context.operation_id)
            self.fail(error)
        finally:
            if rest is None:
                self.ended.set()  # also if the process is ending
        return None

    def fail(self, error: Exception) -> None:
        """Ends the operation."""
        self.work = None
        self.message.state = pb.OPERATION_STATE_FAILED
        self.message.error.CopyFrom(_error(error))
        self.ended.set()

    def _report(self, done: float) -> None:
        self.message.progress = done


def _error(error: Exception) -> pb.OperationError:
    if isinstance(error, RequestFault):
        return pb.OperationError(fault=pb.FAULT_REQUEST, message=one_line(error))
    if isinstance(error, TrainerFault):
        return pb.OperationError(fault=pb.FAULT_TRAINER, message=one_line(error))
    message = f"unexpected {type(error).__name__}: {one_line(error)}"
    return pb.OperationError(fault=pb.FAULT_UNSPECIFIED, message=message)
