"""Weights as one safetensors file that appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor


def write_weights(file: Path, tensors: dict[str, Tensor]) -> None:
    """Writes `tensors` as they are, from whatever device, in the order of their names."""
    temporary = file.with_name(f".{file.name}.writing")
    try:
        ready = {name: tensors[name].detach().cpu().contiguous() for name in sorted(tensors)}
        save_file(ready, temporary, metadata={"format": "pt"})
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
