"""Verdicts as a reward function of TRL's `GRPOTrainer`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal, Protocol

from azr_verifier.errors import IllegalItems
from azr_verifier.items import Answer, Response, Task
from azr_verifier.options import Options
from azr_verifier.results import ItemError, Verdict
from azr_verifier.verifier import Verifier

Completion = str | Sequence[Mapping[str, Any]]
"""Text, or in conversations the messages that the policy added."""

THOUGHTS = ("reasoning_content", "thinking")
"""Keys of a message under which chat templates put what stood in the think block."""

TRUNCATED = Verdict("malformed", "truncated", "it does not end with an end token")


class RewardFunction(Protocol):
    """What `GRPOTrainer(reward_funcs=…)` calls: None leaves the completion to the other reward functions."""

    __name__: str

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Completion],
        completion_ids: Sequence[Sequence[int]] | None = None,
        **columns: Any,
    ) -> list[float | None]: ...


def verified_reward(
    verifier: Verifier,
    *,
    options: Options | None = None,
    column: str = "task",
    correct: float = 1.0,
    incorrect: float = 0.0,
    malformed: float = 0.0,
    decode: Callable[[Sequence[int]], str] | None = None,
    end_tokens: Collection[int] | None = None,
    illegal: Literal["raise", "none"] = "raise",
) -> RewardFunction:
    """A reward function that gives each completion what its verdict earns.

    `column` of the data set holds each row's task, as `Task.from_row` reads it; None gives None. With a prompt
    format in the options (or the verifier's own) completions are whole responses, else the answers alone.

    `decode` makes the text of a completion from its token ids, for formats whose tags the trainer leaves out as
    special tokens. With `end_tokens`, a completion that does not end with one of them was cut at a token limit.

    `illegal` says what becomes of a task that cannot be judged: `raise` IllegalItems, or give `none`.
    """
    rules = options or verifier.options
    earned = {"correct": correct, "incorrect": incorrect, "malformed": malformed}

    def answer_of(completion: Completion, ids: Sequence[int] | None) -> str | Response:
        whole = rules.prompt_format is not None
        text = text_of(completion, with_thoughts=whole) if decode is None or ids is None else decode(ids)
        return Response(text) if whole else text

    def reward(
        prompts: Sequence[Any],
        completions: Sequence[Completion],
        completion_ids: Sequence[Sequence[int]] | None = None,
        **columns: Any,
    ) -> list[float | None]:
        tasks = _tasks(columns, column, len(completions))
        ids = completion_ids if completion_ids is not None else [None] * len(completions)
        results: list[Verdict | ItemError | None] = [
            TRUNCATED if task and _is_cut(tokens, end_tokens) else None
            for task, tokens in zip(tasks, ids, strict=True)
        ]
        asked = {
            i: Answer(task, answer_of(completions[i], ids[i]))
            for i, task in enumerate(tasks)
            if task and results[i] is None
        }
        for i, result in zip(asked, verifier.score(asked.values(), options=rules), strict=True):
            results[i] = result
        if illegal == "raise":
            _raise_illegal(results)
        _log(columns, results)
        return [earned[result.outcome] if isinstance(result, Verdict) else None for result in results]

    reward.__name__ = "verified_reward"
    return reward


def text_of(completion: Completion, *, with_thoughts: bool) -> str:
    """A completion's text: itself, or that of its last message, with the think block put back in front of it."""
    if isinstance(completion, str):
        return completion
    message = completion[-1] if completion else {}
    content = message.get("content") or ""
    if not isinstance(content, str):
        content = "".join(part.get("text", "") for part in content)
    thoughts = next((message[key] for key in THOUGHTS if message.get(key)), None)
    return f"<think>{thoughts}</think>\n{content}" if with_thoughts and thoughts else content


def _tasks(columns: Mapping[str, Any], column: str, count: int) -> list[Task | None]:
    if column not in columns:
        raise ValueError(f"the data set has no column {column!r}; it holds the task of each row")
    rows = columns[column]
    if len(rows) != count:
        raise ValueError(f"column {column!r} has {len(rows)} tasks for {count} completions")
    return [None if row is None else Task.from_row(row) for row in rows]


def _is_cut(ids: Sequence[int] | None, end_tokens: Collection[int] | None) -> bool:
    return end_tokens is not None and ids is not None and (len(ids) == 0 or ids[-1] not in end_tokens)


def _raise_illegal(results: Sequence[Verdict | ItemError | None]) -> None:
    errors = [(i, result) for i, result in enumerate(results) if isinstance(result, ItemError)]
    if errors:
        index, error = errors[0]
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        raise IllegalItems(f"completion {index}: {error}{more}")


def _log(columns: Mapping[str, Any], results: Sequence[Verdict | ItemError | None]) -> None:
    """Tells the trainer, where it listens, what became of each completion, and the share of each outcome."""
    judged = [result for result in results if result is not None]
    if log_extra := columns.get("log_extra"):
        log_extra("verdict", [_word(result) for result in results])
    if judged and (log_metric := columns.get("log_metric")):
        outcomes = ["illegal" if isinstance(result, ItemError) else result.outcome for result in judged]
        # All of them each time: what is left out would not count in the trainer's mean.
        for outcome in ("correct", "incorrect", "malformed", "illegal"):
            log_metric(f"verdict/{outcome}", outcomes.count(outcome) / len(judged))


def _word(result: Verdict | ItemError | None) -> str:
    if result is None:
        return "none"
    return "illegal" if isinstance(result, ItemError) else result.reason or result.outcome
