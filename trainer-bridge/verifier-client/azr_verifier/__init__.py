"""Client of Absolute Zero's `VerifierService`: which proposals are tasks, and which answers are right."""

from azr_verifier.errors import DeadlineExceeded, IllegalItems, InvalidRequest, Unavailable, VerifierError
from azr_verifier.items import Answer, Proposal, Response, Task, TaskType
from azr_verifier.options import Limits, Options
from azr_verifier.results import Capabilities, ItemError, Validation, Verdict
from azr_verifier.reward import verified_reward
from azr_verifier.verifier import Verifier

__all__ = [
    "Answer",
    "Capabilities",
    "DeadlineExceeded",
    "IllegalItems",
    "InvalidRequest",
    "ItemError",
    "Limits",
    "Options",
    "Proposal",
    "Response",
    "Task",
    "TaskType",
    "Unavailable",
    "Validation",
    "Verdict",
    "Verifier",
    "VerifierError",
    "verified_reward",
]
