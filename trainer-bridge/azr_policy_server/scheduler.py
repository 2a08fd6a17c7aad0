"""Who runs, who waits: queues, rows and the pause gate. Knows nothing of tensors."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Literal

from azr_policy_server.sequence import Sequence

PauseMode = Literal["abort", "wait", "keep"]


class QueueFull(Exception):
    """More sequences than may wait; worth trying again a little later."""


class Scheduler:
    """Sequences in order of arrival. `running[i]` owns row i of the cache; rows stay dense.

    While paused, new sequences are `held` and nothing is admitted but what a `wait` still drains; `frozen` stops
    the running ones too.
    """

    def __init__(self, rows: int, max_waiting: int) -> None:
        self.rows = rows
        self.max_waiting = max_waiting
        self.running: list[Sequence] = []
        self.waiting: deque[Sequence] = deque()
        self.held: deque[Sequence] = deque()
        self.paused = False
        self.frozen = False

    @property
    def in_flight(self) -> int:
        return len(self.running) + len(self.waiting)

    @property
    def queued(self) -> int:
        return len(self.waiting) + len(self.held)

    @property
    def has_work(self) -> bool:
        return not self.frozen and self.in_flight > 0

    def submit(self, sequences: list[Sequence]) -> None:
        """Queues all or none. Raises QueueFull."""
        if self.queued + len(sequences) > self.max_waiting:
            raise QueueFull(f"{self.queued} sequences are waiting and at most {self.max_waiting} may")
        (self.held if self.paused else self.waiting).extend(sequences)

    def admit(self) -> list[Sequence]:
        """Moves the next sequences to free rows: all at the head of the queue that share one prompt, or none."""
        admitted: list[Sequence] = []
        while self.waiting and len(self.running) < self.rows:
            if admitted and self.waiting[0].prompt != admitted[0].prompt:
                break
            admitted.append(self.waiting.popleft())
            self.running.append(admitted[-1])
        return admitted

    def release(self, row: int) -> int:
        """Frees a row; the row whose sequence now lives in it, possibly `row` itself."""
        last = len(self.running) - 1
        self.running[row] = self.running[last]
        self.running.pop()
        return last

    def pause(self, mode: PauseMode) -> None:
        self.paused = True
        self.frozen = mode == "keep"

    def resume(self) -> None:
        self.paused = self.frozen = False
        self.waiting.extend(self.held)
        self.held.clear()

    def unqueue(self, matches: Callable[[Sequence], bool], held: bool) -> list[Sequence]:
        """Takes the matching sequences out of the queue, and with `held` out of those behind the gate too."""
        taken: list[Sequence] = []
        for queue in (self.waiting, self.held) if held else (self.waiting,):
            taken += filter(matches, queue)
            kept = [s for s in queue if not matches(s)]
            queue.clear()
            queue.extend(kept)
        return taken
