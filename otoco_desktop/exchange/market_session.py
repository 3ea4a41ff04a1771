"""The market stream: mark price, book, ticker and candles of the one watched instrument. Pure."""

from __future__ import annotations

from collections.abc import Callable

from otoco_desktop.domain.candles import CandleNews, Timeframe
from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.domain.market import MarkSource, Quote
from otoco_desktop.exchange.live_quote import LiveQuote
from otoco_desktop.exchange.replies import ChannelData
from otoco_desktop.exchange.rows import candle_rows
from otoco_desktop.exchange.session import CandlesMoved, Event, Phase, QuoteMoved, Send, Session, Timing
from otoco_desktop.exchange.subscriptions import Subscription


class MarketSession:
    """Builds the newest quote of one instrument, and tells its candles."""

    def __init__(self, stamps: Callable[[], RequestStamp], timing: Timing) -> None:
        self.heard_ms: int | None = None
        self.protocol = Session(stamps, timing, self._read)
        self._live: LiveQuote | None = None
        self._candles: Subscription | None = None
        self._candles_of = ("", Timeframe.M15)

    @property
    def quote(self) -> Quote | None:
        return None if self._live is None else self._live.quote

    @property
    def is_live(self) -> bool:
        """Whether the book of the watched instrument is confirmed."""
        return self._live is not None and self._live.is_live

    @property
    def lacks_mark(self) -> bool:
        """Whether the midpoint stands in for the mark price."""
        return self.quote is not None and self.quote.mark_source is MarkSource.MIDPOINT

    def watch(self, instrument: str, now_ms: int) -> list[Event]:
        """Follow this instrument instead of the one before."""
        if self.quote is not None and self.quote.instrument == instrument:
            return []
        prices = [old for old in self.protocol.line.wanted if old is not self._candles]
        texts = [self.protocol.line.drop(old) for old in prices]
        self._live = LiveQuote(instrument)
        for subscription in self._live.subscriptions:
            self.protocol.line.want(subscription)
        return self._farewells(texts) + self.protocol.tick(now_ms)

    def watch_candles(self, instrument: str, timeframe: Timeframe, now_ms: int) -> list[Event]:
        """Follow these candles instead of those before; older names of a timeframe are tried where need be."""
        if self._candles is not None and self._candles_of == (instrument, timeframe):
            return []
        texts = [] if self._candles is None else [self.protocol.line.drop(self._candles)]
        self._candles_of = (instrument, timeframe)
        spellings = (timeframe.value, timeframe.legacy)
        self._candles = Subscription(tuple(f"candlestick.{spelling}.{instrument}" for spelling in spellings))
        self.protocol.line.want(self._candles)
        return self._farewells(texts) + self.protocol.tick(now_ms)

    def _farewells(self, texts: list[str | None]) -> list[Event]:
        is_ready = self.protocol.phase is Phase.READY
        return [Send(text) for text in texts if text is not None and is_ready]

    def _read(self, subscription: Subscription, data: ChannelData, now_ms: int) -> list[Event]:
        if subscription is self._candles:
            return [CandlesMoved(CandleNews(*self._candles_of, candle_rows(data.data)))]
        self.heard_ms = now_ms
        if self._live is None or not self._live.take(subscription, data, now_ms):
            return []
        return [QuoteMoved(self._live.quote)]
