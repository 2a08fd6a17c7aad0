"""Which rank trains on which sequences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from azr_trainer.planned_step import mini_batches
from azr_trainer.shares import PIECE, rank_of_each
from tests.trainer.support.batches import draw_batch, share_beginnings

lengths = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99)), min_size=1, max_size=40)


@examples(max_examples=100, deadline=None, derandomize=True)
@given(shape=lengths, count=st.integers(1, 5), size=st.integers(1, 40))
def test_tokens_of_each_step_are_balanced(shape: list[tuple[int, int]], count: int, size: int) -> None:
    prompts, responses = zip(*shape, strict=True)
    sequences = share_beginnings(draw_batch(1, prompts, responses)).sequences
    steps = mini_batches(len(sequences), size)
    ranks = rank_of_each(sequences, steps, count)
    assert ((ranks >= 0) & (ranks < count)).all()
    tokens = np.where(sequences.response_lengths > 0, sequences.lengths, 0)
    for chosen in steps:
        loads = np.bincount(ranks[chosen], tokens[chosen], count)
        average = tokens[chosen].sum() / count
        assert loads.max() <= average + max(PIECE * average, tokens[chosen].max())


@pytest.mark.parametrize(
    ("samples", "apart"), [(2, False), (16, True)], ids=["stay_together", "are_too_many"]
)
def test_samples_of_a_prompt(samples: int, apart: bool) -> None:
    """Of one prompt among 16 others, and of one that is half of the step."""
    batch = draw_batch(1, [5] * samples + [7] * 16, [10] * (samples + 16))
    sequences = share_beginnings(batch).sequences
    starts = np.cumsum(sequences.lengths) - sequences.lengths
    for index in range(samples, samples + 16):
        sequences.token_ids[starts[index]] = index  # a prompt of its own
    ranks = rank_of_each(sequences, [np.arange(samples + 16)], 2)
    assert (len(set(ranks[:samples])) > 1) == apart
