"""How much arithmetic an update needs, and how much of what a device can do that is."""

from __future__ import annotations

import torch

from azr_trainer.micro_batch import MicroBatch
from azr_trainer.policy import Policy
from azr_trainer.ranks import ALONE, Ranks

# Dense peaks in float32, in which tensor cores take no part, and in bfloat16, FLOP/s, by how PyTorch names the device;
# NVIDIA's data sheets.
PEAK_FLOPS = {
    "NVIDIA H200": (67e12, 989e12),
    "NVIDIA H100 80GB HBM3": (67e12, 989e12),
    "NVIDIA H100 PCIe": (51e12, 756e12),
    "NVIDIA A100": (19.5e12, 312e12),
    "NVIDIA L40S": (91.6e12, 362e12),
    "NVIDIA L4": (30.3e12, 121e12),
}


class TrainingWork:
    """What goes through the forward and backward passes that train; passes that only score are left out."""

    def __init__(self, policy: Policy, ranks: Ranks = ALONE) -> None:
        model, config = policy.model, policy.model.config
        self._ranks, self._device = ranks, policy.device
        self._peak = _peak_flops(policy.device, policy.options.bfloat16)
        self._output_weights = model.get_output_embeddings().weight.numel()
        ends = (model.get_input_embeddings().weight, model.get_output_embeddings().weight)
        self._body_weights = sum(
            weights.numel()
            for weights in model.parameters()
            if weights.dim() > 1 and all(weights is not end for end in ends)
        )
        head_width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self._attention_width = config.num_hidden_layers * config.num_attention_heads * head_width
        self._tokens = self._computed = self._padding = 0
        self.flops = 0  # of forward and backward

    def add(self, micro: MicroBatch) -> None:
        """One forward and backward pass.

        FLOPs: 6 for each weight of a matrix and token that meet, and 6 * layers * heads * head width * length^2 for
        the attention of a sequence. These are PaLM's, arXiv 2204.02311, appendix B, without the half of the scores that
        a causal model does not need.
        """
        computed = len(micro.input_ids)
        if not micro.unshared:  # a filler
            self._padding += computed
            return
        squares = sum(count * length * length for count, length in micro.attention.shapes)
        self._tokens += micro.unshared
        self._computed += computed
        met = self._body_weights * computed + self._output_weights * len(micro.slots)
        self.flops += 6 * (met + self._attention_width * squares)

    def join(self) -> None:
        """Makes it that of all ranks."""
        mine = (self._tokens, self._computed, self._padding, self.flops)
        if self._ranks.several:
            joined = self._ranks.add_up(torch.tensor(mine, dtype=torch.int64, device=self._device))
            self._tokens, self._computed, self._padding, self.flops = map(int, joined.tolist())

    @property
    def padding_share(self) -> float:
        """Share of the computed positions that hold no token of a sequence: the fillers of ranks that had less."""
        return self._padding / (self._padding + self._computed) if self._padding else 0.0

    @property
    def shared_share(self) -> float:
        """Share of the sequences' tokens that the layers did not see, for another sequence begins with the same."""
        return 1 - self._computed / self._tokens if self._tokens else 0.0

    def utilization(self, seconds: float) -> float | None:
        """Model FLOPs utilization: the share of the devices' peak; None where that is not known."""
        return self.flops / seconds / (self._peak * self._ranks.count) if self._peak else None


def _peak_flops(device: torch.device, bfloat16: bool) -> float | None:
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peaks[bfloat16] for prefix, peaks in PEAK_FLOPS.items() if name.startswith(prefix)), None)
