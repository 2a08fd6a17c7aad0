"""The engine thread: admits, decodes and retires sequences step by step, and carries out commands between two steps."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

import torch

from azr_policy_server.metrics import EngineMetrics
from azr_policy_server.qwen2_weights import Qwen2Weights
from azr_policy_server.runner import ModelRunner
from azr_policy_server.scheduler import PauseMode, Scheduler
from azr_policy_server.sequence import Generation, SampledToken, Sequence, uncancellable

PREFILL_TOKENS_A_STEP = 4096
"""Prompts are admitted up to this many tokens before the running sequences get their next token."""

T = TypeVar("T")


class EngineDead(Exception):
    """The engine thread has ended, by a fault of its own or because the server stops."""


class Engine:
    """All state belongs to the engine thread; other threads reach it by commands and wait on their futures."""

    def __init__(self, runner: ModelRunner, scheduler: Scheduler, metrics: EngineMetrics) -> None:
        self._metrics = metrics
        self.on_fault: Callable[[BaseException], None] = lambda _: None
        self._runner = runner
        self._scheduler = scheduler
        self._eos = runner.model.config.eos_token_ids
        self._drains: list[Future[None]] = []
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()  # orders the last command against the end of the thread
        self._alive = True
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    @property
    def alive(self) -> bool:
        return self._alive

    @property
    def paused(self) -> bool:
        return self._scheduler.paused

    def start(self) -> None:
        self._thread.start()

    def metrics(self) -> str:
        """Prometheus text."""
        running = list(self._scheduler.running)
        usage = sum(s.length for s in running) / self._runner.cache.tokens
        return self._metrics.render(len(running), self._scheduler.queued, usage)

    def stop(self, timeout: float) -> bool:
        """Aborts everything and ends the thread; whether it ended within `timeout` seconds."""

        def stopping() -> None:
            self._abort(lambda _: True)
            self._stopping = True

        with suppress(EngineDead):
            self._command(stopping)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def submit(self, generations: list[Generation]) -> Future[None]:
        """Queues all choices of a request, or none (QueueFull); each generation's `done` tells when it is finished."""
        return self._command(lambda: self._scheduler.submit([s for g in generations for s in g.sequences]))

    def abort(self, matches: Callable[[Generation], bool]) -> Future[int]:
        """Ends the matching generations with what they have; how many sequences that were."""
        return self._command(lambda: self._abort(lambda s: matches(s.generation)))

    def pause(self, mode: PauseMode) -> Future[None]:
        """Done when nothing runs any more: at once with `abort` and `keep`, once all have finished with `wait`."""
        settled: Future[None] = uncancellable()

        def pausing() -> None:
            self._drains.append(settled)
            self._scheduler.pause(mode)
            if mode == "abort":
                self._abort(lambda _: True, held=False)
            self._settle_drains()

        self._command(pausing)
        return settled

    def resume(self) -> Future[None]:
        def resuming() -> None:
            self._scheduler.resume()
            self._settle_drains(force=True)

        return self._command(resuming)

    def replace_weights(self, weights: Qwen2Weights) -> Future[None]:
        """Between two steps; sequences that run go on with the keys and values they have."""

        def replacing() -> None:
            self._runner.model.weights = weights

        return self._command(replacing)

    def _command(self, action: Callable[[], T]) -> Future[T]:
        future: Future[T] = uncancellable()

        def execute() -> None:
            try:
                future.set_result(action())
            except Exception as error:
                future.set_exception(error)

        with self._lock:
            if not self._alive:
                raise EngineDead("the engine has ended")
            self._commands.put(execute)
        return future

    def _run(self) -> None:
        fault: BaseException = EngineDead("the server is stopping")
        try:
            with torch.inference_mode():
                while not self._stopping:
                    self._execute_commands(wait=not self._scheduler.has_work)
                    self._step()
        except BaseException as error:
            fault = error
        with self._lock:
            self._alive = False
        self._execute_commands(wait=False)
        self._fail_all(EngineDead(f"the engine has ended: {fault}"))
        if not isinstance(fault, EngineDead):
            self.on_fault(fault)

    def _execute_commands(self, wait: bool) -> None:
        try:
            self._commands.get(block=wait)()
            while True:
                self._commands.get_nowait()()
        except Empty:
            return

    def _step(self) -> None:
        scheduler = self._scheduler
        if not scheduler.has_work:
            return
        self._prefill()
        if scheduler.running:
            running = list(scheduler.running)
            self._take(running, self._runner.decode(running), 0)
        self._settle_drains()

    def _prefill(self) -> None:
        groups: list[list[Sequence]] = []
        first_row, budget = len(self._scheduler.running), PREFILL_TOKENS_A_STEP
        while budget > 0 and (admitted := self._scheduler.admit()):
            groups.append(admitted)
            budget -= len(admitted[0].prompt)
            self._metrics.prefilled(len(admitted[0].prompt))
        if groups:
            sequences = [sequence for group in groups for sequence in group]
            self._take(sequences, self._runner.prefill(groups, first_row), first_row)

    def _take(self, sequences: list[Sequence], tokens: list[SampledToken], first_row: int) -> None:
        """Gives each sequence its token, then retires the finished, highest row first so that lower rows stay put."""
        now = monotonic()
        for sequence, token in zip(sequences, tokens, strict=True):
            if math.isnan(token.logprob):
                sequence.finish_reason = "error"
            else:
                sequence.append(token, self._eos)
            self._metrics.token(sequence, now)
            sequence.last_token_at = now
        for row in range(first_row + len(sequences) - 1, first_row - 1, -1):
            if sequences[row - first_row].finish_reason:
                self._retire(row, now)

    def _retire(self, row: int, now: float) -> None:
        sequence = self._scheduler.running[row]
        if sequence.finish_reason == "error":
            self._runner.cache.clear(row)
        moved_from = self._scheduler.release(row)
        if moved_from != row:
            self._runner.cache.move(moved_from, row, self._scheduler.running[row].length)
        self._finish(sequence, now)

    def _finish(self, sequence: Sequence, now: float) -> None:
        self._metrics.finished(sequence, now)
        sequence.generation.one_finished()

    def _abort(self, matches: Callable[[Sequence], bool], held: bool = True) -> int:
        now = monotonic()
        queued = self._scheduler.unqueue(matches, held)
        for sequence in queued:
            sequence.finish_reason = "abort"
            self._finish(sequence, now)
        rows = [row for row, sequence in enumerate(self._scheduler.running) if matches(sequence)]
        for row in reversed(rows):
            self._scheduler.running[row].finish_reason = "abort"
            self._retire(row, now)
        self._settle_drains()
        return len(queued) + len(rows)

    def _settle_drains(self, force: bool = False) -> None:
        if force or self._scheduler.frozen or not self._scheduler.in_flight:
            for drain in self._drains:
                drain.set_result(None)
            self._drains.clear()

    def _fail_all(self, error: EngineDead) -> None:
        left = [*self._scheduler.running, *self._scheduler.waiting, *self._scheduler.held]
        for future in {s.generation.done for s in left} | set(self._drains):
            future.set_exception(error)
