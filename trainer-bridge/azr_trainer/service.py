"""`azr.v1.TrainerService`: the contract's calls, over the trainer and the order of its operations."""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import grpc
import grpc.aio
from azr.v1 import trainer_pb2 as pb
from azr.v1 import trainer_pb2_grpc as pb_grpc

from azr_trainer import messages, request_reader
from azr_trainer.chunk import SequenceLimits, check_has_logprobs_or_none, read_sequences
from azr_trainer.digest import request_digest, train_digest
from azr_trainer.faults import OperationFault
from azr_trainer.held_policy import HeldPolicy
from azr_trainer.operation import Kind, Operation, Work
from azr_trainer.operation_log import OperationLog
from azr_trainer.refusal import DETAILS_KEY, Refusal, failed_precondition, faulted, invalid_field
from azr_trainer.train_header import read_settings
from azr_trainer.trainer import Trainer

Context = grpc.aio.ServicerContext[Any, Any]
Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


async def _refuse(context: Context, error: Exception) -> None:
    """Ends the call with the status of a refusal; what is neither that nor a known fault is a fault of ours."""
    if isinstance(error, OperationFault):
        error = faulted(error)
    if isinstance(error, Refusal):
        details = ((DETAILS_KEY, error.to_status().SerializeToString()),)
        await context.abort(error.code, str(error), details)
    logger.error("a call failed unexpectedly", exc_info=error)
    await context.abort(grpc.StatusCode.INTERNAL, f"unexpected {type(error).__name__}: {error}")


def _answered(
    method: Callable[[Any, Any, Context], Awaitable[Answer]],
) -> Callable[[Any, Any, Context], Awaitable[Answer]]:
    """Turns refusals into statuses."""

    @functools.wraps(method)
    async def answered(self: Any, request: Any, context: Context) -> Answer:
        try:
            return await method(self, request, context)
        except Exception as error:
            await _refuse(context, error)
            raise AssertionError("abort does not return") from error

    return answered


class TrainerService(pb_grpc.TrainerServiceServicer):
    """Checks each request, and hands what it asks for to the log of operations."""

    def __init__(self, trainer: Trainer, log: OperationLog) -> None:
        self._trainer = trainer
        self._log = log

    @_answered
    async def GetStatus(self, request: pb.GetStatusRequest, context: Context) -> pb.GetStatusResponse:
        backend, held = self._trainer.backend, self._trainer.held
        answer = pb.GetStatusResponse(
            lease_epoch=self._log.lease_epoch, backend=backend.name, device=backend.device
        )
        if held:
            answer.run_id, answer.policy_version = held.run_id, held.version
            answer.parameters = held.info.parameters
            if held.last_applied:
                answer.last_applied.CopyFrom(messages.last_applied(held.last_applied))
        return answer

    @_answered
    async def LoadPolicy(self, request: pb.LoadPolicyRequest, context: Context) -> pb.LoadPolicyResponse:
        request_reader.check_context(request.context)
        source = request.WhichOneof("source")
        if source is None:
            raise invalid_field("source", "is not set, expected policy_dir or checkpoint_dir")
        folder = request_reader.read_folder(getattr(request, source), source)
        if source == "policy_dir" and request.context.expected_version != 0:
            description = f"is {request.context.expected_version}, expected 0, the version of a policy_dir"
            raise invalid_field("context.expected_version", description)
        reference = (
            request_reader.read_folder(request.reference_dir, "reference_dir")
            if request.reference_dir
            else None
        )
        load = self._trainer.load_policy if source == "policy_dir" else self._trainer.load_checkpoint
        operation = Operation(
            Kind.LOAD,
            request.context,
            request_digest(request),
            lambda _: load(request.context, folder, request.seed, reference),
        )
        return pb.LoadPolicyResponse(operation=self._log.open_lease(operation))

    @_answered
    async def Train(self, messages: AsyncIterator[pb.TrainRequest], context: Context) -> pb.TrainResponse:
        header = await request_reader.read_header(messages)
        request_reader.check_context(header.context)
        limits = _limits(self._log.check_lease(header.context))
        settings = read_settings(header)
        batch = await request_reader.read_batch(messages, header, settings, limits)
        digest = train_digest(header, batch)
        operation = Operation(
            Kind.TRAIN,
            header.context,
            digest,
            lambda report: self._trainer.train(header.context, digest, batch, settings, report),
        )
        return pb.TrainResponse(operation=self._log.admit(operation))

    @_answered
    async def Publish(self, request: pb.PublishRequest, context: Context) -> pb.PublishResponse:
        servers, seconds = request_reader.read_servers(request), request_reader.read_phase_seconds(request)
        answer = self._admit_read(request, lambda _: self._trainer.publish(servers, seconds))
        return pb.PublishResponse(operation=answer)

    @_answered
    async def SaveCheckpoint(
        self, request: pb.SaveCheckpointRequest, context: Context
    ) -> pb.SaveCheckpointResponse:
        folder = request_reader.read_folder(request.checkpoint_dir, "checkpoint_dir")
        answer = self._admit_read(request, lambda _: self._trainer.save_checkpoint(folder))
        return pb.SaveCheckpointResponse(operation=answer)

    @_answered
    async def ExportPolicy(
        self, request: pb.ExportPolicyRequest, context: Context
    ) -> pb.ExportPolicyResponse:
        folder = request_reader.read_folder(request.export_dir, "export_dir")
        answer = self._admit_read(request, lambda _: self._trainer.export(folder))
        return pb.ExportPolicyResponse(operation=answer)

    async def ComputeLogprobs(
        self, messages: AsyncIterator[pb.ComputeLogprobsRequest], context: Context
    ) -> AsyncIterator[pb.ComputeLogprobsResponse]:
        """One chunk is in memory at a time."""
        try:
            index = 0
            async for message in messages:
                where = f"chunk[{index}]"
                held = self._trainer.held
                if held is None:
                    raise failed_precondition(
                        "NO_POLICY", where, "has no policy to score it, expected LoadPolicy first"
                    )
                sequences = read_sequences(message.chunk, where, _limits(held))
                check_has_logprobs_or_none(message.chunk, where, sequences)
                logprobs, version = await self._trainer.compute_logprobs(sequences, held.info)
                yield pb.ComputeLogprobsResponse(
                    logprobs=logprobs.astype("<f4").tobytes(), policy_version=version
                )
                index += 1
        except Exception as error:
            await _refuse(context, error)

    @_answered
    async def GetOperation(
        self, request: pb.GetOperationRequest, context: Context
    ) -> pb.GetOperationResponse:
        seconds = request_reader.read_wait_seconds(request)
        return pb.GetOperationResponse(operation=await self._log.wait(request.operation_id, seconds))

    def _admit_read(self, request: Any, work: Work) -> pb.Operation:
        """An operation that leaves the policy as it is."""
        request_reader.check_context(request.context)
        return self._log.admit(Operation(Kind.READ, request.context, request_digest(request), work))


def _limits(held: HeldPolicy) -> SequenceLimits:
    return SequenceLimits(held.info.vocab_size, held.info.max_positions)
