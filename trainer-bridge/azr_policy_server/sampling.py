"""Draws the next token of every row, each from its own stream of random numbers."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass

import torch
from torch import Tensor

from azr_policy_server import cpu_kernels

GREEDY_BELOW = 1e-5
"""Temperatures under this are greedy decoding, as in vLLM."""

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_UNIFORM_BITS = 52


@dataclass(frozen=True)
class SamplingParams:
    """How one sequence is drawn. `seed` is already that of the sequence: the request's plus the index of the choice."""

    max_tokens: int
    temperature: float
    top_p: float
    seed: int
    stop: tuple[str, ...]
    stop_token_ids: frozenset[int]
    ignore_eos: bool
    include_stop: bool
    skip_special_tokens: bool
    logprobs: int | None  # how many of the most likely tokens are reported beside the sampled one, 0..20


@dataclass(frozen=True)
class SamplingRows:
    """The parameters of a batch's rows as tensors, [rows] each."""

    temperature: Tensor
    top_p: Tensor
    stream: Tensor  # int64, one stream of random numbers a row
    all_greedy: bool
    any_top_p: bool

    @classmethod
    def of(cls, params: SequenceOf[SamplingParams], device: torch.device) -> SamplingRows:
        temperatures = [0.0 if p.temperature < GREEDY_BELOW else p.temperature for p in params]
        return cls(
            temperature=torch.tensor(temperatures, device=device),
            top_p=torch.tensor([p.top_p for p in params], device=device),
            stream=torch.tensor([_signed(_mix(p.seed & _MASK)) for p in params], device=device),
            all_greedy=not any(temperatures),
            any_top_p=any(p.top_p < 1.0 for p in params),
        )

    def scaled(self, logits: Tensor) -> Tensor:
        """`logits` [rows, vocab] over the temperature; those of greedy rows as they are."""
        return logits / self.temperature.masked_fill(self.temperature == 0, 1.0)[:, None]


def sample(logits: Tensor, rows: SamplingRows, positions: Tensor) -> Tensor:
    """Token ids [rows] for `logits` [rows, vocab]; `positions` [rows] are where the new tokens will stand.

    A row's random number is a function of its seed and position alone: neither its neighbours nor the way its tokens
    were batched reach it, and a sequence continued from prompt and tokens so far goes on as it would have.
    """
    if rows.any_top_p:
        logits = _nucleus(logits, rows)
    draw = draw_compiled if logits.device.type == "cpu" else draw_by_torch
    return draw(logits, rows, positions)


def draw_compiled(logits: Tensor, rows: SamplingRows, positions: Tensor) -> Tensor:
    drawn = torch.empty_like(positions)
    rows_and_places = rows.temperature.numpy(), rows.stream.numpy(), positions.numpy()
    cpu_kernels.draw(logits.contiguous().numpy(), *rows_and_places, drawn.numpy())
    return drawn


def draw_by_torch(logits: Tensor, rows: SamplingRows, positions: Tensor) -> Tensor:
    best = logits.argmax(-1)
    if rows.all_greedy:
        return best
    cumulative = rows.scaled(logits).softmax(-1).cumsum(-1, dtype=torch.float64)
    target = uniform(rows.stream, positions)[:, None] * cumulative[:, -1:]
    drawn = torch.searchsorted(cumulative, target, right=True).squeeze(-1)
    # Only probabilities that are not numbers can be searched past their end; the runner reports those.
    drawn.clamp_(max=logits.shape[-1] - 1)
    return torch.where(rows.temperature == 0, best, drawn)


def uniform(stream: Tensor, positions: Tensor) -> Tensor:
    """Numbers in [0, 1) as float64, one for each (stream, position): the generator SplitMix64 by index.

    52 bits, so that the number times a total is always below the total.
    """
    x = stream + (positions + 1) * _signed(_GOLDEN)
    x = (x ^ _shifted(x, 30)) * _signed(0xBF58476D1CE4E5B9)
    x = (x ^ _shifted(x, 27)) * _signed(0x94D049BB133111EB)
    return _shifted(x ^ _shifted(x, 31), 64 - _UNIFORM_BITS).double() * 2.0**-_UNIFORM_BITS


def _nucleus(logits: Tensor, rows: SamplingRows) -> Tensor:
    """Leaves the smallest set of most likely tokens whose mass reaches `top_p`, and a row with 1 as it is."""
    ordered, index = rows.scaled(logits).softmax(-1).sort(-1, descending=True)
    before = ordered.cumsum(-1) - ordered
    outside = (before >= rows.top_p[:, None]) & (rows.top_p < 1.0)[:, None]
    return logits.masked_fill(torch.zeros_like(outside).scatter_(-1, index, outside), float("-inf"))


def _mix(x: int) -> int:
    """SplitMix64's finaliser: seeds that lie side by side become unrelated streams."""
    x = (x + _GOLDEN) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def _shifted(x: Tensor, bits: int) -> Tensor:
    """A logical right shift: torch's own keeps the sign."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def _signed(x: int) -> int:
    return x - (1 << 64) if x >> 63 else x
