"""What a trainer says of itself."""

from __future__ import annotations

from azr_backend_conformance.expect import expect, expect_equal
from azr_backend_conformance.policies import load_float64
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject


def loaded(subject: Subject) -> None:
    """After LoadPolicy: whose policy, under which lease, at version 0."""
    subject.new_run()
    held = subject.client.status()
    expect_equal("run_id", held.run_id, subject.client.run_id)
    expect_equal("lease_epoch", held.lease_epoch, subject.client.epoch)
    expect_equal("policy_version", held.policy_version, 0)
    expect(not held.HasField("last_applied"), "last_applied is set at version 0")
    model = load_float64(subject.policies.trained)
    expect_equal("parameters", held.parameters, sum(one.numel() for one in model.parameters()))
    expect(held.backend != "" and held.device != "", "backend and device are not both named")


def trained(subject: Subject) -> None:
    """After Train: the version, and what was applied last."""
    subject.new_run()
    result = subject.client.train(draw_batch(1), batch_id="batch-1")
    held = subject.client.status()
    expect_equal("policy_version", held.policy_version, 1)
    expect_equal("last_applied.batch_id", held.last_applied.batch_id, "batch-1")
    expect_equal("last_applied.sequence", held.last_applied.sequence, 2)
    expect_equal("bytes of last_applied.digest", len(held.last_applied.digest), 32)
    expect(held.last_applied.result == result, "last_applied.result is not what Train answered")


CHECKS = {"status/loaded": loaded, "status/trained": trained}
