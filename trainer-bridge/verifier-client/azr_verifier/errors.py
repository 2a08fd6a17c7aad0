"""What a call fails with. An item that is illegal fails by itself: see `ItemError`."""

from __future__ import annotations

import grpc


class VerifierError(Exception):
    """A call failed; the message is a line for a person."""


class InvalidRequest(VerifierError):
    """The request has to be changed: an option is not legal. The message names it."""


class Unavailable(VerifierError):
    """Nobody answers, or the server has no executor, and did not within the attempts that were made."""


class DeadlineExceeded(VerifierError):
    """The time that the call was given is over."""


class IllegalItems(VerifierError):
    """Items that cannot be judged, in a place where each has to be; the message names the first."""


_KINDS: dict[grpc.StatusCode, type[VerifierError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
}


def error_of(failure: grpc.RpcError, address: str) -> VerifierError:
    """What a caller is told of a failed call."""
    code, details = failure.code(), failure.details()
    kind = _KINDS.get(code, VerifierError)
    return kind(f"the verifier at {address} answers {code.name}: {details}")
