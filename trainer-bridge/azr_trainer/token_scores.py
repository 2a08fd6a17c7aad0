"""Log-probabilities and entropies of response tokens, without the logits of all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

# So many tokens have their logits in memory at a time, a few times over: float32 [CHUNK_TOKENS, vocabulary].
CHUNK_TOKENS = 256


@dataclass(frozen=True, eq=False)
class TokenScores:
    """Of n response tokens, float32 [n], in nats."""

    logprobs: Tensor  # at the temperature of the token's sequence
    entropies: Tensor  # of the distribution that the token was drawn from, at that temperature
    raw: Tensor  # log-probabilities at temperature 1, without gradient


def token_scores(
    hidden: Tensor,
    weight: Tensor,
    targets: Tensor,
    temperatures: Tensor | None = None,
    chunk: int = CHUNK_TOKENS,
) -> TokenScores:
    """Scores `targets` [n] int64 by the `hidden` states [n, width] before them.

    The logits are hidden @ weight.T / temperature, `weight` being the output layer [vocabulary, width], and
    `temperatures` [n]; None where all are 1. They exist for `chunk` tokens at a time: the backward pass computes them
    again. Both results that have a gradient have it with respect to `hidden` and `weight`.
    """
    return TokenScores(*_Scores.apply(hidden, weight, targets, temperatures, chunk))  # type: ignore[no-untyped-call]


class _Scores(torch.autograd.Function):
    """With z the logits at temperature T, p = softmax(z), t the target, of each row:

    log p_t = z_t - log sum exp(z)             d log p_t / dz_j = [j = t] - p_j
    H = -sum_j p_j log p_j                     dH / dz_j = -p_j (log p_j + H)
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, temperatures: Tensor | None, chunk: int
    ) -> tuple[Tensor, Tensor, Tensor]:
        logprobs, entropies, raw = hidden.new_empty((3, len(targets)), dtype=_precision(hidden))
        for part in _chunks(len(targets), chunk):
            wanted = targets[part, None]
            logits = _logits(hidden[part], weight)
            if temperatures is not None:
                raw[part] = logits.gather(1, wanted)[:, 0] - logits.logsumexp(1)
                logits.div_(temperatures[part, None])
            log_p = logits.sub_(logits.logsumexp(1, keepdim=True))
            logprobs[part] = log_p.gather(1, wanted)[:, 0]
            entropies[part] = -log_p.exp().mul_(log_p).sum(1)
        if temperatures is None:
            raw.copy_(logprobs)
        ctx.save_for_backward(hidden, weight, targets, temperatures, entropies)
        ctx.chunk = chunk
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(raw)
        return logprobs, entropies, raw

    @staticmethod
    def backward(
        ctx: Any, to_logprobs: Tensor | None, to_entropies: Tensor | None, _: Tensor | None
    ) -> tuple[Tensor, Tensor, None, None, None]:
        hidden, weight, targets, temperatures, entropies = ctx.saved_tensors
        to_hidden, to_weight = torch.empty_like(hidden), torch.zeros_like(weight, dtype=_precision(weight))
        if to_logprobs is None:
            to_logprobs = torch.zeros_like(entropies)
        for part in _chunks(len(targets), ctx.chunk):
            logits = _logits(hidden[part], weight)
            if temperatures is not None:
                logits.div_(temperatures[part, None])
            log_p = logits.sub_(logits.logsumexp(1, keepdim=True))
            p = log_p.exp()
            if to_entropies is None:
                gradient = p.mul_(-to_logprobs[part, None])
            else:
                spread = log_p.add_(entropies[part, None]).mul_(to_entropies[part, None])
                gradient = p.mul_(spread.add_(to_logprobs[part, None])).neg_()
            gradient.scatter_add_(1, targets[part, None], to_logprobs[part, None])
            if temperatures is not None:
                gradient.div_(temperatures[part, None])
            gradient = gradient.to(hidden.dtype)
            to_hidden[part] = gradient @ weight
            if weight.dtype is to_weight.dtype:
                to_weight.addmm_(gradient.T, hidden[part])
            else:
                to_weight += gradient.T @ hidden[part]
        return to_hidden, to_weight.to(weight.dtype), None, None, None


def _chunks(count: int, chunk: int) -> list[slice]:
    return [slice(start, min(start + chunk, count)) for start in range(0, count, chunk)]


def _logits(hidden: Tensor, weight: Tensor) -> Tensor:
    return (hidden @ weight.T).to(_precision(hidden))


def _precision(hidden: Tensor) -> torch.dtype:
    """At least float32, whatever the model computes in."""
    return torch.promote_types(hidden.dtype, torch.float32)
