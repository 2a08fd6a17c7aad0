"""The checks by name. A check takes the subject and raises Failed, or NotApplicable; each begins a run of its own."""

from __future__ import annotations

from collections.abc import Callable

from azr_backend_conformance.checks import (
    checkpoints,
    exports,
    loss,
    operations,
    publication,
    refusals,
    scoring,
    status,
    update,
)
from azr_backend_conformance.subject import Subject

CHECKS: dict[str, Callable[[Subject], None]] = {
    **status.CHECKS,
    **scoring.CHECKS,
    **loss.CHECKS,
    **update.CHECKS,
    **operations.CHECKS,
    **checkpoints.CHECKS,
    **exports.CHECKS,
    **publication.CHECKS,
    **refusals.CHECKS,
}
