"""Loss and gradient against plain float64 arithmetic: at most 1e-5 apart, relatively."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
import torch

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.optimizer_state import new_optimizer
from azr_trainer.settings import Aggregation
from azr_trainer.update import Update
from tests.trainer.support.batches import draw_batch, settings
from tests.trainer.support.reference import reference_loss

CASES = {
    "token_mean": {},
    "sequence_mean": {"aggregation": Aggregation.SEQUENCE_MEAN},
    "entropy": {"entropy_coefficient": 0.05},
    "importance": {"importance_cap": 2.0},
    "all": {
        "aggregation": Aggregation.SEQUENCE_MEAN,
        "entropy_coefficient": 0.01,
        "importance_cap": 1.5,
        "clip_low": 0.05,
        "clip_high": 0.01,
    },
}


@pytest.mark.parametrize("epochs", [1, 2], ids=["on_policy", "after_a_step"])
@pytest.mark.parametrize("case", CASES)
def test_loss_and_gradient(new_backend: Callable[[], TorchBackend], case: str, epochs: int) -> None:
    batch = draw_batch(3, temperatures=[1.0, 0.7, 1.0, 1.3, 1.0, 2.0, 1.0, 0.5])
    chosen = settings(**CASES[case], epochs=epochs, mini_batch=8, gradient_clip=0.0, learning_rate=5e-3)

    policy = new_backend()._held()[0].policy
    proximal_model = deepcopy(policy.model).double()
    states: list[torch.nn.Module] = []
    optimizer = new_optimizer(policy.model)
    optimizer.register_step_pre_hook(lambda *_: states.append(deepcopy(policy.model).double()))
    metrics = Update(policy, optimizer, batch, chosen).run(lambda _: None)

    losses = [reference_loss(model, proximal_model, batch, chosen.loss) for model in states]
    assert metrics.optimizer_steps == len(losses) == epochs
    expected = float(sum(losses).detach()) / epochs
    assert metrics.loss == pytest.approx(expected, rel=1e-5, abs=1e-7)

    states[-1].zero_grad()
    losses[-1].backward()
    wanted = torch.cat([parameter.grad.flatten() for parameter in states[-1].parameters()])
    got = torch.cat([parameter.grad.flatten() for parameter in policy.model.parameters()]).double()
    assert torch.linalg.norm(got - wanted) <= 1e-5 * torch.linalg.norm(wanted)
    if epochs == 2 and case == "all":
        assert metrics.clip_fraction > 0.1  # the bounds did bind
