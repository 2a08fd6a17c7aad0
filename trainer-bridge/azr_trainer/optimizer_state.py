"""The state of AdamW as named tensors: `exp_avg.<parameter>` and so on. No pickle is written or read."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from azr_trainer.faults import RequestFault

State = dict[str, Tensor]


def new_optimizer(model: nn.Module) -> AdamW:
    """Learning rate, decay and moments are set by each update."""
    return AdamW(model.parameters(), lr=0.0, fused=True)


def optimizer_state(model: nn.Module, optimizer: AdamW) -> State:
    """Copies in main memory; empty before the first step."""
    return {
        f"{kind}.{name}": value.to("cpu", copy=True)
        for name, parameter in model.named_parameters()
        for kind, value in optimizer.state.get(parameter, {}).items()
    }


def restore_optimizer_state(model: nn.Module, optimizer: AdamW, state: State) -> None:
    """Raises RequestFault where a tensor does not fit its parameter."""
    parameters = dict(model.named_parameters())
    optimizer.state.clear()
    for key, value in state.items():
        kind, _, name = key.partition(".")
        parameter = parameters.get(name)
        if parameter is None or (kind != "step" and value.shape != parameter.shape):
            raise RequestFault(f"optimizer tensor '{key}' of shape {list(value.shape)} fits no parameter")
        optimizer.state[parameter][kind] = value.to(parameter.device, copy=True)


def weights_copy(model: nn.Module) -> State:
    """The parameters by name, copied to main memory."""
    return {name: parameter.detach().to("cpu", copy=True) for name, parameter in model.named_parameters()}


@torch.no_grad()
def restore_weights(model: nn.Module, weights: State) -> None:
    """Puts copies back."""
    for name, parameter in model.named_parameters():
        parameter.copy_(weights[name])
