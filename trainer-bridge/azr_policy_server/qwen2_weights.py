"""The tensors of a Qwen2 model: their names and shapes, checked, and fused for the forward pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from azr_policy_server.model_folder import ModelFolderError, Qwen2Config, weight_files


class WeightError(Exception):
    """A tensor, or a set of tensors, that does not fit the model; the message names the tensor."""


@dataclass(frozen=True)
class LayerWeights:
    """One decoder layer. Query, key and value are one matrix, and so are gate and up: fewer, larger products.

    Weights of norms are multiplied into the matrices that follow them.
    """

    qkv: Tensor  # [(heads + 2 KV heads) * head_dim, hidden]
    qkv_bias: Tensor  # [(heads + 2 KV heads) * head_dim]
    out: Tensor  # [hidden, heads * head_dim]
    gate_up: Tensor  # [2 * intermediate, hidden]
    down: Tensor  # [hidden, intermediate]


@dataclass(frozen=True)
class Qwen2Weights:
    embedding: Tensor  # [vocab, hidden]
    layers: list[LayerWeights]
    head: Tensor  # [vocab, hidden], with the last norm's weights in it


def expected_shapes(config: Qwen2Config) -> dict[str, tuple[int, ...]]:
    """Every tensor of the model by its Hugging Face name; a tied head has none of its own."""
    hidden, ffn = config.hidden_size, config.intermediate_size
    q, kv = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (config.vocab_size, hidden)}
    for i in range(config.num_layers):
        layer = f"model.layers.{i}."
        for name, width in (("q", q), ("k", kv), ("v", kv)):
            shapes[f"{layer}self_attn.{name}_proj.weight"] = (width, hidden)
            shapes[f"{layer}self_attn.{name}_proj.bias"] = (width,)
        shapes[f"{layer}self_attn.o_proj.weight"] = (hidden, q)
        shapes[f"{layer}mlp.gate_proj.weight"] = (ffn, hidden)
        shapes[f"{layer}mlp.up_proj.weight"] = (ffn, hidden)
        shapes[f"{layer}mlp.down_proj.weight"] = (hidden, ffn)
        shapes[f"{layer}input_layernorm.weight"] = (hidden,)
        shapes[f"{layer}post_attention_layernorm.weight"] = (hidden,)
    shapes["model.norm.weight"] = (hidden,)
    if not config.tied:
        shapes["lm_head.weight"] = (config.vocab_size, hidden)
    return shapes


def read_safetensors(
    path: Path, shapes: Mapping[str, tuple[int, ...]], cast: bool
) -> Iterator[tuple[str, Tensor]]:
    """The file's tensors as float32 on the CPU, each checked for name, shape, dtype and finiteness.

    `cast` widens bfloat16 and float16; without it anything but float32 is refused. The file is read whole, not
    mapped: a writer that changes or truncates it later must not reach the served weights.
    """
    try:
        tensors = load(path.read_bytes())
    except (OSError, SafetensorError) as error:
        raise WeightError(f"{path}: cannot be read: {error}") from None
    # The library's own order changes from call to call, and with it the first fault.
    for name in sorted(tensors):
        yield name, _checked(name, tensors[name], shapes, cast)


def check_complete(tensors: Mapping[str, Tensor], shapes: Mapping[str, tuple[int, ...]]) -> None:
    missing = [name for name in shapes if name not in tensors]
    if missing:
        raise WeightError(f"{len(missing)} of {len(shapes)} tensors are missing, the first is '{missing[0]}'")


def load_weights(folder: Path, config: Qwen2Config, device: torch.device) -> Qwen2Weights:
    """The folder's weights, ready to serve. Raises ModelFolderError."""
    shapes = expected_shapes(config)
    tensors: dict[str, Tensor] = {}
    try:
        for path in weight_files(folder):
            if not path.is_file():
                raise ModelFolderError(f"{path}: no such file, expected the model's weights as safetensors")
            tensors.update(read_safetensors(path, shapes, cast=True))
        check_complete(tensors, shapes)
    except WeightError as error:
        raise ModelFolderError(f"{folder}: {error}") from None
    return fuse(tensors, config, device)


def fuse(tensors: Mapping[str, Tensor], config: Qwen2Config, device: torch.device) -> Qwen2Weights:
    """Builds the served weights from a complete set."""

    def get(name: str) -> Tensor:
        return tensors[name].to(device)

    def fused(layer: str, names: tuple[str, ...], kind: str) -> Tensor:
        return torch.cat([get(f"{layer}{name}_proj.{kind}") for name in names])

    def normed(layer: str, norm: str, names: tuple[str, ...]) -> Tensor:
        return fused(layer, names, "weight") * get(f"{layer}{norm}_layernorm.weight")

    qkv, gate_up = ("self_attn.q", "self_attn.k", "self_attn.v"), ("mlp.gate", "mlp.up")
    embedding = get("model.embed_tokens.weight")
    return Qwen2Weights(
        embedding=embedding,
        layers=[
            LayerWeights(
                qkv=normed(layer, "input", qkv),
                qkv_bias=fused(layer, qkv, "bias"),
                out=get(f"{layer}self_attn.o_proj.weight"),
                gate_up=normed(layer, "post_attention", gate_up),
                down=get(f"{layer}mlp.down_proj.weight"),
            )
            for layer in (f"model.layers.{i}." for i in range(config.num_layers))
        ],
        head=(embedding if config.tied else get("lm_head.weight")) * get("model.norm.weight"),
    )


def _checked(name: str, tensor: Tensor, shapes: Mapping[str, tuple[int, ...]], cast: bool) -> Tensor:
    if name not in shapes:
        raise WeightError(f"tensor '{name}' is not one of the model's")
    if tuple(tensor.shape) != shapes[name]:
        raise WeightError(f"tensor '{name}' has shape {list(tensor.shape)}, expected {list(shapes[name])}")
    allowed = (torch.float32, torch.bfloat16, torch.float16) if cast else (torch.float32,)
    if tensor.dtype not in allowed:
        raise WeightError(
            f"tensor '{name}' has dtype {_name(tensor.dtype)}, expected {' or '.join(map(_name, allowed))}"
        )
    if not torch.isfinite(tensor).all():
        raise WeightError(f"tensor '{name}' has values that are not finite")
    return tensor.float()


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
