"""The update as one writes it with transformers alone: eager attention, padded rows, all logits, plain AdamW."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from job import load_eager
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from azr_trainer.batch import TrainBatch
from azr_trainer.settings import UpdateSettings


class EagerUpdate:
    """Rows in the batch's order, as many at a time as fit into the token budget at the batch's longest row."""

    def __init__(self, folder: Path, batch: TrainBatch, settings: UpdateSettings) -> None:
        self._model = load_eager(folder)
        options = settings.optimizer
        self._optimizer = torch.optim.AdamW(
            self._model.parameters(),
            lr=options.learning_rate,
            betas=(options.beta1, options.beta2),
            weight_decay=options.weight_decay,
        )
        self._settings = settings
        sequences = batch.sequences
        starts = np.cumsum(sequences.lengths) - sequences.lengths
        ids = torch.from_numpy(sequences.token_ids).long()
        self._rows = [
            ids[start : start + length] for start, length in zip(starts, sequences.lengths, strict=True)
        ]
        self._prompts = sequences.prompt_lengths.tolist()
        self._advantages = torch.from_numpy(batch.advantages)
        self._response_tokens = sequences.response_tokens
        self._at_once = max(1, options.micro_batch_tokens // int(sequences.lengths.max()))
        self.padding_share = 0.0

    def run(self) -> float:
        """One optimizer step; the gradient's norm."""
        self._optimizer.zero_grad()
        positions = 0
        for start in range(0, len(self._rows), self._at_once):
            positions += self._backward(range(start, min(start + self._at_once, len(self._rows))))
        self.padding_share = 1 - sum(map(len, self._rows)) / positions
        norm = nn.utils.clip_grad_norm_(self._model.parameters(), self._settings.optimizer.gradient_clip)
        self._optimizer.step()
        return float(norm)

    def _backward(self, chosen: range) -> int:
        rows = [self._rows[index] for index in chosen]
        ids = pad_sequence(rows, batch_first=True)
        present = pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
        logits = self._model(input_ids=ids, attention_mask=present).logits
        new = logits[:, :-1].log_softmax(-1).gather(-1, ids[:, 1:, None]).squeeze(-1)
        places = torch.arange(1, ids.shape[1])
        prompts = torch.tensor([self._prompts[index] for index in chosen])
        answers = present[:, 1:].bool() & (places >= prompts[:, None])
        loss = (self._losses(new, self._advantages[chosen.start : chosen.stop, None]) * answers).sum()
        torch.autograd.backward(loss / self._response_tokens)
        return ids.numel()

    def _losses(self, new: Tensor, advantages: Tensor) -> Tensor:
        """The first step of an update starts at the proximal policy, so that its log-probabilities are these."""
        loss, ratios = self._settings.loss, torch.exp(new - new.detach())
        clipped = ratios.clamp(1 - loss.clip_low, 1 + loss.clip_high)
        return -torch.minimum(ratios * advantages, clipped * advantages)
