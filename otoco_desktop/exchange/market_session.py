"""The market stream: mark price, book, ticker and candles of the one watched instrument. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from otoco_desktop.domain.candles import CandleNews, Timeframe
from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.domain.market import MarkSource, Quote
from otoco_desktop.exchange.replies import ChannelData
from otoco_desktop.exchange.rows import book_row, candle_rows, ticker_row, value_row
from otoco_desktop.exchange.scalars import rows
from otoco_desktop.exchange.session import CandlesMoved, Event, Phase, QuoteMoved, Send, Session, Timing
from otoco_desktop.exchange.subscriptions import Stage, Subscription

MARK_WAIT_MS = 3_000


class MarketSession:
    """Builds the newest quote of one instrument.

    Whether a mark price is published for spot pairs is not documented. Where none comes, the midpoint of
    bid and ask stands in and the quote says so.
    """

    def __init__(self, stamps: Callable[[], RequestStamp], timing: Timing) -> None:
        self.quote: Quote | None = None
        self.heard_ms: int | None = None
        self.protocol = Session(stamps, timing, self._read)
        self._mark = self._book = self._ticker = Subscription(("none",))
        self._candles: Subscription | None = None
        self._candles_of = ("", Timeframe.M15)
        self._asked_ms: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether the book of the watched instrument is confirmed."""
        return self._book.stage is Stage.CONFIRMED

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
        self.quote = Quote(instrument)
        self._asked_ms = None
        self._mark = Subscription((f"mark.{instrument}",))
        self._book = Subscription((f"book.{instrument}.10",), {"book_subscription_type": "SNAPSHOT"})
        self._ticker = Subscription((f"ticker.{instrument}",))
        for subscription in (self._mark, self._book, self._ticker):
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
        before = self.quote
        for row in rows(data.data):
            if self.quote is not None:
                self.quote = self._moved(self.quote, subscription, row, data.channel, now_ms)
        self._stand_in(now_ms)
        return [QuoteMoved(self.quote)] if self.quote is not None and self.quote != before else []

    def _moved(self, quote: Quote, subscription: Subscription, row: msgspec.Raw, channel: str, now_ms: int) -> Quote:
        if subscription is self._mark:
            return replace(quote, mark=value_row(row), mark_source=MarkSource.EXCHANGE, mark_ms=now_ms)
        if subscription is self._ticker:
            return self._with_ticker(quote, row, now_ms)
        if channel == "book.update":  # between snapshots: it only proves that the feed lives
            return replace(quote, book_ms=now_ms)
        top = book_row(row)
        return replace(quote, bid=top.bid, ask=top.ask, book_ms=now_ms)

    def _with_ticker(self, quote: Quote, row: msgspec.Raw, now_ms: int) -> Quote:
        """Last price and change; bid and ask only while no book says better."""
        ticker = ticker_row(row)
        quote = replace(quote, last=ticker.last, change_24h=ticker.change)
        if self._book.stage is Stage.CONFIRMED:
            return quote
        return replace(quote, bid=ticker.bid, ask=ticker.ask, book_ms=now_ms)

    def _stand_in(self, now_ms: int) -> None:
        """Put the midpoint in the mark's place once it is clear that no mark price comes."""
        quote = self.quote
        if quote is None or quote.mark_source is MarkSource.EXCHANGE or quote.mid is None:
            return
        if self._asked_ms is None:
            self._asked_ms = now_ms
        is_refused = self._mark.stage is Stage.REFUSED
        if is_refused or now_ms - self._asked_ms >= MARK_WAIT_MS:
            self.quote = replace(quote, mark=quote.mid, mark_source=MarkSource.MIDPOINT, mark_ms=quote.book_ms)
