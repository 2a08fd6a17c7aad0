"""Checkpoint folders: `policy/` (a Hugging Face folder), `optimizer.safetensors`, `metadata.json`.

A folder appears whole or not at all. The metadata names every file with its size and SHA-256, so that a truncated or
changed one is found before anything is loaded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from azr_trainer.atomic_folder import atomic_folder, folder_bytes
from azr_trainer.checkpoint_metadata import METADATA_FILE, CheckpointMetadata, StoredFile, read_metadata
from azr_trainer.compute_options import ComputeOptions
from azr_trainer.faults import RequestFault, one_line
from azr_trainer.optimizer_state import State
from azr_trainer.policy_folder import LoadedFolder, load_policy_folder, write_policy_folder

POLICY_FOLDER = "policy"
OPTIMIZER_FILE = "optimizer.safetensors"


@dataclass(frozen=True, eq=False)
class LoadedCheckpoint:
    """What a checkpoint holds beside its metadata."""

    folder: LoadedFolder
    optimizer: State


def write_checkpoint(
    folder: Path,
    tensors: dict[str, Tensor],
    companions: dict[str, bytes],
    optimizer: State,
    metadata: CheckpointMetadata,
) -> int:
    """Bytes on disk. A checkpoint of the same policy that is already there is kept; anything else is RequestFault."""
    if folder.exists():
        if read_metadata(folder).describes_same(metadata):
            return folder_bytes(folder)
        raise RequestFault(f"{folder}: already holds another checkpoint, expected a folder to be made")
    with atomic_folder(folder) as made:
        (made / POLICY_FOLDER).mkdir()
        write_policy_folder(made / POLICY_FOLDER, tensors, companions)
        save_file(optimizer, made / OPTIMIZER_FILE)
        complete = replace(metadata, torch_version=str(torch.__version__), files=_describe_files(made))
        (made / METADATA_FILE).write_text(complete.to_json())
    return folder_bytes(folder)


def load_checkpoint(
    folder: Path, device: torch.device, options: ComputeOptions | None = None
) -> LoadedCheckpoint:
    """Raises RequestFault that names the file that is missing, truncated or changed."""
    for name, stored in read_metadata(folder).files.items():
        _check_file(folder / name, stored)
    file = folder / OPTIMIZER_FILE
    try:
        optimizer = load_file(file)
    except (OSError, SafetensorError) as error:
        raise RequestFault(f"{file}: cannot be read: {one_line(error)}") from None
    return LoadedCheckpoint(load_policy_folder(folder / POLICY_FOLDER, device, options), optimizer)


def _describe_files(folder: Path) -> dict[str, StoredFile]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): StoredFile(path.stat().st_size, _sha256(path)) for path in files}


def _check_file(file: Path, stored: StoredFile) -> None:
    try:
        size = file.stat().st_size
        if size != stored.bytes:
            raise RequestFault(
                f"{file}: has {size} bytes, expected {stored.bytes}: the file is truncated or changed"
            )
        if _sha256(file) != stored.sha256:
            raise RequestFault(f"{file}: its SHA-256 is not the one in {METADATA_FILE}: the file is corrupt")
    except OSError as error:
        raise RequestFault(
            f"{file}: cannot be read ({error.strerror}), the checkpoint is incomplete"
        ) from None


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
