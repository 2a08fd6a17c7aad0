"""Runs the model for the rows of the scheduler: from sequences to sampled tokens."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf

import torch
from torch import Tensor

from azr_policy_server.cpu_forward import CpuForward
from azr_policy_server.kv_cache import KVCache, padded
from azr_policy_server.qwen2 import Prompt, Qwen2
from azr_policy_server.sampling import SamplingRows, sample
from azr_policy_server.sequence import SampledToken, Sequence


class ModelRunner:
    """Owns the cache; its rows are those of `Scheduler.running`."""

    def __init__(self, model: Qwen2, rows: int, max_len: int) -> None:
        self.model = model
        self.cache = KVCache(model.config, rows, max_len, model.device)
        self._forward = CpuForward(model) if model.device.type == "cpu" else model
        self._members: list[Sequence] = []
        self._rows: SamplingRows | None = None

    def prefill(self, groups: SequenceOf[SequenceOf[Sequence]], first_row: int) -> list[SampledToken]:
        """Runs the prompt that each group shares once, and draws the first token of every sequence, in order."""
        prompts: list[Prompt] = []
        for group in groups:
            prompts.append(Prompt(group[0].prompt, first_row, len(group)))
            first_row += len(group)
        logprobs = self._forward.prefill(prompts, self.cache)
        sequences = [sequence for group in groups for sequence in group]
        rows = SamplingRows.of([s.params for s in sequences], self.model.device)
        counts = torch.tensor([len(group) for group in groups], device=self.model.device)
        positions = torch.tensor([len(s.prompt) for s in sequences], device=self.model.device)
        return _draw(logprobs.repeat_interleave(counts, 0), rows, positions, sequences)

    def decode(self, running: list[Sequence]) -> list[SampledToken]:
        """Draws the next token of every row in one step; unused rows up to the padded number compute nonsense."""
        device, spare = self.model.device, padded(len(running)) - len(running)
        tokens = torch.tensor([s.tokens[-1].token_id for s in running] + [0] * spare, device=device)
        lengths = [s.length for s in running]
        positions = torch.tensor([n - 1 for n in lengths] + [0] * spare, device=device)
        logprobs = self._forward.decode(tokens, positions, max(lengths), self.cache)[: len(running)]
        return _draw(logprobs, self._sampling_rows(running), positions[: len(running)] + 1, running)

    def _sampling_rows(self, running: list[Sequence]) -> SamplingRows:
        if self._rows is None or self._members != running:
            self._members = list(running)
            self._rows = SamplingRows.of([s.params for s in running], self.model.device)
        return self._rows


def _draw(
    logprobs: Tensor, rows: SamplingRows, positions: Tensor, sequences: SequenceOf[Sequence]
) -> list[SampledToken]:
    chosen = sample(logprobs, rows, positions)
    chosen_logprobs = logprobs.gather(-1, chosen[:, None]).squeeze(-1).tolist()
    tops = _most_likely(logprobs, [s.params.logprobs or 0 for s in sequences])
    return [SampledToken(*token) for token in zip(chosen.tolist(), chosen_logprobs, tops, strict=True)]


def _most_likely(logprobs: Tensor, counts: list[int]) -> list[list[tuple[int, float]]]:
    """The `counts[i]` most likely tokens of row i with their log-probabilities."""
    most = min(max(counts), logprobs.shape[-1])
    if most == 0:
        return [[]] * len(counts)
    values, ids = logprobs.topk(most, dim=-1)
    rows = zip(ids.tolist(), values.tolist(), counts, strict=True)
    return [list(zip(i[:n], v[:n], strict=True)) for i, v, n in rows]
