"""What every trainer backend can do. One backend holds one policy; its methods block and are called one at a time.

What `save_checkpoint` answers is the exception: it may still be at work while the methods are called.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from azr_trainer.batch import Float32s, Sequences, TrainBatch
from azr_trainer.checkpoint_metadata import CheckpointMetadata
from azr_trainer.metrics import UpdateMetrics
from azr_trainer.settings import UpdateSettings

ReportProgress = Callable[[float], None]
# Ends when a checkpoint is written, with its bytes on disk. Raises as the backend's methods do.
FinishSaving = Callable[[], int]


@dataclass(frozen=True)
class PolicyInfo:
    """What the rest of the bridge must know of a loaded policy."""

    parameters: int
    vocab_size: int  # token ids are below it
    max_positions: int  # longest sequence, in tokens
    tensors: dict[str, tuple[int, ...]]  # shape by Hugging Face name, of every tensor that is published


class TrainerBackend(ABC):
    """Raises RequestFault or TrainerFault; a method that raises has changed nothing.

    PolicyLostError is the exception: the policy is gone, and only a load is answered.
    """

    name: str
    device: str

    @abstractmethod
    def load_policy(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        """Takes the weights of a Hugging Face folder, with a fresh optimizer.

        `reference` is the Hugging Face folder of the policy that a KL term may refer to.
        """

    @abstractmethod
    def load_checkpoint(self, folder: Path, seed: int, reference: Path | None = None) -> PolicyInfo:
        """Takes weights and optimizer of a checkpoint folder; `reference` as in `load_policy`."""

    @abstractmethod
    def compute_logprobs(self, sequences: Sequences) -> Float32s:
        """Log-probability in nats of each response token, [sum of R_i], at each sequence's temperature."""

    @abstractmethod
    def train(self, batch: TrainBatch, settings: UpdateSettings, report: ReportProgress) -> UpdateMetrics:
        """Takes the optimizer steps of one batch; `report` is called with 0 to 1.

        A step whose loss or gradient is not finite is skipped and counted, and has no effect.
        """

    @abstractmethod
    def save_checkpoint(self, folder: Path, metadata: CheckpointMetadata) -> FinishSaving:
        """Copies weights and optimizer; what is answered writes them, with the metadata, into a new folder.

        It is called once, in another thread, and before the next `save_checkpoint`. A backend may as well write at
        once, and answer what gives the bytes.
        """

    @abstractmethod
    def export(self, folder: Path) -> None:
        """Writes a Hugging Face folder, new or in the place of an older export."""

    @abstractmethod
    def write_weights(self, file: Path) -> None:
        """Writes the weights, float32, as one safetensors file that appears whole or not at all."""
