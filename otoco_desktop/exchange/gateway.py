"""One Crypto.com Exchange account: the use cases' gateway, over REST and two websockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Protocol

from otoco_desktop.domain.candles import Candle, CandleNews, Timeframe, joined
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.events import Amendment, Intended, LegReport, Outcome, RequestStamp
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Connection, Fees, MarkSource, Quote
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.answers import as_trouble, readable_changes, readable_instruments
from otoco_desktop.exchange.clock import Clock, RoundTrip
from otoco_desktop.exchange.commands import Commands
from otoco_desktop.exchange.endpoints import Endpoints
from otoco_desktop.exchange.errors import DecodeError, ExchangeError, RefusedQueryError, TransportError
from otoco_desktop.exchange.health import connection
from otoco_desktop.exchange.inquiry import Inquiry, page_of, words_for
from otoco_desktop.exchange.market_session import MarketSession
from otoco_desktop.exchange.replies import Reply, result_rows
from otoco_desktop.exchange.requests import Method, PublicMethod, preview_text
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.rows import account_rows, candle_rows, fee_row, ticker_row
from otoco_desktop.exchange.scalars import rows
from otoco_desktop.exchange.session import AccountRows, CandlesMoved, Event, OrderRows, QuoteMoved, Settled, Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff, Sink, Stream
from otoco_desktop.exchange.subscriptions import Stage
from otoco_desktop.exchange.tls import bare_context, trusting_context
from otoco_desktop.exchange.transport import build_client
from otoco_desktop.exchange.user_session import UserSession

KEEP_WARM_S = 20.0
RETRY_S = 3.0
CANDLES = 300
WARMING_INSTRUMENT = "BTC_USD"
logger = logging.getLogger(__name__)


class Listener(Protocol):
    """What the gateway tells, on the loop's own thread and in order."""

    def on_reports(self, reports: Sequence[LegReport]) -> None: ...

    def on_subscribed(self) -> None: ...

    def on_quote(self, quote: Quote) -> None: ...

    def on_account(self, account: AccountSnapshot) -> None: ...

    def on_connection(self, connection: Connection) -> None: ...

    def has_room(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the gateway's connections wait."""

    timing: Timing = field(default_factory=Timing)
    back_off: BackOff = field(default_factory=BackOff)


class CryptoComGateway:
    """Satisfies the use cases' ``Gateway`` by shape. Use it on one running loop only.

    ``known_channel`` is the order channel's name that this exchange confirmed before, if any.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        signer: Signer,
        clock: Clock,
        pace: Pace | None = None,
        known_channel: str | None = None,
    ) -> None:
        pace = pace or Pace()
        self._endpoints = endpoints
        self._clock = clock
        self._signer = signer
        self._rest = RestClient(endpoints.rest, signer, clock)
        self._user = UserSession(signer, self._rest.stamps.next, pace.timing, known_channel)
        self._market = MarketSession(self._rest.stamps.next, pace.timing)
        sink = Sink(self._deliver, self._tell_connection)
        orders = replace(sink, has_room=lambda: all(listener.has_room() for listener in self._listeners))
        self._user_stream = Stream(endpoints.user, self._user.protocol, clock, orders, pace.back_off)
        self._market_stream = Stream(endpoints.market, self._market.protocol, clock, sink, pace.back_off)
        self._commands = Commands(signer, self._rest, self._user_stream)
        self._listeners: list[Listener] = []
        self._told: Connection | None = None
        self._fees: Fees | None = None
        self._priced = ""
        self._tell_candles: Callable[[CandleNews], None] | None = None
        self._mark_source = MarkSource.NONE
        self._opening: asyncio.Task[None] | None = None
        self._work: asyncio.Task[None] | None = None

    @property
    def account_fingerprint(self) -> str:
        """Tells one key's account from another's in the journal; reveals nothing of the key."""
        return self._signer.account

    def drop_key(self) -> None:
        """Sign nothing from now on; public data goes on, and so does a user stream that has signed in."""
        self._signer.lock()

    def take_key(self, credentials: Credentials) -> None:
        """Sign again; the secret is spent by this. Raises ValueError for another key than before."""
        credentials.hand_over(self._signer.unlock)
        self._user_stream.hurry()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def open(self) -> None:
        """Start connecting; returns at once, states arrive through the listener."""
        self._opening = asyncio.create_task(self._build(), name="gateway opening")
        self._work = asyncio.create_task(self._live(self._opening), name="gateway")
        self._work.add_done_callback(_report_end)

    async def close(self) -> None:
        """Close both streams and the connection pool."""
        tasks = [task for task in (self._opening, self._work) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._user_stream.close()
        await self._market_stream.close()
        await self._rest.close()

    async def instruments(self) -> tuple[Instrument, ...]:
        """All instruments, spot or not; a row that cannot be read is left out and logged."""
        try:
            reply = await self._ask(partial(self._rest.public, PublicMethod.INSTRUMENTS))
            return tuple(readable_instruments(reply))
        except ExchangeError as error:
            raise as_trouble(error) from None

    async def account(self, instrument: str) -> AccountSnapshot:
        """Balances and this instrument's fee rates; pushed balances go with those last asked for.

        Raises ExchangeTrouble.
        """
        try:
            self._priced = instrument
            fees = await self._fee_rates(instrument)
            if self._priced == instrument:
                self._fees = fees
            reply = await self._ask(partial(self._rest.query, Method.USER_BALANCE, {}))
            return account_rows(result_rows(reply), fees)
        except ExchangeError as error:
            raise as_trouble(error) from None

    async def day_changes(self) -> dict[str, Decimal]:
        """The 24 h change of each instrument that has one, as a ratio. Raises ExchangeTrouble."""
        try:
            reply = await self._ask(partial(self._rest.public, PublicMethod.TICKERS))
            return dict(readable_changes(reply))
        except ExchangeError as error:
            raise as_trouble(error) from None

    def watch(self, instrument: str) -> None:
        """Take quotes of this instrument from now on, and only of this one."""
        self._market_stream.hand_over(self._market.watch(instrument, self._clock.monotonic_ms()))

    async def candles(self, instrument: str, timeframe: Timeframe) -> tuple[Candle, ...]:
        """The newest candles, at most as many as one answer holds. Raises ExchangeTrouble."""
        params = {"instrument_name": instrument, "timeframe": timeframe.value, "count": str(CANDLES)}
        try:
            reply = await self._ask(partial(self._rest.public, PublicMethod.CANDLES, params))
            return joined((), candle_rows(result_rows(reply)))
        except ExchangeError as error:
            raise as_trouble(error) from None

    def watch_candles(self, instrument: str, timeframe: Timeframe, tell: Callable[[CandleNews], None]) -> None:
        """Tell live candles of these from now on, and only of these."""
        self._tell_candles = tell
        now_ms = self._clock.monotonic_ms()
        self._market_stream.hand_over(self._market.watch_candles(instrument, timeframe, now_ms))

    def server_ms(self) -> int:
        """Exchange time now, by the measured offset."""
        return self._rest.server_time.now_ms()

    def stamp(self) -> RequestStamp:
        """Identity for one request: fresh id, strictly increasing nonce."""
        return self._rest.stamps.next()

    def params_digest(self, order: OtocoOrder) -> str:
        """SHA-256 (hex) of the canonical parameters that ``create`` signs."""
        return self._commands.frozen(order).sha256

    def preview(self, order: OtocoOrder, transport: str) -> str:
        """The request as indented JSON; id, nonce and signature are only marked, and of the key its end is shown."""
        params = self._commands.frozen(order).params
        return preview_text(params, self._signer.api_key if transport == Transport.REST else "")

    def address(self, transport: str) -> str:
        """Where ``create`` sends this way, as it would be typed."""
        return self._rest.address(Method.CREATE_OTOCO) if transport == Transport.REST else self._endpoints.user

    def transports(self) -> frozenset[str]:
        """The ways a request could go now; the websocket counts once it also brings our orders."""
        if self._signer.is_locked:
            return frozenset()
        follows = self._user.order_channel is not None and self._user_stream.is_ready
        ways = ((Transport.REST, self._rest.is_usable), (Transport.WEBSOCKET, follows))
        return frozenset(way.value for way, usable in ways if usable)

    def make_ready(self, intent: Intended) -> None:
        """Do beforehand what ``create`` will need; nothing leaves."""
        self._commands.make_ready(intent)

    async def create(self, intent: Intended) -> Outcome:
        """Send the intended order once, the way that was recorded. Anything that is not proven is Unknown."""
        try:
            return await self._commands.create(intent)
        finally:
            self._tell_soon()

    async def cancel(self, list_id: str, stamp: RequestStamp, transport: str = Transport.REST) -> Outcome:
        """Ask to cancel the list. Acknowledged means requested, not cancelled."""
        try:
            return await self._commands.cancel(list_id, stamp, transport)
        finally:
            self._tell_soon()

    async def cancel_order(self, order_id: str, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask to cancel one exit. Acknowledged means requested, not cancelled."""
        try:
            return await self._commands.cancel_order(order_id, stamp, transport)
        finally:
            self._tell_soon()

    async def amend_order(self, amendment: Amendment, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask to amend one exit. Acknowledged means requested, not amended."""
        try:
            return await self._commands.amend_order(amendment, stamp, transport)
        finally:
            self._tell_soon()

    async def open_reports(self) -> tuple[LegReport, ...]:
        """All open advanced orders. Raises ExchangeTrouble."""
        try:
            page = page_of(await self._ask(partial(self._rest.query, Method.OPEN_ORDERS, {})))
        except ExchangeError as error:
            raise as_trouble(error) from None
        if page.unreadable:
            logger.warning("%d open orders could not be read", page.unreadable)
        return tuple(row.report for row in page.found)

    async def evidence(self, query: EvidenceQuery) -> Evidence:
        """One round of all sources; a source that failed says so in its answer."""
        try:
            return await Inquiry(self._rest, self._clock, query).ask()
        finally:
            self._tell_soon()

    # What the connections bring

    async def _build(self) -> None:
        """Make the TLS context and the client in another thread: reading authorities takes a while."""
        encrypted = self._endpoints.is_encrypted
        try:
            context = await asyncio.to_thread(trusting_context if encrypted else bare_context)
        except OSError:
            self._rest.trouble = "the list of trusted authorities cannot be read"
            self._tell_connection()
            raise TransportError(self._rest.trouble, left=False) from None
        self._rest.open(await asyncio.to_thread(build_client, context))
        self._user_stream.start(context)
        self._market_stream.start(context)

    async def _live(self, opening: asyncio.Task[None]) -> None:
        await asyncio.shield(opening)
        while True:
            await self._keep_warm()
            await asyncio.sleep(KEEP_WARM_S if self._rest.trouble is None else RETRY_S)

    async def _keep_warm(self) -> None:
        """A small public question, so that the next send finds a warm connection and a measured clock."""
        watched = self._market.quote
        params = {"instrument_name": watched.instrument if watched else WARMING_INSTRUMENT}
        sent_ms = self._clock.wall_ms()
        try:
            reply = await self._ask(partial(self._rest.public, PublicMethod.TICKERS, params))
            for row in rows(result_rows(reply)):
                published = ticker_row(row).exchange_ms
                if published is not None:
                    trip = RoundTrip(sent_ms, self._clock.wall_ms())
                    self._rest.server_time.note_published(published, trip)
        except ExchangeError as error:
            logger.debug("keeping the connection warm: %s", words_for(error))

    async def _ask(self, question: Callable[[], Awaitable[Reply]]) -> Reply:
        """Ask once the client exists, then tell how the connection stands."""
        if self._opening is None:
            raise TransportError("not connected", left=False)
        await asyncio.shield(self._opening)
        try:
            return await question()
        finally:
            self._tell_soon()

    async def _fee_rates(self, instrument: str) -> Fees | None:
        """This instrument's rates, else the account's, else the last ones known."""
        try:
            params = {"instrument_name": instrument}
            return fee_row(result_rows(await self._ask(partial(self._rest.query, Method.INSTRUMENT_FEE_RATE, params))))
        except (RefusedQueryError, DecodeError):
            logger.info("no fee rates of one instrument; asking for the account's")
        try:
            return fee_row(result_rows(await self._ask(partial(self._rest.query, Method.FEE_RATE, {}))))
        except (RefusedQueryError, DecodeError) as error:
            logger.warning("no fee rates: %s", words_for(error))
            return self._fees

    def _deliver(self, event: Event) -> None:
        if isinstance(event, OrderRows):
            for listener in self._listeners:
                listener.on_reports(event.reports)
        elif isinstance(event, QuoteMoved):
            self._tell_quote(event.quote)
        elif isinstance(event, CandlesMoved) and self._tell_candles is not None:
            self._tell_candles(event.news)
        elif isinstance(event, AccountRows):
            self._tell_account(replace(event.account, fees=self._fees))
        elif isinstance(event, Settled):
            self._settled(event)

    def _settled(self, event: Settled) -> None:
        self._tell_connection()
        if event.subscription is self._user.orders and event.stage is Stage.CONFIRMED:
            for listener in self._listeners:
                listener.on_subscribed()

    def _tell_quote(self, quote: Quote) -> None:
        for listener in self._listeners:
            listener.on_quote(quote)
        if quote.mark_source is not self._mark_source:
            self._mark_source = quote.mark_source
            self._tell_connection()

    def _tell_account(self, account: AccountSnapshot) -> None:
        for listener in self._listeners:
            listener.on_account(account)

    def _tell_soon(self) -> None:
        """Tell after the present call has returned, so that no listener can come between it and its result."""
        asyncio.get_running_loop().call_soon(self._tell_connection)

    def _tell_connection(self) -> None:
        now = connection(self._rest, self._user, self._user_stream, self._market, self._market_stream)
        if now == self._told:
            return
        self._told = now
        for listener in self._listeners:
            listener.on_connection(now)


def _report_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("the gateway's own task ended", exc_info=task.exception())
