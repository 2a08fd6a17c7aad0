"""The policy that the trainer holds, as the order of operations sees it."""

from __future__ import annotations

from dataclasses import dataclass

from azr_trainer.backend import PolicyInfo
from azr_trainer.checkpoint_metadata import LastApplied


@dataclass(frozen=True)
class HeldPolicy:
    """Whose policy at which version; the version is the number of batches applied to it."""

    run_id: str
    version: int
    last_applied: LastApplied | None
    info: PolicyInfo
