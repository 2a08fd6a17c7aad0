"""The optimizer of pre-training: Muon for the matrices inside the layers, AdamW for the embedding, norms and biases."""

from __future__ import annotations

import torch
from transformers import Qwen2ForCausalLM

from .muon import Muon

MUON_RATE = 0.02
ADAMW_RATE = 3e-3
MAX_GRADIENT_NORM = 1.0


class Optimizer:
    def __init__(self, network: Qwen2ForCausalLM) -> None:
        matrices = [p for p in network.model.layers.parameters() if p.ndim == 2]
        inside = {id(p) for p in matrices}
        others = [p for p in network.parameters() if id(p) not in inside]
        self._all = [*matrices, *others]
        self._muon = Muon(matrices)
        self._adamw = torch.optim.AdamW(others, lr=ADAMW_RATE, betas=(0.9, 0.95), weight_decay=0.0)

    def step(self, rate: float) -> None:
        """`rate` is the share of the full learning rates."""
        torch.nn.utils.clip_grad_norm_(self._all, MAX_GRADIENT_NORM)
        self._muon.step(MUON_RATE * rate)
        self._adamw.param_groups[0]["lr"] = ADAMW_RATE * rate
        self._adamw.step()
        for parameter in self._all:
            parameter.grad = None
