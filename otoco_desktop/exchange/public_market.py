"""An exchange's public market data: quotes of several instruments, their list, candles. No key, nothing signed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from otoco_desktop.domain.candles import Candle, Timeframe, joined
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Quote
from otoco_desktop.exchange.answers import as_trouble, readable_instruments
from otoco_desktop.exchange.clock import Clock
from otoco_desktop.exchange.endpoints import PublicEndpoints
from otoco_desktop.exchange.errors import ExchangeError
from otoco_desktop.exchange.gateway import Pace
from otoco_desktop.exchange.public_client import PublicClient
from otoco_desktop.exchange.replies import result_rows
from otoco_desktop.exchange.requests import PublicMethod
from otoco_desktop.exchange.rows import candle_rows
from otoco_desktop.exchange.session import Event, QuoteMoved
from otoco_desktop.exchange.stream import Sink, Stream
from otoco_desktop.exchange.tape import TapeSession
from otoco_desktop.exchange.tls import bare_context, trusting_context
from otoco_desktop.exchange.transport import build_client


class PublicMarket:
    """One exchange's public side. Use it on one running loop only; once closed it is not opened again.

    It takes no signer and knows no private method, so there is nothing here that could tell who asks.
    """

    def __init__(self, endpoints: PublicEndpoints, clock: Clock, pace: Pace | None = None) -> None:
        pace = pace or Pace()
        self._encrypted = endpoints.is_encrypted
        self._clock = clock
        self._rest = PublicClient(endpoints.rest, clock)
        self._tape = TapeSession(self._rest.stamps.next, pace.timing)
        self._tell: Callable[[Quote], None] = _nobody
        self._changed: Callable[[], None] = _nobody_either
        sink = Sink(self._deliver, self._tell_changed)
        self._stream = Stream(endpoints.market, self._tape.protocol, clock, sink, pace.back_off)

    @property
    def is_connected(self) -> bool:
        """Whether the stream is up."""
        return self._stream.is_ready

    @property
    def words(self) -> str:
        """How the stream stands, in words for people; never the other side's own text."""
        return self._stream.words

    def listen(self, tell: Callable[[Quote], None], changed: Callable[[], None]) -> None:
        """Tell each new quote, and when the connection comes or goes, on the loop's own thread."""
        self._tell, self._changed = tell, changed

    async def open(self) -> None:
        """Start connecting; returns before there is a connection. Raises ExchangeTrouble."""
        try:
            context = await asyncio.to_thread(trusting_context if self._encrypted else bare_context)
        except OSError:
            raise ExchangeTrouble("The list of trusted authorities cannot be read.") from None
        self._rest.open(await asyncio.to_thread(build_client, context))
        self._stream.start(context)

    async def close(self) -> None:
        """Close the stream and the connection pool."""
        self.listen(_nobody, _nobody_either)
        await self._stream.close()
        await self._rest.close()

    def follow(self, instruments: Collection[str]) -> None:
        """Take quotes of these instruments from now on, and only of these."""
        self._stream.hand_over(self._tape.follow(instruments, self._clock.monotonic_ms()))

    async def instruments(self) -> tuple[Instrument, ...]:
        """All instruments; a row that cannot be read is left out. Raises ExchangeTrouble."""
        try:
            return tuple(readable_instruments(await self._rest.public(PublicMethod.INSTRUMENTS)))
        except ExchangeError as error:
            raise as_trouble(error) from None

    async def candles(self, instrument: str, timeframe: Timeframe, count: int) -> tuple[Candle, ...]:
        """The newest candles. Raises ExchangeTrouble."""
        params = {"instrument_name": instrument, "timeframe": timeframe.value, "count": str(count)}
        try:
            reply = await self._rest.public(PublicMethod.CANDLES, params)
            return joined((), candle_rows(result_rows(reply)))
        except ExchangeError as error:
            raise as_trouble(error) from None

    def _deliver(self, event: Event) -> None:
        if isinstance(event, QuoteMoved):
            self._tell(event.quote)

    def _tell_changed(self) -> None:
        self._changed()


def _nobody(_quote: Quote) -> None:
    """Nobody listens."""


def _nobody_either() -> None:
    """Nobody listens."""
