"""How much arithmetic an update needs, and how much of what a device can do that is."""

from __future__ import annotations

import torch

from azr_trainer.micro_batch import MicroBatch
from azr_trainer.policy import Policy

# Dense peak in float32, FLOP/s, by how PyTorch names the device; NVIDIA's data sheets. Tensor cores do not take part.
PEAK_FLOPS = {
    "NVIDIA H200": 67e12,
    "NVIDIA H100 80GB HBM3": 67e12,
    "NVIDIA H100 PCIe": 51e12,
    "NVIDIA A100": 19.5e12,
    "NVIDIA L40S": 91.6e12,
    "NVIDIA L4": 30.3e12,
}


class TrainingWork:
    """What goes through the forward and backward passes that train; passes that only score are left out."""

    def __init__(self, policy: Policy) -> None:
        model, config = policy.model, policy.model.config
        self._peak = _peak_flops(policy.device)
        self._output_weights = model.get_output_embeddings().weight.numel()
        ends = (model.get_input_embeddings().weight, model.get_output_embeddings().weight)
        self._body_weights = sum(
            weights.numel()
            for weights in model.parameters()
            if weights.dim() > 1 and all(weights is not end for end in ends)
        )
        head_width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self._attention_width = config.num_hidden_layers * config.num_attention_heads * head_width
        self._tokens = self._computed = 0
        self.flops = 0  # of forward and backward

    def add(self, micro: MicroBatch) -> None:
        """One forward and backward pass.

        FLOPs: 6 for each weight of a matrix and token that meet, and 6 * layers * heads * head width * length^2 for
        the attention of a sequence. These are PaLM's, arXiv 2204.02311, appendix B, without the half of the scores that
        a causal model does not need.
        """
        computed = len(micro.input_ids)
        squares = sum(count * length * length for count, length in micro.attention.shapes)
        self._tokens += micro.unshared
        self._computed += computed
        met = self._body_weights * computed + self._output_weights * len(micro.slots)
        self.flops += 6 * (met + self._attention_width * squares)

    @property
    def shared_share(self) -> float:
        """Share of the sequences' tokens that the layers did not see, for another sequence begins with the same."""
        return 1 - self._computed / self._tokens if self._tokens else 0.0

    def utilization(self, seconds: float) -> float | None:
        """Model FLOPs utilization: the share of the device's peak; None where that is not known."""
        return self.flops / seconds / self._peak if self._peak else None


def _peak_flops(device: torch.device) -> float | None:
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peak for prefix, peak in PEAK_FLOPS.items() if name.startswith(prefix)), None)
