"""A policy whose weights are spread over the ranks by FSDP2, torch.distributed.fsdp.fully_shard."""

from __future__ import annotations

import torch
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard

from azr_trainer.policy import Policy
from azr_trainer.ranks import Ranks


def shard_policy(policy: Policy, ranks: Ranks) -> None:
    """Leaves to each rank, on its device, its part of the weights, which every rank must have whole.

    Layers are gathered one at a time. What is outside of them, embedding and output layer, possibly one tensor, is
    gathered around the whole of `Policy.score`. Gradients are summed over the ranks, not averaged: the loss of a step
    has one denominator for all ranks. Sums of gradients are float32.
    """
    precision = MixedPrecisionPolicy(
        param_dtype=torch.bfloat16 if policy.options.bfloat16 else None,
        reduce_dtype=torch.float32,
        cast_forward_inputs=False,  # temperatures stay what they are; states are in the weights' precision by then
    )
    for module in (*policy.layers, policy.scorer):
        fully_shard(module, mesh=ranks.mesh, mp_policy=precision)
        assert isinstance(module, FSDPModule)
        module.set_gradient_divide_factor(1.0)
        module.set_force_sum_reduction_for_comms(True)
