"""The header of a Train call, checked and made into settings."""

from __future__ import annotations

import math

from azr.v1 import trainer_pb2 as pb

from azr_trainer.refusal import Violation, invalid
from azr_trainer.settings import (
    Aggregation,
    KlEstimator,
    KlTarget,
    LossSettings,
    MaskUnit,
    OptimizerSettings,
    UpdateSettings,
)

MAX_BATCH_SEQUENCES = 1 << 20
AGGREGATIONS = {
    pb.LOSS_AGGREGATION_TOKEN_MEAN: Aggregation.TOKEN_MEAN,
    pb.LOSS_AGGREGATION_SEQUENCE_MEAN: Aggregation.SEQUENCE_MEAN,
    pb.LOSS_AGGREGATION_CONSTANT_LENGTH: Aggregation.CONSTANT_LENGTH,
}
KL_TARGETS = {
    pb.KL_TARGET_PROXIMAL: KlTarget.PROXIMAL,
    pb.KL_TARGET_REFERENCE: KlTarget.REFERENCE,
}
KL_ESTIMATORS = {
    pb.KL_ESTIMATOR_K1: KlEstimator.K1,
    pb.KL_ESTIMATOR_K2: KlEstimator.K2,
    pb.KL_ESTIMATOR_K3: KlEstimator.K3,
}
MASK_UNITS = {
    pb.MASK_UNIT_TOKEN: MaskUnit.TOKEN,
    pb.MASK_UNIT_SEQUENCE: MaskUnit.SEQUENCE,
}


def read_settings(header: pb.TrainHeader) -> UpdateSettings:
    """Raises Refusal with every field that is out of range."""
    loss, options = header.loss, header.optimizer
    found: list[Violation] = []

    def check(field: str, value: float, right: bool, expected: str) -> None:
        if not (math.isfinite(value) and right):
            found.append(Violation(f"header.{field}", f"is {value}, expected {expected}"))

    count = header.sequence_count
    check("sequence_count", count, 1 <= count <= MAX_BATCH_SEQUENCES, f"1 to {MAX_BATCH_SEQUENCES}")
    check("loss.clip_low", loss.clip_low, 0 <= loss.clip_low <= 1, "0 to 1")
    check("loss.clip_high", loss.clip_high, loss.clip_high >= 0, "at least 0")
    check("loss.entropy_coefficient", loss.entropy_coefficient, loss.entropy_coefficient >= 0, "at least 0")
    check("loss.importance_cap", loss.importance_cap, loss.importance_cap >= 0, "at least 0")
    aggregations = "token mean, sequence mean or constant length"
    check("loss.aggregation", loss.aggregation, loss.aggregation in AGGREGATIONS, aggregations)
    if loss.aggregation == pb.LOSS_AGGREGATION_CONSTANT_LENGTH:
        check("loss.constant_length", loss.constant_length, loss.constant_length >= 1, "at least 1")
    check("loss.kl_coefficient", loss.kl_coefficient, loss.kl_coefficient >= 0, "at least 0")
    if loss.kl_coefficient > 0:
        check("loss.kl_target", loss.kl_target, loss.kl_target in KL_TARGETS, "proximal or reference")
        check("loss.kl_estimator", loss.kl_estimator, loss.kl_estimator in KL_ESTIMATORS, "k1, k2 or k3")
    threshold = loss.mask_threshold
    check("loss.mask_threshold", threshold, threshold == 0 or threshold > 1, "0 or above 1")
    if threshold > 1:
        check("loss.mask_unit", loss.mask_unit, loss.mask_unit in MASK_UNITS, "token or sequence")
    check("optimizer.learning_rate", options.learning_rate, options.learning_rate > 0, "above 0")
    check("optimizer.beta1", options.beta1, 0 <= options.beta1 < 1, "0 to below 1")
    check("optimizer.beta2", options.beta2, 0 <= options.beta2 < 1, "0 to below 1")
    check("optimizer.weight_decay", options.weight_decay, options.weight_decay >= 0, "at least 0")
    check("optimizer.gradient_clip", options.gradient_clip, options.gradient_clip >= 0, "at least 0")
    check("optimizer.mini_batch", options.mini_batch, options.mini_batch >= 1, "at least 1")
    check("optimizer.epochs", options.epochs, 1 <= options.epochs <= 100, "1 to 100")
    tokens = options.micro_batch_tokens
    check("optimizer.micro_batch_tokens", tokens, tokens >= 1, "at least 1")
    if found:
        raise invalid(found)
    return UpdateSettings(_loss_settings(loss), _optimizer_settings(options))


def _loss_settings(loss: pb.LossConfig) -> LossSettings:
    return LossSettings(
        clip_low=loss.clip_low,
        clip_high=loss.clip_high,
        aggregation=AGGREGATIONS[loss.aggregation],
        entropy_coefficient=loss.entropy_coefficient,
        importance_cap=loss.importance_cap,
        constant_length=loss.constant_length,
        kl_coefficient=loss.kl_coefficient,
        kl_target=KL_TARGETS.get(loss.kl_target, KlTarget.PROXIMAL),
        kl_estimator=KL_ESTIMATORS.get(loss.kl_estimator, KlEstimator.K3),
        mask_threshold=loss.mask_threshold,
        mask_unit=MASK_UNITS.get(loss.mask_unit, MaskUnit.TOKEN),
    )


def _optimizer_settings(options: pb.OptimizerConfig) -> OptimizerSettings:
    return OptimizerSettings(
        learning_rate=options.learning_rate,
        beta1=options.beta1,
        beta2=options.beta2,
        weight_decay=options.weight_decay,
        gradient_clip=options.gradient_clip,
        mini_batch=options.mini_batch,
        epochs=options.epochs,
        micro_batch_tokens=options.micro_batch_tokens,
    )
