"""Operations: in order, at most once each, under one lease, at the version that they expect."""

from __future__ import annotations

from collections.abc import Callable

import grpc
from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.checks.metrics import expect_metrics
from azr_backend_conformance.client import failed, succeeded, train_messages
from azr_backend_conformance.expect import Failed, expect, expect_equal
from azr_backend_conformance.requests import loss_config, optimizer_config
from azr_backend_conformance.sample import Batch, draw_batch
from azr_backend_conformance.subject import Subject


def repeat(subject: Subject) -> None:
    """A batch that is sent again, cut otherwise, gets the first result and is not applied twice."""
    wanted, client = subject.new_run(), subject.client
    batch, following = draw_batch(1), draw_batch(2)
    context = client.context("batch-1")
    first = succeeded(client.send(train_messages(batch, context)), "Train")
    for chunk_size in (1, 8):
        again = client.send(train_messages(batch, context, chunk_size=chunk_size))
        expect(again == first, "a repeated batch is not answered with the first operation")
    expect_equal("policy_version after a repeat", client.status().policy_version, 1)
    client.version = 1
    wanted.update(batch, loss_config(), optimizer_config())
    metrics = client.train(following).metrics
    # Had the repeat been applied, the moments would tell.
    expect_metrics(
        metrics, wanted.update(following, loss_config(), optimizer_config()), 2 * subject.tolerance
    )
    subject.expect_policy(wanted, following)


def sent_ahead(subject: Subject) -> None:
    """Batches may be sent before those that they follow are done; they are applied in order."""
    subject.new_run()
    client = subject.client
    sent = [
        client.stub.Train(train_messages(draw_batch(version), client.context(version=version)), timeout=60)
        for version in range(3)
    ]
    ended = [succeeded(client.end_of(answer.operation), "Train sent ahead") for answer in sent]
    expect_equal("versions", [one.train.policy_version for one in ended], [1, 2, 3])


def reused_id(subject: Subject) -> None:
    """An id stands for one content."""
    subject.new_run()
    subject.client.train(draw_batch(1), batch_id="batch-1")
    context = subject.client.context("batch-1")
    _refused_batch(
        subject, "an id with other content", draw_batch(2), context, grpc.StatusCode.ALREADY_EXISTS
    )
    expect_equal("policy_version", subject.client.status().policy_version, 1)


def out_of_order(subject: Subject) -> None:
    """Sequences rise."""
    subject.new_run()
    earlier = subject.client.context("batch-2", version=1)
    subject.client.train(draw_batch(1), batch_id="batch-1")
    _refused_batch(
        subject,
        "an operation with an earlier sequence",
        draw_batch(2),
        earlier,
        grpc.StatusCode.FAILED_PRECONDITION,
    )


def other_version(subject: Subject) -> None:
    """The expected version is the present one."""
    subject.new_run()
    context = subject.client.context(version=3)
    _refused_batch(subject, "another version", draw_batch(1), context, grpc.StatusCode.FAILED_PRECONDITION)
    expect_equal("policy_version", subject.client.status().policy_version, 0)


def other_run(subject: Subject) -> None:
    """The run is the one that was loaded."""
    subject.new_run()
    context = subject.client.context()
    context.run_id = "another-run"
    _refused_batch(subject, "another run", draw_batch(1), context, grpc.StatusCode.FAILED_PRECONDITION)


def older_lease(subject: Subject) -> None:
    """A new owner ends the lease of the one before."""
    subject.new_run()
    context = subject.client.context()
    subject.new_run()
    _refused_batch(subject, "an older lease", draw_batch(1), context, grpc.StatusCode.ABORTED)
    expect_equal("policy_version", subject.client.status().policy_version, 0)


def failed_load(subject: Subject) -> None:
    """It names the folder, and leaves the policy as it is."""
    wanted, batch, missing = subject.new_run(), draw_batch(1), subject.new_path("missing")
    subject.client.train(batch)
    wanted.update(batch, loss_config(), optimizer_config())
    run_id = subject.client.run_id
    request = pb.LoadPolicyRequest(
        context=subject.client.take_lease(run_id, 0), policy_dir=str(missing), seed=1
    )
    failed(subject.client.load(request), "LoadPolicy of a folder that is not there", str(missing))
    expect_equal("policy_version after a load that failed", subject.client.status().policy_version, 1)
    subject.expect_policy(wanted, batch)


def unknown(subject: Subject) -> None:
    """An operation that was never sent."""
    subject.new_run()
    request = pb.GetOperationRequest(operation_id="never-sent", wait_ms=1)
    _refused(
        "an unknown operation",
        lambda: subject.client.stub.GetOperation(request, timeout=10),
        grpc.StatusCode.NOT_FOUND,
    )


def _refused_batch(
    subject: Subject, what: str, batch: Batch, context: pb.OperationContext, wanted: grpc.StatusCode
) -> None:
    _refused(what, lambda: subject.client.send(train_messages(batch, context)), wanted)


def _refused(what: str, call: Callable[[], object], wanted: grpc.StatusCode) -> None:
    try:
        call()
    except grpc.RpcError as error:
        expect_equal(f"the status for {what}", error.code(), wanted)
    else:
        raise Failed(f"{what} was taken on, expected {wanted.name}")


CHECKS = {
    "operations/repeat": repeat,
    "operations/sent_ahead": sent_ahead,
    "operations/reused_id": reused_id,
    "operations/out_of_order": out_of_order,
    "operations/other_version": other_version,
    "operations/other_run": other_run,
    "operations/older_lease": older_lease,
    "operations/failed_load": failed_load,
    "operations/unknown": unknown,
}
