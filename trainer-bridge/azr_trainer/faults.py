"""Why an operation failed, and whose fault it is. None of these leaves an effect behind."""

from __future__ import annotations


class OperationFault(Exception):
    """An operation cannot be done. The message is one line: the field or file, its value, what would be right."""


class RequestFault(OperationFault):
    """The request is wrong: sending it again fails again."""


class TrainerFault(OperationFault):
    """The trainer failed: the same request may succeed later."""


class PolicyLostError(TrainerFault):
    """The process that held the policy is gone; only loading one helps."""


def one_line(error: BaseException) -> str:
    """The error's first line, or its type where it says nothing."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
