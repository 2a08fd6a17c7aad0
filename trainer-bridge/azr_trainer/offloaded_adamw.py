"""AdamW in main memory, for a policy whose moments do not fit beside it on its GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from azr_trainer.parts import own_part


class OffloadedAdamW(AdamW):
    """Steps on copies of this rank's parts of the weights; it is the copies that it calls its parameters.

    A step brings gradients and weights to main memory and the weights back: 12 bytes for each parameter, instead of 8
    on the GPU all the time.
    """

    def __init__(self, parameters: list[nn.Parameter]) -> None:
        self._on_device = parameters
        pinned = torch.cuda.is_available()
        copies = [
            torch.empty(own_part(parameter).shape, dtype=parameter.dtype, pin_memory=pinned)
            for parameter in parameters
        ]
        super().__init__(copies, lr=0.0, fused=True)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """One step on the gradients of the parameters on the device."""
        copies: list[Tensor] = self.param_groups[0]["params"]
        for parameter, copy in zip(self._on_device, copies, strict=True):
            copy.copy_(own_part(parameter))
            copy.grad = None if parameter.grad is None else own_part(parameter.grad).cpu()
        super().step(closure)
        for parameter, copy in zip(self._on_device, copies, strict=True):
            own_part(parameter).copy_(copy)
            copy.grad = None

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Of the parameters on the device."""
        for parameter in self._on_device:
            if set_to_none or parameter.grad is None:
                parameter.grad = None
            else:
                parameter.grad.zero_()
