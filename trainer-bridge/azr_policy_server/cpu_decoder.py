"""Decoding on the CPU: PyTorch's matrix products into buffers that stay, and compiled kernels between them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from azr_policy_server import cpu_kernels
from azr_policy_server.kv_cache import KVCache
from azr_policy_server.model_folder import Qwen2Config
from azr_policy_server.qwen2 import Qwen2


class CpuDecoder:
    """`Qwen2.decode` for a model on the CPU; what it returns is overwritten by the next step."""

    def __init__(self, model: Qwen2) -> None:
        self._model = model
        self._epsilon = np.float32(model.config.rms_norm_eps)
        self._cos, self._sin = model.cos.numpy(), model.sin.numpy()
        self._states = _States(model.config, 0)

    def decode(self, tokens: Tensor, positions: Tensor, longest: int, cache: KVCache) -> Tensor:
        if self._states.rows != len(tokens):
            self._states = _States(self._model.config, len(tokens))
        weights, states, epsilon, places = self._model.weights, self._states, self._epsilon, positions.numpy()
        x = torch.index_select(weights.embedding, 0, tokens, out=states.x)
        for layer, kv in zip(weights.layers, cache.layers, strict=True):
            torch.mm(x, layer.qkv.T, out=states.qkv)
            cpu_kernels.attend(
                *(x.numpy(), epsilon, states.qkv.numpy(), layer.qkv_bias.numpy(), self._cos, self._sin, places),
                *(kv.numpy(), states.attended.numpy()),
            )
            x.addmm_(states.attended, layer.out.T)
            torch.mm(x, layer.gate_up.T, out=states.gate_up)
            cpu_kernels.gate(x.numpy(), epsilon, states.gate_up.numpy(), states.gated.numpy())
            x.addmm_(states.gated, layer.down.T)
        torch.mm(x, weights.head.T, out=states.logits)
        cpu_kernels.log_softmax(x.numpy(), epsilon, states.logits.numpy())
        return states.logits


class _States:
    """What a step computes, for a number of rows."""

    def __init__(self, config: Qwen2Config, rows: int) -> None:
        self.rows = rows
        heads, kv_heads = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
        self.x = torch.empty(rows, config.hidden_size)
        self.qkv = torch.empty(rows, heads + 2 * kv_heads)
        self.attended = torch.empty(rows, heads)
        self.gate_up = torch.empty(rows, 2 * config.intermediate_size)
        self.gated = torch.empty(rows, config.intermediate_size)
        self.logits = torch.empty(rows, config.vocab_size)
