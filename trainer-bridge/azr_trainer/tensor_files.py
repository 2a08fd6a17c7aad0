"""Tensors in a folder of safetensors files, by torch.distributed.checkpoint.

Each rank writes what it has of every tensor, and any number of ranks read what each of them needs. Of torch's storages
it is the one for Hugging Face files: the other pickles, and who unpickles runs what a file says. Here a file's header
has names, shapes and where each part belongs, as JSON, and the rest is numbers.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from safetensors import SafetensorError
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.hf_storage import HuggingFaceStorageReader, HuggingFaceStorageWriter
from torch.distributed.checkpoint.metadata import TensorStorageMetadata
from torch.distributed.checkpoint.state_dict_loader import load
from torch.distributed.checkpoint.state_dict_saver import save

from azr_trainer.faults import RequestFault, TrainerFault, one_line
from azr_trainer.optimizer_state import State
from azr_trainer.saving_ranks import SavingRanks

FILE_BYTES = 1 << 30  # a file is put together in memory before it is written

# One rank without a process group is what is meant.
warnings.filterwarnings("ignore", "torch.distributed is disabled", UserWarning)


def write_tensors(folder: Path, tensors: State, ranks: SavingRanks) -> None:
    """Writes this rank's parts into files of its own. Where one rank cannot, all raise its OSError or TrainerFault."""
    storage = HuggingFaceStorageWriter(str(folder), _file_of_each(tensors), save_distributed=True)
    try:
        save(tensors, storage_writer=storage, process_group=ranks.group, no_dist=ranks.group is None)
    except CheckpointException as error:
        cause = next(iter(error.failures.values()))[0]
        if isinstance(cause, OSError):
            raise cause from None
        raise TrainerFault(f"{folder}: cannot be written: {_first_line(error)}") from None


def stored_shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Of the whole tensors, by name. Raises RequestFault where a file is not what it should be."""
    try:
        stored = HuggingFaceStorageReader(str(folder)).read_metadata().state_dict_metadata
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise RequestFault(f"{folder}: cannot be read: {one_line(error)}") from None
    return {
        name: tuple(tensor.size)
        for name, tensor in stored.items()
        if isinstance(tensor, TensorStorageMetadata)
    }


def read_tensors(folder: Path, tensors: State) -> None:
    """Fills this rank's parts of `tensors`, whose shapes are the stored ones. Raises RequestFault."""
    try:
        load(tensors, storage_reader=HuggingFaceStorageReader(str(folder)), no_dist=True)
    except CheckpointException as error:
        raise RequestFault(f"{folder}: cannot be read: {_first_line(error)}") from None


def _file_of_each(tensors: State) -> dict[str, int]:
    """Numbers of files, from 1, by name: one after the other, until a file has FILE_BYTES of whole tensors."""
    files: dict[str, int] = {}
    before = 0
    for name, tensor in tensors.items():
        files[name] = 1 + before // FILE_BYTES
        before += tensor.numel() * tensor.element_size()
    return files


def _first_line(error: CheckpointException) -> str:
    """Of what ails the first rank that failed; the exception's own text is a traceback."""
    rank, (cause, _) = next(iter(error.failures.items()))
    return f"rank {rank}: {type(cause).__name__}: {one_line(cause)}"
