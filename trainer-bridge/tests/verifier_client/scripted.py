"""A verifier that does what it is told, on a real channel: for failures that a real one seldom has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from azr.v1 import verifier_pb2 as pb

CORRECT = pb.Verdict(outcome=pb.VERDICT_OUTCOME_CORRECT)
Script = Callable[[pb.ScoreRequest, grpc.ServicerContext], Iterator[pb.ScoreResponse]]


@dataclass
class Scripted:
    """The calls that came, and what to do with the next one; the last of the script goes for all further ones."""

    script: list[Script]
    address: str = ""
    requests: list[pb.ScoreRequest] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def score(self, request: pb.ScoreRequest, context: grpc.ServicerContext) -> Iterator[pb.ScoreResponse]:
        context.add_callback(self.cancelled.set)
        self.requests.append(request)
        step = self.script[min(len(self.requests), len(self.script)) - 1]
        yield from step(request, context)


def answers(request: pb.ScoreRequest, context: grpc.ServicerContext) -> Iterator[pb.ScoreResponse]:
    """Every item is right; the last comes first."""
    for index in reversed(range(len(request.items))):
        yield pb.ScoreResponse(index=index, verdict=CORRECT)


def breaks_after(count: int, code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE) -> Script:
    """Answers so many items, then fails."""

    def script(request: pb.ScoreRequest, context: grpc.ServicerContext) -> Iterator[pb.ScoreResponse]:
        for response, _ in zip(answers(request, context), range(count), strict=False):
            yield response
        context.abort(code, "broken on purpose")

    return script


def stops_after(count: int) -> Script:
    """Answers so many items and ends as if all were well."""

    def script(request: pb.ScoreRequest, context: grpc.ServicerContext) -> Iterator[pb.ScoreResponse]:
        for response, _ in zip(answers(request, context), range(count), strict=False):
            yield response

    return script


@contextmanager
def scripted(*script: Script) -> Iterator[Scripted]:
    """Serves until the block ends."""
    service = Scripted(list(script))
    server = grpc.server(ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", 64 << 20)])
    handler = grpc.unary_stream_rpc_method_handler(
        service.score, pb.ScoreRequest.FromString, pb.ScoreResponse.SerializeToString
    )
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("azr.v1.VerifierService", {"Score": handler})]
    )
    service.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield service
    finally:
        server.stop(0).wait(10)
