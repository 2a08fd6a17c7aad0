"""Checkpoint folders: `policy/` (configuration and tokenizer), `tensors/` and `metadata.json`.

A folder appears whole or not at all. The metadata names every file with its size and SHA-256, and these are looked at
before any other file is read, so that a truncated or changed one is found by its name. No file is unpickled, and none
has code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import torch

from azr_trainer.atomic_folder import atomic_folder, folder_bytes
from azr_trainer.checkpoint_metadata import METADATA_FILE, CheckpointMetadata, StoredFile, read_metadata
from azr_trainer.faults import RequestFault, TrainerFault
from azr_trainer.saving_ranks import SavingRanks
from azr_trainer.snapshot import Snapshot
from azr_trainer.tensor_files import write_tensors

POLICY_FOLDER = "policy"
TENSORS_FOLDER = "tensors"


def write_checkpoint(
    folder: Path, snapshot: Snapshot, metadata: CheckpointMetadata, ranks: SavingRanks
) -> int:
    """Bytes on disk, on the first rank. All ranks must call it, each with its part of the snapshot.

    A checkpoint of the same policy that is already there is kept. Raises RequestFault where the folder is anything
    else, TrainerFault where a rank cannot write; then nothing is left of it.
    """
    try:
        if not ranks.first(lambda: _holds_same(folder, metadata)):
            with _folder_of_all(folder, ranks) as made:
                _fill(made, snapshot, metadata, ranks)
        return folder_bytes(folder) if ranks.rank == 0 else 0
    except OSError as error:
        raise TrainerFault(f"{folder}: cannot be written: {error.strerror}") from None


def check_checkpoint(folder: Path) -> None:
    """Raises RequestFault that names the file that is missing, truncated, changed, or one tensor file too many."""
    files = read_metadata(folder).files
    for name, stored in files.items():
        _check_file(folder / name, stored)
    for file in sorted((folder / TENSORS_FOLDER).glob("*")):  # all of them are read
        if str(file.relative_to(folder)) not in files:
            raise RequestFault(f"{file}: is not named in {METADATA_FILE}, expected no other file")


def _holds_same(folder: Path, metadata: CheckpointMetadata) -> bool:
    if not folder.exists():
        return False
    if read_metadata(folder).describes_same(metadata):
        return True
    raise RequestFault(f"{folder}: already holds another checkpoint, expected a folder to be made")


@contextmanager
def _folder_of_all(target: Path, ranks: SavingRanks) -> Iterator[Path]:
    """The folder that the first rank makes, and puts in the target's place once all of them have left it well."""
    with ExitStack() as stack:
        yield ranks.first(lambda: stack.enter_context(atomic_folder(target)))


def _fill(made: Path, snapshot: Snapshot, metadata: CheckpointMetadata, ranks: SavingRanks) -> None:
    write_tensors(made / TENSORS_FOLDER, snapshot.tensors, ranks)
    ranks.first(lambda: _write_companions(made / POLICY_FOLDER, snapshot.companions))
    shares = ranks.each(lambda: _describe_share(made, ranks))
    files = {name: stored for share in shares for name, stored in sorted(share.items())}
    complete = replace(metadata, torch_version=str(torch.__version__), files=files)
    ranks.first(lambda: (made / METADATA_FILE).write_text(complete.to_json()))


def _write_companions(folder: Path, companions: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, content in companions.items():
        (folder / name).write_bytes(content)


def _describe_share(folder: Path, ranks: SavingRanks) -> dict[str, StoredFile]:
    """Each rank reads its share of the files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())[ranks.rank :: ranks.count]
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
