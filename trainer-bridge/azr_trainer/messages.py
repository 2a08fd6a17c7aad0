"""What the bridge remembers, in the contract's words."""

from __future__ import annotations

from dataclasses import asdict

from azr.v1 import trainer_pb2 as pb

from azr_trainer.checkpoint_metadata import LastApplied, TrainResult


def train_result(result: TrainResult) -> pb.TrainResult:
    """What an update did."""
    metrics = pb.UpdateMetrics(**asdict(result.metrics))
    return pb.TrainResult(policy_version=result.policy_version, metrics=metrics)


def last_applied(last: LastApplied) -> pb.LastApplied:
    """The batch applied last."""
    return pb.LastApplied(
        sequence=last.sequence,
        batch_id=last.batch_id,
        digest=bytes.fromhex(last.digest),
        result=train_result(last.result),
    )


def applied_before(last: LastApplied) -> pb.Operation:
    """The operation that applied a batch in the life of another process, as a checkpoint tells of it."""
    return pb.Operation(
        operation_id=last.batch_id,
        state=pb.OPERATION_STATE_SUCCEEDED,
        progress=1.0,
        train=train_result(last.result),
    )
