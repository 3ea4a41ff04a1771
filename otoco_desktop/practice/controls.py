"""The hand that moves prices and makes things go wrong. Every method may be called from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from otoco_desktop.practice.faults import Fault, Faults, RawReply
from otoco_desktop.practice.instruments import SPOT, catalogue
from otoco_desktop.practice.model import Fill, Leg, NewList
from otoco_desktop.practice.outside import CandleSource, Listings, PricesAreReal
from otoco_desktop.practice.prices import PricePath, Quote
from otoco_desktop.practice.venue import CreateSeen, ExitSeen, Venue

_WAIT_S = 5.0
T = TypeVar("T")


class Lines(Protocol):
    """The part of the server that ends connections."""

    def disconnect_users(self, code: int | None = None) -> None:
        """End every user stream."""
        ...

    def drop_connections(self) -> None:
        """Break every connection."""
        ...


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything the exchange knows, as the measure of what a client believes."""

    creates: tuple[CreateSeen, ...]
    exits: tuple[ExitSeen, ...]
    lists: tuple[tuple[Leg, Leg, Leg], ...]
    fills: tuple[Fill, ...]
    quantities: dict[str, Decimal]
    reserved: dict[str, Decimal]

    def leg(self, client_oid: str) -> Leg:
        """A leg by its client order id. Raises `KeyError`."""
        for family in self.lists:
            for leg in family:
                if leg.client_oid == client_oid:
                    return leg
        raise KeyError(client_oid)


class PracticeControls:
    """Moves prices, arms faults and reads the ledger of a running practice exchange.

    Calls wait for the exchange's own thread, some milliseconds at most.
    """

    def __init__(self, venue: Venue, lines: Lines, loop: asyncio.AbstractEventLoop) -> None:
        self._venue = venue
        self._lines = lines
        self._loop = loop

    @property
    def faults(self) -> Faults:
        """The faults armed now."""
        return self._venue.faults

    # Prices

    def set_price(self, symbol: str, price: str) -> None:
        """Jump to a mark price and hold it; orders and triggers act before this returns. Raises `PricesAreReal`."""
        self._do(lambda: self._moved(lambda: self._by_hand(symbol).put(Decimal(price))))

    def hold(self, symbol: str) -> None:
        """Keep the price where it is."""
        self._do(lambda: self._by_hand(symbol).put(self._venue.prices[symbol].mark))

    def glide(self, symbol: str, price: str, seconds: float) -> None:
        """Move evenly to a price within market seconds, then hold it."""
        self._do(lambda: self._by_hand(symbol).glide(Decimal(price), int(seconds * 1000)))

    def script(self, symbol: str, points: Iterable[tuple[float, str]]) -> None:
        """Hold each price from its time on: (market seconds from now, price)."""
        path = [(int(after * 1000), Decimal(price)) for after, price in points]
        self._do(lambda: self._by_hand(symbol).follow(path))

    def release(self, symbol: str) -> None:
        """Let the price walk again. Raises `PricesAreReal`."""
        self._do(lambda: self._by_hand(symbol).release())

    def set_speed(self, speed: float) -> None:
        """Market seconds per second."""
        self._do(lambda: setattr(self._venue, "speed", speed))

    def quote(self, symbol: str) -> Quote:
        """Mark, bid and ask now."""
        return self._do(lambda: self._venue.prices[symbol].quote)

    def beat(self, times: int = 1) -> None:
        """Let the market beat at once, so that pieces of fills arrive without waiting."""
        for _ in range(times):
            self._do(lambda: self._moved(lambda: None))

    # A real market's prices

    def follow_outside(self, listings: Listings, candles: CandleSource) -> Future[None]:
        """Take ticks, steps and prices from a real market from now on; asked for in order, done soon."""
        self._venue.outside.candles = candles
        return self.submit(lambda: self._venue.follow_outside(listings))

    def quoted_outside(self, symbol: str, quote: Quote) -> None:
        """A real market's quote; does not wait for what follows from it."""
        self._loop.call_soon_threadsafe(self._venue.take, symbol, quote)

    def leave_outside(self) -> Future[None]:
        """Go on with simulated prices from where the real ones stood; asked for in order, done soon."""
        return self.submit(self._venue.leave_outside)

    def now_ms(self) -> int:
        """The exchange's time, milliseconds since the epoch."""
        return self._venue.now_ms

    @property
    def spot_pairs(self) -> tuple[str, ...]:
        """The pairs that are listed here."""
        return tuple(symbol for symbol, listed in catalogue().items() if listed.kind == SPOT)

    # Faults

    def arm(self, fault: Fault, value: Any = True) -> None:
        """Have a fault happen; see `Fault` for the values."""
        self.faults.arm(fault, value)

    def arm_raw(self, method: str, reply: RawReply) -> None:
        """Answer the next call of a method with exactly this."""
        self.faults.arm_raw(method, reply)

    def clear(self, fault: Fault | None = None) -> None:
        """Forget one fault, or all."""
        self.faults.clear(fault)

    def disconnect_users(self, code: int | None = None) -> None:
        """End every user stream, with a close code or by breaking the connection."""
        self._do(lambda: self._lines.disconnect_users(code))

    def drop_connections(self) -> None:
        """Break every connection, kept-alive HTTP ones too."""
        self._do(self._lines.drop_connections)

    # What others do with the same account

    def place(self, wanted: NewList) -> str:
        """Place a list as if from elsewhere and give its id. Raises `Refused`."""
        return self._do(lambda: self._venue.create(wanted))

    def cancel(self, client_oid: str) -> None:
        """Cancel one leg as if from elsewhere. Raises `Refused`."""
        self._do(lambda: self._venue.cancel("", client_oid))

    def amend(self, client_oid: str, **params: str) -> None:
        """Amend one exit as if from elsewhere, with the names of the protocol. Raises `Refused`."""
        self._do(lambda: self._venue.amend("", client_oid, params))

    # The truth

    def ledger(self) -> Ledger:
        """Everything known now, at one moment."""
        return self._do(self._ledger)

    def _ledger(self) -> Ledger:
        book = self._venue.book
        account = book.account
        return Ledger(
            creates=tuple(self._venue.creates),
            exits=tuple(self._venue.exits),
            lists=tuple(book.family(list_id) for list_id in book.lists),
            fills=tuple(book.fills),
            quantities={coin: account.quantity(coin) for coin in account.coins},
            reserved={coin: account.reserved(coin) for coin in account.coins},
        )

    def _by_hand(self, symbol: str) -> PricePath:
        if self._venue.outside.is_on:
            raise PricesAreReal
        return self._venue.prices[symbol]

    def _moved(self, move: Callable[[], None]) -> None:
        move()
        self._venue.apply_prices()

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Run a call on the exchange's thread without waiting for it."""
        result: Future[T] = Future()

        def run() -> None:
            try:
                result.set_result(call())
            except Exception as error:  # noqa: BLE001 - handed on to whoever waits for the result
                result.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return result

    def _do(self, call: Callable[[], T]) -> T:
        return self.submit(call).result(_WAIT_S)
