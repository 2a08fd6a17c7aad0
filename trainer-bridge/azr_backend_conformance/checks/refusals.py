"""Requests that no trainer can do: INVALID_ARGUMENT, and `google.rpc.BadRequest` names the field.

Fields are named as they stand in the request, those of a Train call behind `header.` or `chunk[i].`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import grpc
from azr.v1 import trainer_pb2 as pb
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from azr_backend_conformance.client import CALL_SECONDS, train_messages
from azr_backend_conformance.expect import Failed, expect, expect_equal
from azr_backend_conformance.policies import MAX_POSITIONS, VOCABULARY
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject

NAN, INFINITY = float("nan"), float("inf")
CONSTANT_LENGTH = pb.LOSS_AGGREGATION_CONSTANT_LENGTH

Edit = Callable[[pb.TrainHeader, pb.SequenceChunk], object]


def _loss(**fields: Any) -> Edit:
    return lambda header, _: header.loss.MergeFrom(pb.LossConfig(**fields))


def _optimizer(field: str, value: float) -> Edit:
    return lambda header, _: setattr(header.optimizer, field, value)


def _item(field: str, index: int, value: float) -> Edit:
    return lambda _, chunk: getattr(chunk, field).__setitem__(index, value)


def _packed(field: str, index: int, form: str, value: float) -> Edit:
    def edit(_: pb.TrainHeader, chunk: pb.SequenceChunk) -> None:
        data = bytearray(getattr(chunk, field))
        struct.pack_into(form, data, 4 * index, value)
        setattr(chunk, field, bytes(data))

    return edit


def _without_aggregation(header: pb.TrainHeader, _: pb.SequenceChunk) -> None:
    header.loss.ClearField("aggregation")


# What is wrong with a Train call, and the fields that its refusal names.
HEADERS: list[tuple[Edit, list[str]]] = [
    (_loss(clip_low=1.5), ["header.loss.clip_low"]),
    (_loss(clip_high=NAN), ["header.loss.clip_high"]),
    (_without_aggregation, ["header.loss.aggregation"]),
    (_loss(aggregation=CONSTANT_LENGTH), ["header.loss.constant_length"]),
    (_loss(entropy_coefficient=-1), ["header.loss.entropy_coefficient"]),
    (_loss(importance_cap=-1), ["header.loss.importance_cap"]),
    (_loss(kl_coefficient=0.1), ["header.loss.kl_target", "header.loss.kl_estimator"]),
    (_loss(mask_threshold=0.5), ["header.loss.mask_threshold"]),
    (_loss(mask_threshold=2), ["header.loss.mask_unit"]),
    (_optimizer("learning_rate", 0), ["header.optimizer.learning_rate"]),
    (_optimizer("beta1", -0.1), ["header.optimizer.beta1"]),
    (_optimizer("beta2", 1), ["header.optimizer.beta2"]),
    (_optimizer("weight_decay", INFINITY), ["header.optimizer.weight_decay"]),
    (_optimizer("gradient_clip", -1), ["header.optimizer.gradient_clip"]),
    (_optimizer("mini_batch", 0), ["header.optimizer.mini_batch"]),
    (_optimizer("epochs", 0), ["header.optimizer.epochs"]),
    (_optimizer("micro_batch_tokens", 13), ["header.optimizer.micro_batch_tokens"]),
    (lambda header, _: setattr(header, "sequence_count", 9), ["header.sequence_count"]),
    (lambda header, _: setattr(header, "sequence_count", 7), ["header.sequence_count"]),
]
CHUNKS: list[tuple[Edit, list[str]]] = [
    (_item("prompt_lengths", 2, 0), ["chunk[0].prompt_lengths[2]"]),
    (_item("response_lengths", 0, MAX_POSITIONS), ["chunk[0] sequence[0]"]),
    (lambda _, chunk: chunk.response_lengths.pop(), ["chunk[0].response_lengths"]),
    (lambda _, chunk: setattr(chunk, "token_ids", chunk.token_ids[:-1]), ["chunk[0].token_ids"]),
    (_packed("token_ids", 5, "<i", VOCABULARY), ["chunk[0].token_ids[5]"]),
    (_packed("token_ids", 6, "<i", -1), ["chunk[0].token_ids[6]"]),
    (lambda _, chunk: chunk.ClearField("rollout_logprobs"), ["chunk[0].rollout_logprobs"]),
    (_packed("rollout_logprobs", 3, "<f", NAN), ["chunk[0].rollout_logprobs[3]"]),
    (_packed("rollout_logprobs", 4, "<f", 1.0), ["chunk[0].rollout_logprobs[4]"]),
    (_item("advantages", 1, INFINITY), ["chunk[0].advantages[1]"]),
    (_item("loss_weights", 1, -1), ["chunk[0].loss_weights[1]"]),
    (_item("temperatures", 7, 0), ["chunk[0].temperatures[7]"]),
    (_item("policy_versions", 7, 1), ["chunk[0].policy_versions[7]"]),
]


def headers(subject: Subject) -> None:
    """Settings out of range."""
    _expect_refused_edits(subject, HEADERS)


def chunks(subject: Subject) -> None:
    """Sequences that are packed wrongly, or that the policy cannot take."""
    _expect_refused_edits(subject, CHUNKS)


def requests(subject: Subject) -> None:
    """The other calls."""
    subject.new_run()
    stub, context = subject.client.stub, subject.client.context()
    loading = subject.client.context(version=0)
    server = pb.RolloutServer(name="a", url="http://127.0.0.1:1")
    calls: list[tuple[Callable[..., object], object, str]] = [
        (stub.LoadPolicy, pb.LoadPolicyRequest(context=loading), "source"),
        (stub.LoadPolicy, pb.LoadPolicyRequest(context=loading, policy_dir="relative"), "policy_dir"),
        (stub.SaveCheckpoint, pb.SaveCheckpointRequest(context=context), "checkpoint_dir"),
        (stub.ExportPolicy, pb.ExportPolicyRequest(context=context, export_dir="relative"), "export_dir"),
        (stub.Publish, pb.PublishRequest(context=context), "servers"),
        (stub.Publish, pb.PublishRequest(context=context, servers=[server, server]), "servers[1].name"),
        (stub.GetOperation, pb.GetOperationRequest(operation_id="x", wait_ms=60_001), "wait_ms"),
        (stub.ExportPolicy, pb.ExportPolicyRequest(export_dir="/tmp/export"), "context.run_id"),
    ]
    for call, request, field in calls:
        fields = _refused_fields(field, partial(call, request, timeout=CALL_SECONDS))
        expect_equal("the first field refused", fields[:1], [field])


def _expect_refused_edits(subject: Subject, edits: list[tuple[Edit, list[str]]]) -> None:
    subject.new_run()
    for edit, wanted in edits:
        messages = _edited(subject, edit)
        call = partial(subject.client.stub.Train, messages, timeout=CALL_SECONDS)
        expect_equal("the fields refused", _refused_fields(", ".join(wanted), call), wanted)
    status = subject.client.status()
    expect_equal("policy_version after refusals", status.policy_version, 0)


def _edited(subject: Subject, edit: Edit) -> Iterator[pb.TrainRequest]:
    header, chunk = train_messages(draw_batch(1), subject.client.context(), chunk_size=8)
    edit(header.header, chunk.chunk)
    return iter([header, chunk])


def _refused_fields(what: str, call: Callable[[], object]) -> list[str]:
    """Names in the refusal of a call, in order."""
    try:
        call()
    except grpc.RpcError as error:
        expect_equal(f"the status for {what}", error.code(), grpc.StatusCode.INVALID_ARGUMENT)
        status = rpc_status.from_call(error)
    else:
        raise Failed(f"{what}: a wrong value was taken on, expected INVALID_ARGUMENT")
    bad = error_details_pb2.BadRequest()
    for detail in status.details if status else ():
        if detail.Is(bad.DESCRIPTOR):
            detail.Unpack(bad)
    expect(len(bad.field_violations) > 0, f"the refusal of {what} has no google.rpc.BadRequest")
    for violation in bad.field_violations:
        expect(violation.description != "", f"the refusal of {violation.field} does not say what is wrong")
    return [violation.field for violation in bad.field_violations]


CHECKS = {"refusals/headers": headers, "refusals/chunks": chunks, "refusals/requests": requests}
