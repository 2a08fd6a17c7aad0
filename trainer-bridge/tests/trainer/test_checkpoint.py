"""Checkpoints: whole or not at all, bit-identical, and clear about what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from azr_trainer import checkpoint
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.checkpoint_metadata import CheckpointMetadata, LastApplied, TrainResult, read_metadata
from azr_trainer.faults import OperationFault, RequestFault
from tests.trainer.support.batches import SETTINGS, draw_batch

VERSION_0 = CheckpointMetadata("run", 0, None)
CONTENT = ["metadata.json", "optimizer.safetensors", "policy/config.json", "policy/model.safetensors"]


def train(backend: TorchBackend, *seeds: int) -> None:
    for seed in seeds:
        backend.train(draw_batch(seed), SETTINGS, lambda _: None)


def stored_bytes(backend: TorchBackend, folder: Path) -> dict[str, bytes]:
    backend.save_checkpoint(folder, VERSION_0)
    return {name: (folder / name).read_bytes() for name in CONTENT[1:]}


def test_a_replay_is_bit_identical(new_backend: Callable[[], TorchBackend], tmp_path: Path) -> None:
    straight = new_backend()
    train(straight, 1)
    straight.save_checkpoint(tmp_path / "after-1", VERSION_0)
    train(straight, 2, 3)

    resumed = TorchBackend("cpu", threads=1)
    resumed.load_checkpoint(tmp_path / "after-1", seed=0)
    train(resumed, 2, 3)
    assert stored_bytes(straight, tmp_path / "straight") == stored_bytes(resumed, tmp_path / "resumed")


def test_metadata_comes_back(backend: TorchBackend, tmp_path: Path) -> None:
    metrics = backend.train(draw_batch(1), SETTINGS, lambda _: None)
    last = LastApplied(sequence=4, batch_id="batch-1", digest="ab" * 32, result=TrainResult(1, metrics))
    size = backend.save_checkpoint(tmp_path / "new" / "one", CheckpointMetadata("run", 1, last))
    found = read_metadata(tmp_path / "new" / "one")
    assert (found.run_id, found.policy_version, found.last_applied) == ("run", 1, last)
    assert found.torch_version == torch.__version__
    files = [path for path in (tmp_path / "new" / "one").rglob("*") if path.is_file()]
    assert size == sum(path.stat().st_size for path in files)
    assert {str(path.relative_to(tmp_path / "new" / "one")) for path in files} >= set(CONTENT)


def test_an_interrupted_save_leaves_nothing(
    backend: TorchBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, "save_file", fail)
        with pytest.raises(OperationFault, match="No space left"):
            backend.save_checkpoint(tmp_path / "one", VERSION_0)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".one.unfinished-killed").mkdir()
    backend.save_checkpoint(tmp_path / "one", VERSION_0)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_folder_that_is_there_is_kept(backend: TorchBackend, tmp_path: Path) -> None:
    size = backend.save_checkpoint(tmp_path / "one", VERSION_0)
    before = (tmp_path / "one" / "metadata.json").stat().st_mtime_ns
    assert backend.save_checkpoint(tmp_path / "one", VERSION_0) == size
    with pytest.raises(RequestFault, match="another checkpoint"):
        backend.save_checkpoint(tmp_path / "one", CheckpointMetadata("run", 1, None))
    assert (tmp_path / "one" / "metadata.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", CONTENT)
@pytest.mark.parametrize("damage", ["missing", "truncated", "changed"])
def test_damage_is_found_and_named(backend: TorchBackend, tmp_path: Path, name: str, damage: str) -> None:
    train(backend, 1)
    folder = tmp_path / "one"
    backend.save_checkpoint(folder, VERSION_0)
    file = folder / name
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "truncated":
        file.write_bytes(content[: len(content) // 2])
    else:
        middle = content.index(b'"policy_version"') + 3 if name == "metadata.json" else len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    before = backend.compute_logprobs(draw_batch(2).sequences)
    with pytest.raises(RequestFault) as caught:
        backend.load_checkpoint(folder, seed=0)
    assert str(file) in str(caught.value)
    assert (backend.compute_logprobs(draw_batch(2).sequences) == before).all()


def test_another_format_is_refused(backend: TorchBackend, tmp_path: Path) -> None:
    backend.save_checkpoint(tmp_path / "one", VERSION_0)
    file = tmp_path / "one" / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format_version": 3}))
    with pytest.raises(RequestFault, match="format_version is 3, expected 2"):
        backend.load_checkpoint(tmp_path / "one", seed=0)


def test_an_export_loads_with_transformers(
    new_backend: Callable[[], TorchBackend], policy_dir: Path, tmp_path: Path
) -> None:
    first, second = new_backend(), new_backend()
    train(first, 1)
    first.save_checkpoint(tmp_path / "checkpoint", VERSION_0)
    second.load_checkpoint(tmp_path / "checkpoint", seed=0)
    second.export(tmp_path / "export")
    second.export(tmp_path / "export")
    assert [path.name for path in tmp_path.glob("*export*")] == ["export"]

    model = AutoModelForCausalLM.from_pretrained(tmp_path / "export")
    trained = first._held()[0].policy.model.state_dict()
    assert model.config.tie_word_embeddings
    assert all(torch.equal(tensor, trained[name]) for name, tensor in model.state_dict().items())
    assert len(AutoTokenizer.from_pretrained(tmp_path / "export")) == len(
        AutoTokenizer.from_pretrained(policy_dir)
    )
    for name in ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "export" / name).read_bytes() == (policy_dir / name).read_bytes()


def test_an_export_does_not_replace_what_is_none(backend: TorchBackend, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(RequestFault, match="holds something else"):
        backend.export(tmp_path)
    assert (tmp_path / "thesis.txt").exists()
