"""Refusals: calls that are answered with a gRPC status, google.rpc details included, and leave nothing behind."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from azr_trainer.faults import OperationFault, RequestFault

DOMAIN = "trainer.azr"
DETAILS_KEY = "grpc-status-details-bin"


@dataclass(frozen=True)
class Violation:
    """A field of the request, and one clause with its value and what would be right."""

    field: str
    description: str

    def __str__(self) -> str:
        return f"{self.field} {self.description}"


class Refusal(Exception):
    """A call that is not taken on. `reason` is for programs, the message for people."""

    def __init__(self, code: grpc.StatusCode, reason: str, violations: list[Violation]) -> None:
        super().__init__("; ".join(map(str, violations)))
        self.code = code
        self.reason = reason
        self.violations = violations

    def to_status(self) -> status_pb2.Status:
        """ErrorInfo with the first violation; BadRequest with all of them where the request itself is wrong."""
        info = error_details_pb2.ErrorInfo(
            reason=self.reason,
            domain=DOMAIN,
            metadata={"field": self.violations[0].field, "problem": self.violations[0].description},
        )
        details: list[any_pb2.Any] = [_packed(info)]
        if self.code is grpc.StatusCode.INVALID_ARGUMENT:
            fields = [
                error_details_pb2.BadRequest.FieldViolation(field=v.field, description=v.description)
                for v in self.violations
            ]
            details.append(_packed(error_details_pb2.BadRequest(field_violations=fields)))
        return status_pb2.Status(code=self.code.value[0], message=str(self), details=details)


def invalid(violations: list[Violation]) -> Refusal:
    """INVALID_ARGUMENT: no state of the trainer would make the request right."""
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", violations)


def invalid_field(field: str, description: str) -> Refusal:
    """The same for one field."""
    return invalid([Violation(field, description)])


def failed_precondition(reason: str, field: str, description: str) -> Refusal:
    """FAILED_PRECONDITION: the trainer is not in the state that the call expects."""
    return Refusal(grpc.StatusCode.FAILED_PRECONDITION, reason, [Violation(field, description)])


def faulted(fault: OperationFault) -> Refusal:
    """For calls that are no operations, and so cannot answer with a failed one."""
    if isinstance(fault, RequestFault):
        return failed_precondition("REQUEST_FAULT", "request", str(fault))
    return Refusal(grpc.StatusCode.UNAVAILABLE, "TRAINER_FAULT", [Violation("trainer", str(fault))])


def _packed(message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
