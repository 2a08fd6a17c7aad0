"""The order of operations: at most once each, one at a time, under one lease.

Of an operation that has a rest, such as the writing of a checkpoint, the next does not wait for the rest.

An operation seen before is answered with its first result; a failed one may be tried again under its id. All methods
belong to one event loop, so that nothing comes between a check and what follows from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import grpc
from azr.v1 import trainer_pb2 as pb

from azr_trainer.faults import RequestFault
from azr_trainer.held_policy import HeldPolicy
from azr_trainer.messages import applied_before
from azr_trainer.operation import Kind, Operation, Rest
from azr_trainer.refusal import Refusal, Violation, failed_precondition

KEPT_RESULTS = 1000  # older ones are forgotten; the version check still refuses such a batch


class OperationLog:
    """Takes operations on, runs them in order, remembers what came of them. `held` is what the trainer holds now."""

    def __init__(self, held: Callable[[], HeldPolicy | None]) -> None:
        self.lease_epoch = 0
        self.rests: set[asyncio.Task[Rest | None]] = set()  # of operations that others have followed already
        self._held = held
        self._known: dict[str, Operation] = {}  # of this lease, by id, in order
        self._last: pb.OperationContext | None = None
        self._queue: asyncio.Queue[Operation] = asyncio.Queue()

    def check_lease(self, context: pb.OperationContext) -> HeldPolicy:
        """The policy that the context is about. Raises Refusal if its lease or run is another one."""
        held = self._held()
        if context.lease_epoch < self.lease_epoch:
            raise _lease_lost(context, f"at least {self.lease_epoch}: a newer owner holds the lease")
        loading = next((one for one in self._known.values() if one.running and one.kind is Kind.LOAD), None)
        if loading:
            name = loading.context.operation_id
            raise failed_precondition(
                "POLICY_LOADING", "context", f"comes before LoadPolicy '{name}' has ended"
            )
        if held is None:
            raise failed_precondition(
                "NO_POLICY", "context.run_id", "has no policy here, expected LoadPolicy first"
            )
        if context.lease_epoch > self.lease_epoch:
            description = (
                f"is {context.lease_epoch}, expected {self.lease_epoch}: only LoadPolicy opens a lease"
            )
            raise failed_precondition("LEASE_NOT_OPEN", "context.lease_epoch", description)
        if context.run_id != held.run_id:
            description = f"is '{context.run_id}', expected '{held.run_id}'"
            raise failed_precondition("OTHER_RUN", "context.run_id", description)
        return held

    def admit(self, operation: Operation) -> pb.Operation:
        """Takes an operation on, or answers what became of it before. Raises Refusal."""
        held = self.check_lease(operation.context)
        if seen := self._seen(operation):
            return seen
        self._check_order(operation.context)
        pending = sum(one.running and one.kind is Kind.TRAIN for one in self._known.values())
        _check_version(operation.context, held.version + pending)
        return self._append(operation)

    def open_lease(self, load: Operation) -> pb.Operation:
        """Takes a LoadPolicy on: from now on older epochs are refused, and what they did is forgotten."""
        epoch = load.context.lease_epoch
        known = load.context.operation_id in self._known
        if epoch == self.lease_epoch and known:
            if seen := self._seen(load):
                return seen
        elif epoch <= self.lease_epoch:
            raise _lease_lost(load.context, f"above {self.lease_epoch}, the newest so far")
        self.lease_epoch = epoch
        self._known.clear()
        return self._append(load)

    async def wait(self, operation_id: str, seconds: float) -> pb.Operation:
        """Where an operation stands, after its end or `seconds`. Raises Refusal if it is not known."""
        known, held = self._known.get(operation_id), self._held()
        if known:
            with suppress(TimeoutError):
                await asyncio.wait_for(known.ended.wait(), seconds)
            return known.message
        if held and held.last_applied and held.last_applied.batch_id == operation_id:
            return applied_before(held.last_applied)
        violation = Violation("operation_id", f"is '{operation_id}', which is not known under this lease")
        raise Refusal(grpc.StatusCode.NOT_FOUND, "UNKNOWN_OPERATION", [violation])

    async def run(self) -> None:
        """Applies operations in order, until cancelled."""
        while True:
            operation = await self._queue.get()
            wrong = self._no_longer_right(operation)
            if wrong:
                operation.fail(RequestFault(wrong))
            elif rest := await operation.apply():
                self.rests.add(rest)
                rest.add_done_callback(self.rests.discard)

    def _no_longer_right(self, operation: Operation) -> str | None:
        """What was right when the operation was taken on may not be so after those before it."""
        context, held = operation.context, self._held()
        if context.lease_epoch != self.lease_epoch:
            return f"context.lease_epoch is {context.lease_epoch}, a newer owner opened {self.lease_epoch}"
        version = held.version if held else None
        if operation.kind is not Kind.LOAD and context.expected_version != version:
            return f"context.expected_version is {context.expected_version}, the trainer holds {version}"
        return None

    def _seen(self, operation: Operation) -> pb.Operation | None:
        """What became of the same operation before, unless it failed."""
        identity, known, held = operation.context.operation_id, None, self._held()
        if before := self._known.get(identity):
            known, digest = None if before.failed else before.message, before.digest
        elif held and held.last_applied and held.last_applied.batch_id == identity:
            known, digest = applied_before(held.last_applied), bytes.fromhex(held.last_applied.digest)
        else:
            return None
        if digest != operation.digest:
            description = f"is '{identity}', used before with other content; expected a new id"
            violation = Violation("context.operation_id", description)
            raise Refusal(grpc.StatusCode.ALREADY_EXISTS, "OPERATION_ID_REUSED", [violation])
        return known

    def _check_order(self, context: pb.OperationContext) -> None:
        """Rising, but that the last operation may be tried again as it was."""
        last = self._last
        if last is None or context.sequence > last.sequence:
            return
        if (context.sequence, context.operation_id) != (last.sequence, last.operation_id):
            description = (
                f"is {context.sequence}, expected above {last.sequence}, that of '{last.operation_id}'"
            )
            raise failed_precondition("OUT_OF_ORDER", "context.sequence", description)

    def _append(self, operation: Operation) -> pb.Operation:
        identity = operation.context.operation_id
        self._known.pop(identity, None)  # a failed attempt
        self._known[identity] = operation
        self._last = operation.context
        ended = [name for name, one in self._known.items() if not one.running]
        for name in ended[:-KEPT_RESULTS]:
            del self._known[name]
        self._queue.put_nowait(operation)
        return operation.message


def _check_version(context: pb.OperationContext, version: int) -> None:
    if context.expected_version != version:
        description = f"is {context.expected_version}, the trainer holds {version}"
        raise failed_precondition("OTHER_VERSION", "context.expected_version", description)


def _lease_lost(context: pb.OperationContext, expected: str) -> Refusal:
    violation = Violation("context.lease_epoch", f"is {context.lease_epoch}, expected {expected}")
    return Refusal(grpc.StatusCode.ABORTED, "LEASE_LOST", [violation])
