"""Answers `/v1/completions`: a request becomes one generation a prompt, and the generations its choices."""

from __future__ import annotations

import secrets
import time
from itertools import chain
from typing import Any

from azr_policy_server.completion_params import sampling_params
from azr_policy_server.errors import ApiError
from azr_policy_server.protocol import CompletionRequest
from azr_policy_server.sequence import Generation, SampledToken, Sequence
from azr_policy_server.served_model import ServedModel
from azr_policy_server.text_stream import TokenNames

_LOWEST_LOGPROB = -9999.0
"""JSON has no infinity."""


def generations(model: ServedModel, request: CompletionRequest, header_id: str | None) -> list[Generation]:
    """The work that a request asks for. Raises ApiError."""
    request_id = f"cmpl-{header_id or request.request_id or secrets.token_hex(8)}"
    now = time.monotonic()
    prompts = _prompts(model, request)
    if len(prompts) * request.n > model.max_waiting:
        raise ApiError(
            f"{len(prompts)} prompts with n={request.n} are more than {model.max_waiting} sequences."
        )
    return [
        Generation(
            f"{request_id}-{i}",
            prompt,
            sampling_params(request, len(prompt), model.max_model_len),
            model.tokenizer,
            now,
        )
        for i, prompt in enumerate(prompts)
    ]


def completion(model: ServedModel, request: CompletionRequest, done: list[Generation]) -> dict[str, Any]:
    """The response body. Raises ApiError if a sequence ended for numbers that are not finite."""
    sequences = list(chain.from_iterable(g.sequences for g in done))
    if any(s.finish_reason == "error" for s in sequences):
        raise ApiError(
            "The model's logits are not finite: its weights have diverged.",
            status=500,
            type="InternalServerError",
        )
    prompt_tokens = sum(len(g.prompt) for g in done)
    completion_tokens = sum(len(s.tokens) for s in sequences)
    return {
        "id": done[0].id.rpartition("-")[0],
        "object": "text_completion",
        "created": int(time.time()),
        "model": request.model or model.name,
        "choices": [_choice(model.names, request, i, s) for i, s in enumerate(sequences)],
        "service_tier": None,
        "system_fingerprint": model.fingerprint,
        "usage": {
            "prompt_tokens": prompt_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "completion_tokens": completion_tokens,
            "prompt_tokens_details": None,
            "completion_tokens_details": None,
        },
        "kv_transfer_params": None,
        "ec_transfer_params": None,
        "metrics": None,
    }


def _prompts(model: ServedModel, request: CompletionRequest) -> list[list[int]]:
    prompt = request.prompt
    many: list[Any] = [prompt] if isinstance(prompt, str) else list(prompt or ())
    if many and isinstance(many[0], int):
        many = [many]
    if not many:
        raise ApiError("You must pass at least one prompt")
    tokenized = [model.tokenizer.encode(p).ids if isinstance(p, str) else p for p in many]
    for ids in tokenized:
        if not ids:
            raise ApiError("The decoder prompt cannot be empty")
        outside = next((i for i in ids if not 0 <= i < model.vocab_size), None)
        if outside is not None:
            raise ApiError(f"Token id {outside} is out of vocabulary")
    return tokenized


def _choice(names: TokenNames, request: CompletionRequest, index: int, sequence: Sequence) -> dict[str, Any]:
    ids = [t.token_id for t in sequence.tokens]
    return {
        "index": index,
        "text": sequence.text.text,
        "logprobs": None if request.logprobs is None else _logprobs(names, ids, sequence.tokens),
        "finish_reason": sequence.finish_reason,
        "stop_reason": sequence.stop_reason,
        "token_ids": ids if request.return_token_ids else None,
        "prompt_logprobs": None,
        "prompt_token_ids": sequence.prompt if request.return_token_ids else None,
        "routed_experts": None,
    }


def _logprobs(names: TokenNames, ids: list[int], tokens: list[SampledToken]) -> dict[str, Any]:
    """Columns over the tokens; `top_logprobs` has the most likely tokens and always the sampled one."""
    texts = [names.after(ids, i, token_id) for i, token_id in enumerate(ids)]
    offsets = [0]
    for text in texts[:-1]:
        offsets.append(offsets[-1] + len(text))
    own = [max(t.logprob, _LOWEST_LOGPROB) for t in tokens]
    return {
        "text_offset": offsets[: len(texts)],
        "token_logprobs": own,
        "tokens": texts,
        "top_logprobs": [
            {**_most_likely(names, ids, i, tokens[i]), text: own[i]} for i, text in enumerate(texts)
        ],
    }


def _most_likely(names: TokenNames, ids: list[int], index: int, token: SampledToken) -> dict[str, float]:
    return {names.after(ids, index, other): max(logprob, _LOWEST_LOGPROB) for other, logprob in token.top}
