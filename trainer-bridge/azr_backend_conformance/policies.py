"""Policies to be trained: tiny Qwen2 models of random weights, as Hugging Face folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

VOCABULARY = 40
MAX_POSITIONS = 32


@dataclass(frozen=True)
class Policies:
    """Folders of the policy that is trained, and of another one that a KL term may refer to."""

    trained: Path
    reference: Path


def write_policies(folder: Path) -> Policies:
    """Two policies of one shape and tokenizer. Their logits differ enough for every term of the loss to matter."""
    policies = Policies(folder / "policy", folder / "reference")
    write_policy(policies.trained, seed=7)
    write_policy(policies.reference, seed=8)
    return policies


def write_policy(folder: Path, seed: int) -> None:
    """A Qwen2 model of width 32 with tied embeddings, and its tokenizer."""
    _new_model(seed).save_pretrained(folder)
    _tokenizer().save_pretrained(folder)


def load_float64(folder: Path) -> Any:
    """A causal language model of transformers, for reference."""
    model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32, local_files_only=True)
    return model.double().eval()


def _new_model(seed: int) -> Any:
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=48,
        max_position_embeddings=MAX_POSITIONS,
        tie_word_embeddings=True,
        initializer_range=0.2,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Qwen2ForCausalLM(config)


def _tokenizer() -> Any:
    words = {f"t{index}": index for index in range(VOCABULARY)}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(words, unk_token="t0")), unk_token="t0", eos_token="t1"
    )
