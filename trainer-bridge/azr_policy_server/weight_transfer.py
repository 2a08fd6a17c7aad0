"""Four-phase weight transfer through files: init, start, update (once or in chunks), finish.

Chunks are staged and checked as they come; the served weights change in one move at finish, and only if the set is
complete. Whatever goes wrong before, they stay as they are, the session ends, and a new start begins afresh.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from azr_policy_server.model_folder import Qwen2Config
from azr_policy_server.qwen2_weights import (
    Qwen2Weights,
    WeightError,
    check_complete,
    expected_shapes,
    fuse,
    read_safetensors,
)


class TransferError(Exception):
    """A phase out of order, or one whose input cannot be used."""


@dataclass(frozen=True)
class FileInit:
    root: str  # the folder that every file of an update lies in


@dataclass(frozen=True)
class FileUpdate:
    path: str  # of a safetensors file, relative to the root


class FileEngine:
    """One transfer session at a time; the methods block, and may be called from any thread."""

    def __init__(
        self, config: Qwen2Config, device: torch.device, apply: Callable[[Qwen2Weights], None]
    ) -> None:
        self.weight_version = "default"
        self._config = config
        self._device = device
        self._apply = apply
        self._shapes = expected_shapes(config)
        self._root: Path | None = None
        self._staged: dict[str, Tensor] | None = None  # None outside a session
        self._lock = threading.Lock()

    def init(self, init_info: dict[str, Any]) -> None:
        """Names the folder of the files. Ends a session that a lost trainer left open, so that the next can start."""
        with self._lock:
            root = _parsed(FileInit, "init_info", init_info).root
            if not Path(root).is_dir():
                raise TransferError(f"init_info.root '{root}' is not a folder that this server can read")
            self._root, self._staged = Path(root).resolve(), None

    def start(self) -> None:
        with self._lock:
            if self._root is None:
                raise TransferError("init_weight_transfer_engine must be called before start_weight_update.")
            if self._staged is not None:
                raise TransferError(
                    "start_weight_update called while a weight update is already active."
                    " Call finish_weight_update first."
                )
            self._staged = {}

    def update(self, update_info: dict[str, Any]) -> None:
        """Stages the tensors of one file; a tensor that comes twice counts as it came last."""
        with self._lock:
            if self._staged is None or self._root is None:
                raise TransferError("start_weight_update must be called before update_weights.")
            staged, self._staged = self._staged, None
            path = self._inside_root(_parsed(FileUpdate, "update_info", update_info).path)
            try:
                staged.update(read_safetensors(path, self._shapes, cast=False))
            except WeightError as error:
                raise TransferError(str(error)) from None
            self._staged = staged

    def finish(self, weight_version: str | None) -> None:
        """Serves the staged weights from the next step on, under `weight_version` if it names one."""
        with self._lock:
            if self._staged is None:
                raise TransferError("finish_weight_update called without a matching start_weight_update.")
            staged, self._staged = self._staged, None
            try:
                check_complete(staged, self._shapes)
            except WeightError as error:
                raise TransferError(str(error)) from None
            self._apply(fuse(staged, self._config, self._device))
            self.weight_version = weight_version or self.weight_version

    def _inside_root(self, path: str) -> Path:
        assert self._root is not None
        resolved = (self._root / path).resolve()
        if not resolved.is_relative_to(self._root):
            raise TransferError(f"update_info.path '{path}' leads out of the folder '{self._root}'")
        return resolved


def _parsed(kind: type[Any], name: str, info: dict[str, Any]) -> Any:
    try:
        parsed = kind(**info)
    except TypeError as error:
        raise TransferError(f"Invalid {name} for FileEngine: {error}") from None
    for field, value in vars(parsed).items():
        if not isinstance(value, str) or "\0" in value:
            raise TransferError(f"Invalid {name} for FileEngine: {field} is {value!r}, expected a path")
    return parsed
