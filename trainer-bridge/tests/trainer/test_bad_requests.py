"""Every wrong field is refused before anything happens, with its name, its value and what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest
from azr.v1 import trainer_pb2 as pb

from azr_trainer.backends.torch_backend import TorchBackend
from tests.trainer.support.batches import chunk_of, context, draw_batch, header_of
from tests.trainer.support.server import Client, details_of, serving

BATCH = draw_batch(1)


@pytest.fixture(scope="module")
def client(policy_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Nothing here changes the trainer, so that one will do."""
    with serving(TorchBackend("cpu", 1), tmp_path_factory.mktemp("published")) as client:
        client.load(policy_dir)
        yield client
        state = client.stub.GetStatus(pb.GetStatusRequest())
        assert (state.policy_version, state.HasField("last_applied")) == (0, False)


def check_refused(call: Callable[[], object], *fields: tuple[str, str]) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    _, bad = details_of(caught.value)
    assert [violation.field for violation in bad.field_violations] == [field for field, _ in fields]
    for violation, (_, description) in zip(bad.field_violations, fields, strict=True):
        assert description in violation.description
        assert violation.description in caught.value.details()


def edited(edit: Callable[[pb.TrainHeader, pb.SequenceChunk], object]) -> Iterator[pb.TrainRequest]:
    header, chunk = header_of(BATCH, context(2, "batch")), chunk_of(BATCH)
    edit(header, chunk)
    return iter([pb.TrainRequest(header=header), pb.TrainRequest(chunk=chunk)])


Edit = Callable[[pb.TrainHeader, pb.SequenceChunk], object]
HEADERS: dict[str, tuple[Edit, str, str]] = {
    "clip": (
        lambda h, _: setattr(h.loss, "clip_low", 1.5),
        "header.loss.clip_low",
        "is 1.5, expected 0 to 1",
    ),
    "nan": (lambda h, _: setattr(h.loss, "clip_high", float("nan")), "header.loss.clip_high", "is nan"),
    "aggregation": (lambda h, _: setattr(h.loss, "aggregation", 0), "header.loss.aggregation", "is 0"),
    "constant": (
        lambda h, _: setattr(h.loss, "aggregation", pb.LOSS_AGGREGATION_CONSTANT_LENGTH),
        "header.loss.constant_length",
        "is 0, expected at least 1",
    ),
    "kl": (lambda h, _: setattr(h.loss, "kl_coefficient", -0.1), "header.loss.kl_coefficient", "is -0.1"),
    "threshold": (
        lambda h, _: setattr(h.loss, "mask_threshold", 0.5),
        "header.loss.mask_threshold",
        "is 0.5, expected 0 or above 1",
    ),
    "mask_unit": (
        lambda h, _: setattr(h.loss, "mask_threshold", 2),
        "header.loss.mask_unit",
        "is 0, expected token or sequence",
    ),
    "entropy": (
        lambda h, _: setattr(h.loss, "entropy_coefficient", -1),
        "header.loss.entropy_coefficient",
        "is -1",
    ),
    "rate": (
        lambda h, _: setattr(h.optimizer, "learning_rate", 0),
        "header.optimizer.learning_rate",
        "is 0.0, expected above 0",
    ),
    "beta": (lambda h, _: setattr(h.optimizer, "beta2", 1.0), "header.optimizer.beta2", "is 1.0"),
    "mini": (lambda h, _: setattr(h.optimizer, "mini_batch", 0), "header.optimizer.mini_batch", "is 0"),
    "epochs": (lambda h, _: setattr(h.optimizer, "epochs", 0), "header.optimizer.epochs", "is 0"),
    "none": (lambda h, _: setattr(h, "sequence_count", 0), "header.sequence_count", "is 0"),
    "fewer": (
        lambda h, _: setattr(h, "sequence_count", 9),
        "header.sequence_count",
        "is 9, 8 sequences came",
    ),
    "more": (lambda h, _: setattr(h, "sequence_count", 7), "header.sequence_count", "is 7, more"),
    "budget": (
        lambda h, _: setattr(h.optimizer, "micro_batch_tokens", 13),
        "header.optimizer.micro_batch_tokens",
        "is 13, expected at least 14, the longest sequence",
    ),
    "run": (lambda h, _: h.context.ClearField("run_id"), "context.run_id", "is empty"),
    "epoch": (
        lambda h, _: h.context.ClearField("lease_epoch"),
        "context.lease_epoch",
        "is 0, expected at least 1",
    ),
}


def set_bytes(field: str, index: int, value: int) -> Edit:
    def edit(_: pb.TrainHeader, chunk: pb.SequenceChunk) -> None:
        data = bytearray(getattr(chunk, field))
        data[4 * index : 4 * index + 4] = value.to_bytes(4, "little", signed=True)
        setattr(chunk, field, bytes(data))

    return edit


def set_item(field: str, index: int, value: float) -> Edit:
    return lambda _, chunk: getattr(chunk, field).__setitem__(index, value)


NAN, INFINITY = 0x7FC00000, 0x7F800000
CHUNKS: dict[str, tuple[Edit, str, str]] = {
    "empty": (lambda _, c: c.Clear(), "chunk[0].prompt_lengths", "is empty"),
    "no_prompt": (
        set_item("prompt_lengths", 2, 0),
        "chunk[0].prompt_lengths[2]",
        "is 0, expected at least 1",
    ),
    "counts": (
        lambda _, c: c.response_lengths.pop(),
        "chunk[0].response_lengths",
        "has 7 values, expected 8",
    ),
    "too_long": (
        set_item("response_lengths", 0, 30),
        "chunk[0] sequence[0]",
        "is 33, expected at most 32 tokens",
    ),
    "huge": (set_item("response_lengths", 0, 2**32 - 1), "chunk[0] sequence[0]", "is 4294967298"),
    "bytes": (
        lambda _, c: setattr(c, "token_ids", c.token_ids[:-1]),
        "chunk[0].token_ids",
        "has 283 bytes, expected 284",
    ),
    "vocabulary": (set_bytes("token_ids", 5, 40), "chunk[0].token_ids[5]", "is 40, expected 0 to 39"),
    "negative": (set_bytes("token_ids", 6, -1), "chunk[0].token_ids[6]", "is -1, expected 0 to 39"),
    "no_logprobs": (
        lambda _, c: c.ClearField("rollout_logprobs"),
        "chunk[0].rollout_logprobs",
        "has 0 bytes, expected 160",
    ),
    "logprob_nan": (set_bytes("rollout_logprobs", 3, NAN), "chunk[0].rollout_logprobs[3]", "is nan"),
    "logprob_inf": (set_bytes("rollout_logprobs", 4, INFINITY), "chunk[0].rollout_logprobs[4]", "is inf"),
    "logprob_positive": (
        set_bytes("rollout_logprobs", 4, 0x3F800000),
        "chunk[0].rollout_logprobs[4]",
        "is 1.0, expected finite and at most 0",
    ),
    "advantages": (lambda _, c: c.advantages.append(1), "chunk[0].advantages", "has 9 values"),
    "advantage_nan": (set_item("advantages", 1, float("nan")), "chunk[0].advantages[1]", "is nan"),
    "weight": (set_item("loss_weights", 1, -1), "chunk[0].loss_weights[1]", "is -1.0, expected at least 0"),
    "cold": (
        set_item("temperatures", 7, 0),
        "chunk[0].temperatures[7]",
        "is 0.0, expected finite and above 0",
    ),
    "version": (set_item("policy_versions", 7, 1), "chunk[0].policy_versions[7]", "is 1, expected at most"),
}


@pytest.mark.parametrize("case", [*HEADERS, *CHUNKS])
def test_train(client: Client, case: str) -> None:
    edit, field, description = {**HEADERS, **CHUNKS}[case]
    check_refused(lambda: client.stub.Train(edited(edit), timeout=10), (field, description))


def test_train_names_every_wrong_setting(client: Client) -> None:
    def edit(header: pb.TrainHeader, _: pb.SequenceChunk) -> None:
        header.ClearField("loss")
        header.optimizer.beta1 = -0.1

    wrong = [("header.loss.aggregation", "is 0"), ("header.optimizer.beta1", "is -0.1")]
    check_refused(lambda: client.stub.Train(edited(edit), timeout=10), *wrong)


def test_a_kl_term_names_its_target_and_its_estimator(client: Client) -> None:
    wrong = [("header.loss.kl_target", "is 0, expected proximal"), ("header.loss.kl_estimator", "is 0")]
    edit = edited(lambda header, _: setattr(header.loss, "kl_coefficient", 0.1))
    check_refused(lambda: client.stub.Train(edit, timeout=10), *wrong)


def test_train_wants_header_then_chunks(client: Client) -> None:
    header, chunk = edited(lambda *_: None)
    for messages in ([], [chunk, header]):
        wrong = ("part", "expected header first")
        check_refused(lambda sent=messages: client.stub.Train(iter(sent), timeout=10), wrong)
    wrong = ("part", "is no chunk after chunk[1]")
    check_refused(lambda: client.stub.Train(iter([header, chunk, header]), timeout=10), wrong)


ABOUT = context(2, "operation")
SERVER = pb.RolloutServer(name="a", url="http://127.0.0.1:1")
REQUESTS: dict[str, tuple[str, object, str, str]] = {
    "no_source": ("LoadPolicy", pb.LoadPolicyRequest(context=ABOUT), "source", "is not set"),
    "relative": (
        "LoadPolicy",
        pb.LoadPolicyRequest(context=ABOUT, policy_dir="policies/tiny"),
        "policy_dir",
        "is 'policies/tiny', expected an absolute path",
    ),
    "version": (
        "LoadPolicy",
        pb.LoadPolicyRequest(context=context(2, "load", 3), policy_dir="/policies/tiny"),
        "context.expected_version",
        "is 3, expected 0",
    ),
    "reference": (
        "LoadPolicy",
        pb.LoadPolicyRequest(context=ABOUT, policy_dir="/policies/tiny", reference_dir="tiny"),
        "reference_dir",
        "is 'tiny', expected an absolute path",
    ),
    "checkpoint": (
        "SaveCheckpoint",
        pb.SaveCheckpointRequest(context=ABOUT),
        "checkpoint_dir",
        "is '', expected an absolute path",
    ),
    "export": ("ExportPolicy", pb.ExportPolicyRequest(context=ABOUT, export_dir="x"), "export_dir", "is 'x'"),
    "no_servers": ("Publish", pb.PublishRequest(context=ABOUT), "servers", "is empty"),
    "same_name": (
        "Publish",
        pb.PublishRequest(context=ABOUT, servers=[SERVER, SERVER]),
        "servers[1].name",
        "is 'a', expected a name of its own",
    ),
    "url": (
        "Publish",
        pb.PublishRequest(context=ABOUT, servers=[pb.RolloutServer(name="a", url="127.0.0.1:8000")]),
        "servers[0].url",
        "is '127.0.0.1:8000'",
    ),
    "phase": (
        "Publish",
        pb.PublishRequest(context=ABOUT, servers=[SERVER], phase_timeout_ms=600_001),
        "phase_timeout_ms",
        "is 600001, expected at most 600000",
    ),
    "wait": ("GetOperation", pb.GetOperationRequest(wait_ms=60_001), "wait_ms", "expected at most 60000"),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_unary_calls(client: Client, case: str) -> None:
    method, request, field, description = REQUESTS[case]
    check_refused(lambda: getattr(client.stub, method)(request, timeout=10), (field, description))


def test_compute_logprobs(client: Client) -> None:
    good, bad = (
        pb.ComputeLogprobsRequest(chunk=chunk_of(BATCH)),
        pb.ComputeLogprobsRequest(chunk=chunk_of(BATCH)),
    )
    bad.chunk.temperatures[0] = -1
    answers = client.stub.ComputeLogprobs(iter([good, bad]), timeout=10)
    assert len(next(answers).logprobs) == 160
    check_refused(lambda: next(answers), ("chunk[1].temperatures[0]", "is -1.0"))
    bad.chunk.temperatures[0], bad.chunk.rollout_logprobs = 1, b"odd"
    wrong = ("chunk[0].rollout_logprobs", "has 3 bytes")
    check_refused(lambda: list(client.stub.ComputeLogprobs(iter([bad]), timeout=10)), wrong)
