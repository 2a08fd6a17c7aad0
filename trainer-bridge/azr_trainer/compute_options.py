"""How a rank computes, whatever it trains on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ComputeOptions:
    """What trades precision or time for memory. Weights and optimizer are float32 in any case."""

    bfloat16: bool = False  # mixed precision: products in bfloat16, norms, softmax and sums in float32
    activation_checkpointing: bool = False  # the backward pass computes each layer again
    optimizer_offload: bool = False  # AdamW and its moments in main memory
