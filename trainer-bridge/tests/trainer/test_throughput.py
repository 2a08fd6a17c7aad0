"""The arithmetic that an update is said to need is what PyTorch counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.micro_batch import micro_batches
from azr_trainer.throughput import TrainingWork
from tests.trainer.support.batches import draw_batch, share_beginnings


def test_flops_are_those_that_pytorch_counts(new_backend: Callable[[], TorchBackend]) -> None:
    policy = new_backend()._held()[0].policy
    batch = share_beginnings(draw_batch(1, [9] * 4, [20, 21, 3, 1]))
    [micro] = micro_batches(batch.sequences, np.arange(4), 1000, torch.device("cpu"))
    work = TrainingWork(policy)
    work.add(micro)
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        policy.score(micro, None).logprobs.sum().backward()
    # PyTorch counts the logits of the backward pass, which are needed for memory's sake alone, and not the in-place
    # product for the output layer's gradient, which has as many. Its math kernel also scores tokens that come later.
    assert len(micro.input_ids) < micro.unshared
    not_needed = 6 * 2 * 32 * sum(count * length * length for count, length in micro.attention.shapes)
    assert work.flops == pytest.approx(counter.get_total_flops() - not_needed, rel=1e-3)
