"""The Ray actors of all ranks, as one: a call goes to each of them, and ends well only if it does on each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayError, RayTaskError
from ray.util.placement_group import placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from azr_trainer.faults import OperationFault, PolicyLostError, TrainerFault, one_line

START_SECONDS = 120.0
WAIT_SECONDS = 0.5
# Ray's concurrency groups of an actor, each with a thread: their calls are answered while another is at work.
PROGRESS_GROUP = "progress"
SAVING_GROUP = "saving"
# How long the other ranks may take once one has failed: to fail too, where it is the request that is wrong, or to find
# out that they are alone. Ray may tell of a killed process only after those that were connected to it have failed.
SETTLE_SECONDS = 10.0

logger = logging.getLogger(__name__)


class RankGroup:
    """A placement group with an actor in each bundle. Once lost, whatever becomes of the actors, it is over."""

    def __init__(self, actor: type, count: int, cuda: bool, arguments: tuple[Any, ...]) -> None:
        """Starts `actor(rank, count, *arguments)` for each rank, and does not wait for it."""
        self.resources = {"CPU": 1.0, **({"GPU": 1.0} if cuda else {})}
        self._ended = False
        self._placement = placement_group([self.resources] * count, strategy="PACK")
        remote = ray.remote(concurrency_groups={PROGRESS_GROUP: 1, SAVING_GROUP: 1})(actor)
        self._actors = [
            remote.options(
                num_cpus=1,
                num_gpus=1 if cuda else 0,
                scheduling_strategy=PlacementGroupSchedulingStrategy(self._placement, rank),
            ).remote(rank, count, *arguments)
            for rank in range(count)
        ]

    def meet(self) -> None:
        """Waits for all ranks to be there, and for each other. Raises TrainerFault."""
        what = f"{len(self._actors)} ranks with {self.resources} each"
        try:
            point, *_ = ray.get([actor.prepare.remote() for actor in self._actors], timeout=START_SECONDS)
            ray.get([actor.join.remote(point) for actor in self._actors], timeout=START_SECONDS)
        except GetTimeoutError:
            self.end()
            raise TrainerFault(
                f"the policy's processes did not start within {START_SECONDS:g} s, expected room for {what}"
            ) from None
        except RayError as error:
            self.end()
            raise TrainerFault(f"the policy's processes did not start, {what}: {_last_line(error)}") from None

    def call(
        self, method: str, *arguments: Any, changes: bool, report: Callable[[float], None] | None = None
    ) -> Any:
        """What the first rank answers. `report` is told how far it is, 0 to 1.

        Raises a fault as it is where all ranks raise one, or where the method `changes` nothing. In any other case
        the ranks are no longer alike: raises PolicyLostError, which names a rank, and ends the group.
        """
        if len(self._actors) > 1:
            arguments = tuple(ray.put(argument) for argument in arguments)  # once, not for each
        return self._answer(
            lambda actor: getattr(actor, method).remote(*arguments), changes=changes, report=report
        )

    def call_beside(self, method: str) -> Any:
        """As `call` of a method that changes nothing; another thread may `call` meanwhile."""
        return self._answer(
            lambda actor: getattr(actor, method).options(concurrency_group=SAVING_GROUP).remote(),
            changes=False,
        )

    def end(self) -> None:
        """Ends all processes, if they are not ended already. Returns at once."""
        if self._ended:
            return
        self._ended = True
        for actor in self._actors:
            ray.kill(actor)
        remove_placement_group(self._placement)

    def _answer(
        self, ask: Callable[[Any], Any], changes: bool, report: Callable[[float], None] | None = None
    ) -> Any:
        try:
            answers = [ask(actor) for actor in self._actors]
            errors = self._errors(answers, report)
        except RayError as error:  # of Ray itself
            raise self._lost(f"the ranks are out of reach: {one_line(error)}") from None
        if not errors:
            return ray.get(answers[0])
        raise self._judge(errors, changes)

    def _errors(
        self, answers: list[Any], report: Callable[[float], None] | None
    ) -> dict[int, BaseException | None]:
        """By rank, of those that failed; None is a rank that neither ended nor failed within SETTLE_SECONDS."""
        errors: dict[int, BaseException | None] = {}
        pending, give_up = {answer: rank for rank, answer in enumerate(answers)}, float("inf")
        while pending and time.monotonic() < give_up:
            for answer in ray.wait(list(pending), timeout=WAIT_SECONDS)[0]:
                rank = pending.pop(answer)
                if error := _error_of(answer):
                    errors[rank] = error
                    give_up = min(give_up, time.monotonic() + SETTLE_SECONDS)
                    if not isinstance(error, RayTaskError):
                        return {rank: error}  # its process is gone, and there is nothing to wait for
            if report and not errors:
                self._ask_progress(report)
        return {**errors, **dict.fromkeys(pending.values())}

    def _judge(self, errors: dict[int, BaseException | None], changes: bool) -> Exception:
        causes = {rank: error.cause for rank, error in errors.items() if isinstance(error, RayTaskError)}
        faults = [cause for cause in causes.values() if isinstance(cause, OperationFault)]
        agreed = len(faults) == len(self._actors) or (not changes and len(faults) == len(errors))
        if agreed:
            return faults[0]
        if len(self._actors) == 1 and causes:
            cause: Exception = causes[0]
            cause.__cause__ = errors[0]
            return cause  # the backend has put everything back
        of = f"of {len(self._actors)}"
        for rank, error in errors.items():
            if error is not None and rank not in causes:
                return self._lost(f"rank {rank} {of} is gone: {one_line(error)}")
        rank, cause = next(iter(causes.items()))
        logger.error("rank %d failed", rank, exc_info=cause)
        hung = [rank for rank, error in errors.items() if error is None]
        after = f"; rank {hung[0]} did not end within {SETTLE_SECONDS:g} s of that" if hung else ""
        return self._lost(f"rank {rank} {of} failed: {type(cause).__name__}: {one_line(cause)}{after}")

    def _lost(self, how: str) -> PolicyLostError:
        """Whatever it is, nobody can say any more what each rank has applied."""
        self.end()
        return PolicyLostError(f"the policy is lost, expected LoadPolicy from a checkpoint: {how}")

    def _ask_progress(self, report: Callable[[float], None]) -> None:
        with suppress(RayError):  # what ails the rank, its answer tells
            progress = self._actors[0].progress.options(concurrency_group=PROGRESS_GROUP)
            report(ray.get(progress.remote(), timeout=WAIT_SECONDS))


def _error_of(answer: Any) -> BaseException | None:
    try:
        ray.get(answer)
        return None
    except RayError as raised:
        error: BaseException = raised
        return error


def _last_line(error: BaseException) -> str:
    """Where Ray's errors carry a traceback, the cause stands last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
