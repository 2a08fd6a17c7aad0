"""From a completion request to the sampling parameters of its choices, checked, with vLLM's limits and wording.

Fields that vLLM honours and this server does not are refused unless they ask for nothing: a completion drawn in
another way than asked for must not pass for one.
"""

from __future__ import annotations

import math
import secrets
from typing import Any

from azr_policy_server.errors import ApiError, bad_parameter
from azr_policy_server.protocol import CompletionRequest
from azr_policy_server.sampling import GREEDY_BELOW, SamplingParams

MAX_LOGPROBS = 20
MAX_SALT_LENGTH = 128
SALT_FORBIDDEN = "@/\\\0"

_UNSUPPORTED: dict[str, Any] = dict.fromkeys(
    (
        "allowed_token_ids", "bad_words", "echo", "frequency_penalty", "guided_choice", "guided_grammar", "guided_json",
        "guided_regex", "logit_bias", "logprob_token_ids", "min_p", "min_tokens", "presence_penalty", "prompt_embeds",
        "prompt_logprobs", "repetition_detection", "response_format", "return_tokens_as_token_ids", "stream",
        "structured_outputs", "suffix", "thinking_token_budget", "truncate_prompt_tokens", "use_beam_search",
    )
) | {"best_of": 1, "length_penalty": 1, "repetition_penalty": 1, "top_k": -1}  # fmt: skip
"""Each with the value, beside those that are empty, that changes nothing."""


def sampling_params(
    request: CompletionRequest, prompt_tokens: int, max_model_len: int
) -> list[SamplingParams]:
    """The parameters of each of the request's choices for a prompt of `prompt_tokens`. Raises ApiError."""
    _refuse_unsupported(request)
    temperature = 1.0 if request.temperature is None else request.temperature
    top_p = 1.0 if request.top_p is None else request.top_p
    _check_numbers(request, temperature, top_p)
    stop = (request.stop,) if isinstance(request.stop, str) else tuple(request.stop or ())
    if "" in stop:
        raise ApiError("stop cannot contain an empty string.")
    seed = None if request.seed == -1 else request.seed
    max_tokens = _max_tokens(request, prompt_tokens, max_model_len)
    return [
        SamplingParams(
            max_tokens=max_tokens,
            temperature=temperature,
            top_p=top_p,
            seed=secrets.randbits(64) if seed is None else seed + choice,
            stop=stop,
            stop_token_ids=frozenset(request.stop_token_ids or ()),
            ignore_eos=request.ignore_eos,
            include_stop=request.include_stop_str_in_output,
            skip_special_tokens=request.skip_special_tokens,
            logprobs=request.logprobs,
        )
        for choice in range(request.n)
    ]


def _refuse_unsupported(request: CompletionRequest) -> None:
    for name, value in (request.model_extra or {}).items():
        if name in _UNSUPPORTED and value and value != _UNSUPPORTED[name]:
            raise bad_parameter(f"{name} is not supported by this server.", name, value)


def _check_numbers(request: CompletionRequest, temperature: float, top_p: float) -> None:
    if not math.isfinite(temperature):
        raise bad_parameter(
            f"temperature must be a finite number, got {temperature}.", "temperature", temperature
        )
    if temperature < 0:
        raise bad_parameter(
            f"temperature must be non-negative, got {temperature}.", "temperature", temperature
        )
    if temperature > 2:
        raise bad_parameter(f"temperature must be in [0, 2], got {temperature}.", "temperature", temperature)
    if not 0 < top_p <= 1:
        raise bad_parameter(f"top_p must be in (0, 1], got {top_p}.", "top_p", top_p)
    if request.n < 1:
        raise ApiError(f"n must be at least 1, got {request.n}.")
    if request.n > 1 and temperature < GREEDY_BELOW:
        raise ApiError(f"n must be 1 when using greedy sampling, got {request.n}.")
    _check_cache_salt(request.cache_salt)
    _check_logprobs(request.logprobs)


def _check_cache_salt(salt: str | None) -> None:
    if salt == "":
        raise bad_parameter("Parameter 'cache_salt' must be a non-empty string if provided.", "cache_salt")
    if salt is not None and (len(salt) > MAX_SALT_LENGTH or any(c in SALT_FORBIDDEN for c in salt)):
        raise bad_parameter(
            "Parameter 'cache_salt' must be at most 128 characters and must not contain '@', '/', '\\', or NUL.",
            "cache_salt",
        )


def _check_logprobs(logprobs: int | None) -> None:
    if logprobs is not None and logprobs < 0:
        raise bad_parameter(f"logprobs must be non-negative, got {logprobs}.", "logprobs", logprobs)
    if logprobs is not None and logprobs > MAX_LOGPROBS:
        raise bad_parameter(
            f"Requested sample logprobs of {logprobs}, which is greater than max allowed: {MAX_LOGPROBS}",
            "logprobs",
            logprobs,
        )


def _max_tokens(request: CompletionRequest, prompt_tokens: int, max_model_len: int) -> int:
    """What was asked for, or all that is left; prompt and answer must fit the model's context together."""
    asked, left = request.max_tokens, max_model_len - prompt_tokens
    if asked is not None and asked < 1:
        raise bad_parameter(f"max_tokens must be at least 1, got {asked}.", "max_tokens", asked)
    if asked is not None and asked > max_model_len:
        raise bad_parameter(
            f"max_tokens={asked} cannot be greater than max_model_len={max_model_len}."
            " Please request fewer output tokens.",
            "max_tokens",
            asked,
        )
    limit = f"This model's maximum context length is {max_model_len} tokens. However, "
    if left < 1:
        raise bad_parameter(
            f"{limit}your prompt contains {prompt_tokens} input tokens, which exceeds this limit even without any"
            " output tokens. Please reduce the length of the input prompt.",
            "input_tokens",
            prompt_tokens,
        )
    if asked is not None and asked > left:
        raise bad_parameter(
            f"{limit}you requested {asked} output tokens and your prompt contains {prompt_tokens} input tokens, for a"
            f" total of {asked + prompt_tokens} tokens. Please reduce the length of the input prompt or the number of"
            " requested output tokens.",
            "input_tokens",
            prompt_tokens,
        )
    return left if asked is None else asked
