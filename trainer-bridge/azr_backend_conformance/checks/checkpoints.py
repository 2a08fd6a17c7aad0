"""SaveCheckpoint, and LoadPolicy from what it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.checks.metrics import expect_metrics
from azr_backend_conformance.client import Client, failed, succeeded, train_messages
from azr_backend_conformance.expect import expect, expect_all_near, expect_equal
from azr_backend_conformance.requests import loss_config, optimizer_config
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject

BEFORE = (draw_batch(1), draw_batch(2))
AFTER = draw_batch(3)


@dataclass(frozen=True)
class Saved:
    """A checkpoint of version 2, and what came after it."""

    folder: Path
    run_id: str
    last: pb.LastApplied
    continued: pb.UpdateMetrics
    logprobs: list[float]


def continues(subject: Subject) -> None:
    """The trainer goes on from a checkpoint as if it had never stopped; a policy that was held since is no trace."""
    saved = _save(subject)
    subject.new_run()
    _expect_equal_continuation(subject, subject.client, saved)


def continues_elsewhere(subject: Subject) -> None:
    """So does another one, which has nothing but the folder."""
    with subject.another() as other:
        _expect_equal_continuation(subject, other, _save(subject))


def answers_last_batch(subject: Subject) -> None:
    """A new owner sends the last batch again, under its own numbers: it is answered and not applied."""
    saved = _save(subject)
    _load(subject.client, saved)
    held = subject.client.status()
    expect(held.last_applied == saved.last, "last_applied is not the one of the checkpoint")
    context = subject.client.context("batch-2", version=1)
    again = succeeded(subject.client.send(train_messages(BEFORE[1], context)), "the last batch, sent again")
    expect(again.train == saved.last.result, "the last batch, sent again, is not answered with its result")
    expect_equal("policy_version after a repeat", subject.client.status().policy_version, 2)


def wrong_checkpoints(subject: Subject) -> None:
    """One of another run, of another version, or none at all is refused by name."""
    saved = _save(subject)
    missing = subject.new_path("missing")
    for what, run_id, folder, version in (
        ("a checkpoint of another run", "another-run", saved.folder, 2),
        ("a checkpoint of another version", saved.run_id, saved.folder, 1),
        ("a checkpoint that is not there", saved.run_id, missing, 2),
    ):
        failed(subject.client.load_checkpoint(run_id, folder, version), what, str(folder))


def damaged(subject: Subject) -> None:
    """One whose largest file was cut off is refused by name, and the policy stays."""
    saved = _save(subject)
    files = [file for file in saved.folder.rglob("*") if file.is_file()]
    largest = max(files, key=lambda file: file.stat().st_size)
    largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])
    before = subject.client.logprobs(AFTER)
    loaded = subject.client.load_checkpoint(saved.run_id, saved.folder, 2)
    failed(loaded, "a damaged checkpoint", str(saved.folder))
    expect_all_near(
        "log-probability after a damaged checkpoint", subject.client.logprobs(AFTER), before, 1e-6
    )


def _save(subject: Subject) -> Saved:
    wanted, client, folder = subject.new_run(), subject.client, subject.new_path("checkpoint")
    for number, batch in enumerate(BEFORE, start=1):
        client.train(batch, batch_id=f"batch-{number}")
        wanted.update(batch, loss_config(), optimizer_config())
    result = client.save(folder)
    expect_equal("policy_version in the checkpoint", result.policy_version, 2)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    expect_equal("bytes of the checkpoint", result.bytes, size)
    last = client.status().last_applied
    continued = client.train(AFTER, batch_id="batch-3").metrics
    expect_metrics(continued, wanted.update(AFTER, loss_config(), optimizer_config()), 2 * subject.tolerance)
    return Saved(folder, client.run_id, last, continued, client.logprobs(AFTER))


def _load(client: Client, saved: Saved) -> None:
    loaded = succeeded(client.load_checkpoint(saved.run_id, saved.folder, 2), "LoadPolicy of a checkpoint")
    expect_equal("policy_version of the checkpoint", loaded.load_policy.policy_version, 2)


def _expect_equal_continuation(subject: Subject, client: Client, saved: Saved) -> None:
    _load(client, saved)
    metrics = client.train(AFTER, batch_id="batch-3").metrics
    tolerance = 0 if subject.is_exact else subject.tolerance
    for name in ("loss", "gradient_norm", "entropy", "kl_update", "ratio_min", "ratio_max"):
        got, wanted = getattr(metrics, name), getattr(saved.continued, name)
        found = f"{name} after the checkpoint is {got!r}, without it {wanted!r}"
        expect(abs(got - wanted) <= tolerance * abs(wanted), found)
    expect_all_near(
        "log-probability after the checkpoint", client.logprobs(AFTER), saved.logprobs, 5 * tolerance
    )


CHECKS = {
    "checkpoints/continues": continues,
    "checkpoints/continues_elsewhere": continues_elsewhere,
    "checkpoints/answers_last_batch": answers_last_batch,
    "checkpoints/wrong_checkpoints": wrong_checkpoints,
    "checkpoints/damaged": damaged,
}
