"""What each operation does, over a backend and a publisher."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from azr.v1 import trainer_pb2 as pb

from azr_trainer.backend import FinishSaving, PolicyInfo, TrainerBackend
from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint_metadata import CheckpointMetadata, LastApplied, TrainResult, read_metadata
from azr_trainer.faults import PolicyLostError, RequestFault
from azr_trainer.held_policy import HeldPolicy
from azr_trainer.messages import train_result
from azr_trainer.publishers.publisher import Publication, Publisher, RolloutServer
from azr_trainer.settings import UpdateSettings

P = ParamSpec("P")
R = TypeVar("R")
Report = Callable[[float], None]


class Trainer:
    """One policy, and what can be done with it. The caller sees to the order.

    The backend blocks, so it is called on `thread`, an executor of one thread: calls come one after the other. What is
    left of saving a checkpoint has a thread beside it.
    """

    def __init__(self, backend: TrainerBackend, publisher: Publisher, thread: Executor) -> None:
        self.backend = backend
        self.held: HeldPolicy | None = None
        self._publisher = publisher
        self._thread = thread
        self._saving_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="saving")
        self._saving: asyncio.Task[pb.Operation] | None = None  # the newest, under way or not
        self._changing = asyncio.Lock()  # so that a version and its weights are seen together

    async def load_policy(
        self, context: pb.OperationContext, folder: Path, seed: int, reference: Path | None
    ) -> pb.Operation:
        """Version 0 of the run."""
        async with self._changing:
            info = await self._call(self.backend.load_policy, folder, seed, reference)
            return self._hold(HeldPolicy(context.run_id, 0, None, info))

    async def load_checkpoint(
        self, context: pb.OperationContext, folder: Path, seed: int, reference: Path | None
    ) -> pb.Operation:
        """The version in the checkpoint, which must be the run's and the expected one."""
        metadata = read_metadata(folder)
        if metadata.run_id != context.run_id:
            raise RequestFault(f"{folder}: is of run '{metadata.run_id}', expected run '{context.run_id}'")
        if metadata.policy_version != context.expected_version:
            raise RequestFault(
                f"{folder}: holds version {metadata.policy_version}, expected_version is {context.expected_version}"
            )
        async with self._changing:
            info = await self._call(self.backend.load_checkpoint, folder, seed, reference)
            held = HeldPolicy(context.run_id, metadata.policy_version, metadata.last_applied, info)
            return self._hold(held)

    async def train(
        self,
        context: pb.OperationContext,
        digest: bytes,
        batch: TrainBatch,
        settings: UpdateSettings,
        report: Report,
    ) -> pb.Operation:
        """Makes the next version."""
        loop = asyncio.get_running_loop()

        def report_here(done: float) -> None:
            loop.call_soon_threadsafe(report, done)

        async with self._changing:
            held = self._held()
            metrics = await self._call(self.backend.train, batch, settings, report_here)
            result = TrainResult(held.version + 1, metrics)
            last = LastApplied(context.sequence, context.operation_id, digest.hex(), result)
            self.held = replace(held, version=result.policy_version, last_applied=last)
        return pb.Operation(train=train_result(result))

    async def publish(self, servers: Sequence[RolloutServer], phase_seconds: float) -> pb.Operation:
        """Sends the present weights."""
        held = self._held()
        publication = Publication(
            held.version, held.info.tensors, lambda file: self._call(self.backend.write_weights, file)
        )
        answers = await self._publisher.publish(publication, servers, phase_seconds)
        return pb.Operation(
            publish=pb.PublishResult(
                policy_version=held.version,
                servers=[
                    pb.ServerPublication(name=one.name, error=one.error, paused_seconds=one.paused_seconds)
                    for one in answers
                ],
            )
        )

    async def save_checkpoint(self, folder: Path) -> asyncio.Task[pb.Operation]:
        """Copies the present version; what is answered ends when it is written as a checkpoint.

        There is one copy at a time: the one before is written first.
        """
        if self._saving:
            await asyncio.wait([self._saving])
        held = self._held()
        metadata = CheckpointMetadata(held.run_id, held.version, held.last_applied)
        finish = await self._call(self.backend.save_checkpoint, folder, metadata)
        self._saving = asyncio.create_task(self._finish_saving(finish, held))
        return self._saving

    async def _finish_saving(self, finish: FinishSaving, held: HeldPolicy) -> pb.Operation:
        try:
            size = await asyncio.get_running_loop().run_in_executor(self._saving_thread, finish)
        except PolicyLostError:
            if self.held and self.held.info is held.info:  # and not one that was loaded since
                self.held = None
            raise
        result = pb.SaveCheckpointResult(policy_version=held.version, bytes=size)
        return pb.Operation(save_checkpoint=result)

    async def export(self, folder: Path) -> pb.Operation:
        """Writes a Hugging Face folder of the present version."""
        held = self._held()
        await self._call(self.backend.export, folder)
        return pb.Operation(export_policy=pb.ExportPolicyResult(policy_version=held.version))

    async def compute_logprobs(self, sequences: Sequences, info: PolicyInfo) -> tuple[Float32s, int]:
        """Log-probabilities of the response tokens, and the version that they are of.

        `info` is of the policy that the sequences were checked for; another policy may know fewer tokens.
        """
        async with self._changing:
            held = self._held()
            if held.info is not info:
                raise RequestFault("another policy was loaded meanwhile, expected the scoring to end first")
            return await self._call(self.backend.compute_logprobs, sequences), held.version

    def _hold(self, held: HeldPolicy) -> pb.Operation:
        self.held = held
        parameters = held.info.parameters
        result = pb.LoadPolicyResult(policy_version=held.version, parameters=parameters)
        return pb.Operation(load_policy=result)

    def _held(self) -> HeldPolicy:
        if self.held is None:
            raise RequestFault("no policy is loaded, expected LoadPolicy first")
        return self.held

    async def _call(self, method: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, lambda: method(*args, **kwargs))
        except PolicyLostError:
            self.held = None
            raise
