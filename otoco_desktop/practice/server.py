"""The ASGI application: HTTP methods and both websockets, on the loopback address only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import formatdate
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from otoco_desktop.practice import codes
from otoco_desktop.practice.api import Answer, Api
from otoco_desktop.practice.candles import LEGACY, TIMEFRAMES
from otoco_desktop.practice.connection import TRY_LATER, Outbox, serve
from otoco_desktop.practice.conversation import Conversation, MarketConversation, UserConversation
from otoco_desktop.practice.dialect import refusal
from otoco_desktop.practice.faults import EventFaults, Fault, Loss, RawReply
from otoco_desktop.practice.feeds import MarketFeed, UserFeed
from otoco_desktop.practice.venue import Venue
from otoco_desktop.practice.wires import Wires

PREFIX = "/exchange/v1"
LARGEST_BODY = 1_000_000
"""Most bytes taken in one request or websocket message."""

_NEEDS_CANDLES = ("public/get-candlestick", "public/get-valuations")
_JSON = "application/json"
_CLOSED = RawReply(b"<html><body><h1>Scheduled maintenance</h1></body></html>", 503, "text/html")


class ExchangeServer:
    """The routes over one venue."""

    def __init__(self, venue: Venue, api: Api, wires: Wires, later: Callable[..., Any]) -> None:
        self._venue = venue
        self._api = api
        self._wires = wires
        self._users: dict[Outbox, tuple[str, int] | None] = {}
        self.user_feed = UserFeed(venue, api.queries, EventFaults(venue.faults, later))
        self.market_feed = MarketFeed(venue, api.queries)
        routes = [
            WebSocketRoute(f"{PREFIX}/user", self._user),
            WebSocketRoute(f"{PREFIX}/market", self._market),
            Route(f"{PREFIX}/{{method:path}}", self._get, methods=["GET"]),
            Route(f"{PREFIX}/{{method:path}}", self._post, methods=["POST"]),
        ]
        self.app = _Guard(Starlette(routes=routes))

    def disconnect_users(self, code: int | None = None) -> None:
        """End every user stream: with a close code, or by breaking the connection."""
        for outbox, client in list(self._users.items()):
            if code is None:
                self._wires.cut(client)
            else:
                outbox.close(code)

    def drop_connections(self) -> None:
        """Break every connection, kept-alive HTTP ones too."""
        self._wires.cut_all()

    async def _get(self, request: Request) -> Response:
        method = request.path_params["method"]
        raw = self._armed_reply(method)
        if raw is not None:
            return self._raw(raw, request)
        if method.startswith("private/"):
            return self._reply(_refused(codes.INVALID_REQUEST))
        params = dict(request.query_params)
        if method in _NEEDS_CANDLES and not await self._bring_candles(params):
            return self._reply(_refused(codes.INTERNAL_SERVER_ERROR))
        return self._reply(self._api.get(method, params))

    async def _bring_candles(self, params: dict[str, str]) -> bool:
        """Where prices come from outside, so does their history; whether it came, or none was needed."""
        outside, asked = self._venue.outside, params.get("timeframe", "1m")
        symbol, timeframe = params.get("instrument_name", ""), LEGACY.get(asked, asked)
        known = symbol in self._venue.instruments and timeframe in TIMEFRAMES
        if not outside.is_on or not known:
            return True
        if outside.candles is None:
            return False
        try:
            self._venue.candles.put(symbol, timeframe, await outside.candles(symbol, timeframe))
        except ConnectionError:
            return False
        return True

    async def _post(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            body = await _limited_body(request)
        except ClientDisconnect:
            return Response()
        if body is None:
            return self._reply(_refused(codes.BAD_REQUEST, status=413))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
            return self._reply(_refused(codes.INVALID_REQUEST, status=415))
        raw = self._armed_reply(method)
        if raw is not None:
            return self._raw(raw, request)
        answer = self._api.post(method, body)
        if answer.lost:
            return await self._lose(request, answer.lost)
        return self._reply(answer)

    def _armed_reply(self, method: str) -> RawReply | None:
        faults = self._venue.faults
        return _CLOSED if faults.value(Fault.MAINTENANCE) else faults.take_raw(method)

    async def _lose(self, request: Request, how: Loss) -> Response:
        if how is Loss.ABORT:
            self._wires.cut(_client(request.scope))
        while (await request.receive())["type"] != "http.disconnect":
            pass
        return Response()

    def _reply(self, answer: Answer) -> Response:
        return Response(answer.body, answer.status, self._headers(), _JSON)

    def _raw(self, raw: RawReply, request: Request) -> Response:
        if raw.declared is None:
            return Response(raw.body, raw.status, self._headers(), raw.content_type)
        return _Torn(raw, self._headers(), lambda: self._wires.cut(_client(request.scope)))

    def _headers(self) -> dict[str, str]:
        return {"date": formatdate(self._venue.now_ns / 1e9, usegmt=True)}

    async def _user(self, socket: WebSocket) -> None:
        outbox, client = Outbox(self._venue.faults), _client(socket.scope)

        def drop(how: Loss) -> None:
            if how is Loss.ABORT:
                self._wires.cut(client)

        talk = UserConversation(outbox.send, drop, self._api, self.user_feed, self._venue.faults)
        self._users[outbox] = client
        try:
            await self._serve(socket, outbox, talk, self.user_feed)
        finally:
            del self._users[outbox]

    async def _market(self, socket: WebSocket) -> None:
        outbox, client = Outbox(self._venue.faults), _client(socket.scope)
        talk = MarketConversation(outbox.send, lambda _: self._wires.cut(client), self.market_feed, self._venue.faults)
        await self._serve(socket, outbox, talk, self.market_feed)

    async def _serve(self, socket: WebSocket, outbox: Outbox, talk: Conversation, feed: UserFeed | MarketFeed) -> None:
        if self._venue.faults.value(Fault.MAINTENANCE):
            await socket.accept()
            await socket.close(TRY_LATER)
            return
        feed.listeners.append(talk)
        try:
            await serve(socket, outbox, talk, self._venue)
        finally:
            feed.listeners.remove(talk)


class _Guard:
    """Refuses foreign Host headers and every Origin: no web page may reach the practice exchange."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not _welcome(scope):
            await _forbid(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _welcome(scope: Scope) -> bool:
    headers = scope["headers"]
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    port = scope["server"][1]
    allowed = (f"127.0.0.1:{port}", f"localhost:{port}")
    return len(hosts) == 1 and hosts[0] in allowed and all(name != b"origin" for name, _ in headers)


async def _forbid(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": TRY_LATER})
    else:
        await Response("Forbidden", 403, media_type="text/plain")(scope, receive, send)


class _Torn(Response):
    """A reply that breaks off: it announces another length than it has."""

    def __init__(self, raw: RawReply, headers: dict[str, str], cut: Callable[[], None]) -> None:
        super().__init__(raw.body, raw.status, headers, raw.content_type)
        self.headers["content-length"] = str(raw.declared)
        self._cut = cut

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        self._cut()
        await _gone(receive)


async def _gone(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _limited_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _refused(code: int, status: int | None = None) -> Answer:
    return Answer(status or codes.http_status(code), msgspec.json.encode(refusal(None, code)))


def _client(scope: Scope) -> tuple[str, int] | None:
    client = scope.get("client")
    return (client[0], client[1]) if client else None
