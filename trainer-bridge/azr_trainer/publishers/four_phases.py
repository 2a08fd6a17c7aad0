"""vLLM's weight transfer, as one server sees it: pause, init, start, update, finish, resume."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from azr_trainer.publishers.publisher import RolloutServer, ServerPublication

RESUME_SECONDS = 10.0  # bound on the way back, also when the phases ran out of theirs
MAX_ERROR_LENGTH = 500
SESSION_OPEN = "already active"  # what vLLM answers a start in an open session


class PhaseError(Exception):
    """A phase that a server did not complete; the message names the phase."""


@dataclass(frozen=True)
class Update:
    """What the phases say."""

    init_info: dict[str, Any]
    update_info: dict[str, Any]
    weight_version: str


async def update_server(
    client: httpx.AsyncClient, server: RolloutServer, update: Update, phase_seconds: float
) -> ServerPublication:
    """Runs the phases on one server, each bounded; whatever happens, it is told to resume."""
    paused_at, errors = time.monotonic(), []
    try:
        await _run_phases(_Server(client, server, phase_seconds), update)
    except PhaseError as error:
        errors.append(str(error))
    finally:
        resumed = await _shielded_resume(_Server(client, server, min(phase_seconds, RESUME_SECONDS)))
    if resumed:
        errors.append(resumed)
    return ServerPublication(server.name, "; ".join(errors), time.monotonic() - paused_at)


async def _run_phases(server: _Server, update: Update) -> None:
    # `wait` lets what is in flight end: nothing is thrown away, and each completion comes from one version. Rollouts
    # that outlast the bound fail the phase. The cache is cleared here because `finish` does not clear it everywhere.
    await server.call("POST", "/pause?mode=wait&clear_cache=true")
    # Always: a server that was restarted forgot it, and one whose last update was cut off begins afresh.
    await server.call("POST", "/init_weight_transfer_engine", {"init_info": update.init_info})
    await _start_update(server)
    await server.call("POST", "/update_weights", {"update_info": update.update_info})
    await server.call("POST", "/finish_weight_update", {"weight_version": update.weight_version})
    served = (await server.call("GET", "/weight_info")).get("weight_version")
    if served != update.weight_version:
        raise PhaseError(
            f"GET /weight_info: weight_version is {served!r}, expected {update.weight_version!r}"
        )


async def _start_update(server: _Server) -> None:
    """Ends a session first that a lost trainer left open: vLLM's own init leaves it so."""
    try:
        await server.call("POST", "/start_weight_update")
    except PhaseError as error:
        if SESSION_OPEN not in str(error):
            raise
        await server.call("POST", "/finish_weight_update")
        await server.call("POST", "/start_weight_update")


async def _shielded_resume(server: _Server) -> str:
    """Empty, or what failed. Goes on to its bound even if the caller is cancelled."""
    task = asyncio.create_task(server.call("POST", "/resume"))
    try:
        await asyncio.shield(task)
    except PhaseError as error:
        return str(error)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
    return ""


class _Server:
    """One server and the bound on each of its answers, in seconds."""

    def __init__(self, client: httpx.AsyncClient, server: RolloutServer, seconds: float) -> None:
        self._client, self._url, self._seconds = client, server.url.rstrip("/"), seconds

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer's JSON object. Raises PhaseError."""
        what = f"{method} {path}"
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._client.request(method, self._url + path, json=body)
        except TimeoutError:
            raise PhaseError(f"{what}: no answer within {self._seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PhaseError(f"{what}: {error or type(error).__name__}") from None
        if response.status_code != 200:
            raise PhaseError(f"{what}: status {response.status_code}: {response.text[:MAX_ERROR_LENGTH]}")
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise PhaseError(f"{what}: the answer is no JSON object: {response.text[:MAX_ERROR_LENGTH]!r}")
        return answer
