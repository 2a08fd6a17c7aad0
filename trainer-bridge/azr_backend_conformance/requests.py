"""Settings to train with, as they travel."""

from __future__ import annotations

from typing import Any

from azr.v1 import trainer_pb2 as pb

TOKEN_MEAN = pb.LOSS_AGGREGATION_TOKEN_MEAN


def loss_config(**changes: Any) -> pb.LossConfig:
    """The usual loss, but for some fields."""
    usual: dict[str, Any] = {"clip_low": 0.2, "clip_high": 0.3, "aggregation": TOKEN_MEAN}
    return pb.LossConfig(**{**usual, **changes})


def optimizer_config(**changes: Any) -> pb.OptimizerConfig:
    """Two steps on a whole batch, large enough for the bounds on the ratio to bind in the second."""
    usual: dict[str, Any] = {
        "learning_rate": 5e-3,
        "beta1": 0.9,
        "beta2": 0.99,
        "weight_decay": 0.01,
        "gradient_clip": 0.0,
        "mini_batch": 8,
        "epochs": 2,
        "micro_batch_tokens": 256,
    }
    return pb.OptimizerConfig(**{**usual, **changes})
