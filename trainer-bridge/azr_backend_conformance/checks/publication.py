"""Publish, seen by a rollout server that takes weights by file."""

from __future__ import annotations

import socket

import torch
from azr.v1 import trainer_pb2 as pb
from torch import Tensor

from azr_backend_conformance.expect import NotApplicable, expect, expect_all_near, expect_equal
from azr_backend_conformance.policies import load_float64
from azr_backend_conformance.rollout_server import rollout_server
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject

PHASES = ["pause", "init_weight_transfer_engine", "start_weight_update", "update_weights"]


def publishes(subject: Subject) -> None:
    """All tensors arrive, under the version; a server that does not answer is named, and the others are not held up."""
    subject.new_run()
    subject.client.train(draw_batch(1))
    with rollout_server() as server:
        servers = [
            pb.RolloutServer(name="gone", url=_dead_address()),
            pb.RolloutServer(name="here", url=server.address),
        ]
        result = subject.client.publish(servers)
    if server.other_transfer:
        raise NotApplicable("this trainer publishes by another transfer than files")
    expect_equal("policy_version", result.policy_version, 1)
    expect_equal("names", [one.name for one in result.servers], ["gone", "here"])
    gone, here = result.servers
    expect(gone.error != "", "the error of a server that does not answer is empty")
    expect_equal("the error of a server that answers", here.error, "")
    expect(here.paused_seconds > 0, "paused_seconds of a server that was paused is 0")
    _expect_phases(server.phases)
    expect_equal("weight_version", server.weight_version, "1")
    _expect_present(subject, server.tensors)


def _expect_present(subject: Subject, published: dict[str, Tensor]) -> None:
    """By name, in float32, each once, as an export has them."""
    folder = subject.new_path("export")
    subject.client.export(folder)
    present = dict(load_float64(folder).named_parameters())
    expect_equal("names of published tensors", sorted(published), sorted(present))
    for name, tensor in published.items():
        expect_equal(f"dtype of '{name}'", tensor.dtype, torch.float32)
        expect_equal(f"shape of '{name}'", tensor.shape, present[name].shape)
        wanted = present[name].detach().flatten().tolist()
        expect_all_near(f"'{name}'", tensor.flatten().tolist(), wanted, subject.tolerance)


def _expect_phases(phases: list[str]) -> None:
    order = [phase for phase in phases if phase in PHASES]
    expect_equal("the first phases", order, PHASES)
    expect("finish_weight_update" in phases, f"phases are {phases}, without finish_weight_update")
    expect_equal("the last phase", phases[-1], "resume")


def _dead_address() -> str:
    """Of a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


CHECKS = {"publication/publishes": publishes}
