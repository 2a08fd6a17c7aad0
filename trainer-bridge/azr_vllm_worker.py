"""Lets a vLLM server take weights from the trainer: a weight-transfer backend called `file`, in a module of its own.

    VLLM_SERVER_DEV_MODE=1 PYTHONPATH=.../trainer-bridge vllm serve POLICY \
        --worker-extension-cls azr_vllm_worker.WorkerExtension --weight-transfer-config '{"backend": "file"}'

The trainer writes all weights into one safetensors file below a folder that the server can read, and drives vLLM's own
routes: init names the folder, update the file. Files are read when they are named; the model changes at finish, in one
move. Until then, whatever goes wrong, the server answers from the weights that it has.

It imports nothing of this project, so that the file can be copied to wherever vLLM runs. Written for vLLM 0.32.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load
from torch import Tensor
from vllm.distributed.weight_transfer import WeightTransferEngineFactory
from vllm.distributed.weight_transfer.base import (
    WeightTransferEngine,
    WeightTransferInitInfo,
    WeightTransferUpdateInfo,
)
from vllm.model_executor.layers.vocab_parallel_embedding import ParallelLMHead, UnquantizedEmbeddingMethod
from vllm.model_executor.model_loader.reload import finalize_layerwise_reload, initialize_layerwise_reload


@dataclass
class FileInit(WeightTransferInitInfo):
    """What `/init_weight_transfer_engine` is told."""

    root: str  # the folder that every file of an update lies in

    def __post_init__(self) -> None:
        """Raises ValueError where it is no folder that this worker can read."""
        if not Path(self.root).is_dir():
            raise ValueError(f"init_info.root '{self.root}' is not a folder that this server can read")


@dataclass
class FileUpdate(WeightTransferUpdateInfo):
    """What `/update_weights` is told."""

    path: str  # of a safetensors file with Hugging Face names, relative to the root


class FileEngine(WeightTransferEngine[FileInit, FileUpdate]):
    """Backend `file`. Tensors come in one file or in several; all of the model must be among them."""

    init_info_cls = FileInit
    update_info_cls = FileUpdate

    _root = Path()
    _staged: dict[str, Tensor] | None = None  # None outside a session

    def init_transfer_engine(self, init_info: FileInit) -> None:
        """Forgets what a trainer left that was lost in the middle of an update."""
        self._root, self._staged = Path(init_info.root).resolve(), None

    def start_weight_update(self) -> None:
        """Begins a session."""
        self._staged = {}

    def receive_weights(self, update_info: FileUpdate) -> None:
        """Reads a file whole: a writer that changes it later must not reach the model."""
        if self._staged is None:
            raise ValueError("init_weight_transfer_engine ended this update; start a new one")
        file = (self._root / update_info.path).resolve()
        if not file.is_relative_to(self._root):
            raise ValueError(f"update_info.path '{update_info.path}' leads out of the folder '{self._root}'")
        self._staged.update(load(file.read_bytes()))

    def finish_weight_update(self) -> None:
        """Puts the tensors into the model. Ends a session without effect where init forgot what it had."""
        if self._staged is None:
            return
        staged, self._staged = self._staged, {}
        expected = {name for name, _ in self.model.named_parameters()}
        initialize_layerwise_reload(self.model)
        loaded = self.model.load_weights(staged.items())
        finalize_layerwise_reload(self.model, self.model_config)
        self._pack_head()
        if loaded is not None and (missing := sorted(expected - loaded)):
            raise ValueError(
                f"{len(missing)} of the model's {len(expected)} parameters were not among the tensors, the first is"
                f" '{missing[0]}': it answers from a mixture until all are sent"
            )

    def shutdown(self) -> None:
        """Nothing is held open."""

    def _pack_head(self) -> None:
        """On a CPU linear layers compute from a packed copy of their weights, made anew when these are loaded.

        An output layer that is tied to the embedding loads nothing: without this it would go on with the old copy.
        """
        for layer in self.model.modules():
            if isinstance(layer, ParallelLMHead) and type(layer.quant_method) is UnquantizedEmbeddingMethod:
                layer.quant_method.process_weights_after_loading(layer)


class WorkerExtension:
    """Named to vLLM so that its workers import this module; there is nothing to extend."""


WeightTransferEngineFactory.register_engine("file", FileEngine)
