"""The matrix products of decoding and nothing else: what no engine of the same precision in PyTorch can pass."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM


class Products:
    """The states of all rows times every weight, a step a token. No attention, norms, drawing of tokens or HTTP."""

    name = "products"

    def __init__(self, folder: Path) -> None:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        layers = [weight.detach() for weight in model.model.layers.parameters() if weight.ndim == 2]
        self._weights = [weight.T.contiguous() for weight in (*layers, model.lm_head.weight.detach())]

    @torch.inference_mode()
    def tokens_per_second(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float:
        """`prompts` give the number of rows; their content and the seed do not matter."""
        rows = len(prompts)
        steps = [
            (torch.randn(rows, weight.shape[0]), weight, torch.empty(rows, weight.shape[1]))
            for weight in self._weights
        ]
        began = time.perf_counter()
        for _ in range(new_tokens):
            for states, weight, out in steps:
                torch.mm(states, weight, out=out)
        return rows * new_tokens / (time.perf_counter() - began)
