"""Stopping what runs: aborts, clients that leave, and the three ways to pause."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.policy_server.server_process import SECONDS, Client

LONG = {"max_tokens": 16000, "ignore_eos": True, "seed": 1}
"""Runs for seconds where nothing ends it: every test here ends it at once."""


@pytest.fixture
def pool(server: Client) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool
        server.post("/abort_requests", json={})
        server.post("/resume")


def in_flight(server: Client) -> float:
    return server.metric("num_requests_running") + server.metric("num_requests_waiting")


def start(server: Client, pool: ThreadPoolExecutor, count: int = 1, **fields: Any) -> Future[dict[str, Any]]:
    """A request of `count` choices that has begun to generate."""
    already = in_flight(server)
    answer = pool.submit(server.complete, [40, 41], n=count, **{**LONG, **fields})
    server.until(lambda: in_flight(server) == already + count)
    before = server.metric("generation_tokens_total")
    server.until(lambda: server.metric("generation_tokens_total") > before + 3 * count)
    return answer


def reasons(answer: Future[dict[str, Any]]) -> list[str]:
    return [c["finish_reason"] for c in answer.result(SECONDS)["choices"]]


def test_a_request_is_aborted_by_its_id_and_its_prompts_index(
    server: Client, pool: ThreadPoolExecutor
) -> None:
    answer = start(server, pool, count=2, request_id="r1")
    server.post("/abort_requests", json={"request_ids": ["r1", "cmpl-r1", "cmpl-r1-1"]})
    assert server.metric("num_requests_running") == 2
    server.post("/abort_requests", json={"request_ids": ["cmpl-r1-0"]})
    assert reasons(answer) == ["abort", "abort"]
    choice = answer.result()["choices"][0]
    assert 0 < len(choice["token_ids"]) < 16000 and len(choice["logprobs"]["token_logprobs"]) == len(
        choice["token_ids"]
    )


def test_aborting_without_ids_ends_everything(server: Client, pool: ThreadPoolExecutor) -> None:
    first, second = start(server, pool, count=3), start(server, pool)
    assert server.post("/abort_requests", json={}).json() == {"status": "aborted", "aborted": 4}
    assert reasons(first) + reasons(second) == ["abort"] * 4


def test_a_client_that_leaves_frees_its_row(server: Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        server.post("/v1/completions", json={"prompt": [40, 41], **LONG}, timeout=0.2)
    server.until(lambda: server.metric("num_requests_running") == 0)


def test_pause_abort_returns_what_there_is(server: Client, pool: ThreadPoolExecutor) -> None:
    running, more = start(server, pool, count=2), start(server, pool, count=15)
    assert server.metric("num_requests_waiting") == 1  # sixteen rows
    for _ in range(2):  # pausing twice is pausing
        assert server.post("/pause").json() == {"status": "paused"}
    assert server.get("/is_paused").json() == {"is_paused": True}
    assert reasons(running) + reasons(more) == ["abort"] * 17
    late = pool.submit(server.complete, [40], max_tokens=2)
    server.until(lambda: server.metric("num_requests_waiting") == 1)
    server.post("/pause")  # nothing in flight: what waits for the gate goes on waiting
    assert server.metric("num_requests_waiting") == 1
    assert server.post("/resume").json() == {"status": "resumed"}
    assert reasons(late) == ["length"]


def test_pause_wait_drains_first(server: Client, pool: ThreadPoolExecutor) -> None:
    running = start(server, pool, max_tokens=400)
    paused = pool.submit(server.post, "/pause?mode=wait")
    server.until(lambda: bool(server.get("/is_paused").json()["is_paused"]))
    late = pool.submit(server.complete, [40], max_tokens=2)
    assert paused.result(SECONDS).json() == {"status": "paused"}
    assert server.metric("num_requests_running") == 0
    assert reasons(running) == ["length"]
    server.until(lambda: server.metric("num_requests_waiting") == 1)
    server.post("/resume")
    assert reasons(late) == ["length"]


def test_resume_lets_go_of_a_pause_that_still_drains(server: Client, pool: ThreadPoolExecutor) -> None:
    running = start(server, pool)
    paused = pool.submit(server.post, "/pause?mode=wait")
    server.until(lambda: bool(server.get("/is_paused").json()["is_paused"]))
    server.post("/resume")
    assert paused.result(SECONDS).status_code == 200
    server.post("/abort_requests", json={})
    assert reasons(running) == ["abort"]


def test_pause_keep_freezes_and_goes_on(server: Client, pool: ThreadPoolExecutor) -> None:
    undisturbed = server.tokens([40, 41], **LONG | {"max_tokens": 300})
    running = start(server, pool, max_tokens=300)
    server.post("/pause?mode=keep")
    tokens = server.metric("generation_tokens_total")
    assert server.metric("num_requests_running") == 1
    assert server.metric("generation_tokens_total") == tokens
    server.post("/resume")
    assert running.result(SECONDS)["choices"][0]["token_ids"] == undisturbed


def test_a_frozen_request_can_be_aborted(server: Client, pool: ThreadPoolExecutor) -> None:
    running = start(server, pool)
    server.post("/pause?mode=keep")
    server.post("/pause?mode=abort")
    assert reasons(running) == ["abort"]


def test_beyond_the_queue_is_503(server: Client, pool: ThreadPoolExecutor) -> None:
    server.post("/pause")
    held = pool.submit(server.complete, [40], n=4096, max_tokens=1, logprobs=None)
    server.until(lambda: server.metric("num_requests_waiting") == 4096)
    response = server.post("/v1/completions", json={"prompt": [40]})
    assert response.status_code == 503 and int(response.headers["retry-after"]) >= 1
    assert response.json()["error"]["code"] == 503 and "4096" in response.json()["error"]["message"]
    server.post("/abort_requests", json={})
    assert set(reasons(held)) == {"abort"}
