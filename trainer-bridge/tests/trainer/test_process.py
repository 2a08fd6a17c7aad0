"""The process as the control plane runs it: `python -m azr_trainer` on a Ray of its own, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from azr.v1 import trainer_pb2 as pb
from grpc_health.v1 import health_pb2, health_pb2_grpc

from azr_trainer.local_ray import LONGEST_FOLDER, _make_folder
from tests.trainer.support.batches import context, draw_batch, train_messages
from tests.trainer.support.processes import (
    END_SECONDS,
    LOOPBACK,
    alive,
    descendants,
    listening,
    until_none,
    using,
)
from tests.trainer.support.rollout_server import RolloutServerStandIn, running
from tests.trainer.support.server import Client

BRIDGE = Path(__file__).parents[2]
START_SECONDS = 90.0  # on a machine that is busy otherwise
COMMAND = [sys.executable, "-m", "azr_trainer"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{BRIDGE}:{BRIDGE / 'generated'}"}


@dataclass
class Bridge:
    """A running bridge."""

    process: subprocess.Popen[str]
    ray_dir: Path

    def address(self) -> str:
        """Waits until it is ready."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        message = json.loads(line)
        assert message.keys() == {"ready", "address"}
        assert message["ready"] is True
        return str(message["address"])

    def descendants(self) -> dict[int, str]:
        return descendants(self.process.pid)


@contextmanager
def started(*options: str) -> Iterator[Bridge]:
    ray_dir = Path(tempfile.mkdtemp(prefix="azt-", dir="/tmp"))
    command = [*COMMAND, "--owner-stdin", "--ray-dir", str(ray_dir), "--threads", "1"]
    with subprocess.Popen(
        [*command, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        try:
            yield Bridge(process, ray_dir)
        finally:
            process.kill()
            until_none(lambda: using(ray_dir))
            shutil.rmtree(ray_dir, ignore_errors=True)


def run_to_end(*options: str) -> subprocess.CompletedProcess[str]:
    """Of a bridge that is not expected to start."""
    return subprocess.run(
        [*COMMAND, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        env=ENVIRONMENT,
    )


def check_nothing_left(bridge: Bridge, before: dict[int, str]) -> None:
    assert len(before) >= 5
    until_none(lambda: [*using(bridge.ray_dir), *alive(before), *bridge.ray_dir.iterdir()])


def end_of(client: Client, operation: pb.Operation) -> pb.Operation:
    done = client.end_of(operation)
    assert done.state == pb.OPERATION_STATE_SUCCEEDED, done.error.message
    return done


def test_a_run_the_loss_of_the_policy_and_a_kill(policy_dir: Path, tmp_path: Path) -> None:
    with started("--publish-root", str(tmp_path / "published")) as bridge:
        address = bridge.address()
        assert listening({bridge.process.pid: "", **bridge.descendants()}) <= LOOPBACK
        with grpc.insecure_channel(address) as channel, running(RolloutServerStandIn()) as server:
            health = health_pb2_grpc.HealthStub(channel)
            for service in ("", "azr.v1.TrainerService"):
                answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=5)
                assert answer.status == health_pb2.HealthCheckResponse.SERVING
            client = Client(channel)
            assert client.load(policy_dir).load_policy.parameters > 0
            train = client.stub.Train(train_messages(draw_batch(1), context(2, "batch-1")), timeout=30)
            assert end_of(client, train.operation).train.policy_version == 1
            bad = draw_batch(2)
            bad.sequences.temperatures[:] = 1e-42
            failed = client.stub.Train(train_messages(bad, context(3, "batch-x", 1)), timeout=30)
            assert client.end_of(failed.operation).error.fault == pb.FAULT_REQUEST
            publish = pb.PublishRequest(
                context=context(4, "publish", 1), servers=[pb.RolloutServer(name="a", url=server.url)]
            )
            answers = end_of(client, client.stub.Publish(publish, timeout=30).operation).publish.servers
            assert ([answer.error for answer in answers], server.version) == ([""], "1")
            save = pb.SaveCheckpointRequest(
                context=context(5, "save", 1), checkpoint_dir=str(tmp_path / "one")
            )
            end_of(client, client.stub.SaveCheckpoint(save, timeout=30).operation)

            lose_the_policy(bridge)
            lost = client.stub.Train(train_messages(draw_batch(2), context(6, "batch-2", 1)), timeout=30)
            error = client.end_of(lost.operation).error
            assert (error.fault, "is gone" in error.message) == (pb.FAULT_TRAINER, True)
            load = pb.LoadPolicyRequest(
                context=context(1, "load-2", 1, epoch=2), checkpoint_dir=str(tmp_path / "one")
            )
            assert (
                end_of(client, client.stub.LoadPolicy(load, timeout=30).operation).load_policy.policy_version
                == 1
            )
        before = bridge.descendants()
        bridge.process.send_signal(signal.SIGKILL)
        bridge.process.wait(END_SECONDS)
        check_nothing_left(bridge, before)


def lose_the_policy(bridge: Bridge) -> None:
    actors = {pid: name for pid, name in bridge.descendants().items() if "PolicyActor" in name}
    assert len(actors) == 1
    for pid in actors:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("way", ["sigterm", "end_of_stdin"])
def test_an_orderly_end(way: str) -> None:
    """Of one that is ready, and of one that is still starting."""
    with started("--listen", f"unix:{tempfile.mktemp(dir='/tmp', prefix='azt-')}") as bridge:
        if way == "sigterm":
            address = bridge.address()
            assert Path(address.removeprefix("unix:")).is_socket()
        else:
            until_none(lambda: [] if len(bridge.descendants()) >= 5 else ["too few processes"])
        before = bridge.descendants()
        assert bridge.process.stdin
        if way == "sigterm":
            bridge.process.terminate()
        else:
            bridge.process.stdin.close()
        assert bridge.process.wait(END_SECONDS) == 0
        check_nothing_left(bridge, before)
        assert bridge.process.stdout
        assert bridge.process.stdout.read() == ""


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run_to_end("--listen", address)
    expected = f"azr_trainer: --listen {address}: cannot be bound, expected a free HOST:PORT or unix:/PATH\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", expected)


def test_rays_folder_is_short_enough_for_its_sockets(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60)
    folder = _make_folder(deep)
    assert folder.parent == Path("/tmp")
    assert len(str(folder)) <= LONGEST_FOLDER
    assert list(deep.iterdir()) == []
    folder.rmdir()


def test_a_backend_of_anothers_making_needs_no_ray(policy_dir: Path, tmp_path: Path) -> None:
    options = (
        "--backend",
        "tests.backend_conformance.broken_backends:Right",
        "--publish-root",
        str(tmp_path / "published"),
    )
    with started(*options) as bridge:
        with grpc.insecure_channel(bridge.address()) as channel:
            client = Client(channel)
            assert client.load(policy_dir).load_policy.parameters > 0
            train = client.stub.Train(train_messages(draw_batch(1), context(2, "batch-1")), timeout=30)
            assert end_of(client, train.operation).train.policy_version == 1
        assert bridge.descendants() == {}
        bridge.process.terminate()
        assert bridge.process.wait(END_SECONDS) == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere:make", "--backend: is 'nowhere:make', expected MODULE:FACTORY: No module named 'nowhere'"),
        ("json:loads", "--backend json:loads: failed to start: "),
    ],
)
def test_a_backend_that_cannot_be_made_is_named(name: str, said: str, tmp_path: Path) -> None:
    done = run_to_end("--backend", name, "--publish-root", str(tmp_path))
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr
