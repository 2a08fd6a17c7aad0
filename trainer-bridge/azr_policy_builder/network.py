"""The policy's shape, and its loss."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor
from transformers import Qwen2Config, Qwen2ForCausalLM

CONTEXT = 512  # tokens


def build_network(vocabulary: int, end_id: int) -> Qwen2ForCausalLM:
    """Freshly drawn weights, from torch's global generator."""
    config = Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        intermediate_size=336,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        use_sliding_window=False,
        bos_token_id=None,
        eos_token_id=end_id,
        pad_token_id=end_id,
        dtype="float32",
    )
    return Qwen2ForCausalLM(config)


def weighted_loss(network: Qwen2ForCausalLM, ids: Tensor, weights: Tensor) -> Tensor:
    """The weighted sum, in nats, of the cross-entropy of predicting `ids` where `weights` is not 0.

    Both are [rows, tokens]. Padding may only be on the right: no attention mask is passed.
    """
    rows, columns = weights[:, 1:].nonzero(as_tuple=True)
    states = network.model(ids, use_cache=False).last_hidden_state[rows, columns]
    entropies = F.cross_entropy(network.lm_head(states), ids[rows, columns + 1], reduction="none")
    return (entropies * weights[rows, columns + 1]).sum()
