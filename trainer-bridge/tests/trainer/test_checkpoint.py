"""Checkpoints: whole or not at all, bit-identical, and clear about what is wrong with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from azr_trainer import tensor_files
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.checkpoint_metadata import CheckpointMetadata, LastApplied, TrainResult, read_metadata
from azr_trainer.faults import RequestFault, TrainerFault
from tests.trainer.support.batches import SETTINGS, draw_batch
from tests.trainer.support.full_disk import writes_of_at_most
from tests.trainer.support.states import equal, stored

VERSION_0 = CheckpointMetadata("run", 0, None)
TENSORS = "tensors/shard-00001-model-00001-of-00001.safetensors"
CONTENT = ["metadata.json", "policy/config.json", TENSORS]


def train(backend: TorchBackend, *seeds: int) -> None:
    for seed in seeds:
        backend.train(draw_batch(seed), SETTINGS, lambda _: None)


def save(backend: TorchBackend, folder: Path, metadata: CheckpointMetadata = VERSION_0) -> int:
    return backend.save_checkpoint(folder, metadata)()


def saved(backend: TorchBackend, folder: Path) -> dict[str, torch.Tensor]:
    save(backend, folder)
    return stored(folder)


def test_a_replay_is_bit_identical(new_backend: Callable[[], TorchBackend], tmp_path: Path) -> None:
    straight = new_backend()
    train(straight, 1)
    save(straight, tmp_path / "after-1")
    train(straight, 2, 3)

    resumed = TorchBackend("cpu", threads=1)
    resumed.load_checkpoint(tmp_path / "after-1", seed=0)
    train(resumed, 2, 3)
    assert equal(saved(straight, tmp_path / "straight"), saved(resumed, tmp_path / "resumed"))


def test_metadata_comes_back(backend: TorchBackend, tmp_path: Path) -> None:
    metrics = backend.train(draw_batch(1), SETTINGS, lambda _: None)
    last = LastApplied(sequence=4, batch_id="batch-1", digest="ab" * 32, result=TrainResult(1, metrics))
    size = save(backend, tmp_path / "new" / "one", CheckpointMetadata("run", 1, last))
    found = read_metadata(tmp_path / "new" / "one")
    assert (found.run_id, found.policy_version, found.last_applied) == ("run", 1, last)
    assert found.torch_version == torch.__version__
    files = [path for path in (tmp_path / "new" / "one").rglob("*") if path.is_file()]
    assert size == sum(path.stat().st_size for path in files)
    assert {str(path.relative_to(tmp_path / "new" / "one")) for path in files} >= set(CONTENT)


def test_what_is_trained_meanwhile_is_not_in_it(
    new_backend: Callable[[], TorchBackend], tmp_path: Path
) -> None:
    backend = new_backend()
    train(backend, 1)
    before = saved(backend, tmp_path / "before")
    finish = backend.save_checkpoint(tmp_path / "meanwhile", VERSION_0)
    train(backend, 2)
    finish()
    assert equal(before, stored(tmp_path / "meanwhile"))
    assert not equal(before, saved(backend, tmp_path / "after"))


def test_a_disk_that_is_full_is_named_and_nothing_is_left(backend: TorchBackend, tmp_path: Path) -> None:
    with (
        writes_of_at_most(50_000),
        pytest.raises(TrainerFault, match="one: cannot be written: File too large"),
    ):
        save(backend, tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(backend: TorchBackend, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrainerFault, match="file/one: cannot be written: "):
        save(backend, tmp_path / "file" / "one")


def test_what_a_killed_save_left_is_removed_by_the_next(backend: TorchBackend, tmp_path: Path) -> None:
    (tmp_path / ".one.unfinished-killed").mkdir()
    save(backend, tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_checkpoint_of_another_architecture_is_refused(backend: TorchBackend, tmp_path: Path) -> None:
    save(backend, tmp_path / "one")
    config, metadata = (tmp_path / "one" / name for name in ("policy/config.json", "metadata.json"))
    config.write_text(json.dumps({**json.loads(config.read_text()), "intermediate_size": 16}))
    about = json.loads(metadata.read_text())
    about["files"]["policy/config.json"] = {
        "bytes": config.stat().st_size,
        "sha256": hashlib.sha256(config.read_bytes()).hexdigest(),
    }
    metadata.write_text(json.dumps(about))
    with pytest.raises(
        RequestFault, match=r"tensor 'weights\.model\.layers\.0\.mlp\..* config.json makes it"
    ):
        backend.load_checkpoint(tmp_path / "one", seed=0)


def test_a_folder_that_is_there_is_kept(backend: TorchBackend, tmp_path: Path) -> None:
    size = save(backend, tmp_path / "one")
    before = (tmp_path / "one" / "metadata.json").stat().st_mtime_ns
    assert save(backend, tmp_path / "one") == size
    with pytest.raises(RequestFault, match="another checkpoint"):
        save(backend, tmp_path / "one", CheckpointMetadata("run", 1, None))
    assert (tmp_path / "one" / "metadata.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", CONTENT)
@pytest.mark.parametrize("damage", ["missing", "truncated", "changed"])
def test_damage_is_found_and_named(backend: TorchBackend, tmp_path: Path, name: str, damage: str) -> None:
    train(backend, 1)
    folder = tmp_path / "one"
    save(backend, folder)
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


def test_much_is_in_several_files(
    backend: TorchBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(backend, 1)
    together = saved(backend, tmp_path / "one")
    monkeypatch.setattr(tensor_files, "FILE_BYTES", 20_000)
    assert equal(together, saved(backend, tmp_path / "several"))
    assert len(list((tmp_path / "several" / "tensors").iterdir())) > 2
    backend.load_checkpoint(tmp_path / "several", seed=0)
    assert equal(together, saved(backend, tmp_path / "again"))


def test_a_file_of_tensors_too_many_is_refused(backend: TorchBackend, tmp_path: Path) -> None:
    save(backend, tmp_path / "one")
    other = tmp_path / "one" / "tensors" / "other.safetensors"
    other.write_bytes((tmp_path / "one" / TENSORS).read_bytes())
    with pytest.raises(RequestFault, match="is not named in metadata"):
        backend.load_checkpoint(tmp_path / "one", seed=0)


def test_another_format_is_refused(backend: TorchBackend, tmp_path: Path) -> None:
    save(backend, tmp_path / "one")
    file = tmp_path / "one" / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format_version": 2}))
    with pytest.raises(RequestFault, match="format_version is 2, expected 3"):
        backend.load_checkpoint(tmp_path / "one", seed=0)


def test_an_export_loads_with_transformers(
    new_backend: Callable[[], TorchBackend], policy_dir: Path, tmp_path: Path
) -> None:
    first, second = new_backend(), new_backend()
    train(first, 1)
    save(first, tmp_path / "checkpoint")
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
