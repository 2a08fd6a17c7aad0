"""The most memory that was held."""

from __future__ import annotations

import resource

import torch


class PeakMemory:
    """On a GPU from here on, and what PyTorch's tensors take; else the process's, since it began."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)

    def peak_bytes(self) -> int:
        """Up to now."""
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB
