"""Public questions over REST, and what their replies tell of the clock. Nothing here can sign."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from otoco_desktop.exchange.clock import Clock, RoundTrip, ServerTime, Stamps
from otoco_desktop.exchange.errors import DecodeError, RefusedQueryError, TransportError
from otoco_desktop.exchange.limits import RateLimits
from otoco_desktop.exchange.reasons import sentence_for
from otoco_desktop.exchange.replies import MAX_INSTRUMENTS, MAX_REPLY, Reply, parse_reply
from otoco_desktop.exchange.requests import PublicMethod
from otoco_desktop.exchange.transport import HttpReply, exchange_bytes


class PublicClient:
    """The part of an exchange that anybody may ask.

    ``latency_ms`` is the newest round trip, None before the first; ``trouble`` says in words why the newest
    request brought no answer, None when it did. ``open`` comes before any call.
    """

    def __init__(self, base: str, clock: Clock) -> None:
        self.server_time = ServerTime(clock)
        self.stamps = Stamps(self.server_time)
        self.latency_ms: int | None = None
        self.trouble: str | None = None
        self._base = base
        self._http: httpx.AsyncClient | None = None
        self._clock = clock
        self._limits = RateLimits(clock.monotonic_ms)

    def open(self, http: httpx.AsyncClient) -> None:
        """Use this client from now on; ``close`` closes it."""
        self._http = http

    async def public(self, method: PublicMethod, params: Mapping[str, str] | None = None) -> Reply:
        """Ask one public question. Raises ExchangeError of one kind or another."""
        await self._limits.query(method)
        limit = MAX_INSTRUMENTS if method is PublicMethod.INSTRUMENTS else MAX_REPLY
        request = self._client().build_request("GET", self._base + method, params=dict(params or {}))
        reply = parse_reply((await self._exchange(request, limit)).body, limit)
        return checked(reply, None, method)

    async def close(self) -> None:
        """Whoever asks from now on is told that there is no connection."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            raise TransportError("not connected", left=False)
        return self._http

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


def checked(reply: Reply, request_id: int | None, method: str) -> Reply:
    """The reply, if it answers this question with code 0."""
    if reply.code is None:
        raise DecodeError("the reply carries no code")
    if reply.code != 0:
        raise RefusedQueryError(reply.code, sentence_for(reply.code))
    if request_id is not None and not reply.answers(request_id, method):
        raise DecodeError("the reply belongs to another request")
    return reply
