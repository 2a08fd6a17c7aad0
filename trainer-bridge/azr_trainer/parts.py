"""What a rank has of a tensor that is spread over the ranks. Of one that is not, the part is the whole."""

from __future__ import annotations

from torch import Tensor
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.tensor import DTensor


def own_part(tensor: Tensor) -> Tensor:
    """The part that this rank has, in the memory of `tensor`."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def whole(tensor: Tensor) -> Tensor:
    """The whole. All ranks must ask for it."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def spread_as(part: Tensor, like: Tensor, memory: DeviceMesh | None) -> Tensor:
    """The tensor of which `part` is this rank's, spread over the ranks' `memory`, where `part` is, as `like` is."""
    if not isinstance(like, DTensor):
        return part
    return DTensor.from_local(
        part, memory, like.placements, run_check=False, shape=like.shape, stride=like.stride()
    )
