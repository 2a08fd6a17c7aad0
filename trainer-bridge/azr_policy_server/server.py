"""The routes: vLLM's paths over the engine and the weight transfer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from azr_policy_server import __version__, protocol
from azr_policy_server.completions import completion, generations
from azr_policy_server.engine import Engine
from azr_policy_server.errors import HANDLERS, ApiError, error_body, unknown_model
from azr_policy_server.metrics import CONTENT_TYPE
from azr_policy_server.sequence import Generation
from azr_policy_server.served_model import ServedModel
from azr_policy_server.weight_transfer import FileEngine

MAX_BODY_BYTES = 32 << 20


class Routes:
    def __init__(self, model: ServedModel, engine: Engine, transfer: FileEngine) -> None:
        self._model = model
        self._engine = engine
        self._transfer = transfer
        self._card = model.card()
        self._load = 0

    async def completions(self, request: Request) -> Response:
        asked = await self._body(request, protocol.CompletionRequest)
        self._check_model(asked.model)
        work = generations(self._model, asked, request.headers.get("x-request-id"))
        await asyncio.wrap_future(self._engine.submit(work))
        self._load += 1
        try:
            finished = await _unless_disconnected(request, work)
        finally:
            self._load -= 1
            if not all(g.done.done() for g in work):
                self._engine.abort(work.__contains__)
        return JSONResponse(completion(self._model, asked, work) if finished else None)

    async def tokenize(self, request: Request) -> Response:
        asked = await self._body(request, protocol.TokenizeRequest)
        self._check_model(asked.model)
        encoded = self._model.tokenizer.encode(asked.prompt, add_special_tokens=asked.add_special_tokens)
        return JSONResponse(
            {
                "count": len(encoded.ids),
                "max_model_len": self._model.max_model_len,
                "tokens": encoded.ids,
                "token_strs": encoded.tokens if asked.return_token_strs else None,
            }
        )

    async def abort_requests(self, request: Request) -> Response:
        body = await _read_body(request)
        if not body:
            return JSONResponse(error_body("Invalid JSON format", "Bad Request", 400), 400)
        ids = protocol.parse_body(protocol.AbortRequest, body).request_ids
        aborted = await asyncio.wrap_future(self._engine.abort(lambda g: ids is None or g.id in ids))
        # With ids vLLM counts what was asked for, not what was found.
        return JSONResponse({"status": "aborted", "aborted": aborted if ids is None else len(ids)})

    async def pause(self, request: Request) -> Response:
        query = protocol.parse_query(protocol.PauseQuery, request.query_params)
        await asyncio.wrap_future(self._engine.pause(query.mode))
        return JSONResponse({"status": "paused"})

    async def resume(self, _: Request) -> Response:
        await asyncio.wrap_future(self._engine.resume())
        return JSONResponse({"status": "resumed"})

    async def init_weight_transfer(self, request: Request) -> Response:
        asked = await self._body(request, protocol.InitWeightTransfer)
        await asyncio.to_thread(self._transfer.init, asked.init_info)
        return JSONResponse({"message": "Weight transfer initialized"})

    async def start_weight_update(self, _: Request) -> Response:
        await asyncio.to_thread(self._transfer.start)
        return JSONResponse({"message": "Weight update started"})

    async def update_weights(self, request: Request) -> Response:
        asked = await self._body(request, protocol.UpdateWeights)
        await asyncio.to_thread(self._transfer.update, asked.update_info)
        return JSONResponse({"message": "Weights updated"})

    async def finish_weight_update(self, request: Request) -> Response:
        asked = protocol.parse_body(protocol.FinishWeightUpdate, await _read_body(request) or b"{}")
        await asyncio.to_thread(self._transfer.finish, asked.weight_version)
        return JSONResponse({"message": "Weight update finished"})

    async def health(self, _: Request) -> Response:
        return Response(status_code=200 if self._engine.alive else 503)

    async def metrics(self, _: Request) -> Response:
        return Response(self._engine.metrics(), headers={"Content-Type": CONTENT_TYPE})

    def application(self) -> Starlette:
        def state(name: str, value: Callable[[], Any]) -> Callable[[Request], Awaitable[Response]]:
            async def answer(_: Request) -> Response:
                return JSONResponse({name: value()})

            return answer

        async def models(_: Request) -> Response:
            return JSONResponse({"object": "list", "data": [self._card]})

        get: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/v1/models": models,
            "/health": self.health,
            "/metrics": self.metrics,
            "/load": state("server_load", lambda: self._load),
            "/version": state("version", lambda: __version__),
            "/is_paused": state("is_paused", lambda: self._engine.paused),
            "/weight_info": state("weight_version", lambda: self._transfer.weight_version),
            "/get_world_size": state("world_size", lambda: 1),
        }
        post: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/v1/completions": self.completions,
            "/tokenize": self.tokenize,
            "/abort_requests": self.abort_requests,
            "/pause": self.pause,
            "/resume": self.resume,
            "/init_weight_transfer_engine": self.init_weight_transfer,
            "/start_weight_update": self.start_weight_update,
            "/update_weights": self.update_weights,
            "/finish_weight_update": self.finish_weight_update,
        }
        routes = [Route(path, endpoint, methods=["GET"]) for path, endpoint in get.items()]
        routes += [Route(path, endpoint, methods=["POST"]) for path, endpoint in post.items()]
        return Starlette(routes=routes, exception_handlers=HANDLERS)

    async def _body(self, request: Request, kind: type[protocol.M]) -> protocol.M:
        return protocol.parse_body(kind, await _read_body(request))

    def _check_model(self, name: str | None) -> None:
        if name is not None and name != self._model.name:
            raise unknown_model(name, self._model.name)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ApiError(f"The body is longer than {MAX_BODY_BYTES} bytes.", status=413)
    return bytes(body)


async def _unless_disconnected(request: Request, work: list[Generation]) -> bool:
    """Waits for all of `work`; False if the client left before."""
    done = asyncio.create_task(_all_done(work))
    gone = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((done, gone), return_when=asyncio.FIRST_COMPLETED)
        if done.done():
            done.result()
        return done.done()
    finally:
        done.cancel()
        gone.cancel()


async def _all_done(work: list[Generation]) -> None:
    for generation in work:
        await asyncio.wrap_future(generation.done)
