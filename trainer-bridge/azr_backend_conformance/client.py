"""A client of the trainer under test, as a control plane would be one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import grpc
import numpy as np
from azr.v1 import trainer_pb2 as pb
from azr.v1 import trainer_pb2_grpc as pb_grpc

from azr_backend_conformance.expect import Failed, expect
from azr_backend_conformance.requests import loss_config, optimizer_config
from azr_backend_conformance.sample import Batch, to_chunks

CALL_SECONDS = 60.0
OPERATION_POLLS = 20  # of 30 s each
POLL_MS = 30_000
CHUNK_SEQUENCES = 3


class Client:
    """Numbers its operations within a lease, waits for their end, and keeps the present version."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.stub = pb_grpc.TrainerServiceStub(channel)  # type: ignore[no-untyped-call]
        self.run_id = ""
        self.epoch = 0
        self.version = 0
        self._sequences = itertools.count(1)

    def status(self) -> pb.GetStatusResponse:
        """What the trainer holds."""
        answer: pb.GetStatusResponse = self.stub.GetStatus(pb.GetStatusRequest(), timeout=CALL_SECONDS)
        return answer

    def context(self, operation_id: str = "", version: int | None = None) -> pb.OperationContext:
        """Of the next operation of the lease."""
        sequence = next(self._sequences)
        return pb.OperationContext(
            run_id=self.run_id,
            lease_epoch=self.epoch,
            sequence=sequence,
            operation_id=operation_id or f"operation/{self.epoch}/{sequence}",
            expected_version=self.version if version is None else version,
        )

    def take_lease(self, run_id: str, version: int) -> pb.OperationContext:
        """The context of a LoadPolicy that opens a new lease, later than any so far."""
        self.run_id, self.epoch = run_id, self.status().lease_epoch + 1
        self._sequences = itertools.count(1)
        return self.context(version=version)

    def load(self, request: pb.LoadPolicyRequest) -> pb.Operation:
        """Its end, whatever that is."""
        ended = self.end_of(self.stub.LoadPolicy(request, timeout=CALL_SECONDS).operation)
        if ended.state == pb.OPERATION_STATE_SUCCEEDED:
            self.version = ended.load_policy.policy_version
        return ended

    def load_policy(self, run_id: str, folder: Path, reference: Path | None = None) -> None:
        """Version 0 of a run, under a new lease."""
        request = pb.LoadPolicyRequest(
            context=self.take_lease(run_id, 0),
            policy_dir=str(folder),
            seed=1,
            reference_dir=str(reference or ""),
        )
        succeeded(self.load(request), "LoadPolicy of a policy_dir")

    def load_checkpoint(self, run_id: str, folder: Path, version: int) -> pb.Operation:
        """A version of a run, under a new lease."""
        context = self.take_lease(run_id, version)
        return self.load(pb.LoadPolicyRequest(context=context, checkpoint_dir=str(folder), seed=1))

    def train(
        self,
        batch: Batch,
        loss: pb.LossConfig | None = None,
        optimizer: pb.OptimizerConfig | None = None,
        batch_id: str = "",
    ) -> pb.TrainResult:
        """Makes the next version; raises Failed if the trainer does not."""
        messages = train_messages(batch, self.context(batch_id), loss, optimizer)
        result = succeeded(self.send(messages), "Train").train
        expect(
            result.policy_version == self.version + 1,
            f"Train of version {self.version} made version {result.policy_version}",
        )
        self.version = result.policy_version
        return result

    def send(self, messages: Iterator[pb.TrainRequest]) -> pb.Operation:
        """The end of a Train call; raises grpc.RpcError if it is refused."""
        return self.end_of(self.stub.Train(messages, timeout=CALL_SECONDS).operation)

    def save(self, folder: Path) -> pb.SaveCheckpointResult:
        """Writes a checkpoint."""
        request = pb.SaveCheckpointRequest(context=self.context(), checkpoint_dir=str(folder))
        answer = self.stub.SaveCheckpoint(request, timeout=CALL_SECONDS)
        return succeeded(self.end_of(answer.operation), "SaveCheckpoint").save_checkpoint

    def export(self, folder: Path) -> pb.ExportPolicyResult:
        """Writes a Hugging Face folder."""
        request = pb.ExportPolicyRequest(context=self.context(), export_dir=str(folder))
        answer = self.stub.ExportPolicy(request, timeout=CALL_SECONDS)
        return succeeded(self.end_of(answer.operation), "ExportPolicy").export_policy

    def publish(self, servers: list[pb.RolloutServer]) -> pb.PublishResult:
        """Sends the weights."""
        request = pb.PublishRequest(context=self.context(), servers=servers, phase_timeout_ms=10_000)
        answer = self.stub.Publish(request, timeout=CALL_SECONDS)
        return succeeded(self.end_of(answer.operation), "Publish").publish

    def logprobs(self, batch: Batch) -> list[float]:
        """Of all response tokens, as the trainer scores them."""
        requests = (pb.ComputeLogprobsRequest(chunk=chunk) for chunk in to_chunks(batch, CHUNK_SEQUENCES))
        found: list[float] = []
        for answer in self.stub.ComputeLogprobs(requests, timeout=CALL_SECONDS):
            expect(
                answer.policy_version == self.version,
                f"ComputeLogprobs answers of version {answer.policy_version}, the policy has {self.version}",
            )
            found.extend(np.frombuffer(answer.logprobs, "<f4").tolist())
        return found

    def end_of(self, operation: pb.Operation) -> pb.Operation:
        """Waits for it."""
        for _ in range(OPERATION_POLLS):
            if operation.state != pb.OPERATION_STATE_RUNNING:
                return operation
            request = pb.GetOperationRequest(operation_id=operation.operation_id, wait_ms=POLL_MS)
            operation = self.stub.GetOperation(request, timeout=CALL_SECONDS).operation
        raise Failed(f"operation '{operation.operation_id}' does not end")


def train_messages(
    batch: Batch,
    context: pb.OperationContext,
    loss: pb.LossConfig | None = None,
    optimizer: pb.OptimizerConfig | None = None,
    chunk_size: int = CHUNK_SEQUENCES,
) -> Iterator[pb.TrainRequest]:
    """The stream of a Train call."""
    header = pb.TrainHeader(
        context=context,
        sequence_count=len(batch),
        loss=loss or loss_config(),
        optimizer=optimizer or optimizer_config(),
    )
    yield pb.TrainRequest(header=header)
    for chunk in to_chunks(batch, chunk_size):
        yield pb.TrainRequest(chunk=chunk)


def succeeded(operation: pb.Operation, what: str) -> pb.Operation:
    """The same operation; raises Failed unless it did what it was to do."""
    right = operation.state == pb.OPERATION_STATE_SUCCEEDED
    state = pb.OperationState.Name(operation.state)
    expect(right, f"{what} ended as {state}: {operation.error.message or 'it says nothing'}")
    expect(operation.progress == 1.0, f"{what} succeeded with progress {operation.progress}, expected 1")
    return operation


def failed(operation: pb.Operation, what: str, named: str) -> None:
    """Raises Failed unless the operation failed, by fault of the request, and its message names a text."""
    expect(operation.state == pb.OPERATION_STATE_FAILED, f"{what} was done, expected it to fail")
    fault = pb.Fault.Name(operation.error.fault)
    expect(operation.error.fault == pb.FAULT_REQUEST, f"{what} failed with {fault}, expected FAULT_REQUEST")
    expect(
        named in operation.error.message,
        f"{what} failed saying {operation.error.message!r}, expected it to name '{named}'",
    )
