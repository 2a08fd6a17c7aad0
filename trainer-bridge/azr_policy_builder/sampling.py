"""Completions of the policy, sampled with `transformers` from the folder as it is shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from .compact import END, UNTHINK

MAX_NEW_TOKENS = 256
BATCH = 100  # prompts


@dataclass(frozen=True)
class Completion:
    """`answer` is None when the policy never closed its think block, or did not end in time."""

    trace: str
    answer: str | None

    @classmethod
    def parse(cls, text: str) -> Completion:
        trace, closed, rest = text.partition(UNTHINK)
        answer, ended, _ = rest.partition(END)
        return cls(trace, answer if closed and ended else None)


class Sampler:
    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
        self._network = AutoModelForCausalLM.from_pretrained(folder).eval()

    def complete(self, prompts: list[str], greedy: bool, seed: int) -> list[Completion]:
        """One completion of each prompt, at temperature 1 from the whole distribution unless `greedy`."""
        torch.manual_seed(seed)
        completions = []
        for start in range(0, len(prompts), BATCH):
            encoded = self._tokenizer(prompts[start : start + BATCH], return_tensors="pt", padding=True)
            sampling = {"do_sample": False} if greedy else {"do_sample": True, "temperature": 1.0, "top_k": 0}
            generated = self._network.generate(**encoded, max_new_tokens=MAX_NEW_TOKENS, **sampling)
            new = generated[:, encoded["input_ids"].shape[1] :]
            completions += [Completion.parse(text) for text in self._tokenizer.batch_decode(new)]
        return completions
