"""Two ranks that share a policy are one trainer: they compute what one rank does, and fail as one."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from azr_trainer.actor import ActorBackend
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.faults import PolicyLostError, RequestFault
from azr_trainer.local_ray import LocalRay
from azr_trainer.settings import KlEstimator, KlTarget, MaskUnit, UpdateSettings
from tests.trainer.support.batches import draw_batch, settings, share_beginnings
from tests.trainer.support.processes import LOOPBACK, descendants, listening
from tests.trainer.support.states import equal

BRIDGE = Path(__file__).parents[2]
VERSION_0 = CheckpointMetadata("run", 0, None)
TEMPERATURES = [1.0, 0.7, 1.0, 1.3, 1.0, 2.0, 1.0, 0.5]
EVERY_TERM = {
    "entropy_coefficient": 0.01,
    "kl_coefficient": 0.1,
    "kl_target": KlTarget.REFERENCE,
    "kl_estimator": KlEstimator.K3,
    "importance_cap": 1.5,
    "mask_threshold": 20.0,
    "mask_unit": MaskUnit.SEQUENCE,
    "micro_batch_tokens": 24,
    "epochs": 2,
}
OF_ITS_MACHINE = {"seconds", "tokens_per_second", "peak_memory_bytes", "padding_share", "shared_share", "mfu"}


@pytest.fixture(scope="module")
def started_ray() -> Iterator[None]:
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = f"{BRIDGE}:{BRIDGE / 'generated'}"  # for the actors
    local = LocalRay(None)
    try:
        local.start(ranks=2)
        yield
    finally:
        local.stop()
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def group(started_ray: None) -> Iterator[ActorBackend]:
    """Two ranks, one thread each; every test loads what it needs."""
    backend = ActorBackend("cpu", threads=1, ranks=2)
    yield backend
    end(backend)


def end(backend: ActorBackend) -> None:
    if backend._group:
        backend._group.end()


def stored(backend: ActorBackend | TorchBackend, folder: Path) -> dict[str, torch.Tensor]:
    """Weights and optimizer, as a checkpoint has them."""
    backend.save_checkpoint(folder, VERSION_0)
    return {
        **load_file(folder / "policy" / "model.safetensors"),
        **load_file(folder / "optimizer.safetensors"),
    }


def train(backend: ActorBackend | TorchBackend, *seeds: int, chosen: UpdateSettings | None = None) -> None:
    for seed in seeds:
        backend.train(draw_batch(seed), chosen or settings(), lambda _: None)


def check_close(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor], relative: float) -> None:
    """By kind: weights, first and second moments. What one tensor of many has of rounding is not told apart."""
    assert one.keys() == other.keys()
    for kind in ("exp_avg.", "exp_avg_sq.", "model."):
        names = [name for name in one if name.startswith(kind)]
        flat, expected = (torch.cat([of[name].flatten() for name in names]).double() for of in (other, one))
        assert torch.linalg.norm(flat - expected) <= relative * torch.linalg.norm(expected)


@pytest.mark.parametrize("mini_batch", [8, 3, 1], ids=["one_step", "uneven_steps", "a_rank_without_any"])
def test_two_ranks_equal_one(
    group: ActorBackend,
    policy_dir: Path,
    tmp_path: Path,
    mini_batch: int,
) -> None:
    one = TorchBackend("cpu", threads=1)
    infos = [backend.load_policy(policy_dir, 0, policy_dir) for backend in (one, group)]
    assert infos[0] == infos[1]
    for seed in range(3):
        batch = share_beginnings(draw_batch(seed, temperatures=TEMPERATURES))
        chosen = settings(mini_batch=mini_batch, **EVERY_TERM)
        expected, found = (asdict(backend.train(batch, chosen, lambda _: None)) for backend in (one, group))
        for name in expected.keys() - OF_ITS_MACHINE:
            assert found[name] == pytest.approx(expected[name], rel=1e-5, abs=1e-6), name
        assert (expected["padding_share"], found["padding_share"] > 0) == (0, mini_batch == 1)
    check_close(stored(one, tmp_path / "one"), stored(group, tmp_path / "two"), relative=1e-5)
    scored = draw_batch(5, temperatures=TEMPERATURES).sequences
    np.testing.assert_allclose(group.compute_logprobs(scored), one.compute_logprobs(scored), atol=1e-4)


def test_a_replay_is_bit_identical_and_one_rank_can_go_on(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    group.load_policy(policy_dir, 0)
    train(group, 1)
    after_1 = stored(group, tmp_path / "after-1")
    train(group, 2, 3)
    straight = stored(group, tmp_path / "straight")
    group.load_checkpoint(tmp_path / "after-1", 0)
    train(group, 2, 3)
    resumed = stored(group, tmp_path / "resumed")
    assert equal(straight, resumed)

    alone = TorchBackend("cpu", threads=1)
    alone.load_checkpoint(tmp_path / "after-1", 0)
    again = stored(alone, tmp_path / "again")
    assert equal(after_1, again)
    train(alone, 2, 3)
    check_close(straight, stored(alone, tmp_path / "alone"), relative=1e-5)


def test_ranks_of_one_machine_listen_on_loopback_alone(group: ActorBackend, policy_dir: Path) -> None:
    group.load_policy(policy_dir, 0)
    actors = {pid: name for pid, name in descendants(os.getpid()).items() if "PolicyActor" in name}
    assert len(actors) == 2
    assert set() < listening(actors) <= LOOPBACK


def test_what_all_ranks_refuse_leaves_the_policy(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    group.load_policy(policy_dir, 0)
    train(group, 1)
    before = stored(group, tmp_path / "before")
    with pytest.raises(RequestFault, match="after the update"):
        train(group, 2, chosen=settings(learning_rate=1e39, mini_batch=8))
    with pytest.raises(RequestFault, match="no config"):
        group.load_policy(tmp_path, 0)
    damaged = shutil.copytree(tmp_path / "before", tmp_path / "damaged")
    (damaged / "optimizer.safetensors").write_bytes(b"")
    with pytest.raises(RequestFault, match="truncated or changed"):
        group.load_checkpoint(damaged, 0)
    with pytest.raises(RequestFault, match="holds something else"):
        group.export(tmp_path)  # the first rank alone writes
    assert equal(before, stored(group, tmp_path / "after"))


def test_a_step_that_is_not_finite_on_one_rank_is_skipped_on_all(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    group.load_policy(policy_dir, 0)
    before = stored(group, tmp_path / "before")
    batch = draw_batch(1)
    batch.advantages[-1] = 3e38
    metrics = group.train(batch, settings(mini_batch=8, gradient_clip=0.0), lambda _: None)
    assert (metrics.optimizer_steps, metrics.skipped_steps) == (0, 1)
    assert equal(before, stored(group, tmp_path / "after"))


def test_a_killed_rank_fails_the_operation_and_the_next_load_starts_anew(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    group.load_policy(policy_dir, 0)
    train(group, 1)
    before = stored(group, tmp_path / "before")
    assert group._group
    import ray  # not before its environment is set

    pid = ray.get(group._group._actors[1].__ray_call__.remote(lambda _: os.getpid()), timeout=10)

    def kill(_: float) -> None:
        if _alive(pid):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(PolicyLostError, match="rank 1 of 2 is gone"):
        group.train(draw_batch(2), settings(epochs=100, mini_batch=1), kill)
    with pytest.raises(PolicyLostError, match="expected LoadPolicy from a checkpoint"):
        group.compute_logprobs(draw_batch(2).sequences)
    group.load_checkpoint(tmp_path / "before", 0)
    assert equal(before, stored(group, tmp_path / "after"))
    train(group, 2)


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_two_ranks_with_every_option_are_near_one_without(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    end(group)
    group._group = None
    options = ComputeOptions(bfloat16=True, activation_checkpointing=True, optimizer_offload=True)
    with_options, one = ActorBackend("cpu", 1, 2, options), TorchBackend("cpu", threads=1)
    try:
        for backend in (with_options, one):
            backend.load_policy(policy_dir, 0)
            train(backend, 1, 2)
        check_close(stored(one, tmp_path / "one"), stored(with_options, tmp_path / "two"), relative=0.2)
    finally:
        end(with_options)
