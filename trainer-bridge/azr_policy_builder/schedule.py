"""What is trained on at each optimizer step, and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tokenizers import Tokenizer

from .batches import Batch, draw_batches, draw_copy_batch
from .examples import Reasoned

EXAMPLES_A_STEP = 36  # of each process
BATCH_ROWS = 4  # more rows are more padding
COPY_TOKENS = 1024  # of each process
COPY_LONGEST = 40
# A bare induction answer teaches what to guess, which a search needs; the other bare answers teach nothing of the kind.
MAIN_REASONED = Reasoned(deduction=0.85, abduction=0.85, induction=0.7)
LAST_REASONED = Reasoned.equally(0.15)


@dataclass(frozen=True)
class Step:
    """One optimizer step; `rate` is the share of the full learning rates."""

    batches: list[Batch]
    rate: float


@dataclass(frozen=True)
class Schedule:
    """Steps of copying, then `main` with many of the answers reasoned, then `last` with few.

    Copying comes first: learned only from traces it takes several times as long to form. From there on the rate
    falls linearly to 0. The share of reasoned answers in the last steps is what self-play starts from.
    """

    copying: int = 900
    main: int = 7000
    last: int = 600
    full_rate: float = 1.0

    @property
    def total(self) -> int:
        return self.copying + self.main + self.last

    def scaled(self, scale: float) -> Schedule:
        """A small share of the steps, at least one of each."""
        return Schedule(*(max(1, round(steps * scale)) for steps in (self.copying, self.main, self.last)))

    def steps(self, rng: Random, tokenizer: Tokenizer) -> Iterator[Step]:
        for _ in range(self.copying):
            yield Step([draw_copy_batch(rng, tokenizer, COPY_TOKENS, COPY_LONGEST)], rate=self.full_rate)
        for index in range(self.main + self.last):
            reasoned = MAIN_REASONED if index < self.main else LAST_REASONED
            batches = draw_batches(rng, tokenizer, EXAMPLES_A_STEP, reasoned, BATCH_ROWS)
            yield Step(batches, rate=self.full_rate * (1 - index / (self.main + self.last)))
