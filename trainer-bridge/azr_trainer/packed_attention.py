"""Causal attention over packed sequences, each of which sees itself alone.

Layers that treat every token for itself run over the packed tokens: no padding, and what several sequences begin with
in common is there once. Only here are the tokens laid out as whole sequences, those of one length in a call, so that
PyTorch's causal kernels do the work. Importing this module makes `PACKED_ATTENTION` known to transformers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward

PACKED_ATTENTION = "azr_packed"


@dataclass(frozen=True, eq=False)
class AttentionLayout:
    """Where the T packed tokens stand when they are laid out as sequences, one after the other, C >= T cells."""

    shapes: tuple[
        tuple[int, int], ...
    ]  # sequences of one length, and that length; their products add up to C
    tokens: Tensor  # [C] int64, the packed token of each cell; one that sequences share has several
    cells: Tensor  # [T] int64, a cell of each packed token


def packed_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    layout: AttentionLayout | None = None,
    **options: Any,
) -> tuple[Tensor, None]:
    """Of `query` [1, heads, T, width], and `key` and `value` of as many heads or fewer: [1, T, heads, width].

    Rows of whole sequences, where no layout is given, are left to transformers. Raises NotImplementedError for a
    model whose attention is more than causal.
    """
    if options.get("sliding_window") is not None or options.get("softcap") is not None:
        raise NotImplementedError("attention with a sliding window or a soft cap")
    if layout is None:
        answer: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **options
        )
        return answer
    laid_out = [_lay_out(states, layout) for states in (query, key, value)]
    grouped = query.shape[1] != key.shape[1]
    attended = [
        scaled_dot_product_attention(q, k, v, is_causal=True, scale=scaling, enable_gqa=grouped)
        for q, k, v in zip(*laid_out, strict=True)
    ]
    cells = torch.cat([states.transpose(1, 2).flatten(0, 1) for states in attended])
    return cells[layout.cells][None], None


def _lay_out(states: Tensor, layout: AttentionLayout) -> list[Tensor]:
    """[1, heads, T, width] as one [sequences, heads, length, width] for each length."""
    cells = states[0].transpose(0, 1)[layout.tokens]
    parts = torch.split(cells, [count * length for count, length in layout.shapes])
    return [
        part.view(*shape, *part.shape[1:]).transpose(1, 2)
        for part, shape in zip(parts, layout.shapes, strict=True)
    ]


AttentionInterface.register(PACKED_ATTENTION, packed_attention)
AttentionMaskInterface.register(PACKED_ATTENTION, lambda *_, **__: None)
