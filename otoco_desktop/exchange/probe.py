"""Asks an exchange the questions of a connection test: is it there, does it take the key, what does it offer.

Only questions: the methods that place or cancel are not within reach here.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.domain.market import AccountSnapshot, Fees, MarkSource
from otoco_desktop.domain.probing import ProbeReason, ProbeTrouble
from otoco_desktop.exchange.clock import Clock, RoundTrip, ServerTime, Stamps
from otoco_desktop.exchange.endpoints import Endpoints
from otoco_desktop.exchange.errors import DecodeError, TransportError
from otoco_desktop.exchange.market_session import MarketSession
from otoco_desktop.exchange.reasons import sentence_for
from otoco_desktop.exchange.replies import Reply, parse_reply, result_rows
from otoco_desktop.exchange.requests import Method, PublicMethod, signed_body
from otoco_desktop.exchange.rest import JSON
from otoco_desktop.exchange.rows import account_rows, fee_row, ticker_row
from otoco_desktop.exchange.scalars import rows
from otoco_desktop.exchange.session import Event, Phase, Session, Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff, Sink, Stream
from otoco_desktop.exchange.subscriptions import Stage
from otoco_desktop.exchange.tls import bare_context, trusting_context
from otoco_desktop.exchange.transport import HttpReply, build_client, exchange_bytes
from otoco_desktop.exchange.user_session import UserSession

_T = TypeVar("_T")
ASKED_PAIR = "BTC_USD"
MOST = 1024 * 1024
ONCE = BackOff(first=3600.0, longest=3600.0, patient=3600.0)
"""A test connects once; whether it works the second time is another test."""

_IDS = 1_000_000_000
_MAINTENANCE_STATUS = frozenset({502, 503, 504})
_BY_WORDS = {
    "the exchange's host was not found": ProbeReason.HOST_NOT_FOUND,
    "the exchange refused the connection": ProbeReason.CONNECTION_REFUSED,
    "the connection is not trusted": ProbeReason.NOT_TRUSTED,
}
_BY_CODE = {
    40101: ProbeReason.KEY_REFUSED,
    40102: ProbeReason.CLOCK_REFUSED,
    40103: ProbeReason.ADDRESS_NOT_ALLOWED,
    42901: ProbeReason.TOO_MANY_REQUESTS,
    9010001: ProbeReason.MAINTENANCE,
}
_SIGNED_WELL = frozenset({40002, 40401, 140001})
"""Refusals that come after the signature was accepted: the method is not known, not found, or switched off."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a stream may take to get ready, seconds, and what its sessions wait."""

    stream_s: float = 15.0
    timing: Timing = field(default_factory=Timing)


class _Stamps(Stamps):
    """Ids that no trading connection uses: a test may run beside one with the same key, in the same millisecond.

    A request that repeats another's id and nonce is refused as a duplicate (exchange docs, code 40006).
    """

    def next(self) -> RequestStamp:
        stamp = super().next()
        return replace(stamp, request_id=stamp.request_id % _IDS)


class ExchangeProber:
    """Satisfies ``Prober`` by shape. For one test: ``close`` it afterwards, which also ends its use of the key."""

    def __init__(self, endpoints: Endpoints, signer: Signer, clock: Clock, waits: Waits | None = None) -> None:
        self._endpoints = endpoints
        self._signer = signer
        self._clock = clock
        self._waits = waits or Waits()
        self._time = ServerTime(clock)
        self._stamps = _Stamps(self._time)
        self._types: dict[str, str] = {}
        self._http: httpx.AsyncClient | None = None
        self._moved = asyncio.Event()
        self._user = UserSession(signer, self._stamps.next, self._waits.timing)
        self._user_stream = self._stream(endpoints.user, self._user.protocol)
        self._market = MarketSession(self._stamps.next, self._waits.timing)
        self._market_stream = self._stream(endpoints.market, self._market.protocol)

    @property
    def host(self) -> str:
        """The host that is asked, with its port where it is on this computer."""
        parts = urlsplit(self._endpoints.rest)
        return (parts.hostname or "") if self._endpoints.is_encrypted else parts.netloc

    @property
    def offset_ms(self) -> int | None:
        return self._time.offset_ms

    @property
    def id_types(self) -> Mapping[str, str]:
        return MappingProxyType(dict(self._types))

    async def reach(self) -> None:
        """Ask for the ticker of one pair. Raises ProbeTrouble."""
        client = await self._client()
        url = self._endpoints.rest + PublicMethod.TICKERS
        sent_ms = self._clock.wall_ms()
        reply = await self._exchange(client.build_request("GET", url, params={"instrument_name": ASKED_PAIR}))
        trip = RoundTrip(sent_ms, self._clock.wall_ms())
        _raise_for(reply)
        for published in _read(lambda: [ticker_row(row).exchange_ms for row in rows(result_rows(reply))]):
            if published is not None:
                self._time.note_published(published, trip)

    async def fee_rates(self) -> Fees | None:
        """Ask for the account's fee rates: the first question that is signed. Raises ProbeTrouble."""
        reply = await self._question(Method.FEE_RATE)
        if reply.code in _SIGNED_WELL:
            return None
        _raise_for(reply)
        try:
            return fee_row(result_rows(reply))
        except DecodeError:
            return None

    async def balances(self) -> AccountSnapshot:
        """Raises ProbeTrouble."""
        reply = await self._question(Method.USER_BALANCE)
        _raise_for(reply)
        return _read(lambda: account_rows(result_rows(reply)))

    async def sign_in(self) -> None:
        """Raises ProbeTrouble with the stream's own words."""
        self._user_stream.start(await self._context())
        await self._until(lambda: self._user.protocol.phase is Phase.READY, self._user_stream)

    async def order_channel(self) -> str | None:
        """Raises ProbeTrouble."""
        settled = (Stage.CONFIRMED, Stage.REFUSED)
        await self._until(lambda: self._user.orders.stage in settled, self._user_stream)
        return self._user.order_channel

    async def mark_published(self, pair: str) -> bool:
        """Watch the pair until its mark price came, or is clear not to come. Raises ProbeTrouble."""
        self._market_stream.start(await self._context())
        self._market_stream.hand_over(self._market.watch(pair, self._clock.monotonic_ms()))
        await self._until(self._knows_mark, self._market_stream)
        quote = self._market.quote
        return quote is not None and quote.mark_source is MarkSource.EXCHANGE

    async def close(self) -> None:
        await self._user_stream.close()
        await self._market_stream.close()
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def _knows_mark(self) -> bool:
        quote, heard = self._market.quote, self._market.heard_ms
        if quote is None or heard is None:
            return False
        return quote.mark_source is not MarkSource.NONE

    def _stream(self, url: str, session: Session) -> Stream:
        return Stream(url, session, self._clock, Sink(self._heard, self._moved.set), ONCE)

    def _heard(self, _event: Event) -> None:
        self._moved.set()

    async def _until(self, condition: Callable[[], bool], stream: Stream) -> None:
        """Wait for the condition; a connection that ended, or time that ran out, is trouble."""
        try:
            async with asyncio.timeout(self._waits.stream_s):
                while not condition():
                    if stream.failures:
                        raise ProbeTrouble(ProbeReason.STREAM_REFUSED, stream.words)
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            raise ProbeTrouble(ProbeReason.STREAM_REFUSED, "no answer in time") from None

    async def _context(self) -> ssl.SSLContext:
        make = trusting_context if self._endpoints.is_encrypted else bare_context
        return await asyncio.to_thread(make)

    async def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = await asyncio.to_thread(build_client, await self._context())
        return self._http

    async def _question(self, method: Method) -> Reply:
        stamp = self._stamps.next()
        body = signed_body(method, {}, stamp, self._signer)
        client = await self._client()
        request = client.build_request("POST", self._endpoints.rest + method, content=body, headers=JSON)
        return await self._exchange(request)

    async def _exchange(self, request: httpx.Request) -> Reply:
        """The reply, whatever its code. Raises ProbeTrouble for anything that is no reply of the exchange."""
        sent_ms = self._clock.wall_ms()
        try:
            answer = await exchange_bytes(await self._client(), request, MOST)
        except TransportError as error:
            raise ProbeTrouble(_BY_WORDS.get(error.words, ProbeReason.NO_ANSWER), error.words) from None
        self._time.note_date(answer.date, RoundTrip(sent_ms, self._clock.wall_ms()))
        reply = _envelope(answer)
        self._types.update(_types(answer.body))
        return reply


def _envelope(answer: HttpReply) -> Reply:
    if 300 <= answer.status < 400:
        raise ProbeTrouble(ProbeReason.REDIRECTED)
    try:
        reply = parse_reply(answer.body, MOST)
    except DecodeError:
        reply = None
    if reply is None or reply.code is None:
        under_work = answer.status in _MAINTENANCE_STATUS
        raise ProbeTrouble(ProbeReason.MAINTENANCE if under_work else ProbeReason.NOT_THE_EXCHANGE)
    return reply


def _raise_for(reply: Reply) -> None:
    if reply.code:
        raise ProbeTrouble(_BY_CODE.get(reply.code, ProbeReason.REFUSED), sentence_for(reply.code))


def _read(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except DecodeError:
        raise ProbeTrouble(ProbeReason.NOT_THE_EXCHANGE, "an answer could not be read") from None


def _types(body: bytes) -> dict[str, str]:
    """For ``id`` and ``code``, which the documents print in two ways, how this answer printed them."""
    found = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    names = [name for name in ("id", "code") if name in found]
    return {name: "text" if bytes(found[name]).startswith(b'"') else "number" for name in names}
