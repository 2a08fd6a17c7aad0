"""Folders that are not what they should be: a request's fault, which names the folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertLMHeadModel,
    BertModel,
    GraniteConfig,
    GraniteForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
)

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.faults import RequestFault

SMALL = {
    "vocab_size": 40,
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
}


def edit_tensors(folder: Path, edit: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / "model.safetensors")
    edit(tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def edit_config(folder: Path, **changes: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def poison(tensors: dict[str, torch.Tensor]) -> None:
    tensors["model.norm.weight"][0] = float("nan")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda folder: shutil.rmtree(folder), "no config.json"),
        (lambda folder: (folder / "config.json").write_text("{"), "cannot be loaded"),
        (lambda folder: (folder / "model.safetensors").unlink(), "cannot be loaded"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\0" * 50), "cannot be loaded"),
        (lambda folder: edit_config(folder, model_type="nonesuch"), "cannot be loaded"),
        (lambda folder: edit_config(folder, hidden_size=48), "cannot be loaded|do not fit"),
        (
            lambda folder: edit_tensors(folder, lambda t: t.pop("model.norm.weight")),
            "missing.*model.norm.weight",
        ),
        (
            lambda folder: edit_tensors(folder, lambda t: t.update(extra=torch.ones(2))),
            "unexpected.*extra",
        ),
        (lambda folder: edit_tensors(folder, poison), "not finite"),
    ],
    ids=[
        "missing_folder",
        "config_is_no_json",
        "no_weights",
        "weights_are_none",
        "unknown_model",
        "other_shape",
        "tensor_missing",
        "tensor_left_over",
        "tensor_not_finite",
    ],
)
def test_damaged_folders(
    policy_dir: Path, tmp_path: Path, damage: Callable[[Path], object], named: str
) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(policy_dir, folder)
    damage(folder)
    with pytest.raises(RequestFault, match=named) as caught:
        TorchBackend("cpu", 1).load_policy(folder, 0)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (lambda: BertModel(BertConfig(**SMALL)), "do not fit|cannot be loaded|not causal"),
        (lambda: BertLMHeadModel(BertConfig(**SMALL, is_decoder=False)), "not causal"),
        (
            lambda: GraniteForCausalLM(GraniteConfig(**SMALL, num_key_value_heads=2, logits_scaling=4.0)),
            "after the output layer",
        ),
    ],
    ids=["no_language_model", "not_causal", "scaled_logits"],
)
def test_models_that_cannot_be_trained(
    tmp_path: Path, model: Callable[[], torch.nn.Module], named: str
) -> None:
    torch.manual_seed(1)
    model().save_pretrained(tmp_path)
    with pytest.raises(RequestFault, match=named):
        TorchBackend("cpu", 1).load_policy(tmp_path, 0)


def test_untied_models_publish_their_output_layer(tmp_path: Path) -> None:
    LlamaForCausalLM(LlamaConfig(**SMALL, tie_word_embeddings=False)).save_pretrained(tmp_path)
    info = TorchBackend("cpu", 1).load_policy(tmp_path, 0)
    assert info.tensors.keys() == load_file(tmp_path / "model.safetensors").keys()
    assert info.tensors["lm_head.weight"] == (40, 16)


def test_tied_models_publish_each_tensor_once(policy_dir: Path, tmp_path: Path) -> None:
    backend = TorchBackend("cpu", 1)
    info = backend.load_policy(policy_dir, 0)
    backend.write_weights(tmp_path / "weights.safetensors")
    written, stored = load_file(tmp_path / "weights.safetensors"), load_file(policy_dir / "model.safetensors")
    assert "lm_head.weight" not in written
    assert info.tensors == {name: tuple(tensor.shape) for name, tensor in stored.items()}
    assert written.keys() == stored.keys()
    assert all(torch.equal(written[name], stored[name]) for name in stored)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.safetensors"]
