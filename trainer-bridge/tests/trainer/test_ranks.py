"""Two ranks that share a policy are one trainer: they compute what one rank does, and fail as one."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from azr_trainer.actor import ActorBackend
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.faults import PolicyLostError, RequestFault, TrainerFault
from azr_trainer.local_ray import LocalRay
from azr_trainer.settings import KlEstimator, KlTarget, MaskUnit, UpdateSettings
from tests.trainer.support.batches import draw_batch, settings, share_beginnings
from tests.trainer.support.full_disk import limit_files
from tests.trainer.support.processes import LOOPBACK, descendants, listening
from tests.trainer.support.states import equal, stored

BRIDGE = Path(__file__).parents[2]
VERSION_0 = CheckpointMetadata("run", 0, None)
OF_RANK_1 = "tensors/shard-00002-model-00001-of-00001.safetensors"
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


def saved(backend: ActorBackend | TorchBackend, folder: Path) -> dict[str, torch.Tensor]:
    """Weights and optimizer, as a checkpoint has them."""
    backend.save_checkpoint(folder, VERSION_0)()
    return stored(folder)


def on_rank_1(group: ActorBackend, do: Callable[[Any], Any]) -> Any:
    """Does it in that rank's process."""
    import ray  # not before its environment is set

    assert group._group
    return ray.get(group._group._actors[1].__ray_call__.remote(do), timeout=10)


def train(backend: ActorBackend | TorchBackend, *seeds: int, chosen: UpdateSettings | None = None) -> None:
    for seed in seeds:
        backend.train(draw_batch(seed), chosen or settings(), lambda _: None)


def trained(group: ActorBackend, policy_dir: Path, folder: Path) -> dict[str, torch.Tensor]:
    """Loads the policy, trains it on one batch, and saves that in the folder."""
    group.load_policy(policy_dir, 0)
    train(group, 1)
    return saved(group, folder)


def check_close(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor], relative: float) -> None:
    """By kind: weights, first and second moments. What one tensor of many has of rounding is not told apart."""
    assert one.keys() == other.keys()
    for kind in ("optimizer.exp_avg.", "optimizer.exp_avg_sq.", "weights."):
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
    check_close(saved(one, tmp_path / "one"), saved(group, tmp_path / "two"), relative=1e-5)
    scored = draw_batch(5, temperatures=TEMPERATURES).sequences
    np.testing.assert_allclose(group.compute_logprobs(scored), one.compute_logprobs(scored), atol=1e-4)


def test_a_replay_is_bit_identical_and_one_rank_can_go_on(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    after_1 = trained(group, policy_dir, tmp_path / "after-1")
    train(group, 2, 3)
    straight = saved(group, tmp_path / "straight")
    group.load_checkpoint(tmp_path / "after-1", 0)
    train(group, 2, 3)
    resumed = saved(group, tmp_path / "resumed")
    assert equal(straight, resumed)

    alone = TorchBackend("cpu", threads=1)
    alone.load_checkpoint(tmp_path / "after-1", 0)
    again = saved(alone, tmp_path / "again")
    assert equal(after_1, again)
    train(alone, 2, 3)
    check_close(straight, saved(alone, tmp_path / "alone"), relative=1e-5)


def test_ranks_of_one_machine_listen_on_loopback_alone(group: ActorBackend, policy_dir: Path) -> None:
    group.load_policy(policy_dir, 0)
    actors = {pid: name for pid, name in descendants(os.getpid()).items() if "PolicyActor" in name}
    assert len(actors) == 2
    assert set() < listening(actors) <= LOOPBACK


def test_what_all_ranks_refuse_leaves_the_policy(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    before = trained(group, policy_dir, tmp_path / "before")
    with pytest.raises(RequestFault, match="after the update"):
        train(group, 2, chosen=settings(learning_rate=1e39, mini_batch=8))
    with pytest.raises(RequestFault, match="no config"):
        group.load_policy(tmp_path, 0)
    damaged = shutil.copytree(tmp_path / "before", tmp_path / "damaged")
    (damaged / OF_RANK_1).write_bytes(b"")
    with pytest.raises(RequestFault, match=f"damaged/{OF_RANK_1}: has 0 bytes, .* truncated or changed"):
        group.load_checkpoint(damaged, 0)
    with pytest.raises(RequestFault, match="holds something else"):
        group.export(tmp_path)  # the first rank alone writes
    assert equal(before, saved(group, tmp_path / "after"))


def test_a_step_that_is_not_finite_on_one_rank_is_skipped_on_all(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    group.load_policy(policy_dir, 0)
    before = saved(group, tmp_path / "before")
    batch = draw_batch(1)
    batch.advantages[-1] = 3e38
    metrics = group.train(batch, settings(mini_batch=8, gradient_clip=0.0), lambda _: None)
    assert (metrics.optimizer_steps, metrics.skipped_steps) == (0, 1)
    assert equal(before, saved(group, tmp_path / "after"))


def test_a_killed_rank_fails_the_operation_and_the_next_load_starts_anew(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    before = trained(group, policy_dir, tmp_path / "before")
    pid = on_rank_1(group, lambda _: os.getpid())

    def kill(_: float) -> None:
        if _alive(pid):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(PolicyLostError, match="rank 1 of 2 is gone"):
        group.train(draw_batch(2), settings(epochs=100, mini_batch=1), kill)
    with pytest.raises(PolicyLostError, match="expected LoadPolicy from a checkpoint"):
        group.compute_logprobs(draw_batch(2).sequences)
    group.load_checkpoint(tmp_path / "before", 0)
    assert equal(before, saved(group, tmp_path / "after"))
    train(group, 2)


def test_a_save_beside_an_update_has_what_was_before_it(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    """The first report of the update begins to write; the update ends while that is done, or after it."""
    before = trained(group, policy_dir, tmp_path / "before")
    finish = group.save_checkpoint(tmp_path / "meanwhile", VERSION_0)
    with ThreadPoolExecutor(1) as thread:
        writing: list[Future[int]] = []

        def write(_: float) -> None:
            if not writing:
                writing.append(thread.submit(finish))

        group.train(draw_batch(2), settings(epochs=100, mini_batch=1), write)
        size = writing[0].result(30)
    assert equal(before, stored(tmp_path / "meanwhile"))
    assert size == sum(file.stat().st_size for file in (tmp_path / "meanwhile").rglob("*") if file.is_file())
    assert (tmp_path / "meanwhile" / OF_RANK_1).is_file()
    assert not equal(before, saved(group, tmp_path / "after"))


def test_a_disk_that_is_full_on_one_rank_fails_the_save_alone(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    group.load_policy(policy_dir, 0)
    train(group, 1)
    on_rank_1(group, lambda _: limit_files(50_000))
    with pytest.raises(TrainerFault, match="one: cannot be written: File too large"):
        saved(group, tmp_path / "one")
    on_rank_1(group, lambda _: limit_files(-1))
    assert list(tmp_path.iterdir()) == []
    train(group, 2)
    saved(group, tmp_path / "one")


def test_a_rank_killed_while_it_saves_fails_the_save_and_the_next_load_starts_anew(
    group: ActorBackend, policy_dir: Path, tmp_path: Path
) -> None:
    before = trained(group, policy_dir, tmp_path / "before")

    def die_after_writing_tensors(_: Any) -> None:
        from azr_trainer import checkpoint

        checkpoint._describe_share = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]

    on_rank_1(group, die_after_writing_tensors)
    with pytest.raises(PolicyLostError, match="rank 1 of 2 is gone"):
        saved(group, tmp_path / "one")
    assert not (tmp_path / "one").exists()
    with pytest.raises(PolicyLostError, match="expected LoadPolicy from a checkpoint"):
        group.save_checkpoint(tmp_path / "one", VERSION_0)
    group.load_checkpoint(tmp_path / "before", 0)
    assert equal(before, saved(group, tmp_path / "one"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before", "one"]


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
        check_close(saved(one, tmp_path / "one"), saved(with_options, tmp_path / "two"), relative=0.2)
    finally:
        end(with_options)
