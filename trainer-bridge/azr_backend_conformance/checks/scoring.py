"""ComputeLogprobs."""

from __future__ import annotations

from azr_backend_conformance.expect import expect, expect_all_near
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject


def logprobs(subject: Subject) -> None:
    """Of prompts and responses of any length, at the temperature of each."""
    wanted = subject.new_run()
    for hot in (False, True):
        batch = draw_batch(2, hot=hot)
        expect_all_near(
            f"log-probability {'at its temperature' if hot else 'at temperature 1'}",
            subject.client.logprobs(batch),
            wanted.logprobs(batch),
            subject.tolerance,
        )


def changes_nothing(subject: Subject) -> None:
    """Neither the status nor the policy."""
    subject.new_run()
    before, batch = subject.client.status(), draw_batch(3)
    first, second = subject.client.logprobs(batch), subject.client.logprobs(batch)
    expect_all_near("log-probability, asked for again", second, first, 1e-6)
    expect(subject.client.status() == before, "the status changed")


CHECKS = {"scoring/logprobs": logprobs, "scoring/changes_nothing": changes_nothing}
