"""A tiny policy with random weights, and backends that hold it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from azr_trainer.backends.torch_backend import TorchBackend
from tests.trainer.support.batches import VOCABULARY

MAX_POSITIONS = 32


@pytest.fixture(scope="session")
def policy_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen2 model of width 32 with tied embeddings, whose logits differ enough for ratios to matter."""
    folder = tmp_path_factory.mktemp("policy")
    torch.manual_seed(7)
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
    Qwen2ForCausalLM(config).save_pretrained(folder)
    words = {f"t{index}": index for index in range(VOCABULARY)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="t0"))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="t0", eos_token="t1").save_pretrained(
        folder
    )
    return folder


@pytest.fixture(scope="session")
def new_backend(policy_dir: Path) -> Callable[[], TorchBackend]:
    """Makes a backend that holds the policy."""

    def make() -> TorchBackend:
        backend = TorchBackend("cpu", threads=1)
        backend.load_policy(policy_dir, seed=0)
        return backend

    return make


@pytest.fixture
def backend(new_backend: Callable[[], TorchBackend]) -> TorchBackend:
    """Holds the policy, at version 0."""
    return new_backend()
