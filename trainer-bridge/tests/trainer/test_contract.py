"""What the contract promises of operations: order, repeats, leases, versions; over a real channel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import grpc
import numpy as np
import pytest
from azr.v1 import trainer_pb2 as pb

from azr_trainer.backend import FinishSaving
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.batch import TrainBatch
from azr_trainer.checkpoint_metadata import CheckpointMetadata, read_metadata
from azr_trainer.faults import PolicyLostError
from tests.trainer.support.batches import chunk_of, context, draw_batch, train_messages
from tests.trainer.support.server import Client, details_of, serving

BATCH = draw_batch(1)


@pytest.fixture
def client(policy_dir: Path, tmp_path: Path) -> Iterator[Client]:
    """Of a trainer that holds the policy under lease 1; the next sequence is 2."""
    with serving(TorchBackend("cpu", 1), tmp_path / "published") as client:
        client.load(policy_dir)
        yield client


def train(
    client: Client, about: pb.OperationContext, batch: TrainBatch = BATCH, chunk_size: int = 3
) -> pb.Operation:
    return client.end_of(client.stub.Train(train_messages(batch, about, chunk_size), timeout=30).operation)


def save(client: Client, folder: Path, about: pb.OperationContext) -> pb.Operation:
    request = pb.SaveCheckpointRequest(context=about, checkpoint_dir=str(folder))
    return client.end_of(client.stub.SaveCheckpoint(request, timeout=30).operation)


def status(client: Client) -> pb.GetStatusResponse:
    return client.stub.GetStatus(pb.GetStatusRequest(), timeout=10)


def refused(call: Callable[[], object], code: grpc.StatusCode, reason: str, message: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    assert caught.value.code() is code
    assert message in caught.value.details()
    info, _ = details_of(caught.value)
    assert (info.reason, info.domain) == (reason, "trainer.azr")


def test_a_run_from_load_to_checkpoint(client: Client, tmp_path: Path) -> None:
    done = train(client, context(2, "batch-1"))
    assert (done.state, done.progress) == (pb.OPERATION_STATE_SUCCEEDED, 1.0)
    assert done.train.policy_version == 1
    assert done.train.metrics.optimizer_steps == 2
    saved = save(client, tmp_path / "one", context(3, "save", 1))
    assert saved.save_checkpoint.policy_version == 1
    request = pb.ExportPolicyRequest(context=context(4, "export", 1), export_dir=str(tmp_path / "hf"))
    exported = client.end_of(client.stub.ExportPolicy(request).operation)
    assert exported.export_policy.policy_version == 1
    assert (tmp_path / "hf" / "model.safetensors").is_file()
    held = status(client)
    assert (held.run_id, held.lease_epoch, held.policy_version) == ("run", 1, 1)
    assert (held.backend, held.device) == ("torch", "cpu")
    assert held.parameters > 0
    assert held.last_applied.batch_id == "batch-1"
    assert held.last_applied.result == done.train
    assert len(held.last_applied.digest) == 32


def test_before_any_policy(tmp_path: Path) -> None:
    with serving(TorchBackend("cpu", 1), tmp_path) as client:
        assert status(client) == pb.GetStatusResponse(backend="torch", device="cpu")
        no_policy = (grpc.StatusCode.FAILED_PRECONDITION, "NO_POLICY", "expected LoadPolicy first")
        refused(lambda: train(client, context(2, "b")), *no_policy)
        chunks = iter([pb.ComputeLogprobsRequest(chunk=chunk_of(BATCH))])
        refused(lambda: list(client.stub.ComputeLogprobs(chunks)), *no_policy)


@pytest.mark.parametrize("chunk_size", [1, 3, 8])
def test_a_repeat_is_answered_and_not_applied(client: Client, chunk_size: int) -> None:
    first = train(client, context(2, "batch-1"))
    again = client.stub.Train(train_messages(BATCH, context(2, "batch-1"), chunk_size)).operation
    assert again == first
    assert status(client).policy_version == 1


def test_a_reused_id_is_refused(client: Client, tmp_path: Path) -> None:
    train(client, context(2, "batch-1"))
    reused = (grpc.StatusCode.ALREADY_EXISTS, "OPERATION_ID_REUSED", "'batch-1'")
    refused(lambda: train(client, context(3, "batch-1"), draw_batch(2)), *reused)
    refused(lambda: save(client, tmp_path, context(3, "batch-1", 1)), *reused)


def test_sequences_rise(client: Client) -> None:
    train(client, context(5, "batch-1"))
    for sequence in (5, 4):
        refused(
            partial(train, client, context(sequence, "batch-2", 1)),
            grpc.StatusCode.FAILED_PRECONDITION,
            "OUT_OF_ORDER",
            f"context.sequence is {sequence}, expected above 5",
        )


def test_versions_must_be_the_present_one(client: Client) -> None:
    for version in (1, 7):
        refused(
            partial(train, client, context(2, "batch-1", version)),
            grpc.StatusCode.FAILED_PRECONDITION,
            "OTHER_VERSION",
            f"context.expected_version is {version}, the trainer holds 0",
        )


def test_operations_may_be_sent_ahead(client: Client) -> None:
    calls = [
        client.stub.Train(train_messages(BATCH, context(2 + number, f"batch-{number}", number)))
        for number in range(3)
    ]
    assert [client.end_of(call.operation).train.policy_version for call in calls] == [1, 2, 3]


def test_leases(client: Client, policy_dir: Path) -> None:
    train(client, context(2, "batch-1"))
    client.load(policy_dir, epoch=4)
    assert status(client).policy_version == 0
    lost = (grpc.StatusCode.ABORTED, "LEASE_LOST")
    refused(lambda: train(client, context(3, "batch-2", 1)), *lost, "lease_epoch is 1, expected at least 4")
    refused(lambda: client.load(policy_dir, epoch=3), *lost, "lease_epoch is 3, expected above 4")
    ahead = (grpc.StatusCode.FAILED_PRECONDITION, "LEASE_NOT_OPEN", "only LoadPolicy opens a lease")
    refused(lambda: train(client, context(3, "batch-1", epoch=5)), *ahead)
    assert train(client, context(2, "batch-1", epoch=4)).train.policy_version == 1


def test_another_run_is_refused(client: Client) -> None:
    about = context(2, "batch-1")
    about.run_id = "other"
    message = "context.run_id is 'other', expected 'run'"
    refused(lambda: train(client, about), grpc.StatusCode.FAILED_PRECONDITION, "OTHER_RUN", message)


def test_a_checkpoint_answers_its_last_batch_and_takes_the_next(client: Client, tmp_path: Path) -> None:
    first = train(client, context(2, "batch-1"))
    save(client, tmp_path / "one", context(3, "save", 1))
    second = train(client, context(4, "batch-2", 1), draw_batch(2))

    with serving(TorchBackend("cpu", 1), tmp_path / "published") as resumed:
        load = pb.LoadPolicyRequest(
            context=context(1, "load", 1, epoch=2), checkpoint_dir=str(tmp_path / "one")
        )
        loaded = resumed.end_of(resumed.stub.LoadPolicy(load).operation)
        assert loaded.load_policy.policy_version == 1
        again = train(resumed, context(2, "batch-1", 0, epoch=2))
        assert again.train == first.train
        refused(
            lambda: train(resumed, context(2, "batch-1", 0, epoch=2), draw_batch(2)),
            grpc.StatusCode.ALREADY_EXISTS,
            "OPERATION_ID_REUSED",
            "'batch-1'",
        )
        replayed = train(resumed, context(3, "batch-2", 1, epoch=2), draw_batch(2)).train
        for of_this_process in ("seconds", "tokens_per_second", "peak_memory_bytes"):
            setattr(replayed.metrics, of_this_process, getattr(second.train.metrics, of_this_process))
        assert replayed == second.train


def test_a_kl_term_refers_to_the_policy_that_was_loaded_for_it(client: Client, policy_dir: Path) -> None:
    def train_towards_reference(about: pb.OperationContext) -> pb.Operation:
        header, *chunks = train_messages(BATCH, about)
        header.header.loss.kl_coefficient = 0.1
        header.header.loss.kl_target = pb.KL_TARGET_REFERENCE
        header.header.loss.kl_estimator = pb.KL_ESTIMATOR_K3
        return client.end_of(client.stub.Train(iter([header, *chunks]), timeout=30).operation)

    missing = train_towards_reference(context(2, "batch-1"))
    assert missing.error.fault == pb.FAULT_REQUEST
    assert "expected LoadPolicy with reference_dir" in missing.error.message

    load = pb.LoadPolicyRequest(
        context=context(1, "load", epoch=2), policy_dir=str(policy_dir), reference_dir=str(policy_dir)
    )
    client.end_of(client.stub.LoadPolicy(load, timeout=30).operation)
    first, second = (
        train_towards_reference(context(2 + n, f"batch-{n}", n, epoch=2)).train.metrics for n in range(2)
    )
    assert first.kl_reference < second.kl_reference
    assert not train(client, context(4, "batch-2", 2, epoch=2)).train.metrics.HasField("kl_reference")


@pytest.mark.parametrize(
    ("run_id", "version", "named"),
    [("other", 0, "is of run 'run', expected run 'other'"), ("run", 3, "holds version 0")],
)
def test_a_checkpoint_of_something_else(
    client: Client, tmp_path: Path, run_id: str, version: int, named: str
) -> None:
    save(client, tmp_path / "one", context(2, "save"))
    about = context(1, "load", version, epoch=2)
    about.run_id = run_id
    load = pb.LoadPolicyRequest(context=about, checkpoint_dir=str(tmp_path / "one"))
    failed = client.end_of(client.stub.LoadPolicy(load).operation)
    assert (failed.state, failed.error.fault) == (pb.OPERATION_STATE_FAILED, pb.FAULT_REQUEST)
    assert str(tmp_path / "one") in failed.error.message
    assert named in failed.error.message


def test_a_failed_load_keeps_the_policy_and_may_be_tried_again(
    client: Client, policy_dir: Path, tmp_path: Path
) -> None:
    train(client, context(2, "batch-1"))
    missing = tmp_path / "missing"
    failed = client.load(missing, epoch=2)
    assert failed.error.fault == pb.FAULT_REQUEST
    assert str(missing) in failed.error.message
    assert status(client).policy_version == 1
    missing.symlink_to(policy_dir)
    assert client.load(missing, epoch=2).state == pb.OPERATION_STATE_SUCCEEDED
    assert status(client).policy_version == 0


def test_a_failed_batch_has_no_effect_and_may_be_tried_again(client: Client) -> None:
    bad = draw_batch(1)
    bad.sequences.temperatures[-1] = 1e-42
    for _ in range(2):
        failed = train(client, context(2, "batch-1"), bad)
        assert (failed.state, failed.error.fault) == (pb.OPERATION_STATE_FAILED, pb.FAULT_REQUEST)
        assert "not finite" in failed.error.message
    assert not status(client).HasField("last_applied")
    refused(
        lambda: train(client, context(3, "batch-1")),
        grpc.StatusCode.ALREADY_EXISTS,
        "OPERATION_ID_REUSED",
        "'batch-1'",
    )
    assert train(client, context(3, "batch-1b")).train.policy_version == 1


def test_what_follows_a_failed_batch_fails_too(client: Client, tmp_path: Path) -> None:
    bad = draw_batch(1)
    bad.sequences.temperatures[-1] = 1e-42
    client.stub.Train(train_messages(bad, context(2, "batch-1")))
    saved = save(client, tmp_path / "one", context(3, "save", 1))
    assert saved.error.fault == pb.FAULT_REQUEST
    assert "expected_version is 1, the trainer holds 0" in saved.error.message
    assert not (tmp_path / "one").exists()


def test_unknown_operations(client: Client) -> None:
    request = pb.GetOperationRequest(operation_id="nope", wait_ms=1)
    refused(
        lambda: client.stub.GetOperation(request), grpc.StatusCode.NOT_FOUND, "UNKNOWN_OPERATION", "'nope'"
    )


class HeldBack(TorchBackend):
    """Trains only when it is let."""

    def __init__(self) -> None:
        super().__init__("cpu", 1)
        self.let = threading.Event()

    def train(self, *arguments: object) -> object:  # type: ignore[override]
        arguments[2](0.5)
        assert self.let.wait(20)
        return super().train(*arguments)  # type: ignore[arg-type]


def test_status_and_polls_do_not_wait_and_a_new_lease_ends_what_waits(
    policy_dir: Path, tmp_path: Path
) -> None:
    backend = HeldBack()
    with serving(backend, tmp_path) as client:
        client.load(policy_dir)
        running = client.stub.Train(train_messages(BATCH, context(2, "batch-1"))).operation
        waiting = client.stub.Train(train_messages(BATCH, context(3, "batch-2", 1))).operation
        assert running.state == waiting.state == pb.OPERATION_STATE_RUNNING
        assert status(client).policy_version == 0
        poll = pb.GetOperationRequest(operation_id="batch-2", wait_ms=50)
        assert client.stub.GetOperation(poll).operation.state == pb.OPERATION_STATE_RUNNING

        load = pb.LoadPolicyRequest(context=context(1, "load-2", epoch=2), policy_dir=str(policy_dir))
        client.stub.LoadPolicy(load)
        loading = (grpc.StatusCode.FAILED_PRECONDITION, "POLICY_LOADING", "LoadPolicy 'load-2'")
        refused(lambda: train(client, context(2, "batch-1", epoch=2)), *loading)
        backend.let.set()
        assert client.load(policy_dir, epoch=2).state == pb.OPERATION_STATE_SUCCEEDED
        assert status(client).policy_version == 0


class Dying(TorchBackend):
    """Loses its policy in the first update."""

    def train(self, *arguments: object) -> object:  # type: ignore[override]
        raise PolicyLostError("the policy's process is gone: killed")


def test_a_lost_policy_is_said_and_loaded_again(policy_dir: Path, tmp_path: Path) -> None:
    with serving(Dying("cpu", 1), tmp_path) as client:
        client.load(policy_dir)
        error = train(client, context(2, "batch-1")).error
        assert (error.fault, error.message) == (pb.FAULT_TRAINER, "the policy's process is gone: killed")
        assert status(client).run_id == ""
        no_policy = (grpc.StatusCode.FAILED_PRECONDITION, "NO_POLICY", "expected LoadPolicy first")
        refused(lambda: train(client, context(3, "batch-1")), *no_policy)
        assert client.load(policy_dir, epoch=2).state == pb.OPERATION_STATE_SUCCEEDED


def test_logprobs_are_those_of_the_backend(client: Client, new_backend: Callable[[], TorchBackend]) -> None:
    hot = draw_batch(1, temperatures=[0.5, 1, 2, 1, 1, 3, 1, 1])
    chunks = [chunk_of(hot, 0, 5), chunk_of(hot, 5)]
    chunks[1].rollout_logprobs = b""
    answers = list(client.stub.ComputeLogprobs(pb.ComputeLogprobsRequest(chunk=chunk) for chunk in chunks))
    assert [answer.policy_version for answer in answers] == [0, 0]
    got = np.frombuffer(b"".join(answer.logprobs for answer in answers), "<f4")
    np.testing.assert_allclose(got, new_backend().compute_logprobs(hot.sequences), atol=1e-6)
    assert status(client).policy_version == 0


class WritesWhenTold(TorchBackend):
    """Writes no checkpoint before it may."""

    def __init__(self) -> None:
        super().__init__("cpu", 1)
        self.may_write = threading.Event()

    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        finish = super().save_checkpoint(folder, metadata)

        def finish_when_told() -> int:
            assert self.may_write.wait(30)
            return finish()

        return finish_when_told


def test_operations_follow_while_a_checkpoint_is_written(policy_dir: Path, tmp_path: Path) -> None:
    backend = WritesWhenTold()
    with serving(backend, tmp_path / "published") as client:
        client.load(policy_dir)
        requests = [
            pb.SaveCheckpointRequest(
                context=context(sequence, name, version), checkpoint_dir=str(tmp_path / name)
            )
            for sequence, name, version in ((2, "before", 0), (4, "after", 1))
        ]
        client.stub.SaveCheckpoint(requests[0], timeout=30)
        assert train(client, context(3, "batch-1")).train.policy_version == 1
        client.stub.SaveCheckpoint(requests[1], timeout=30)
        under_way = [
            client.stub.GetOperation(pb.GetOperationRequest(operation_id=name), timeout=30).operation
            for name in ("before", "after")
        ]
        assert [operation.state for operation in under_way] == [pb.OPERATION_STATE_RUNNING] * 2
        assert not (tmp_path / "before").exists()
        backend.may_write.set()
        written = [client.end_of(operation).save_checkpoint.policy_version for operation in under_way]
        assert written == [0, 1]
        assert [read_metadata(tmp_path / name).policy_version for name in ("before", "after")] == [0, 1]


def test_a_checkpoint_that_cannot_be_written_fails_alone(client: Client, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = save(client, tmp_path / "file" / "one", context(2, "save"))
    assert (failed.state, failed.error.fault) == (pb.OPERATION_STATE_FAILED, pb.FAULT_TRAINER)
    assert f"{tmp_path}/file/one: cannot be written: " in failed.error.message
    assert train(client, context(3, "batch-1")).train.policy_version == 1
    again = save(client, tmp_path / "one", context(4, "save-2", 1))
    assert again.state == pb.OPERATION_STATE_SUCCEEDED
