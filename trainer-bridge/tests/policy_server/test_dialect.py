"""The routes answer in vLLM's shapes: statuses, keys, and the wording of errors that clients match on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy_server.server_process import Client

COMPLETION = {
    "id", "object", "created", "model", "choices", "service_tier", "system_fingerprint", "usage",
    "kv_transfer_params", "ec_transfer_params", "metrics",
}  # fmt: skip
CHOICE = {
    "index", "text", "logprobs", "finish_reason", "stop_reason", "token_ids", "prompt_logprobs", "prompt_token_ids",
    "routed_experts",
}  # fmt: skip
USAGE = {
    "prompt_tokens", "total_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details",
}  # fmt: skip
LOGPROBS = {"text_offset", "token_logprobs", "tokens", "top_logprobs"}
MODEL = {"id", "object", "created", "owned_by", "root", "parent", "max_model_len", "permission"}
PERMISSION = {
    "id", "object", "created", "allow_create_engine", "allow_sampling", "allow_logprobs", "allow_search_indices",
    "allow_view", "allow_fine_tuning", "organization", "group", "is_blocking",
}  # fmt: skip

BAD_COMPLETIONS: list[tuple[dict[str, Any], int, str, str, str | None]] = [
    # fields, status, type, message, param
    ({"prompt": []}, 400, "BadRequestError", "You must pass at least one prompt", None),
    ({"prompt": None}, 400, "BadRequestError", "You must pass at least one prompt", None),
    ({"prompt": [[]]}, 400, "BadRequestError", "The decoder prompt cannot be empty", None),
    ({"prompt": [5, 99999]}, 400, "BadRequestError", "Token id 99999 is out of vocabulary", None),
    ({"prompt": [5, -1]}, 400, "BadRequestError", "Token id -1 is out of vocabulary", None),
    ({"model": "nope"}, 404, "NotFoundError", "The model `nope` does not exist. Valid aliases: policy.", "model"),
    (
        {"cache_salt": ""}, 400, "BadRequestError",
        "Parameter 'cache_salt' must be a non-empty string if provided. (parameter=cache_salt)", "cache_salt",
    ),
    (
        {"cache_salt": "run/v1"}, 400, "BadRequestError",
        "Parameter 'cache_salt' must be at most 128 characters and must not contain '@', '/', '\\', or NUL."
        " (parameter=cache_salt)", "cache_salt",
    ),
    (
        {"logprobs": 25}, 400, "BadRequestError",
        "Requested sample logprobs of 25, which is greater than max allowed: 20 (parameter=logprobs, value=25)",
        "logprobs",
    ),
    (
        {"max_tokens": 20000}, 400, "BadRequestError",
        "max_tokens=20000 cannot be greater than max_model_len=16384. Please request fewer output tokens."
        " (parameter=max_tokens, value=20000)", "max_tokens",
    ),
    (
        {"prompt": [5] * 16388, "max_tokens": 2}, 400, "BadRequestError",
        "This model's maximum context length is 16384 tokens. However, your prompt contains 16388 input tokens, which"
        " exceeds this limit even without any output tokens. Please reduce the length of the input prompt."
        " (parameter=input_tokens, value=16388)", "input_tokens",
    ),
    (
        {"prompt": [5] * 16378, "max_tokens": 7}, 400, "BadRequestError",
        "This model's maximum context length is 16384 tokens. However, you requested 7 output tokens and your prompt"
        " contains 16378 input tokens, for a total of 16385 tokens. Please reduce the length of the input prompt or the"
        " number of requested output tokens. (parameter=input_tokens, value=16378)", "input_tokens",
    ),
    (
        {"temperature": -1}, 400, "BadRequestError",
        "temperature must be non-negative, got -1.0. (parameter=temperature, value=-1.0)", "temperature",
    ),
    ({"top_p": 0}, 400, "BadRequestError", "top_p must be in (0, 1], got 0.0. (parameter=top_p, value=0.0)", "top_p"),
    (
        {"max_tokens": 0}, 400, "BadRequestError",
        "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)", "max_tokens",
    ),
    ({"n": 0}, 400, "BadRequestError", "n must be at least 1, got 0.", None),
    ({"n": 2, "temperature": 0}, 400, "BadRequestError", "n must be 1 when using greedy sampling, got 2.", None),
    ({"n": 10**9}, 400, "BadRequestError", "1 prompts with n=1000000000 are more than 4096 sequences.", None),
    ({"stop": ["a", ""]}, 400, "BadRequestError", "stop cannot contain an empty string.", None),
    (
        {"stream": True}, 400, "BadRequestError",
        "stream is not supported by this server. (parameter=stream, value=True)", "stream",
    ),
    (
        {"top_k": 5}, 400, "BadRequestError",
        "top_k is not supported by this server. (parameter=top_k, value=5)", "top_k",
    ),
    (
        {"max_tokens": "many"}, 400, "Bad Request",
        "1 validation error:\n  {'type': 'int_parsing', 'loc': 'body.max_tokens', 'msg': 'Input should be a valid"
        " integer, unable to parse string as an integer', 'input': 'many'}", "body.max_tokens",
    ),
]  # fmt: skip

ROUTES: list[tuple[str, str, Any, int, Any]] = [
    # method, path, body, status, answer
    ("GET", "/health", None, 200, None),
    ("GET", "/load", None, 200, {"server_load": 0}),
    ("GET", "/version", None, 200, {"version": "0.1.0"}),
    ("GET", "/is_paused", None, 200, {"is_paused": False}),
    ("GET", "/get_world_size?include_dp=true", None, 200, {"world_size": 1}),
    ("GET", "/nonexistent", None, 404, {"detail": "Not Found"}),
    ("GET", "/v1/completions", None, 405, {"detail": "Method Not Allowed"}),
    ("POST", "/resume", None, 200, {"status": "resumed"}),
    ("POST", "/abort_requests", {}, 200, {"status": "aborted", "aborted": 0}),
    ("POST", "/abort_requests", {"request_ids": ["nope"]}, 200, {"status": "aborted", "aborted": 1}),
    (
        "POST", "/abort_requests", None, 400,
        {"error": {"message": "Invalid JSON format", "type": "Bad Request", "param": None, "code": 400}},
    ),
    (
        "POST", "/pause?mode=foo", None, 400,
        {
            "error": {
                "message": "1 validation error:\n  {'type': 'literal_error', 'loc': 'query.mode', 'msg': \"Input"
                " should be 'abort', 'wait' or 'keep'\", 'input': 'foo', 'ctx': {'expected': \"'abort', 'wait' or"
                " 'keep'\"}}",
                "type": "Bad Request", "param": "query.mode", "code": 400,
            }
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "status", "type_", "message", "param"), BAD_COMPLETIONS)
def test_a_bad_completion_is_refused(
    server: Client, fields: dict[str, Any], status: int, type_: str, message: str, param: str | None
) -> None:
    response = server.post("/v1/completions", json={"prompt": [40, 41], "max_tokens": 2} | fields)
    assert response.status_code == status
    assert response.json() == {"error": {"message": message, "type": type_, "param": param, "code": status}}


@pytest.mark.parametrize(("method", "path", "body", "status", "answer"), ROUTES)
def test_a_route_answers(server: Client, method: str, path: str, body: Any, status: int, answer: Any) -> None:
    response = server.request(method, path, json=body)
    assert response.status_code == status
    assert (response.json() if response.content else None) == answer


def test_a_body_that_is_not_json_is_refused(server: Client) -> None:
    error = server.post("/v1/completions", content=b"{prompt").json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("Bad Request", "body", 400)


def test_a_full_completion_has_every_key(server: Client) -> None:
    answer = server.complete(
        [40, 41, 42], max_tokens=4, n=2, temperature=1, seed=7, logprobs=1, cache_salt="v1", priority=5, stop=["\0\0"],
        bogus_field=1, model="policy",
    )  # fmt: skip
    assert set(answer) == COMPLETION and set(answer["usage"]) == USAGE
    assert answer["object"] == "text_completion" and answer["model"] == "policy"
    assert [answer["usage"][k] for k in ("prompt_tokens", "completion_tokens", "total_tokens")] == [3, 8, 11]
    for index, choice in enumerate(answer["choices"]):
        assert set(choice) == CHOICE and set(choice["logprobs"]) == LOGPROBS
        assert (choice["index"], choice["finish_reason"], choice["stop_reason"]) == (index, "length", None)
        assert choice["prompt_token_ids"] == [40, 41, 42] and len(choice["token_ids"]) == 4
        assert all(len(column) == 4 for column in choice["logprobs"].values())


def test_a_plain_completion_leaves_out_what_was_not_asked_for(server: Client) -> None:
    answer = server.complete([40, 41], temperature=0, return_token_ids=None, logprobs=None)
    choice = answer["choices"][0]
    assert set(choice) == CHOICE
    assert [choice[k] for k in ("logprobs", "token_ids", "prompt_token_ids")] == [None, None, None]
    assert answer["usage"]["completion_tokens"] == 16  # OpenAI's default


def test_many_prompts_are_answered_in_order(server: Client) -> None:
    answer = server.complete(["def f(x)", "return"], max_tokens=2, n=2, seed=1)
    alone = [server.complete(p, max_tokens=2, n=2, seed=1)["choices"] for p in ("def f(x)", "return")]
    texts = [(c["prompt_token_ids"], c["token_ids"]) for c in answer["choices"]]
    assert texts == [(c["prompt_token_ids"], c["token_ids"]) for choices in alone for c in choices]
    assert [c["index"] for c in answer["choices"]] == [0, 1, 2, 3]


def test_the_models_are_listed(server: Client) -> None:
    answer = server.get("/v1/models").json()
    (model,) = answer["data"]
    assert answer["object"] == "list" and set(model) == MODEL and set(model["permission"][0]) == PERMISSION
    assert (model["id"], model["max_model_len"], model["parent"]) == ("policy", 16384, None)


def test_tokenize_counts_and_names(server: Client) -> None:
    answer = server.post("/tokenize", json={"prompt": "def f", "return_token_strs": True}).json()
    assert set(answer) == {"count", "max_model_len", "tokens", "token_strs"}
    assert answer["count"] == len(answer["tokens"]) == len(answer["token_strs"])
    assert server.complete("def f", max_tokens=1)["choices"][0]["prompt_token_ids"] == answer["tokens"]
    assert server.post("/tokenize", json={"prompt": "x", "model": "nope"}).status_code == 404
    assert server.post("/tokenize", json={"prompt": "x"}).json()["token_strs"] is None


def test_the_header_names_the_request_before_the_body(server: Client) -> None:
    body = {"prompt": [40], "max_tokens": 1, "request_id": "mine"}
    assert server.post("/v1/completions", json=body).json()["id"] == "cmpl-mine"
    response = server.post("/v1/completions", json=body, headers={"X-Request-Id": "theirs"})
    assert response.json()["id"] == "cmpl-theirs"
