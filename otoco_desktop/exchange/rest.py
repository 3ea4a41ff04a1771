"""Calls over REST: signed commands and queries, public questions, and what their replies tell of the clock."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.exchange.clock import Clock, RoundTrip, ServerTime, Stamps
from otoco_desktop.exchange.errors import DecodeError, RefusedQueryError, TransportError
from otoco_desktop.exchange.limits import RateLimits
from otoco_desktop.exchange.reasons import sentence_for
from otoco_desktop.exchange.replies import MAX_INSTRUMENTS, MAX_REPLY, Reply, parse_reply
from otoco_desktop.exchange.requests import Method, PublicMethod, signed_body
from otoco_desktop.exchange.signing import Params, Signer
from otoco_desktop.exchange.transport import HttpReply, exchange_bytes

JSON = {"Content-Type": "application/json"}


class RestClient:
    """One account's REST side.

    ``latency_ms`` is the newest round trip, None before the first; ``trouble`` says in words why the newest
    request brought no answer, None when it did. ``open`` comes before any call.
    """

    def __init__(self, base: str, signer: Signer, clock: Clock) -> None:
        self.server_time = ServerTime(clock)
        self.stamps = Stamps(self.server_time)
        self.latency_ms: int | None = None
        self.trouble: str | None = None
        self._http: httpx.AsyncClient | None = None
        self._ready: tuple[RequestStamp, httpx.Request] | None = None
        self._urls = {method: httpx.URL(base + method) for method in (*Method, *PublicMethod)}
        self._signer = signer
        self._clock = clock
        self._limits = RateLimits(clock.monotonic_ms)

    def open(self, http: httpx.AsyncClient) -> None:
        """Use this client from now on; ``close`` closes it."""
        self._http = http

    async def command(self, method: Method, params: Params, stamp: RequestStamp) -> HttpReply:
        """Send one state-changing request, once, now. Raises TransportError.

        It is never delayed and never repeated; where our rate limit has no room, nothing is sent.
        """
        self.take_room(method)
        return await self._post(method, params, stamp)

    def make_ready(self, method: Method, params: Params, stamp: RequestStamp) -> None:
        """Build and sign a command beforehand; nothing leaves until ``command`` is asked for this very stamp."""
        if self._http is not None:
            self._ready = (stamp, self._signed(method, params, stamp))

    def take_room(self, method: Method) -> None:
        """Count one command against the account's limits, whichever way it goes. Raises TransportError."""
        if not self._limits.try_command(method):
            raise TransportError("too many requests in this second", left=False)

    async def query(self, method: Method, params: Params) -> Reply:
        """Ask one private question. Raises ExchangeError of one kind or another."""
        await self._limits.query(method)
        stamp = self.stamps.next()
        answer = await self._post(method, params, stamp)
        return _checked(parse_reply(answer.body), stamp.request_id, method)

    async def public(self, method: PublicMethod, params: Mapping[str, str] | None = None) -> Reply:
        """Ask one public question. Raises ExchangeError of one kind or another."""
        await self._limits.query(method)
        limit = MAX_INSTRUMENTS if method is PublicMethod.INSTRUMENTS else MAX_REPLY
        request = self._client().build_request("GET", self._urls[method], params=dict(params or {}))
        reply = parse_reply((await self._exchange(request, limit)).body, limit)
        return _checked(reply, None, method)

    @property
    def is_usable(self) -> bool:
        """Whether it is open and the newest request brought an answer."""
        return self._http is not None and self.trouble is None

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            raise TransportError("not connected yet", left=False)
        return self._http

    async def _post(self, method: Method, params: Params, stamp: RequestStamp) -> HttpReply:
        return await self._exchange(self._made_ready(stamp) or self._signed(method, params, stamp), MAX_REPLY)

    def _made_ready(self, stamp: RequestStamp) -> httpx.Request | None:
        """What was built beforehand for this stamp; given out once."""
        if self._ready is None or self._ready[0] != stamp:
            return None
        request, self._ready = self._ready[1], None
        return request

    def _signed(self, method: Method, params: Params, stamp: RequestStamp) -> httpx.Request:
        body = signed_body(method, params, stamp, self._signer)
        return self._client().build_request("POST", self._urls[method], content=body, headers=JSON)

    async def _exchange(self, request: httpx.Request, limit: int) -> HttpReply:
        sent_ms, began_ms = self._clock.wall_ms(), self._clock.monotonic_ms()
        try:
            answer = await exchange_bytes(self._client(), request, limit)
        except TransportError as error:
            self.trouble = error.words
            raise
        self.trouble = None
        self.latency_ms = self._clock.monotonic_ms() - began_ms
        self.server_time.note_date(answer.date, RoundTrip(sent_ms, sent_ms + self.latency_ms))
        return answer


def _checked(reply: Reply, request_id: int | None, method: str) -> Reply:
    """The reply, if it answers this question with code 0."""
    if reply.code is None:
        raise DecodeError("the reply carries no code")
    if reply.code != 0:
        raise RefusedQueryError(reply.code, sentence_for(reply.code))
    if request_id is not None and not reply.answers(request_id, method):
        raise DecodeError("the reply belongs to another request")
    return reply
