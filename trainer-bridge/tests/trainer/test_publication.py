"""Publication to servers that take it, that are gone, and that fail half-way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from azr.v1 import trainer_pb2 as pb
from safetensors.torch import load_file, save_file

from azr_trainer.backends.torch_backend import TorchBackend
from tests.trainer.support.batches import context, draw_batch, train_messages
from tests.trainer.support.rollout_server import RolloutServerStandIn, free_port, running
from tests.trainer.support.server import Client, serving

PHASES = [
    "pause?mode=wait&clear_cache=true",
    "init_weight_transfer_engine",
    "start_weight_update",
    "update_weights",
    "finish_weight_update",
    "weight_info",
    "resume",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def backend() -> TorchBackend:
    return TorchBackend("cpu", 1)


@pytest.fixture
def client(backend: TorchBackend, policy_dir: Path, root: Path) -> Iterator[Client]:
    with serving(backend, root) as client:
        client.load(policy_dir)
        yield client


def publish(
    client: Client, about: pb.OperationContext, timeout_ms: int = 5000, **urls: str
) -> dict[str, pb.ServerPublication]:
    request = pb.PublishRequest(
        context=about,
        servers=[pb.RolloutServer(name=name, url=url) for name, url in urls.items()],
        phase_timeout_ms=timeout_ms,
    )
    done = client.end_of(client.stub.Publish(request).operation)
    assert done.state == pb.OPERATION_STATE_SUCCEEDED, done.error.message
    assert done.publish.policy_version == about.expected_version
    assert [answer.name for answer in done.publish.servers] == [*urls]
    return {answer.name: answer for answer in done.publish.servers}


def test_a_server_takes_the_present_weights(client: Client, backend: TorchBackend, root: Path) -> None:
    with running(RolloutServerStandIn()) as server:
        assert publish(client, context(2, "publish-0"), a=server.url)["a"].error == ""
        assert (server.calls, server.version, server.paused) == (PHASES, "0", False)
        assert [path.name for path in root.iterdir()] == ["weights-v0.safetensors"]

        client.end_of(client.stub.Train(train_messages(draw_batch(1), context(3, "batch-1"))).operation)
        answer = publish(client, context(4, "publish-1", 1), a=server.url + "/")["a"]
        assert (answer.error, server.version) == ("", "1")
        assert 0 < answer.paused_seconds < 5
        assert server.tensors == {
            name: tuple(tensor.shape) for name, tensor in load_file(root / "weights-v1.safetensors").items()
        }
    trained = backend._held()[0].policy.model.state_dict()
    written = load_file(root / "weights-v1.safetensors")
    assert all(torch.equal(written[name], trained[name]) for name in written)
    assert [path.name for path in root.iterdir()] == ["weights-v1.safetensors"]


def test_publishing_again(client: Client) -> None:
    with running(RolloutServerStandIn()) as server:
        first = publish(client, context(2, "publish"), a=server.url)
        assert publish(client, context(2, "publish"), a=server.url) == first
        assert len(server.calls) == len(PHASES)  # the same operation: its first answer
        assert publish(client, context(3, "publish-again"), a=server.url)["a"].error == ""
        assert server.calls == PHASES * 2


def test_each_server_is_answered_for_by_name(client: Client) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    with (
        running(RolloutServerStandIn()) as good,
        running(RolloutServerStandIn(broken="/update_weights")) as bad,
    ):
        answers = publish(client, context(2, "publish"), good=good.url, dead=dead, bad=bad.url)
    assert answers["good"].error == ""
    assert good.version == "0"
    assert "POST /pause?mode=wait&clear_cache=true: " in answers["dead"].error
    assert answers["bad"].error.startswith("POST /update_weights: status 500: ")
    assert "Worker failed" in answers["bad"].error
    assert bad.calls == [*PHASES[:4], "resume"]
    assert (bad.version, bad.paused) == ("default", False)


@pytest.mark.parametrize("phase", PHASES[:-1])
def test_a_server_that_hangs_is_given_up_and_resumed(client: Client, phase: str) -> None:
    path = "/" + phase.partition("?")[0]
    with running(RolloutServerStandIn(hanging=path)) as server:
        began = time.monotonic()
        answer = publish(client, context(2, "publish"), timeout_ms=200, a=server.url)["a"]
        assert time.monotonic() - began < 3
        assert path in answer.error
        assert "no answer within 0.2 s" in answer.error
        assert server.calls[-1] == "resume"
        assert not server.paused


def test_a_server_that_does_not_resume_is_not_good(client: Client) -> None:
    with running(RolloutServerStandIn(broken="/resume")) as server:
        answer = publish(client, context(2, "publish"), a=server.url)["a"]
    assert answer.error.startswith("POST /resume: status 500")


def test_a_server_that_says_another_version_is_not_good(client: Client) -> None:
    class Deaf(RolloutServerStandIn):
        def _take(self, path: str, body: dict[str, dict[str, str]]) -> object:
            answer = super()._take(path, body)
            self.version = "default"
            return answer if path != "/weight_info" else super()._take(path, {})

    with running(Deaf()) as server:
        answer = publish(client, context(2, "publish"), a=server.url)["a"]
    assert answer.error == "GET /weight_info: weight_version is 'default', expected '0'"


def test_a_restarted_server_and_one_in_the_middle_of_an_update_are_taken_back(client: Client) -> None:
    with running(RolloutServerStandIn()) as server:
        publish(client, context(2, "publish-1"), a=server.url)
        server.root = None
        assert publish(client, context(3, "publish-2"), a=server.url)["a"].error == ""
        server.updating = True
        assert publish(client, context(4, "publish-3"), a=server.url)["a"].error == ""


def test_a_session_that_a_lost_trainer_left_open_is_ended(client: Client) -> None:
    with running(RolloutServerStandIn(init_ends_session=False, updating=True)) as server:
        assert publish(client, context(2, "publish"), a=server.url)["a"].error == ""
    ended = ["start_weight_update", "finish_weight_update"]
    assert server.calls == [*PHASES[:2], *ended, *PHASES[2:]]
    assert server.version == "0"


def test_a_partial_set_of_tensors_is_never_sent(
    client: Client, backend: TorchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        backend, "write_weights", lambda file: save_file({"model.norm.weight": torch.ones(32)}, file)
    )
    with running(RolloutServerStandIn()) as server:
        request = pb.PublishRequest(
            context=context(2, "publish"), servers=[pb.RolloutServer(name="a", url=server.url)]
        )
        failed = client.end_of(client.stub.Publish(request).operation)
    assert (failed.state, failed.error.fault) == (pb.OPERATION_STATE_FAILED, pb.FAULT_TRAINER)
    assert "the first is 'model.embed_tokens.weight'; nothing was sent" in failed.error.message
    assert server.calls == []
