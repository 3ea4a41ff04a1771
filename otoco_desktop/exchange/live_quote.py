"""The newest prices of one instrument, put together from its three channels. Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec

from otoco_desktop.domain.market import MarkSource, Quote
from otoco_desktop.exchange.replies import ChannelData
from otoco_desktop.exchange.rows import book_row, changes_book, ticker_row, value_row
from otoco_desktop.exchange.scalars import rows
from otoco_desktop.exchange.subscriptions import Stage, Subscription

MARK_WAIT_MS = 3_000
BOOK_DEPTHS = (50, 10)
"""Levels of each side, the first that the exchange grants (exchange docs, book channel)."""


class LiveQuote:
    """Follows mark price, book and ticker of one instrument.

    Whether a mark price is published for spot pairs is not documented. Where none comes, the midpoint of
    bid and ask stands in and the quote says so.
    """

    def __init__(self, instrument: str) -> None:
        self.quote = Quote(instrument)
        self._mark = Subscription((f"mark.{instrument}",))
        books = tuple(f"book.{instrument}.{depth}" for depth in BOOK_DEPTHS)
        self._book = Subscription(books, {"book_subscription_type": "SNAPSHOT"})
        self._ticker = Subscription((f"ticker.{instrument}",))
        self._asked_ms: int | None = None

    @property
    def subscriptions(self) -> tuple[Subscription, Subscription, Subscription]:
        return self._mark, self._book, self._ticker

    @property
    def is_live(self) -> bool:
        """Whether the book is confirmed."""
        return self._book.stage is Stage.CONFIRMED

    def take(self, subscription: Subscription, data: ChannelData, now_ms: int) -> bool:
        """Take the rows of one of our channels. Whether the quote is another one now."""
        before = self.quote
        for row in rows(data.data):
            self.quote = self._moved(subscription, row, data.channel, now_ms)
        self._stand_in(now_ms)
        return self.quote != before

    def _moved(self, subscription: Subscription, row: msgspec.Raw, channel: str, now_ms: int) -> Quote:
        if subscription is self._mark:
            return self._with_mark(value_row(row), now_ms)
        if subscription is self._ticker:
            return self._with_ticker(row, now_ms)
        if channel == "book.update":  # between snapshots: it proves that the feed lives
            depth = None if changes_book(row) else self.quote.depth
            return replace(self.quote, book_ms=now_ms, depth=depth, depth_mark=self.quote.mark)
        book = book_row(row)
        told = replace(self.quote, bid=book.bid, ask=book.ask, book_ms=now_ms)
        return replace(told, depth=book.depth, depth_mark=told.mark)

    def _with_mark(self, mark: Decimal, now_ms: int) -> Quote:
        """A first mark price belongs to the book that was there before it."""
        beside = mark if self.quote.depth_mark is None else self.quote.depth_mark
        quote = replace(self.quote, mark=mark, mark_source=MarkSource.EXCHANGE, mark_ms=now_ms)
        return replace(quote, depth_mark=beside)

    def _with_ticker(self, row: msgspec.Raw, now_ms: int) -> Quote:
        """Last price and change; bid and ask only while no book says better."""
        ticker = ticker_row(row)
        quote = replace(self.quote, last=ticker.last, change_24h=ticker.change)
        if self.is_live:
            return quote
        return replace(quote, bid=ticker.bid, ask=ticker.ask, book_ms=now_ms, depth=None)

    def _stand_in(self, now_ms: int) -> None:
        """Put the midpoint in the mark's place once it is clear that no mark price comes."""
        quote = self.quote
        if quote.mark_source is MarkSource.EXCHANGE or quote.mid is None:
            return
        if self._asked_ms is None:
            self._asked_ms = now_ms
        is_refused = self._mark.stage is Stage.REFUSED
        if is_refused or now_ms - self._asked_ms >= MARK_WAIT_MS:
            quote = replace(quote, mark=quote.mid, mark_source=MarkSource.MIDPOINT, mark_ms=quote.book_ms)
            self.quote = replace(quote, depth_mark=quote.mid)
