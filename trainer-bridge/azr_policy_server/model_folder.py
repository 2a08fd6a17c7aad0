"""Reads a policy from a folder in Hugging Face layout, and says plainly what is wrong with one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ModelFolderError(Exception):
    """The folder cannot be served; the message names the file, what it holds and what would be right."""


@dataclass(frozen=True)
class Qwen2Config:
    """The shape of a Qwen2 decoder; widths in elements, lengths in tokens."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    rms_norm_eps: float
    rope_theta: float
    tied: bool
    max_position_embeddings: int
    eos_token_ids: frozenset[int]


def read_config(folder: Path) -> Qwen2Config:
    """The shape from `config.json`; end-of-sequence ids rather from `generation_config.json`, where there is one."""
    path = folder / "config.json"
    raw = _read_json(path)
    if raw.get("model_type") != "qwen2":
        raise ModelFolderError(f"{path}: model_type is {raw.get('model_type')!r}, only 'qwen2' can be served")
    _refuse_variants(path, raw)
    hidden, heads = _positive(path, raw, "hidden_size"), _positive(path, raw, "num_attention_heads")
    kv_heads = _positive(path, raw, "num_key_value_heads") if raw.get("num_key_value_heads") else heads
    if hidden % heads or heads % kv_heads:
        raise ModelFolderError(
            f"{path}: hidden_size {hidden}, {heads} heads and {kv_heads} KV heads do not divide"
        )
    generation = folder / "generation_config.json"
    eos = _read_json(generation).get("eos_token_id") if generation.exists() else None
    return Qwen2Config(
        vocab_size=_positive(path, raw, "vocab_size"),
        hidden_size=hidden,
        intermediate_size=_positive(path, raw, "intermediate_size"),
        num_layers=_positive(path, raw, "num_hidden_layers"),
        num_heads=heads,
        num_kv_heads=kv_heads,
        head_dim=raw.get("head_dim") or hidden // heads,
        rms_norm_eps=float(raw.get("rms_norm_eps", 1e-6)),
        rope_theta=float(_rope(raw).get("rope_theta") or raw.get("rope_theta") or 10000.0),
        tied=bool(raw.get("tie_word_embeddings", False)),
        max_position_embeddings=_positive(path, raw, "max_position_embeddings"),
        eos_token_ids=_token_ids(path, raw.get("eos_token_id") if eos is None else eos),
    )


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of the folder: one, or the shards that its index names."""
    index = folder / "model.safetensors.index.json"
    if index.exists():
        weight_map = _read_json(index).get("weight_map")
        if not isinstance(weight_map, dict):
            raise ModelFolderError(f"{index}: weight_map is missing")
        return [folder / name for name in sorted(set(weight_map.values()))]
    return [folder / "model.safetensors"]


def _rope(raw: dict[str, Any]) -> dict[str, Any]:
    """transformers 5 writes `rope_parameters`, earlier ones `rope_scaling` beside a bare `rope_theta`."""
    rope = raw.get("rope_parameters") or raw.get("rope_scaling") or {}
    return rope if isinstance(rope, dict) else {}


def _refuse_variants(path: Path, raw: dict[str, Any]) -> None:
    rope = _rope(raw)
    kind = rope.get("rope_type") or rope.get("type") or "default"
    unsupported = {
        "hidden_act": (raw.get("hidden_act", "silu"), "silu"),
        "rope_type": (kind, "default"),
        "use_sliding_window": (bool(raw.get("use_sliding_window", False)), False),
    }
    for name, (value, wanted) in unsupported.items():
        if value != wanted:
            raise ModelFolderError(f"{path}: {name} is {value!r}, only {wanted!r} can be served")


def _positive(path: Path, raw: dict[str, Any], name: str) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ModelFolderError(f"{path}: {name} is {value!r}, expected a positive integer")
    return value


def _token_ids(path: Path, value: Any) -> frozenset[int]:
    ids = [] if value is None else value if isinstance(value, list) else [value]
    if not all(isinstance(i, int) for i in ids):
        raise ModelFolderError(
            f"{path}: eos_token_id is {value!r}, expected an integer or a list of integers"
        )
    return frozenset(ids)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelFolderError(f"{path}: no such file, expected a model in Hugging Face layout") from None
    except (OSError, ValueError) as error:
        raise ModelFolderError(f"{path}: cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise ModelFolderError(f"{path}: expected a JSON object")
    return value
