"""Loss and gradient against plain float64 arithmetic, one sequence at a time: at most 1e-5 apart, relatively."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.batch import TrainBatch
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.optimizer_state import new_optimizer
from azr_trainer.policy import Policy
from azr_trainer.settings import Aggregation, KlEstimator, KlTarget, MaskUnit, UpdateSettings
from azr_trainer.update import Update
from tests.trainer.support.batches import draw_batch, settings, share_beginnings
from tests.trainer.support.reference import reference_loss

TEMPERATURES = [1.0, 0.7, 1.0, 1.3, 1.0, 2.0, 1.0, 0.5]
CASES = {
    "token_mean": {},
    "sequence_mean": {"aggregation": Aggregation.SEQUENCE_MEAN},
    "constant_length": {"aggregation": Aggregation.CONSTANT_LENGTH, "constant_length": 20},
    "entropy": {"entropy_coefficient": 0.05},
    **{
        f"{estimator.value}_to_{target.value}": {
            "kl_coefficient": 0.3,
            "kl_estimator": estimator,
            "kl_target": target,
        }
        for estimator in KlEstimator
        for target in KlTarget
    },
    "importance": {"importance_cap": 2.0},
    "token_mask": {"mask_threshold": 6.0},
    "sequence_mask": {"mask_threshold": 1.7, "mask_unit": MaskUnit.SEQUENCE},
    "all": {
        "aggregation": Aggregation.SEQUENCE_MEAN,
        "entropy_coefficient": 0.01,
        "kl_coefficient": 0.1,
        "kl_target": KlTarget.REFERENCE,
        "importance_cap": 1.5,
        "mask_threshold": 20.0,
        "clip_low": 0.05,
        "clip_high": 0.01,
    },
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an update measured and left as gradient of its last step, and what float64 says of both."""

    metrics: UpdateMetrics
    gradient: torch.Tensor
    wanted_loss: float
    wanted_gradient: torch.Tensor


def train_both_ways(
    new_backend: Callable[[], TorchBackend], batch: TrainBatch, chosen: UpdateSettings
) -> Outcome:
    policy = new_backend()._held()[0].policy
    reference = shaken(policy) if chosen.loss.needs_reference else None
    proximal_model = deepcopy(policy.model).double()
    reference_model = deepcopy(reference.model).double() if reference else None
    states: list[torch.nn.Module] = []
    optimizer = new_optimizer(policy.model)
    optimizer.register_step_pre_hook(lambda *_: states.append(deepcopy(policy.model).double()))
    metrics = Update(policy, optimizer, batch, chosen, reference).run(lambda _: None)
    assert metrics.optimizer_steps == len(states)
    losses = [reference_loss(model, proximal_model, batch, chosen.loss, reference_model) for model in states]
    states[-1].zero_grad()
    losses[-1].backward()
    return Outcome(
        metrics,
        gradient_of(policy.model),
        float(sum(losses).detach()) / len(losses),
        gradient_of(states[-1]),
    )


def shaken(policy: Policy) -> Policy:
    """Another policy, so far from this one that their divergence is no difference of nearly equal numbers."""
    other = Policy(deepcopy(policy.model))
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in other.model.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    return other


def gradient_of(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([parameter.grad.flatten() for parameter in model.parameters()]).double()


def check(outcome: Outcome) -> None:
    assert outcome.metrics.loss == pytest.approx(outcome.wanted_loss, rel=1e-5, abs=1e-7)
    difference = torch.linalg.norm(outcome.gradient - outcome.wanted_gradient)
    assert difference <= 1e-5 * torch.linalg.norm(outcome.wanted_gradient) + 1e-8


@pytest.mark.parametrize("epochs", [1, 2], ids=["on_policy", "after_a_step"])
@pytest.mark.parametrize("case", CASES)
def test_loss_and_gradient(new_backend: Callable[[], TorchBackend], case: str, epochs: int) -> None:
    batch = draw_batch(3, temperatures=TEMPERATURES)
    chosen = settings(**CASES[case], epochs=epochs, mini_batch=8, gradient_clip=0.0, learning_rate=5e-3)
    outcome = train_both_ways(new_backend, batch, chosen)
    check(outcome)
    if epochs == 2 and case == "all":  # the bounds did bind
        assert min(outcome.metrics.clip_fraction_low, outcome.metrics.clip_fraction_high) > 0.05
    if chosen.loss.mask_threshold:
        assert 0.1 < outcome.metrics.masked_share < 0.9
    assert (outcome.metrics.kl_reference is not None) == chosen.loss.needs_reference


shapes = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), max_size=6)


@examples(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    shape=shapes.map(lambda drawn: [(1, 1), *drawn]),
    shared=st.booleans(),
    advantage=st.sampled_from([0.0, -1.0, 3.0]),
    case=st.sampled_from(sorted(CASES)),
    learning_rate=st.sampled_from([1e-4, 0.03]),
    budget=st.sampled_from([12, 30, 1000]),
)
def test_any_batch(
    new_backend: Callable[[], TorchBackend],
    shape: list[tuple[int, int]],
    shared: bool,
    advantage: float,
    case: str,
    learning_rate: float,
    budget: int,
) -> None:
    """Lengths of 1, empty responses, prompts that are shared, no advantage, ratios far from 1 after a step."""
    prompts, responses = zip(*shape, strict=True)
    drawn = draw_batch(11, prompts, responses)
    batch = share_beginnings(drawn) if shared else drawn
    batch.advantages[: len(shape) // 2 + 1] = advantage
    chosen = settings(
        **CASES[case],
        epochs=2,
        mini_batch=len(shape),
        gradient_clip=0.0,
        learning_rate=learning_rate,
        micro_batch_tokens=budget,
    )
    check(train_both_ways(new_backend, batch, chosen))
