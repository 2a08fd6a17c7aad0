"""What the optimizer steps of an update measure, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import torch
from torch import Tensor

from azr_trainer.loss import PolicyTerm
from azr_trainer.ranks import Ranks


@dataclass(frozen=True)
class StepMeasures:
    """Of one optimizer step; means over its response tokens, but for loss, norm and ratios."""

    loss: float
    gradient_norm: float
    ratio_min: float
    ratio_max: float
    entropy: float
    clip_fraction_low: float
    clip_fraction_high: float
    kl_update: float
    kl_reference: float
    masked_share: float


class StepTotals:
    """Adds up over the micro-batches of a step."""

    def __init__(self, device: torch.device) -> None:
        self.sums = torch.zeros(7, dtype=torch.float64, device=device)
        self.greatest = torch.full((2,), -torch.inf, device=device)  # of -ratio and of ratio

    def add(
        self,
        loss: Tensor,
        entropies: Tensor,
        term: PolicyTerm,
        kl_update: Tensor,
        kl_reference: Tensor,
        masked: Tensor,
    ) -> None:
        """One micro-batch: its part of the loss, the others [tokens]; a filler has no tokens."""
        of_tokens = (entropies, term.clipped_low, term.clipped_high, kl_update, kl_reference, masked)
        sums = (loss, *(values.sum() for values in of_tokens))
        self.sums += torch.stack([value.detach().double() for value in sums])
        if len(term.ratios):
            ratios = torch.stack([(-term.ratios).max(), term.ratios.max()])
            self.greatest = torch.maximum(self.greatest, ratios)

    def join(self, ranks: Ranks) -> None:
        """Makes them those of all ranks."""
        ranks.add_up(self.sums)
        ranks.take_greatest(self.greatest)

    def over(self, tokens: int, gradient_norm: float) -> StepMeasures:
        """The measures of a step of so many response tokens."""
        loss, *sums = self.sums.tolist()
        minus_least, greatest = self.greatest.tolist()
        return StepMeasures(loss, gradient_norm, -minus_least, greatest, *(value / tokens for value in sums))


def summarise(taken: list[StepMeasures]) -> StepMeasures:
    """Means over the steps, and the extremes of their ratios; as of a policy that did not move where there are none."""
    if not taken:
        return StepMeasures(0, 0, 1, 1, 0, 0, 0, 0, 0, 0)
    means = {name: fmean(getattr(step, name) for step in taken) for name in StepMeasures.__dataclass_fields__}
    extremes = {
        "ratio_min": min(step.ratio_min for step in taken),
        "ratio_max": max(step.ratio_max for step in taken),
    }
    return StepMeasures(**{**means, **extremes})
