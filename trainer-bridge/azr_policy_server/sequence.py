"""One sequence being generated, and the group of choices that answer one prompt."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from tokenizers import Tokenizer

from azr_policy_server.sampling import SamplingParams
from azr_policy_server.text_stream import TextStream

FinishReason = Literal["stop", "length", "abort", "error"]

T = TypeVar("T")


def uncancellable() -> Future[T]:
    """A future that only the engine settles: a waiter that goes away must not leave it in a state of its own."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()
    return future


class SampledToken(NamedTuple):
    """`logprob` is the model's own, temperature and top-p not applied; `top` the most likely tokens, best first."""

    token_id: int
    logprob: float
    top: list[tuple[int, float]]


@dataclass(slots=True, eq=False)
class Sequence:
    generation: Generation
    prompt: list[int]
    params: SamplingParams
    text: TextStream
    arrived: float  # seconds, monotonic, as all times here
    tokens: list[SampledToken] = field(default_factory=list)
    last_token_at: float = 0.0
    finish_reason: FinishReason | None = None
    stop_reason: str | int | None = None

    @property
    def length(self) -> int:
        """Tokens of prompt and answer; the last of them is not in the cache yet."""
        return len(self.prompt) + len(self.tokens)

    def append(self, token: SampledToken, eos_token_ids: frozenset[int]) -> None:
        """Takes the next token, and sets `finish_reason` if it was the last.

        Tokens that end a sequence stay among its tokens but out of its text; a stop string is cut from the text only.
        """
        self.tokens.append(token)
        params, token_id = self.params, token.token_id
        is_eos = token_id in eos_token_ids and not params.ignore_eos
        if is_eos or token_id in params.stop_token_ids:
            self.finish_reason = "stop"
            self.stop_reason = None if is_eos else token_id
            if params.include_stop:
                self.text.push(token_id)
            return
        grown = self.text.push(token_id)
        if params.stop and grown:
            self.stop_reason = self.text.cut_at_stop(params.stop, grown, params.include_stop)
        if self.stop_reason is not None:
            self.finish_reason = "stop"
        elif len(self.tokens) >= params.max_tokens:
            self.finish_reason = "length"


class Generation:
    """The choices for one prompt of a request; `done` is resolved when the last of them has finished."""

    def __init__(
        self, id: str, prompt: list[int], params: list[SamplingParams], tokenizer: Tokenizer, now: float
    ) -> None:
        self.id = id
        self.prompt = prompt
        self.done: Future[None] = uncancellable()
        self.sequences = [
            Sequence(self, prompt, p, TextStream(tokenizer, p.skip_special_tokens), arrived=now)
            for p in params
        ]
        self._unfinished = len(params)

    def one_finished(self) -> None:
        self._unfinished -= 1
        if not self._unfinished:
            self.done.set_result(None)
