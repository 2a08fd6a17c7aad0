"""Hugging Face folders: a policy is read from one, and written as one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from azr_trainer.batch import Int32s, Sequences
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.faults import RequestFault, one_line
from azr_trainer.micro_batch import MicroBatch, micro_batches
from azr_trainer.packed_attention import PACKED_ATTENTION
from azr_trainer.policy import Policy
from azr_trainer.weights_file import write_weights

WEIGHTS_FILE = "model.safetensors"
# What a folder holds beside the weights and every export needs: configuration and tokenizer.
COMPANIONS = (
    "config.json",
    "generation_config.json",
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "*.model",
    "chat_template*",
)
PROBES = ((0, 1, 2, 3), (0, 3, 1))


@dataclass(frozen=True, eq=False)
class LoadedFolder:
    """A policy with weights in float32, and the files that go with it, by name."""

    policy: Policy
    companions: dict[str, bytes]


def load_policy_folder(
    folder: Path, device: torch.device, options: ComputeOptions | None = None
) -> LoadedFolder:
    """Reads local files only, runs no code from the folder. Raises RequestFault that names the folder."""
    if not (folder / "config.json").is_file():
        raise RequestFault(f"{folder}: no config.json found, expected the folder of a Hugging Face causal LM")
    try:
        model, report = AutoModelForCausalLM.from_pretrained(
            str(folder),
            dtype=torch.float32,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
            attn_implementation=PACKED_ATTENTION,
        )
        companions = _read_companions(folder)
    # Anything may come out of a folder that is not what it should be: OSError, KeyError, SafetensorError, …
    except Exception as error:
        raise RequestFault(
            f"{folder}: cannot be loaded as a causal LM in safetensors: {one_line(error)}"
        ) from None
    _check_tensors(folder, model, report)
    _own_memory(model)
    _check_probe(folder, Policy(model.to(device)))
    return LoadedFolder(Policy(model, options), companions)


def build_policy(folder: Path, device: torch.device, options: ComputeOptions | None = None) -> LoadedFolder:
    """The policy that the folder's config.json describes, with weights that mean nothing. Raises RequestFault."""
    try:
        config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        model = AutoModelForCausalLM.from_config(
            config, dtype=torch.float32, trust_remote_code=False, attn_implementation=PACKED_ATTENTION
        )
        companions = _read_companions(folder)
    except Exception as error:  # as above
        raise RequestFault(f"{folder}: cannot be built as a causal LM: {one_line(error)}") from None
    _check_probe(folder, Policy(model.to(device)))
    return LoadedFolder(Policy(model, options), companions)


def write_policy_folder(folder: Path, tensors: dict[str, Tensor], companions: dict[str, bytes]) -> None:
    """Fills an empty folder. The configuration is the one the policy came with."""
    for name, content in companions.items():
        (folder / name).write_bytes(content)
    write_weights(folder / WEIGHTS_FILE, tensors)


def published_tensors(policy: Policy) -> dict[str, Tensor]:
    """The weights by Hugging Face name, each once: a tied output layer has no entry of its own."""
    model = policy.model
    aliases = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    kept = {name for name, _ in model.named_parameters()}
    return {
        name: tensor
        for name, tensor in model.state_dict().items()
        if name in kept or name not in aliases  # a persistent buffer is in neither
    }


def _read_companions(folder: Path) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes()
        for pattern in COMPANIONS
        for file in sorted(folder.glob(pattern))
        if file.is_file()
    }


def _check_tensors(folder: Path, model: PreTrainedModel, report: dict[str, Any]) -> None:
    """A tensor that is missing would be drawn at random, one that is left over ignored, both in silence."""
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        names = sorted(str(name) for name in report.get(kind) or ())
        if names:
            raise RequestFault(
                f"{folder}: {len(names)} tensors do not fit config.json ({kind.replace('_keys', '')}), the first is"
                f" '{names[0]}'"
            )
    stored = _stored_names(folder)
    renamed = sorted(set(published_tensors(Policy(model))) - stored)
    if renamed:
        raise RequestFault(
            f"{folder}: tensor '{renamed[0]}' has another name in the files, so this architecture cannot be published"
        )


def _stored_names(folder: Path) -> set[str]:
    names: set[str] = set()
    for file in folder.glob("*.safetensors"):
        try:
            with safe_open(file, framework="pt") as opened:
                names.update(opened.keys())
        except (OSError, SafetensorError) as error:
            raise RequestFault(f"{file}: cannot be read: {one_line(error)}") from None
    return names


def _own_memory(model: PreTrainedModel) -> None:
    """Copies every tensor: how it is aligned must not depend on the file, or a replay may round differently."""
    for parameter in model.parameters():
        parameter.data = parameter.data.clone(memory_format=torch.contiguous_format)


@torch.no_grad()
def _check_probe(folder: Path, policy: Policy) -> None:
    """That the model is causal, that packing it changes nothing, and that its numbers are finite."""
    probes = [np.array(probe, np.int32) % policy.model.config.vocab_size for probe in PROBES]
    try:
        whole, other, shorter = (_model_logits(policy, ids) for ids in (*probes, probes[0][:-1]))
        packed = policy.response_logits(_pack(probes, policy.device))
    except (NotImplementedError, TypeError) as error:
        raise RequestFault(f"{folder}: the architecture cannot be packed: {one_line(error)}") from None
    if not bool(torch.isfinite(whole).all()):
        raise RequestFault(f"{folder}: the weights give logits that are not finite")
    rounding = 1e-4 * float(whole.abs().max())
    if not torch.allclose(whole[:-1], shorter, rtol=0, atol=rounding):
        raise RequestFault(f"{folder}: the model is not causal, a token's logits depend on what follows")
    if not torch.allclose(packed, torch.cat([whole[:-1], other[:-1]]), rtol=0, atol=rounding):
        raise RequestFault(
            f"{folder}: the architecture changes its logits after the output layer, or when sequences are packed"
        )


def _model_logits(policy: Policy, ids: Int32s) -> Tensor:
    """Of one sequence alone, [length, vocabulary]."""
    input_ids = torch.from_numpy(ids).long().to(policy.device)
    logits: Tensor = policy.model(input_ids=input_ids[None], use_cache=False).logits[0]
    return logits


def _pack(probes: list[Int32s], device: torch.device) -> MicroBatch:
    """Sequences with a prompt of one token, which they share."""
    lengths = np.array([len(probe) for probe in probes], np.int32)
    ones = np.ones(len(probes), np.int32)
    sequences = Sequences(ones, lengths - 1, np.concatenate(probes), ones.astype(np.float32))
    everything = np.arange(len(probes)), int(lengths.sum())
    return next(micro_batches(sequences, *everything, device))
