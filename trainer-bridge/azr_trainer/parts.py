"""What a rank has of a tensor that is spread over the ranks. Of one that is not, the part is the whole."""

from __future__ import annotations

from torch import Tensor
from torch.distributed.tensor import DTensor, distribute_tensor


def own_part(tensor: Tensor) -> Tensor:
    """The part that this rank has, in the memory of `tensor`."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def whole(tensor: Tensor) -> Tensor:
    """The whole. All ranks must ask for it."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def part_of(tensor: Tensor, like: Tensor) -> Tensor:
    """The part that this rank has of `tensor`, which it has whole, once that is spread over the ranks as `like` is."""
    if not isinstance(like, DTensor):
        return tensor
    spread = distribute_tensor(tensor.to(like.device), like.device_mesh, like.placements, src_data_rank=None)
    return own_part(spread)


def spread_as(part: Tensor, like: Tensor) -> Tensor:
    """The tensor of which `part` is this rank's, spread over the ranks as `like` is."""
    if not isinstance(like, DTensor):
        return part
    return DTensor.from_local(
        part.to(like.device),
        like.device_mesh,
        like.placements,
        run_check=False,
        shape=like.shape,
        stride=like.stride(),
    )
