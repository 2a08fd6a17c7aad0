"""How a batch becomes optimizer steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.checks.metrics import expect_metrics
from azr_backend_conformance.expect import expect, expect_all_near, expect_equal
from azr_backend_conformance.requests import loss_config, optimizer_config
from azr_backend_conformance.sample import Batch, draw_batch
from azr_backend_conformance.subject import Subject

HUGE = 3e38  # the square of a gradient of this size is not finite in float32

OPTIMIZERS: dict[str, pb.OptimizerConfig] = {
    "mini_batches": optimizer_config(mini_batch=3, epochs=1),
    "epochs": optimizer_config(mini_batch=5, epochs=3, learning_rate=2e-3),
    "micro_batches": optimizer_config(micro_batch_tokens=20),
    "learning_rate": optimizer_config(learning_rate=1e-3),
    "moments": optimizer_config(beta1=0.5, beta2=0.7, epochs=3),
    "weight_decay": optimizer_config(weight_decay=5.0),
    "gradient_clip": optimizer_config(mini_batch=2, epochs=1, gradient_clip=1.0),
}


def _check(options: pb.OptimizerConfig) -> Callable[[Subject], None]:
    def check(subject: Subject) -> None:
        wanted = subject.new_run()
        for batch in (draw_batch(4), draw_batch(5)):  # the second begins with moments
            metrics = subject.client.train(batch, optimizer=options).metrics
            expect_metrics(metrics, wanted.update(batch, loss_config(), options), subject.tolerance)
        subject.expect_policy(wanted, draw_batch(6))

    return check


def nothing_to_learn(subject: Subject) -> None:
    """Batches without responses, or without weight: a version each, and no step."""
    wanted = subject.new_run()
    for batch in (draw_batch(1, (4, 2), (0, 0)), _with_weight(draw_batch(1), 0.0)):
        expect_equal("optimizer_steps", subject.client.train(batch).metrics.optimizer_steps, 0)
    subject.expect_policy(wanted, draw_batch(6))


def zero_advantages(subject: Subject) -> None:
    """No gradient, so that only the decay moves the weights."""
    wanted, options = subject.new_run(), optimizer_config(weight_decay=0.0)
    batch = tuple(replace(one, advantage=0.0) for one in draw_batch(1))
    metrics = subject.client.train(batch, optimizer=options).metrics
    expect_metrics(metrics, wanted.update(batch, loss_config(), options), subject.tolerance)
    subject.expect_policy(wanted, batch)


def shortest(subject: Subject) -> None:
    """Prompts and responses of one token."""
    wanted, batch = subject.new_run(), draw_batch(7, (1, 1, 1), (1, 1, 0))
    metrics = subject.client.train(batch).metrics
    expect_metrics(metrics, wanted.update(batch, loss_config(), optimizer_config()), subject.tolerance)
    subject.expect_policy(wanted, batch)


def not_finite(subject: Subject) -> None:
    """Of three steps the second is not finite: it is reported, and as if it had not been asked for."""
    wanted, options = subject.new_run(), optimizer_config(mini_batch=3, epochs=1)
    batch = draw_batch(1)
    poisoned = tuple(
        replace(one, advantage=HUGE, loss_weight=1.0) if 3 <= index < 6 else one
        for index, one in enumerate(batch)
    )
    metrics = subject.client.train(poisoned, optimizer=options).metrics
    expect_equal("skipped_steps", metrics.skipped_steps, 1)
    expect_equal("optimizer_steps", metrics.optimizer_steps, 2)
    for name in ("loss", "gradient_norm", "entropy", "kl_update", "ratio_min", "ratio_max"):
        expect(math.isfinite(getattr(metrics, name)), f"{name} is {getattr(metrics, name)}, expected finite")
    without = batch[:3] + _with_weight(batch[3:6], 0.0) + batch[6:]
    wanted.update(without, loss_config(), options)
    subject.expect_policy(wanted, batch)


def not_finite_alone(subject: Subject) -> None:
    """An update of which no step is finite makes a version with the same weights and moments."""
    wanted = subject.new_run()
    first, batch = draw_batch(1), draw_batch(2)
    subject.client.train(first)
    wanted.update(first, loss_config(), optimizer_config())
    before = subject.client.logprobs(batch)
    poisoned = tuple(replace(one, advantage=HUGE, loss_weight=1.0) for one in batch)
    metrics = subject.client.train(poisoned, optimizer=optimizer_config(epochs=1)).metrics
    expect_equal("(optimizer_steps, skipped_steps)", (metrics.optimizer_steps, metrics.skipped_steps), (0, 1))
    expect_all_near("log-probability after a skipped step", subject.client.logprobs(batch), before, 0)
    subject.client.train(batch)
    wanted.update(batch, loss_config(), optimizer_config())
    subject.expect_policy(wanted, batch)


def _with_weight(batch: Batch, weight: float) -> Batch:
    return tuple(replace(one, loss_weight=weight) for one in batch)


CHECKS = {
    **{f"update/{name}": _check(options) for name, options in OPTIMIZERS.items()},
    "update/nothing_to_learn": nothing_to_learn,
    "update/zero_advantages": zero_advantages,
    "update/shortest": shortest,
    "update/not_finite": not_finite,
    "update/not_finite_alone": not_finite_alone,
}
