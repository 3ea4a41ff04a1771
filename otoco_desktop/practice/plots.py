"""Faults that wait for their moment: they look at what happens and act once it fits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from otoco_desktop.practice.book import Changes
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.matching import on_grid
from otoco_desktop.practice.model import Kind, Leg, Side, Status
from otoco_desktop.practice.venue import Venue

_BEYOND = Decimal("0.02")


class Lines(Protocol):
    """The part of the server that ends user streams."""

    def disconnect_users(self, code: int | None = None) -> None: ...


class Plots:
    """Listens to the venue before the feeds do, so that a stream can break before it tells of a fill."""

    def __init__(self, venue: Venue, lines: Lines, later: Callable[[float, Callable[[], None]], object]) -> None:
        self._venue = venue
        self._lines = lines
        self._later = later
        venue.listeners.insert(0, self._see)

    def _see(self, changes: Changes) -> None:
        for leg in changes.reports:
            if leg.kind is Kind.LIMIT and leg.filled:
                self._cut()
            if leg.kind.is_stop and leg.status is Status.ACTIVE and not leg.exchange_order_id:
                self._gap(leg)

    def _cut(self) -> None:
        if self._venue.faults.take(Fault.CUT_AT_FILL):
            self._lines.disconnect_users()

    def _gap(self, stop: Leg) -> None:
        seconds = self._venue.faults.take(Fault.GAP_THROUGH_STOP)
        if seconds is not None:
            self._later(seconds, lambda: self._jump(stop.symbol, self._beyond(stop)))

    def _jump(self, symbol: str, price: Decimal) -> None:
        if self._venue.outside.is_on:
            return
        self._venue.prices[symbol].put(price)
        self._venue.apply_prices()

    def _beyond(self, stop: Leg) -> Decimal:
        """A price behind both the trigger and the limit of a stop."""
        levels = [level for level in (stop.ref_price, stop.price) if level is not None]
        tick = self._venue.instruments[stop.symbol].tick
        if stop.side is Side.SELL:
            return max(tick, on_grid(min(levels) * (1 - _BEYOND), tick))
        return on_grid(max(levels) * (1 + _BEYOND), tick)
