"""A `VerifierService` as Python calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, TypeVar

import grpc
from azr.v1 import verifier_pb2 as pb
from google.protobuf.message import Message

from azr_verifier.batches import Batch, batches
from azr_verifier.errors import VerifierError, error_of
from azr_verifier.items import Answer, Proposal, answer_message, proposal_message
from azr_verifier.options import Options, options_message
from azr_verifier.patience import Patience
from azr_verifier.results import Capabilities, ItemError, Validation, Verdict, validation_from, verdict_from

SERVICE = "azr.v1.VerifierService"
MAX_MESSAGE_BYTES = 64 << 20

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class _Method(Generic[Item, Result]):
    """A method that streams a result for each item."""

    name: str
    encode: Callable[[Item], Message]
    request: type[Any]
    response: type[Any]
    decode: Callable[[Any], Result]


_SCORE = _Method("Score", answer_message, pb.ScoreRequest, pb.ScoreResponse, verdict_from)
_VALIDATE = _Method("Validate", proposal_message, pb.ValidateRequest, pb.ValidateResponse, validation_from)


class Verifier:
    """A verifier at `address`: `host:port`, or `unix:/path`. Threads may share it.

    Any number of items is sent in as many calls as they need. Where the server is lost, items without a result
    are sent again, up to `attempts` times in a row without any answer in between. `timeout` bounds a method from
    its start to its end, in seconds; None sets no bound.
    """

    def __init__(
        self,
        address: str,
        *,
        options: Options | None = None,
        timeout: float | None = 600.0,
        attempts: int = 8,
    ) -> None:
        self.address = address
        self.options = options or Options()
        self.timeout = timeout
        self.attempts = attempts
        self._channel = grpc.insecure_channel(
            address,
            options=[
                ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
                ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
                ("grpc.enable_retries", 0),
            ],
        )

    def score(
        self, answers: Iterable[Answer], *, options: Options | None = None, timeout: float | None = None
    ) -> list[Verdict | ItemError]:
        """The result of each answer, in order. Raises VerifierError."""
        return _in_order(self.score_stream(answers, options=options, timeout=timeout))

    def score_stream(
        self, answers: Iterable[Answer], *, options: Options | None = None, timeout: float | None = None
    ) -> Iterator[tuple[int, Verdict | ItemError]]:
        """Each answer's index and result, as they are done. Raises VerifierError; closing it ends the call."""
        return self._results(_SCORE, answers, options, timeout)

    def validate(
        self, proposals: Iterable[Proposal], *, options: Options | None = None, timeout: float | None = None
    ) -> list[Validation | ItemError]:
        """The result of each proposal, in order. Raises VerifierError."""
        return _in_order(self.validate_stream(proposals, options=options, timeout=timeout))

    def validate_stream(
        self, proposals: Iterable[Proposal], *, options: Options | None = None, timeout: float | None = None
    ) -> Iterator[tuple[int, Validation | ItemError]]:
        """Each proposal's index and result, as they are done. Raises VerifierError; closing it ends the call."""
        return self._results(_VALIDATE, proposals, options, timeout)

    def capabilities(self, *, timeout: float | None = None) -> Capabilities:
        """What verdicts are made under. Raises VerifierError."""
        call = self._channel.unary_unary(
            f"/{SERVICE}/GetCapabilities",
            request_serializer=pb.VerifierServiceGetCapabilitiesRequest.SerializeToString,
            response_deserializer=pb.VerifierServiceGetCapabilitiesResponse.FromString,
        )
        patience = self._patience(timeout)
        while True:
            try:
                found = call(pb.VerifierServiceGetCapabilitiesRequest(), timeout=patience.seconds_left())
                return Capabilities(found.tier, found.python_version, tuple(found.prompt_formats))
            except grpc.RpcError as failure:
                self._wait_or_raise(failure, patience)

    def close(self) -> None:
        """Ends what is under way."""
        self._channel.close()

    def __enter__(self) -> Verifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _patience(self, timeout: float | None) -> Patience:
        return Patience(self.timeout if timeout is None else timeout, self.attempts)

    def _results(
        self,
        method: _Method[Item, Result],
        items: Iterable[Item],
        options: Options | None,
        timeout: float | None,
    ) -> Iterator[tuple[int, Result | ItemError]]:
        patience = self._patience(timeout)
        said = options_message(options or self.options)
        for batch in batches(items, method.encode):
            yield from batch.errors.items()
            yield from self._answered(method, batch, said, patience)

    def _answered(
        self,
        method: _Method[Item, Result],
        batch: Batch[Item],
        options: pb.VerifierOptions,
        patience: Patience,
    ) -> Iterator[tuple[int, Result]]:
        """What is sent again is only what has no result."""
        send = self._channel.unary_stream(
            f"/{SERVICE}/{method.name}",
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )
        waiting = batch.messages
        while waiting:
            indices = list(waiting)
            request = method.request(options=options, items=waiting.values())
            call = send(request, timeout=patience.seconds_left())
            try:
                for response in call:
                    patience.restore()
                    index = indices[response.index]
                    del waiting[index]
                    yield index, method.decode(response)
            except grpc.RpcError as failure:
                self._wait_or_raise(failure, patience)
            else:
                if waiting:
                    raise VerifierError(
                        f"the verifier at {self.address} gave no result for {len(waiting)} items"
                    )
            finally:
                call.cancel()

    def _wait_or_raise(self, failure: grpc.RpcError, patience: Patience) -> None:
        if failure.code() is not grpc.StatusCode.UNAVAILABLE or not patience.wait():
            raise error_of(failure, self.address) from failure


def _in_order(results: Iterator[tuple[int, Result]]) -> list[Result]:
    return [result for _, result in sorted(results, key=lambda entry: entry[0])]
