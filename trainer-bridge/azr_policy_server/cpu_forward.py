"""The forward pass on the CPU: PyTorch's matrix products into memory that stays, and compiled kernels between them."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from azr_policy_server import cpu_kernels
from azr_policy_server.kv_cache import KVCache, padded
from azr_policy_server.model_folder import Qwen2Config
from azr_policy_server.qwen2 import LEAST_TOKENS, Prompt, Qwen2


class CpuForward:
    """`prefill` and `decode` of a model that lies on the CPU.

    A prompt is read token by token as an answer is: each attends over what its row of the cache holds so far.
    """

    def __init__(self, model: Qwen2) -> None:
        self._model = model
        self._epsilon = np.float32(model.config.rms_norm_eps)
        self._cos, self._sin = model.cos.numpy(), model.sin.numpy()
        self._memory = _States.allocate(model.config, LEAST_TOKENS)
        self._states = self._memory

    def prefill(self, prompts: SequenceOf[Prompt], cache: KVCache) -> Tensor:
        """As `Qwen2.prefill`."""
        lengths = [len(prompt.tokens) for prompt in prompts]
        ends = list(accumulate(lengths))
        spare = [0] * (max(LEAST_TOKENS, padded(ends[-1])) - ends[-1])
        tokens = torch.tensor([token for prompt in prompts for token in prompt.tokens] + spare)
        rows = torch.tensor([p.first_row for p in prompts]).repeat_interleave(torch.tensor(lengths))
        positions = torch.tensor([place for length in lengths for place in range(length)])
        x = self._layers(tokens, rows, positions, cache)
        for prompt, length in zip(prompts, lengths, strict=True):
            cache.share(prompt.first_row, prompt.rows, length)
        last = torch.zeros(padded(len(prompts)), x.shape[1])
        torch.index_select(x, 0, torch.tensor(ends) - 1, out=last[: len(prompts)])
        return self._logprobs(last)[: len(prompts)]

    def decode(self, tokens: Tensor, positions: Tensor, longest: int, cache: KVCache) -> Tensor:
        """As `Qwen2.decode`; each row attends over its own length."""
        return self._logprobs(self._layers(tokens, torch.arange(len(tokens)), positions, cache))

    def _layers(self, tokens: Tensor, rows: Tensor, positions: Tensor, cache: KVCache) -> Tensor:
        """The last layer's output for `tokens`, of which the first stand at `positions` of `rows` of the cache."""
        states, epsilon = self._room(len(tokens)), self._epsilon
        x = torch.index_select(self._model.weights.embedding, 0, tokens, out=states.x)
        where = rows.numpy(), positions.numpy()
        for layer, kv in zip(self._model.weights.layers, cache.layers, strict=True):
            torch.mm(x, layer.qkv.T, out=states.qkv)
            attended = states.attended.numpy()
            qkv, bias = states.qkv.numpy(), layer.qkv_bias.numpy()
            cpu_kernels.attend(
                x.numpy(), epsilon, qkv, bias, self._cos, self._sin, *where, kv.numpy(), attended
            )
            x.addmm_(states.attended, layer.out.T)
            torch.mm(x, layer.gate_up.T, out=states.gate_up)
            cpu_kernels.gate(x.numpy(), epsilon, states.gate_up.numpy(), states.gated.numpy())
            x.addmm_(states.gated, layer.down.T)
        return x

    def _logprobs(self, x: Tensor) -> Tensor:
        logits = torch.mm(x, self._model.weights.head.T)
        cpu_kernels.log_softmax(x.numpy(), self._epsilon, logits.numpy())
        return logits

    def _room(self, tokens: int) -> _States:
        """The states of so many tokens, in memory that grows with the largest number so far."""
        if len(self._memory.x) < tokens:
            self._memory = _States.allocate(self._model.config, tokens)
        if len(self._states.x) != tokens:
            self._states = self._memory.first(tokens)
        return self._states


class _States(NamedTuple):
    """What a layer computes, one token a line."""

    x: Tensor
    qkv: Tensor
    attended: Tensor
    gate_up: Tensor
    gated: Tensor

    @classmethod
    def allocate(cls, config: Qwen2Config, tokens: int) -> _States:
        heads, kv_heads = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
        ffn = config.intermediate_size
        widths = (config.hidden_size, heads + 2 * kv_heads, heads, 2 * ffn, ffn)
        return cls(*(torch.zeros(tokens, width) for width in widths))

    def first(self, tokens: int) -> _States:
        return _States(*(state[:tokens] for state in self))
