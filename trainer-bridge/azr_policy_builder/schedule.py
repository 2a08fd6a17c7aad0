"""What is trained on at each optimizer step, and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tokenizers import Tokenizer

from .batches import Batch, draw_batches, draw_copy_batch

EXAMPLES_A_STEP = 64  # about 3,000 tokens
BATCH_ROWS = 16
COPY_TOKENS = 2048
COPY_LONGEST = 40
MAIN_REASONED = 0.7
LAST_REASONED = 0.2


@dataclass(frozen=True)
class Step:
    """One optimizer step; `rate` is the share of the full learning rates. `fresh` forgets the optimizer's state."""

    batches: list[Batch]
    rate: float
    fresh: bool = False


@dataclass(frozen=True)
class Cycle:
    """`main` steps with most of the answers reasoned, `last` with few; the rate falls linearly from `peak` to 0.

    The share of reasoned answers in the last steps of all is what self-play starts from.
    """

    main: int
    last: int
    peak: float = 1.0

    def steps(self, rng: Random, tokenizer: Tokenizer) -> Iterator[Step]:
        total = self.main + self.last
        for index in range(total):
            reasoned = MAIN_REASONED if index < self.main else LAST_REASONED
            batches = draw_batches(rng, tokenizer, EXAMPLES_A_STEP, reasoned, BATCH_ROWS)
            yield Step(batches, self.peak * (1 - index / total))


@dataclass(frozen=True)
class Schedule:
    """Copying comes first: learned only from traces it takes several times as long to form."""

    copying: int = 850
    first: Cycle = Cycle(main=4500, last=500)
    second: Cycle = Cycle(main=1600, last=300, peak=0.6)

    @property
    def total(self) -> int:
        return self.copying + self.first.main + self.first.last + self.second.main + self.second.last

    def scaled(self, scale: float) -> Schedule:
        def cycle(full: Cycle) -> Cycle:
            return Cycle(_scaled(full.main, scale), _scaled(full.last, scale), full.peak)

        return Schedule(_scaled(self.copying, scale), cycle(self.first), cycle(self.second))

    def steps(self, rng: Random, tokenizer: Tokenizer) -> Iterator[Step]:
        for _ in range(self.copying):
            yield Step([draw_copy_batch(rng, tokenizer, COPY_TOKENS, COPY_LONGEST)], rate=1.0)
        yield from self.first.steps(rng, tokenizer)
        for index, step in enumerate(self.second.steps(rng, tokenizer)):
            yield Step(step.batches, step.rate, fresh=index == 0)


def _scaled(steps: int, scale: float) -> int:
    return max(1, round(steps * scale))
