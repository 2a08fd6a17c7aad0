"""What clients send: the bodies and queries of the routes. Unknown fields are accepted without a word, as in vLLM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from azr_policy_server.errors import InvalidInput

M = TypeVar("M", bound=BaseModel)


class CompletionRequest(BaseModel):
    model_config = ConfigDict(extra="allow")

    prompt: str | list[StrictInt] | list[str] | list[list[StrictInt]] | None = None
    model: str | None = None
    max_tokens: int | None = 16
    temperature: float | None = 1.0
    top_p: float | None = 1.0
    n: int = 1
    seed: int | None = Field(None, ge=-(1 << 63), le=(1 << 63) - 1)
    stop: str | list[str] | None = None
    stop_token_ids: list[StrictInt] | None = None
    ignore_eos: bool = False
    include_stop_str_in_output: bool = False
    skip_special_tokens: bool = True
    logprobs: int | None = None
    return_token_ids: bool | None = None
    request_id: str | None = None
    priority: int = 0
    cache_salt: str | None = None


class TokenizeRequest(BaseModel):
    prompt: str
    model: str | None = None
    add_special_tokens: bool = True
    return_token_strs: bool | None = None


class AbortRequest(BaseModel):
    """Without ids, everything is aborted."""

    request_ids: list[str] | None = None


class PauseQuery(BaseModel):
    mode: Literal["abort", "wait", "keep"] = "abort"
    clear_cache: bool = True  # accepted for vLLM's clients; no cache outlives its sequence here


class InitWeightTransfer(BaseModel):
    init_info: dict[str, Any]


class UpdateWeights(BaseModel):
    update_info: dict[str, Any]


class FinishWeightUpdate(BaseModel):
    weight_version: str | None = None


def parse_body(kind: type[M], body: bytes) -> M:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput("body", error) from None


def parse_query(kind: type[M], query: Mapping[str, str]) -> M:
    try:
        return kind.model_validate(dict(query))
    except ValidationError as error:
        raise InvalidInput("query", error) from None
