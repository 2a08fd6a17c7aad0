"""What a checkpoint holds: a policy and its optimizer as they were at one moment, in main memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch.distributed.device_mesh import DeviceMesh
from torch.optim import AdamW

from azr_trainer.faults import RequestFault
from azr_trainer.optimizer_state import SCALAR, State, optimizer_state, restore_optimizer_state
from azr_trainer.parts import own_part, spread_as
from azr_trainer.policy import Policy
from azr_trainer.policy_folder import LoadedFolder, published_tensors
from azr_trainer.tensor_files import read_tensors, stored_shapes

WEIGHTS = "weights."  # before the Hugging Face name
OPTIMIZER = "optimizer."  # before `exp_avg.<parameter>` and so on


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Copies: what is trained after it leaves it as it is. Tensors are spread over the ranks as the policy's are."""

    tensors: State
    companions: dict[str, bytes]


def take_snapshot(loaded: LoadedFolder, optimizer: AdamW, memory: DeviceMesh | None) -> Snapshot:
    """Copies the parts that this rank has. `memory` is that of all ranks, where there are several."""
    model = loaded.policy.model
    tensors = {
        f"{WEIGHTS}{name}": spread_as(own_part(tensor.detach()).to("cpu", copy=True), tensor, memory)
        for name, tensor in published_tensors(loaded.policy).items()
    }
    parameters = dict(model.named_parameters())
    for key, part in optimizer_state(model, optimizer).items():
        kind, _, name = key.partition(".")
        spread = part if kind == SCALAR else spread_as(part, parameters[name], memory)
        tensors[f"{OPTIMIZER}{key}"] = spread
    return Snapshot(tensors, loaded.companions)


@torch.no_grad()
def restore_snapshot(folder: Path, policy: Policy, optimizer: AdamW, memory: DeviceMesh | None) -> None:
    """Takes weights and optimizer from the folder of a snapshot's tensors, whatever number of ranks wrote it.

    Raises RequestFault where it is of another policy; `policy` and `optimizer` may then be half of each.
    """
    shapes, published = stored_shapes(folder), published_tensors(policy)
    _check_weights(folder, shapes, published)
    parameters = dict(policy.model.named_parameters())
    tensors: State = {}
    for key, shape in shapes.items():
        if key.startswith(WEIGHTS):
            tensors[key] = _room(published[key.removeprefix(WEIGHTS)], memory)
            continue
        kind, _, name = key.removeprefix(OPTIMIZER).partition(".")
        parameter = parameters.get(name)
        if parameter is None or shape != (() if kind == SCALAR else tuple(parameter.shape)):
            raise RequestFault(f"{folder}: tensor '{key}' of shape {list(shape)} fits no parameter")
        tensors[key] = torch.empty(()) if kind == SCALAR else _room(parameter, memory)
    read_tensors(folder, tensors)
    for name, tensor in published.items():
        own_part(tensor).copy_(own_part(tensors[f"{WEIGHTS}{name}"]))
    state = {
        key.removeprefix(OPTIMIZER): own_part(tensor)
        for key, tensor in tensors.items()
        if key.startswith(OPTIMIZER)
    }
    restore_optimizer_state(policy.model, optimizer, state)


def _check_weights(folder: Path, stored: dict[str, tuple[int, ...]], published: State) -> None:
    weights = {key.removeprefix(WEIGHTS): of for key, of in stored.items() if key.startswith(WEIGHTS)}
    expected = {name: tuple(tensor.shape) for name, tensor in published.items()}
    for name in sorted(weights.keys() | expected.keys()):
        if weights.get(name) != expected.get(name):
            raise RequestFault(
                f"{folder}: tensor '{WEIGHTS}{name}' has shape {weights.get(name)}, config.json makes it"
                f" {expected.get(name)}"
            )


def _room(like: torch.Tensor, memory: DeviceMesh | None) -> torch.Tensor:
    """For what `like` will be, in main memory."""
    return spread_as(torch.empty(own_part(like).shape, dtype=like.dtype), like, memory)
