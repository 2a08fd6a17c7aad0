"""The loss, term by term: an update of two steps on one batch, whose every metric float64 confirms."""

from __future__ import annotations

from collections.abc import Callable

from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.checks.metrics import expect_metrics
from azr_backend_conformance.requests import loss_config, optimizer_config
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject

TARGETS = {"proximal": pb.KL_TARGET_PROXIMAL, "reference": pb.KL_TARGET_REFERENCE}
ESTIMATORS = {"k1": pb.KL_ESTIMATOR_K1, "k2": pb.KL_ESTIMATOR_K2, "k3": pb.KL_ESTIMATOR_K3}

LOSSES: dict[str, pb.LossConfig] = {
    "token_mean": loss_config(),
    "sequence_mean": loss_config(aggregation=pb.LOSS_AGGREGATION_SEQUENCE_MEAN),
    "constant_length": loss_config(aggregation=pb.LOSS_AGGREGATION_CONSTANT_LENGTH, constant_length=20),
    "clip_low": loss_config(clip_low=0.02, clip_high=5.0),
    "clip_high": loss_config(clip_low=1.0, clip_high=0.02),
    "entropy": loss_config(entropy_coefficient=0.05),
    **{
        f"kl_{estimator}_{target}": loss_config(
            kl_coefficient=0.3, kl_estimator=ESTIMATORS[estimator], kl_target=TARGETS[target]
        )
        for estimator in ESTIMATORS
        for target in TARGETS
    },
    "importance_cap": loss_config(importance_cap=2.0),
    "token_mask": loss_config(mask_threshold=6.0, mask_unit=pb.MASK_UNIT_TOKEN),
    "sequence_mask": loss_config(mask_threshold=1.7, mask_unit=pb.MASK_UNIT_SEQUENCE),
    "cap_and_mask": loss_config(importance_cap=1.5, mask_threshold=6.0, mask_unit=pb.MASK_UNIT_TOKEN),
}


def _check(loss: pb.LossConfig) -> Callable[[Subject], None]:
    def check(subject: Subject) -> None:
        wanted = subject.new_run(reference=loss.kl_target == pb.KL_TARGET_REFERENCE)
        batch, options = draw_batch(3), optimizer_config()
        metrics = subject.client.train(batch, loss, options).metrics
        expect_metrics(metrics, wanted.update(batch, loss, options), subject.tolerance)
        subject.expect_policy(wanted, batch)

    return check


CHECKS = {f"loss/{name}": _check(loss) for name, loss in LOSSES.items()}
