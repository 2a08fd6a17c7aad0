"""What trades precision or time for memory, in one process; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.bridge import StartError, choose_device
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.offloaded_adamw import OffloadedAdamW
from azr_trainer.options import parse_options
from azr_trainer.settings import UpdateSettings
from tests.trainer.support.batches import draw_batch, settings
from tests.trainer.support.states import equal, stored


def trained(policy_dir: Path, options: ComputeOptions, chosen: UpdateSettings) -> TorchBackend:
    backend = TorchBackend("cpu", threads=1, options=options)
    backend.load_policy(policy_dir, seed=0)
    for seed in range(3):
        backend.train(draw_batch(seed), chosen, lambda _: None)
    return backend


def saved(backend: TorchBackend, folder: Path) -> dict[str, Tensor]:
    backend.save_checkpoint(folder, CheckpointMetadata("run", 0, None))()
    return stored(folder)


@pytest.mark.parametrize("option", ["activation_checkpointing", "optimizer_offload"])
def test_what_saves_memory_changes_no_bit(policy_dir: Path, tmp_path: Path, option: str) -> None:
    options, chosen = ComputeOptions(**{option: True}), settings(epochs=2)
    plain, saving = (trained(policy_dir, of, chosen) for of in (ComputeOptions(), options))
    assert equal(saved(saving, tmp_path / "saving"), saved(plain, tmp_path / "plain"))

    resumed = TorchBackend("cpu", threads=1, options=options)
    resumed.load_checkpoint(tmp_path / "plain", seed=0)
    for backend in (plain, resumed):
        backend.train(draw_batch(4), chosen, lambda _: None)
    assert equal(saved(resumed, tmp_path / "resumed"), saved(plain, tmp_path / "straight"))


def test_a_failed_update_leaves_an_offloaded_optimizer_as_it_was(policy_dir: Path, tmp_path: Path) -> None:
    backend = trained(policy_dir, ComputeOptions(optimizer_offload=True), settings())
    assert isinstance(backend._held()[1], OffloadedAdamW)
    before = saved(backend, tmp_path / "before")
    with pytest.raises(Exception, match="after the update"):
        backend.train(draw_batch(5), settings(learning_rate=1e39, mini_batch=8), lambda _: None)
    assert equal(saved(backend, tmp_path / "after"), before)


def test_bfloat16_is_near_float32_and_keeps_weights_in_float32(policy_dir: Path) -> None:
    exact, mixed = (TorchBackend("cpu", 1, ComputeOptions(bfloat16=on)) for on in (False, True))
    for backend in (exact, mixed):
        backend.load_policy(policy_dir, seed=0)
    batch = draw_batch(1, temperatures=[0.7] * 8)
    scores = [backend.compute_logprobs(batch.sequences) for backend in (exact, mixed)]
    assert 1e-5 < abs(scores[1] - scores[0]).max() < 0.2  # rounded to 8 bits, and no worse
    norms = [backend.train(batch, settings(), lambda _: None).gradient_norm for backend in (exact, mixed)]
    assert norms[1] == pytest.approx(norms[0], rel=0.05)
    loaded, optimizer = mixed._held()
    states = [state["exp_avg"] for state in optimizer.state.values()]
    assert {tensor.dtype for tensor in (*loaded.policy.model.parameters(), *states)} == {torch.float32}


@pytest.mark.parametrize(
    ("arguments", "gpus", "device"),
    [([], 0, "cpu"), ([], 2, "cuda"), (["--device", "cpu"], 2, "cpu"), (["--ranks", "2"], 2, "cuda")],
)
def test_the_device_that_is_chosen(arguments: list[str], gpus: int, device: str) -> None:
    options = parse_options(arguments)
    assert choose_device(options, gpus) == device
    assert options.compute_options(device).bfloat16 == (device == "cuda")


@pytest.mark.parametrize(
    ("arguments", "gpus", "message"),
    [
        (["--device", "cuda"], 0, "--ranks 1: needs a GPU for each, expected at most the 0 that Ray has"),
        (["--ranks", "3"], 2, "--ranks 3: needs a GPU for each, expected at most the 2 that Ray has"),
        (["--optimizer-offload"], 0, "--optimizer-offload: has nothing to offload from a CPU"),
    ],
)
def test_options_that_do_not_fit_the_machine(arguments: list[str], gpus: int, message: str) -> None:
    with pytest.raises(StartError, match=message):
        choose_device(parse_options(arguments), gpus)


@pytest.mark.parametrize("value", ["0", "-1", "two", "1025"])
@pytest.mark.parametrize("name", ["--ranks", "--threads"])
def test_counts_out_of_range(capsys: pytest.CaptureFixture[str], name: str, value: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse_options([f"{name}={value}"])
    assert f"argument {name}: is '{value}', expected 1 to 1024" in capsys.readouterr().err
