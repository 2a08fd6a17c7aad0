"""Calls that fail, and what is done about it."""

from __future__ import annotations

import socket

import grpc
import pytest

from azr_verifier import Answer, DeadlineExceeded, InvalidRequest, Task, Unavailable, Verifier, VerifierError
from azr_verifier.batches import MOST_BYTES
from tests.verifier_client import scripted as scripts
from tests.verifier_client.scripted import answers, breaks_after, scripted, stops_after


def tasks(count: int) -> list[Answer]:
    return [Answer(Task("deduction", output=f"{number}"), f"{number}") for number in range(count)]


def failure_of(verifier: Verifier) -> VerifierError:
    with pytest.raises(VerifierError) as raised:
        verifier.score(tasks(5))
    return raised.value


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azr_verifier.patience.FIRST_WAIT", 0.001)


def test_only_what_has_no_result_is_sent_again() -> None:
    with scripted(breaks_after(2), breaks_after(1), answers) as server, Verifier(server.address) as verifier:
        results = verifier.score(tasks(5))
    assert [result.correct for result in results] == [True] * 5
    sent = [[item.bare for item in request.items] for request in server.requests]
    assert sent == [["0", "1", "2", "3", "4"], ["0", "1", "2"], ["0", "1"]]


def test_attempts_count_anew_with_each_answer() -> None:
    with scripted(breaks_after(1)) as server, Verifier(server.address, attempts=2) as verifier:
        assert len(verifier.score(tasks(6))) == 6
    assert len(server.requests) == 6


def test_a_server_that_answers_nothing_is_asked_a_bounded_number_of_times() -> None:
    with scripted(breaks_after(0)) as server, Verifier(server.address, attempts=3) as verifier:
        error = failure_of(verifier)
    assert type(error) is Unavailable
    assert str(error) == f"the verifier at {server.address} answers UNAVAILABLE: broken on purpose"
    assert len(server.requests) == 3


def test_nobody_at_the_address_is_said_by_name() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with Verifier(address, attempts=2) as verifier:
            for call in (lambda: verifier.score(tasks(1)), verifier.capabilities):
                with pytest.raises(Unavailable, match=f"the verifier at {address} answers UNAVAILABLE"):
                    call()


@pytest.mark.parametrize(
    ("code", "kind"),
    [(grpc.StatusCode.INVALID_ARGUMENT, InvalidRequest), (grpc.StatusCode.INTERNAL, VerifierError)],
)
def test_what_would_fail_again_is_not_tried_again(code: grpc.StatusCode, kind: type[VerifierError]) -> None:
    with scripted(breaks_after(1, code)) as server, Verifier(server.address) as verifier:
        error = failure_of(verifier)
    assert type(error) is kind and f"answers {code.name}: broken on purpose" in str(error)
    assert len(server.requests) == 1


def test_a_server_that_leaves_items_out_is_not_believed() -> None:
    with scripted(stops_after(2)) as server, Verifier(server.address) as verifier:
        assert "gave no result for 3 items" in str(failure_of(verifier))


def test_the_timeout_bounds_all_attempts() -> None:
    def waits(request: object, context: grpc.ServicerContext):
        server.cancelled.wait(30)
        yield from ()

    with scripted(waits) as server, Verifier(server.address) as verifier:
        with pytest.raises(DeadlineExceeded):
            verifier.score(tasks(1), timeout=0.2)
        with pytest.raises(DeadlineExceeded, match="the time that the call was given is over"):
            verifier.score(tasks(1), timeout=0)
        assert len(server.requests) == 1


def test_a_stream_that_is_closed_ends_the_call() -> None:
    def goes_on(request: object, context: grpc.ServicerContext):
        yield from scripts.stops_after(1)(request, context)
        server.cancelled.wait(30)

    with scripted(goes_on) as server, Verifier(server.address) as verifier:
        stream = verifier.score_stream(tasks(3))
        next(stream)
        assert not server.cancelled.is_set()
        stream.close()
        assert server.cancelled.wait(10)


def test_large_items_go_in_calls_that_fit() -> None:
    large = [Answer(Task("deduction", output="1"), "x" * (MOST_BYTES // 3)) for _ in range(5)]
    with scripted(answers) as server, Verifier(server.address) as verifier:
        assert len(verifier.score(large)) == 5
    assert [len(request.items) for request in server.requests] == [2, 2, 1]


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items():
        for item in tasks(10_001):
            taken.append(item)
            yield item

    with scripted(answers) as server, Verifier(server.address) as verifier:
        stream = verifier.score_stream(items())
        assert not taken
        next(stream)
        assert len(taken) == 10_001 and len(server.requests) == 1
        stream.close()
