"""What goes wrong, as the JSON that vLLM answers with: `{"error": {message, type, param, code}}`."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from azr_policy_server.engine import EngineDead
from azr_policy_server.scheduler import QueueFull
from azr_policy_server.weight_transfer import TransferError

RETRY_AFTER_SECONDS = 1


class ApiError(Exception):
    """A request that cannot be answered; `param` names the field at fault where it is one."""

    def __init__(
        self, message: str, param: str | None = None, status: int = 400, type: str = "BadRequestError"
    ) -> None:
        super().__init__(message)
        self.param = param
        self.status = status
        self.type = type


def bad_parameter(message: str, param: str, value: Any = None) -> ApiError:
    """A field whose value cannot be used, named behind the message as vLLM does."""
    return ApiError(f"{message} (parameter={param}{'' if value is None else f', value={value}'})", param)


class InvalidInput(Exception):
    """A `body` or `query` (`where`) that is not of the form its route expects."""

    def __init__(self, where: str, cause: ValidationError) -> None:
        super().__init__(str(cause))
        self.where = where
        self.cause = cause


def error_body(message: str, type: str, status: int, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": type, "param": param, "code": status}}


def unknown_model(model: str, served: str) -> ApiError:
    message = f"The model `{model}` does not exist. Valid aliases: {served}."
    return ApiError(message, "model", 404, "NotFoundError")


async def on_api_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse(error_body(str(error), error.type, error.status, error.param), error.status)


async def on_invalid_input(_: Request, error: Exception) -> Response:
    """A body or query of the wrong form: every fault, each with its place, in one message."""
    assert isinstance(error, InvalidInput)
    faults = [_fault(error.where, e) for e in error.cause.errors(include_url=False)]
    count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''}:"
    message = "\n  ".join([count, *map(repr, faults)])
    return JSONResponse(error_body(message, "Bad Request", 400, faults[0]["loc"]), 400)


async def on_queue_full(_: Request, error: Exception) -> Response:
    body = error_body(f"{error}; try again later", "ServiceUnavailableError", 503)
    return JSONResponse(body, 503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


async def on_transfer_error(_: Request, error: Exception) -> Response:
    """vLLM wraps what its worker says; clients look for the inner sentence, so the wrapping is kept as well."""
    message = (
        f"Call to collective_rpc method failed: Worker failed with error '{error}',"
        " please check the stack trace above for the root cause"
    )
    return JSONResponse(error_body(message, "InternalServerError", 500), 500)


async def on_server_error(_: Request, error: Exception) -> Response:
    return JSONResponse(error_body(str(error), "InternalServerError", 500), 500)


async def on_client_gone(_: Request, error: Exception) -> Response:
    """Nobody reads it."""
    return Response()


async def on_http_exception(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, headers=dict(error.headers or {}))


HANDLERS: dict[Any, Any] = {
    ApiError: on_api_error,
    InvalidInput: on_invalid_input,
    QueueFull: on_queue_full,
    TransferError: on_transfer_error,
    EngineDead: on_server_error,
    ClientDisconnect: on_client_gone,
    HTTPException: on_http_exception,
    Exception: on_server_error,  # logged with its trace by the HTTP server
}


def _fault(where: str, error: Any) -> dict[str, Any]:
    fault = {
        "type": error["type"],
        "loc": ".".join(map(str, (where, *error["loc"]))),
        "msg": error["msg"],
        "input": _summary(error["input"]),
    }
    return fault | ({"ctx": error["ctx"]} if "ctx" in error else {})


def _summary(value: Any) -> str:
    """The value at fault, short: an error message must not repeat a whole request."""
    if isinstance(value, (dict, list)) and value:
        return f"<{type(value).__name__} of {len(value)} items>"
    return str(value or None)[:100]
