"""The state of AdamW as named tensors: `exp_avg.<parameter>` and so on, of each parameter this rank's part."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from azr_trainer.offloaded_adamw import OffloadedAdamW
from azr_trainer.parts import own_part

State = dict[str, Tensor]
SCALAR = "step"


def new_optimizer(model: nn.Module, offload: bool = False) -> AdamW:
    """Learning rate, decay and moments are set by each update."""
    parameters = list(model.parameters())
    return OffloadedAdamW(parameters) if offload else AdamW(parameters, lr=0.0, fused=True)


def optimizer_state(model: nn.Module, optimizer: AdamW) -> State:
    """Copies in main memory; empty before the first step."""
    return {
        f"{kind}.{name}": own_part(value).to("cpu", copy=True)
        for name, parameter in _optimized(model, optimizer).items()
        for kind, value in optimizer.state.get(parameter, {}).items()
    }


def restore_optimizer_state(model: nn.Module, optimizer: AdamW, state: State) -> None:
    """Puts copies back."""
    optimized = _optimized(model, optimizer)
    optimizer.state.clear()
    for key, value in state.items():
        kind, _, name = key.partition(".")
        parameter = optimized[name]
        if kind == SCALAR:
            optimizer.state[parameter][kind] = value.to(parameter.device, copy=True)
        else:
            moments = optimizer.state[parameter][kind] = torch.empty_like(parameter, requires_grad=False)
            own_part(moments).copy_(value)


def weights_copy(model: nn.Module) -> State:
    """Copies of this rank's parts of the parameters, in main memory, by name."""
    return {
        name: own_part(parameter.detach()).to("cpu", copy=True)
        for name, parameter in model.named_parameters()
    }


@torch.no_grad()
def restore_weights(model: nn.Module, weights: State) -> None:
    """Puts copies back."""
    for name, parameter in model.named_parameters():
        own_part(parameter).copy_(weights[name])


def _optimized(model: nn.Module, optimizer: AdamW) -> dict[str, Tensor]:
    """What the optimizer calls its parameters, by their names in the model."""
    names = [name for name, _ in model.named_parameters()]
    return dict(zip(names, optimizer.param_groups[0]["params"], strict=True))
