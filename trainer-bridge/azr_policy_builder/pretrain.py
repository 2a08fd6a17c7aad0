"""Pre-training, in steps and not in seconds, so that a seed gives the same weights again on the same machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import torch
from tokenizers import Tokenizer
from transformers import Qwen2ForCausalLM

from .batches import Batch
from .compact import END
from .network import build_network, weighted_loss
from .schedule import Schedule
from .tokenizer import token_id

MUON_RATE = 0.02
ADAMW_RATE = 3e-3
MAX_GRADIENT_NORM = 1.0
PROGRESS_EVERY = 50  # steps


class _Optimizer:
    """Muon for the matrices inside the layers, AdamW for the embedding, norms and biases."""

    def __init__(self, network: Qwen2ForCausalLM) -> None:
        matrices = [p for p in network.model.layers.parameters() if p.ndim == 2]
        inside = {id(p) for p in matrices}
        others = [p for p in network.parameters() if id(p) not in inside]
        self._all = [*matrices, *others]
        self._parts: tuple[tuple[torch.optim.Optimizer, float], ...] = (
            (torch.optim.Muon(matrices, lr=MUON_RATE, weight_decay=0.01), MUON_RATE),
            (torch.optim.AdamW(others, lr=ADAMW_RATE, betas=(0.9, 0.95), weight_decay=0.0), ADAMW_RATE),
        )

    def step(self, rate: float) -> None:
        torch.nn.utils.clip_grad_norm_(self._all, MAX_GRADIENT_NORM)
        for optimizer, full_rate in self._parts:
            for group in optimizer.param_groups:
                group["lr"] = full_rate * rate
            optimizer.step()
            optimizer.zero_grad()


def pretrain(
    tokenizer: Tokenizer, schedule: Schedule, seed: int, report: Callable[[str], None]
) -> tuple[Qwen2ForCausalLM, int]:
    """The trained network, and the number of tokens that it was shown, `<|end|>` and padding left out."""
    torch.manual_seed(seed)
    end_id = token_id(tokenizer, END)
    network = build_network(tokenizer.get_vocab_size(), end_id)
    optimizer = _Optimizer(network)
    tokens, recent, started = 0, 0.0, time.process_time()
    for index, step in enumerate(schedule.steps(Random(f"pre-training {seed}"), tokenizer), start=1):
        if step.fresh:
            optimizer = _Optimizer(network)
        recent += _gradient(network, step.batches)
        optimizer.step(step.rate)
        tokens += sum(int((batch.ids != end_id).sum()) for batch in step.batches)
        if index % PROGRESS_EVERY == 0:
            seconds = time.process_time() - started
            loss, recent = recent / PROGRESS_EVERY, 0.0
            report(f"step {index}/{schedule.total}  loss {loss:.4f}  {tokens:,} tokens  {seconds:.0f} CPU-s")
    return network.eval(), tokens


def _gradient(network: Qwen2ForCausalLM, batches: list[Batch]) -> float:
    """Adds up the gradient of the mean over all the weighted tokens of the step; returns that mean."""
    weight = sum(float(batch.weights.sum()) for batch in batches)
    mean = 0.0
    for batch in batches:
        loss = weighted_loss(network, batch.ids, batch.weights) / weight
        loss.backward()  # type: ignore[no-untyped-call]
        mean += loss.item()
    return mean
