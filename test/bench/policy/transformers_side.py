"""The baseline: `generate` of transformers, as its documentation has it, on one padded batch."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


class Transformers:
    """All prompts are one batch, padded on the left; sampled at temperature 1 from the whole distribution."""

    name = "transformers"

    def __init__(self, model: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(model, padding_side="left")
        self._model = AutoModelForCausalLM.from_pretrained(model).eval()

    def tokens_per_second(self, prompts: Sequence[str], new_tokens: int, seed: int) -> float:
        torch.manual_seed(seed)
        began = time.perf_counter()
        encoded = self._tokenizer(list(prompts), return_tensors="pt", padding=True)
        generated = self._model.generate(
            **encoded,
            min_new_tokens=new_tokens,
            max_new_tokens=new_tokens,
            do_sample=True,
            temperature=1.0,
            top_k=0,
        )
        made = generated[:, encoded["input_ids"].shape[1] :]
        self._tokenizer.batch_decode(made)
        return int(made.numel()) / (time.perf_counter() - began)
