"""The Qwen2 decoder as functions over its weights: prefill of prompts, one decoding step of many rows.

Architecture: pre-norm with RMSNorm, rotary positions, grouped-query attention with biased q/k/v projections, SwiGLU.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from itertools import accumulate
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from azr_policy_server.kv_cache import ROW_GROUP, KVCache
from azr_policy_server.model_folder import Qwen2Config
from azr_policy_server.qwen2_weights import LayerWeights, Qwen2Weights

LEAST_TOKENS = 16
"""Of a prefill, with padding: BLAS picks other kernels for fewer, whose sums differ in the last bit."""

ATTENTION_BUCKET = 32
"""Decoding attends over the longest live length rounded up to this many tokens, not over the whole cache."""


class Prompt(NamedTuple):
    """A prompt and the rows of the cache that it fills, one for each of its samples."""

    tokens: list[int]
    first_row: int
    rows: int


class Qwen2:
    """A model on one device; `weights` may be exchanged between two calls."""

    def __init__(
        self, config: Qwen2Config, weights: Qwen2Weights, max_len: int, device: torch.device
    ) -> None:
        self.config = config
        self.weights = weights
        self.device = device
        self.cos, self.sin = _rotary_tables(config, max_len, device)

    def prefill(self, prompts: SequenceOf[Prompt], cache: KVCache) -> Tensor:
        """Runs each prompt once and fills its rows of the cache; log-probabilities behind their last tokens.

        Their tokens lie one after the other; only attention is each prompt's own.
        """
        lengths = [len(prompt.tokens) for prompt in prompts]
        ends = list(accumulate(lengths))
        spare = max(0, LEAST_TOKENS - ends[-1])
        tokens = [token for prompt in prompts for token in prompt.tokens] + [0] * spare
        positions = [place for length in lengths for place in range(length)] + [0] * spare
        x = F.embedding(torch.tensor(tokens, device=self.device), self.weights.embedding)
        cos, sin = self.cos[positions, None], self.sin[positions, None]
        for i, layer in enumerate(self.weights.layers):
            q, kv = self._project(x, layer, cos, sin)
            attended = torch.zeros_like(q)
            for prompt, length, end in zip(prompts, lengths, ends, strict=True):
                own = slice(end - length, end)
                cache.write_prompt(i, prompt.first_row, prompt.rows, kv[own])
                attended[own] = self._attend_causally(q[own], kv[own])
            x = self._finish_layer(x, attended.flatten(1), layer)
        last = x[[end - 1 for end in ends]]
        return self._logprobs(_at_least(last, ROW_GROUP))[: len(prompts)]

    def decode(self, tokens: Tensor, positions: Tensor, longest: int, cache: KVCache) -> Tensor:
        """One step: `tokens` [rows] at `positions` [rows], the farthest being `longest` - 1; log-probabilities."""
        rows, kv_heads = tokens.shape[0], self.config.num_kv_heads
        length = min(-(-longest // ATTENTION_BUCKET) * ATTENTION_BUCKET, cache.max_len)
        x = F.embedding(tokens, self.weights.embedding)
        cos, sin = self.cos[positions, None], self.sin[positions, None]
        row_index = torch.arange(rows, device=self.device)
        mask = self._mask(positions, length)
        for i, layer in enumerate(self.weights.layers):
            q, kv = self._project(x, layer, cos, sin)
            cache.append(i, row_index, positions, kv)
            k, v = cache.read(i, rows, length)
            # The query heads of a group stand as the "sequence" of its KV head: no head is repeated in memory.
            grouped = q.view(rows, kv_heads, -1, self.config.head_dim)
            attended = F.scaled_dot_product_attention(grouped, k, v, attn_mask=mask)
            x = self._finish_layer(x, attended.reshape(rows, -1), layer)
        return self._logprobs(x)

    def _attend_causally(self, q: Tensor, kv: Tensor) -> Tensor:
        """`q` [tokens, heads, head_dim] over `kv` [tokens, 2 * KV heads, head_dim]; as `q`."""
        groups = self.config.num_heads // self.config.num_kv_heads
        k, v = kv.transpose(0, 1).repeat_interleave(groups, 0).chunk(2)
        attended = F.scaled_dot_product_attention(q.transpose(0, 1)[None], k[None], v[None], is_causal=True)
        return attended[0].transpose(0, 1)

    def _mask(self, positions: Tensor, length: int) -> Tensor:
        """Additive, [rows, 1, group, length]: 0 up to a row's position, minus infinity behind it."""
        seen = torch.arange(length, device=self.device) <= positions[:, None]
        mask = torch.zeros(seen.shape, device=self.device).masked_fill_(~seen, float("-inf"))
        return mask[:, None, None].expand(-1, 1, self.config.num_heads // self.config.num_kv_heads, -1)

    def _project(self, x: Tensor, layer: LayerWeights, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
        """Rotated queries [tokens, heads, head_dim]; rotated keys with the values, [tokens, 2 * KV heads, head_dim]."""
        heads, kv_heads = self.config.num_heads, self.config.num_kv_heads
        qkv = torch.addcmul(layer.qkv_bias, F.linear(x, layer.qkv), self._scale(x))
        qk, v = qkv.view(x.shape[0], -1, self.config.head_dim).tensor_split((heads + kv_heads,), dim=1)
        first, second = qk.chunk(2, dim=-1)
        rotated = torch.addcmul(qk * cos, torch.cat((second, first), dim=-1), sin)
        return rotated[:, :heads], torch.cat((rotated[:, heads:], v), dim=1)

    def _finish_layer(self, x: Tensor, attended: Tensor, layer: LayerWeights) -> Tensor:
        x = x + F.linear(attended, layer.out)
        gate, up = (F.linear(x, layer.gate_up) * self._scale(x)).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, layer.down)

    def _logprobs(self, x: Tensor) -> Tensor:
        """[rows, vocab]"""
        return (F.linear(x, self.weights.head) * self._scale(x)).log_softmax(-1)

    def _scale(self, x: Tensor) -> Tensor:
        """Of RMSNorm, [rows, 1]; its weights are in those of the product that follows."""
        squares = torch.linalg.vecdot(x, x)[:, None]
        return torch.add(
            squares.new_tensor(self.config.rms_norm_eps), squares, alpha=1 / x.shape[-1]
        ).rsqrt_()


def _at_least(x: Tensor, rows: int) -> Tensor:
    return x if x.shape[0] >= rows else F.pad(x, (0, 0, 0, rows - x.shape[0]))


def _rotary_tables(config: Qwen2Config, max_len: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines, [max_len, head_dim] each (RoFormer, arXiv 2104.09864, halves rotated as in GPT-NeoX).

    The sine of the first half carries the minus of the rotation, so that it is one multiply-add.
    """
    exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim
    angles = torch.arange(max_len, dtype=torch.float32)[:, None] / config.rope_theta**exponents
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((cos, cos), dim=-1).to(device), torch.cat((-sin, sin), dim=-1).to(device)
