from __future__ import annotations

import pytest
from tokenizers import Tokenizer, models

from azr_policy_server.sampling import SamplingParams
from azr_policy_server.scheduler import QueueFull, Scheduler
from azr_policy_server.sequence import Generation, Sequence

TOKENIZER = Tokenizer(models.BPE())


def sequences(prompt: list[int], count: int = 1) -> list[Sequence]:
    params = SamplingParams(4, 1.0, 1.0, 0, (), frozenset(), False, False, True, None)
    return Generation("x", prompt, [params] * count, TOKENIZER, 0.0).sequences


def test_neighbours_with_one_prompt_are_admitted_together() -> None:
    scheduler = Scheduler(rows=8, max_waiting=99)
    for prompt, count in (([1, 2], 2), ([1, 2], 1), ([3], 1), ([1, 2], 1)):
        scheduler.submit(sequences(prompt, count))
    admitted = []
    while batch := scheduler.admit():
        admitted.append([s.prompt for s in batch])
    assert admitted == [[[1, 2]] * 3, [[3]], [[1, 2]]]


def test_rows_stay_dense() -> None:
    scheduler = Scheduler(rows=3, max_waiting=99)
    a, b, c, d = (sequences([i])[0] for i in range(4))
    scheduler.submit([a, b, c, d])
    while scheduler.admit():
        pass
    assert scheduler.running == [a, b, c] and list(scheduler.waiting) == [d]
    assert scheduler.release(0) == 2 and scheduler.running == [c, b]
    assert scheduler.release(1) == 1 and scheduler.running == [c]


def test_a_request_is_queued_whole_or_not_at_all() -> None:
    scheduler = Scheduler(rows=1, max_waiting=3)
    scheduler.submit(sequences([1], 2))
    with pytest.raises(QueueFull):
        scheduler.submit(sequences([2], 2))
    assert scheduler.queued == 2
    scheduler.admit()
    scheduler.submit(sequences([2], 2))
    assert scheduler.queued == 3


def test_the_gate_holds_what_comes_later() -> None:
    scheduler = Scheduler(rows=1, max_waiting=9)
    early, late = sequences([1], 2), sequences([2])
    scheduler.submit(early)
    scheduler.admit()
    scheduler.pause("wait")
    scheduler.submit(late)
    assert scheduler.has_work and scheduler.in_flight == 2
    scheduler.pause("keep")
    assert not scheduler.has_work
    assert scheduler.unqueue(lambda _: True, held=False) == [early[1]]
    scheduler.resume()
    assert list(scheduler.waiting) == late and not scheduler.held and scheduler.has_work
