"""Pre-training, in steps and not in seconds, so that a seed gives the same weights again on the same machine."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random

import torch
from transformers import Qwen2ForCausalLM

from .batches import Batch
from .compact import END
from .network import build_network, weighted_loss
from .optimizer import Optimizer
from .ranks import run_ranks, sum_gradients, summed
from .schedule import Schedule
from .tokenizer import build_tokenizer, token_id

PROGRESS_EVERY = 50  # steps


def pretrain(out: Path, schedule: Schedule, seed: int, start: Path | None = None) -> None:
    """Writes the trained network to `out`, and a line to stderr from time to time.

    It goes on from the policy in `start`, or begins anew.
    """
    run_ranks(_pretrain, out, schedule, seed, start)


def _pretrain(rank: int, out: Path, schedule: Schedule, seed: int, start: Path | None) -> None:
    tokenizer = build_tokenizer()
    torch.manual_seed(seed)
    if start:
        network = Qwen2ForCausalLM.from_pretrained(start).train()
    else:
        network = build_network(tokenizer.get_vocab_size(), token_id(tokenizer, END))
    optimizer = Optimizer(network)
    progress = _Progress(schedule.total, is_shown=rank == 0)
    for step in schedule.steps(Random(f"pre-training {seed}, rank {rank}"), tokenizer):
        loss, tokens = _gradient(network, step.batches)
        optimizer.step(step.rate)
        progress.count(loss, tokens)
    if rank == 0:
        network.eval().save_pretrained(out)


def _gradient(network: Qwen2ForCausalLM, batches: list[Batch]) -> tuple[float, int]:
    """Sets the gradient of the mean over all the weighted tokens of the step, of every rank.

    Returns that mean, and the number of the tokens.
    """
    own = [
        float(sum(count(batch.weights) for batch in batches)) for count in (torch.sum, torch.count_nonzero)
    ]
    weight, tokens = summed(*own)
    loss = 0.0
    for batch in batches:
        part = weighted_loss(network, batch.ids, batch.weights) / weight
        part.backward()  # type: ignore[no-untyped-call]
        loss += part.item()
    sum_gradients(network)
    return summed(loss)[0], int(tokens)


class _Progress:
    def __init__(self, total: int, is_shown: bool) -> None:
        self._total, self._is_shown = total, is_shown
        self._steps, self._tokens, self._recent, self._started = 0, 0, 0.0, time.monotonic()

    def count(self, loss: float, tokens: int) -> None:
        self._steps += 1
        self._recent += loss
        self._tokens += tokens
        if self._is_shown and self._steps % PROGRESS_EVERY == 0:
            self._show()

    def _show(self) -> None:
        loss, self._recent = self._recent / PROGRESS_EVERY, 0.0
        seconds = time.monotonic() - self._started
        line = f"step {self._steps}/{self._total}  loss {loss:.4f}  {self._tokens:,} weighted tokens  {seconds:.0f} s"
        print(line, file=sys.stderr, flush=True)
