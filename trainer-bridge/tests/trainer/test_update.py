"""What an update keeps and what it changes, whatever the batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.batch import TrainBatch, join_batches
from azr_trainer.faults import RequestFault
from azr_trainer.optimizer_state import optimizer_state, weights_copy
from azr_trainer.settings import UpdateSettings
from tests.trainer.support.batches import SETTINGS, draw_batch, settings
from tests.trainer.support.states import equal

State = dict[str, torch.Tensor]


def state_of(backend: TorchBackend) -> State:
    loaded, optimizer = backend._held()
    return {**weights_copy(loaded.policy.model), **optimizer_state(loaded.policy.model, optimizer)}


def train(backend: TorchBackend, batch: TrainBatch, chosen: UpdateSettings = SETTINGS) -> State:
    backend.train(batch, chosen, lambda _: None)
    return state_of(backend)


def largest_difference(one: State, other: State) -> float:
    return max(float((one[name] - other[name]).abs().max()) for name in one)


few_examples = examples(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
lengths = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=9)


@few_examples
@given(shape=lengths, budget=st.integers(18, 80), size=st.integers(1, 9))
def test_micro_batches_change_nothing_but_rounding(
    new_backend: Callable[[], TorchBackend], shape: list[tuple[int, int]], budget: int, size: int
) -> None:
    prompts, responses = zip(*shape, strict=True)
    batch = draw_batch(1, prompts, responses)
    whole = train(new_backend(), batch, settings(mini_batch=size, micro_batch_tokens=10_000))
    parts = train(new_backend(), batch, settings(mini_batch=size, micro_batch_tokens=budget))
    assert whole.keys() == parts.keys()
    assert largest_difference(whole, parts) < 1e-4


@few_examples
@given(shape=lengths)
def test_empty_responses_contribute_nothing(
    new_backend: Callable[[], TorchBackend], shape: list[tuple[int, int]]
) -> None:
    prompts, responses = zip(*shape, strict=True)
    batch, empty = draw_batch(1, prompts, responses), draw_batch(2, [3, 8], [0, 0])
    chosen = settings(mini_batch=100)
    assert equal(
        train(new_backend(), batch, chosen), train(new_backend(), join_batches([batch, empty]), chosen)
    )


@pytest.mark.parametrize(
    "batch",
    [
        draw_batch(1, [4, 2], [0, 0]),
        replace(draw_batch(1), loss_weights=np.zeros(8, np.float32)),
    ],
    ids=["no_responses", "no_weights"],
)
def test_nothing_to_learn_from_takes_no_step(backend: TorchBackend, batch: TrainBatch) -> None:
    before = state_of(backend)
    metrics = backend.train(batch, SETTINGS, lambda _: None)
    assert metrics.optimizer_steps == 0
    assert equal(before, state_of(backend))


def test_zero_advantages_give_a_zero_gradient(backend: TorchBackend) -> None:
    before = state_of(backend)
    batch = replace(draw_batch(1), advantages=np.zeros(8, np.float32))
    metrics = backend.train(batch, settings(weight_decay=0.0), lambda _: None)
    assert (metrics.loss, metrics.gradient_norm, metrics.optimizer_steps) == (0.0, 0.0, 2)
    after = state_of(backend)
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_extreme_rollout_logprobs_are_capped(backend: TorchBackend) -> None:
    batch = draw_batch(1)
    batch.rollout_logprobs[::2] = -9999.0
    metrics = backend.train(batch, settings(importance_cap=2.0), lambda _: None)
    assert np.isfinite([metrics.loss, metrics.gradient_norm, metrics.mismatch_kl]).all()


def test_extreme_ratios_stay_finite(backend: TorchBackend) -> None:
    batch = draw_batch(1)
    metrics = backend.train(batch, settings(learning_rate=3.0, epochs=4, mini_batch=8), lambda _: None)
    assert metrics.clip_fraction_low + metrics.clip_fraction_high > 0
    assert metrics.ratio_min < 1e-6
    assert np.isfinite([metrics.loss, metrics.gradient_norm]).all()


@pytest.mark.parametrize("dirty", [False, True], ids=["fresh_optimizer", "moments"])
def test_a_step_that_is_not_finite_is_skipped(backend: TorchBackend, dirty: bool) -> None:
    if dirty:
        train(backend, draw_batch(5))
    before = state_of(backend)
    batch = draw_batch(1)
    batch.advantages[-2:] = 3e38
    metrics = backend.train(batch, settings(mini_batch=8, gradient_clip=0.0), lambda _: None)
    assert (metrics.optimizer_steps, metrics.skipped_steps) == (0, 1)
    assert np.isfinite([metrics.loss, metrics.gradient_norm, metrics.mismatch_kl, metrics.ratio_max]).all()
    assert equal(before, state_of(backend))
    assert backend.train(draw_batch(6), SETTINGS, lambda _: None).skipped_steps == 0


def test_steps_beside_a_skipped_one_are_taken(new_backend: Callable[[], TorchBackend]) -> None:
    batch = draw_batch(1)
    batch.advantages[-2:] = 3e38
    without = replace(batch, loss_weights=np.where(np.arange(8) < 6, batch.loss_weights, np.float32(0)))
    with_skip, clean = new_backend(), new_backend()
    metrics = with_skip.train(batch, settings(mini_batch=3), lambda _: None)
    assert (metrics.optimizer_steps, metrics.skipped_steps) == (2, 1)
    assert equal(state_of(with_skip), train(clean, without, settings(mini_batch=3)))


def test_settings_that_break_the_weights_are_refused_without_effect(backend: TorchBackend) -> None:
    train(backend, draw_batch(5))
    before = state_of(backend)
    with pytest.raises(RequestFault, match="after the update"):
        backend.train(draw_batch(1), settings(learning_rate=1e39, mini_batch=8), lambda _: None)
    assert equal(before, state_of(backend))


@pytest.mark.parametrize("mini_batch", [3, 8], ids=["several_steps", "one_step"])
def test_a_vanishing_temperature_is_refused_without_effect(backend: TorchBackend, mini_batch: int) -> None:
    before = state_of(backend)
    with pytest.raises(RequestFault, match="log-probability before the update is not finite"):
        batch = draw_batch(1, temperatures=[1e-42] * 8)
        backend.train(batch, settings(mini_batch=mini_batch), lambda _: None)
    assert equal(before, state_of(backend))


def test_metrics_of_a_batch_sampled_from_the_policy_itself(backend: TorchBackend) -> None:
    batch = draw_batch(1)
    batch.rollout_logprobs[:] = backend.compute_logprobs(batch.sequences)
    metrics = backend.train(batch, settings(mini_batch=8), lambda _: None)
    assert (metrics.mismatch_mean, metrics.mismatch_max, metrics.mismatch_kl) == pytest.approx(
        (0, 0, 0), abs=1e-6
    )
    assert (metrics.kl_update, metrics.clip_fraction_low, metrics.clip_fraction_high) == (0.0, 0.0, 0.0)
    assert (metrics.ratio_min, metrics.ratio_max, metrics.masked_share) == (1.0, 1.0, 0.0)
    assert (metrics.response_tokens, metrics.total_tokens) == (40, 71)
    assert metrics.tokens_per_second == pytest.approx(71 / metrics.seconds)
    assert (metrics.kl_reference, metrics.mfu, metrics.padding_share) == (None, None, 0.0)
    assert metrics.peak_memory_bytes > 1 << 20
    assert 0 < metrics.entropy < np.log(40)


def test_mismatch_compares_raw_logprobs(backend: TorchBackend) -> None:
    batch = draw_batch(1)
    batch.rollout_logprobs[:] = backend.compute_logprobs(batch.sequences)
    hot = replace(batch, sequences=replace(batch.sequences, temperatures=np.full(8, 2.0, np.float32)))
    assert backend.train(hot, SETTINGS, lambda _: None).mismatch_max < 1e-6


def test_what_is_shared_is_computed_once(backend: TorchBackend) -> None:
    one = draw_batch(1, [5], [3])
    metrics = backend.train(join_batches([one] * 4), settings(epochs=2), lambda _: None)
    assert metrics.shared_share == 0.75


@pytest.mark.parametrize("changes", [{}, {"mini_batch": 8}, {"epochs": 2, "micro_batch_tokens": 14}])
def test_progress_rises_to_one(backend: TorchBackend, changes: dict[str, int]) -> None:
    seen: list[float] = []
    backend.train(draw_batch(1), settings(**changes), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_training_raises_what_was_rewarded(backend: TorchBackend) -> None:
    batch = draw_batch(1)
    batch.advantages[:] = np.where(np.arange(8) % 2, 1.0, -1.0)
    owners = np.repeat(np.arange(8), batch.sequences.response_lengths)
    before = backend.compute_logprobs(batch.sequences)
    for _ in range(3):
        train(backend, batch)
    gain = backend.compute_logprobs(batch.sequences) - before
    assert gain[owners % 2 == 1].mean() > 0 > gain[owners % 2 == 0].mean()
