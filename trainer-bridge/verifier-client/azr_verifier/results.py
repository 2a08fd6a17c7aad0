"""What becomes of an item. Reasons are the contract's words in lower case, such as `wrong_value`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from azr.v1 import verifier_pb2 as pb

from azr_verifier.items import Task, task_from


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and why not."""

    outcome: Literal["correct", "incorrect", "malformed"]
    reason: str | None = None
    detail: str = ""

    @property
    def correct(self) -> bool:
        """Whether it is right."""
        return self.outcome == "correct"


@dataclass(frozen=True)
class Validation:
    """Whether a proposal is a task, and why not."""

    outcome: Literal["accepted", "rejected", "malformed"]
    reason: str | None = None
    detail: str = ""
    task: Task | None = None
    """Where it is accepted: the task, its values in canonical form."""
    task_id: str = ""
    """Where it is accepted: equal for tasks that differ in comments and spacing alone."""
    nameless_id: str = ""
    """Where it is accepted: equal also for those that differ in names."""
    told_in_comment: bool = False
    """Where it is accepted: whether what a solver has to find stands in a comment of its program."""
    penalised: bool = False
    """Where it is rejected: whether its proposer earns a penalty, or nothing."""

    @property
    def accepted(self) -> bool:
        """Whether it is a task."""
        return self.outcome == "accepted"


@dataclass(frozen=True)
class ItemError:
    """Why an item cannot be judged: the field of the contract, what it holds, what would be right."""

    field: str
    value: str
    legal: str

    def __str__(self) -> str:
        return f"{self.field}: {self.value!r} is not legal; {self.legal}"


@dataclass(frozen=True)
class Capabilities:
    """What verdicts are made under."""

    tier: int
    """What the jail was proved to hold: 1 (all of it), 2 (no namespaces), 3 (no Landlock); 0 in a declared sandbox."""
    python_version: str
    prompt_formats: tuple[str, ...]


_VERDICTS: dict[int, Literal["correct", "incorrect", "malformed"]] = {
    pb.VERDICT_OUTCOME_CORRECT: "correct",
    pb.VERDICT_OUTCOME_INCORRECT: "incorrect",
    pb.VERDICT_OUTCOME_MALFORMED: "malformed",
}
_VALIDATIONS: dict[int, Literal["accepted", "rejected", "malformed"]] = {
    pb.VALIDATION_OUTCOME_ACCEPTED: "accepted",
    pb.VALIDATION_OUTCOME_REJECTED: "rejected",
    pb.VALIDATION_OUTCOME_MALFORMED: "malformed",
}


def _reason(number: int) -> str | None:
    """A reason's word; one that a newer server has and this client does not know is told by its number."""
    if number == pb.REASON_UNSPECIFIED:
        return None
    if number not in pb.Reason.values():
        return f"reason_{number}"
    return pb.Reason.Name(pb.Reason.ValueType(number)).removeprefix("REASON_").lower()


def verdict_from(message: pb.ScoreResponse) -> Verdict | ItemError:
    """The result of an answer."""
    if message.HasField("error"):
        return _error_from(message.error)
    found = message.verdict
    return Verdict(_VERDICTS[found.outcome], _reason(found.reason), found.detail)


def validation_from(message: pb.ValidateResponse) -> Validation | ItemError:
    """The result of a proposal."""
    if message.HasField("error"):
        return _error_from(message.error)
    found = message.validation
    return Validation(
        outcome=_VALIDATIONS[found.outcome],
        reason=_reason(found.reason),
        detail=found.detail,
        task=task_from(found.task) if found.HasField("task") else None,
        task_id=found.task_id,
        nameless_id=found.nameless_id,
        told_in_comment=found.told_in_comment,
        penalised=found.penalised,
    )


def _error_from(message: pb.ItemError) -> ItemError:
    return ItemError(message.field, message.value, message.legal)
