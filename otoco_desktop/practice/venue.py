"""The exchange itself: engine, prices, candles and store together, on the loop of one thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace as replace_struct

from otoco_desktop.practice.amending import read_amend
from otoco_desktop.practice.book import Book, Changes
from otoco_desktop.practice.candles import Candles
from otoco_desktop.practice.clock import Clock
from otoco_desktop.practice.engine import Engine
from otoco_desktop.practice.faults import Fault, Faults
from otoco_desktop.practice.instruments import SPOT, Instrument, catalogue
from otoco_desktop.practice.model import Amend, Leg, NewList, Refused
from otoco_desktop.practice.outside import Listings, Outside
from otoco_desktop.practice.prices import FINEST, Prices, Quote
from otoco_desktop.practice.rows import worths
from otoco_desktop.practice.settlement import Fees, Settlement
from otoco_desktop.practice.store import Loaded, Store

_SAVE_PRICES_EVERY = 20
_START = {
    "USD": "24310.22", "BTC": "0.41000", "ETH": "6.2500", "SOL": "85.40", "XRP": "4200.0", "CRO": "15000",
}  # fmt: skip


def starting_balances() -> dict[str, Decimal]:
    """What a new practice account holds."""
    return {coin: Decimal(amount) for coin, amount in _START.items()}


@dataclass(frozen=True, slots=True)
class PracticeConfig:
    """How a practice exchange is set up. Times in seconds; `seed` None takes a new path at each start.

    `enforce_limits` refuses calls beyond the documented request limits with 42901.

    `from_outside` waits for a real market's prices from the start: until they come nothing moves and none is told.

    `script` fixes the price of an instrument over market time: (seconds from start, price).
    """

    data_dir: Path
    port: int = 0
    seed: int | None = None
    speed: float = 1.0
    market_interval_s: float = 0.25
    enforce_limits: bool = False
    accept_delay_s: float = 0.03
    heartbeat_s: float = 30.0
    heartbeat_answer_s: float = 5.0
    fees: Fees = field(default_factory=Fees)
    balances: Mapping[str, Decimal] = field(default_factory=starting_balances)
    script: Mapping[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)
    from_outside: bool = False


@dataclass(frozen=True, slots=True)
class CreateSeen:
    """One create request that was understood and signed rightly, whatever became of it."""

    transport: str
    request_id: str
    nonce: str
    client_oids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExitSeen:
    """One request about a single order, understood and signed rightly, whatever became of it."""

    transport: str
    method: str
    request_id: str
    nonce: str
    params: Mapping[str, Any]


class Venue:
    """All state of a running practice exchange. Every method runs on its loop."""

    def __init__(self, config: PracticeConfig, clock: Clock, store: Store, loaded: Loaded) -> None:
        self.config = config
        self.clock = clock
        self.faults = Faults()
        self.instruments = _around(catalogue(), loaded.marks)
        self.seed = clock.time_ns() % 2**32 if config.seed is None else config.seed
        self.prices = Prices(self.instruments, self.seed, loaded.marks)
        self.candles = Candles(self.seed)
        self.outside = Outside()
        self.engine = Engine(_restored(loaded.book, self.instruments), self.instruments, self.seed, config.fees)
        self.speed = config.speed
        self.creates: list[CreateSeen] = []
        self.exits: list[ExitSeen] = []
        self.listeners: list[Callable[[Changes], None]] = []
        self.watchers: list[Callable[[], None]] = []
        self.broken = asyncio.Event()
        self._store = store
        self._walked_ns = clock.monotonic_ns()
        self._left_ms = 0.0
        self._ticks = 0
        for symbol, points in config.script.items():
            self.prices[symbol].follow([(int(after * 1000), Decimal(price)) for after, price in points])
        if config.from_outside:
            self._hold()
        self._see_prices()

    @property
    def now_ns(self) -> int:
        """The exchange's time, in nanoseconds since the epoch."""
        ahead = self.faults.value(Fault.CLOCK_AHEAD) or 0
        return self.clock.time_ns() + int(ahead * 1_000_000_000)

    @property
    def now_ms(self) -> int:
        """The exchange's time, in milliseconds since the epoch."""
        return self.now_ns // 1_000_000

    @property
    def book(self) -> Book:
        """All orders, fills and balances."""
        return self.engine.book

    def worths(self) -> dict[str, Decimal]:
        """The USD price of each coin."""
        return worths(self.prices.quotes(), self.instruments)

    def create(self, wanted: NewList) -> str:
        """Take a list in and save it; placing follows soon. Raises `Refused`."""
        list_id = self.engine.create(wanted, self.now_ns)
        self.commit()
        self._settle_soon()
        return list_id

    def create_later(self, seconds: float, wanted: NewList) -> None:
        """Take a list in after some time, as an exchange does that answers too late."""

        def place() -> None:
            if not self._store.closed:
                self.create(wanted)

        asyncio.get_running_loop().call_later(seconds, place)

    def cancel_list(self, list_id: str) -> None:
        """Note a cancel of a list and save it; it happens soon. Raises `Refused`."""
        self.engine.ask_cancel_list(list_id)
        self.commit()
        self._settle_soon()

    def cancel(self, order_id: str, client_oid: str) -> Leg:
        """Note a cancel of one leg and save it; it happens soon. Raises `Refused`."""
        leg = self.engine.ask_cancel(order_id, client_oid)
        self.commit()
        self._settle_soon()
        return leg

    def amend(self, order_id: str, client_oid: str, params: Mapping[str, Any]) -> Leg:
        """Note new values of an exit and save them; they count soon, or later where that is armed. Raises `Refused`."""
        leg = self.engine.amendable(order_id, client_oid)
        amend = read_amend(params, leg, self.instruments[leg.symbol])
        self.engine.check_amend(leg, amend, self.prices[leg.symbol].mark)
        amend = replace_struct(amend, renames=bool(self.faults.take(Fault.RENAME_ON_AMEND)))
        late = self.faults.take(Fault.LATE_AMEND)
        if late:
            asyncio.get_running_loop().call_later(late, self._amend_late, leg.order_id, amend)
        else:
            self._note_amend(leg, amend)
        return leg

    def _note_amend(self, leg: Leg, amend: Amend) -> None:
        self.engine.ask_amend(leg, amend)
        self.commit()
        self._settle_soon()

    def _amend_late(self, order_id: str, amend: Amend) -> None:
        """Nothing comes of it where the order was triggered or ended meanwhile."""
        if self._store.closed:
            return
        with suppress(Refused):
            self._note_amend(self.engine.amendable(order_id, ""), amend)

    def commit(self) -> None:
        """Save what changed, then tell the listeners."""
        changes = self.engine.drain()
        if changes:
            self._save(changes)
            for listener in list(self.listeners):
                listener(changes)

    def apply_prices(self) -> None:
        """Let the newest price of every instrument act, as after a move by hand."""
        self._see_prices()
        self.commit()

    def follow_outside(self, listings: Listings) -> None:
        """Take ticks, steps and prices from a real market from now on; what is not listed there cannot be traded."""
        self._hold()
        for symbol, instrument in self.instruments.items():
            listing = listings.get(symbol)
            if instrument.kind != SPOT:
                continue
            if listing is None or listing.tick < FINEST:
                self.instruments[symbol] = replace(instrument, tradable=False)
            else:
                self.instruments[symbol] = replace(
                    instrument, tick=listing.tick, step=listing.step, tradable=listing.tradable
                )
            self.prices[symbol].instrument = self.instruments[symbol]

    def take(self, symbol: str, quote: Quote) -> None:
        """A real market's quote: orders and triggers act on it before this returns. Ignored while it is not wanted."""
        if not self.outside.is_on or symbol not in self.instruments:
            return
        self.prices[symbol].take(quote)
        self.outside.note(symbol, self.clock.monotonic_ns())
        self._act_on(symbol)
        self.engine.settle(self.now_ns)
        self.commit()

    def leave_outside(self) -> None:
        """Go on with simulated prices from where the real ones stood; nothing to do where they never left."""
        if not self.outside.is_on:
            return
        self.outside.end()
        self.candles.begin_anew(simulated=True)
        for symbol, instrument in catalogue().items():
            self.prices[symbol].walk_from_here(instrument)
            self.instruments[symbol] = self.prices[symbol].instrument

    def is_fresh(self, symbol: str) -> bool:
        """Whether the price may act on orders and be told."""
        return self.outside.is_fresh(symbol, self.clock.monotonic_ns())

    def _hold(self) -> None:
        self.outside.begin()
        self.candles.begin_anew(simulated=False)
        self.faults.clear(Fault.GAP_THROUGH_STOP)
        for symbol in self.instruments:
            self.prices[symbol].put(self.prices[symbol].mark)

    def settle(self) -> None:
        """Place what is new and carry out cancels."""
        self.engine.settle(self.now_ns)
        self._see_prices()
        self.commit()

    async def run(self) -> None:
        """Walk the prices until cancelled."""
        self.settle()
        while True:
            await asyncio.sleep(self.config.market_interval_s)
            self.tick()

    def tick(self) -> None:
        """One beat of the market: walk, match, save, tell."""
        self._walk()
        self.commit()
        self._ticks += 1
        if self._ticks % _SAVE_PRICES_EVERY == 0:
            self._store.save_marks(self.prices.marks())
        for watcher in list(self.watchers):
            watcher()

    def close(self) -> None:
        """Save the prices."""
        if not self.broken.is_set():
            self._store.save_marks(self.prices.marks())

    def _save(self, changes: Changes) -> None:
        try:
            self._store.save(self.book, changes)
        except sqlite3.Error:
            # What is in memory is no longer what a restart would find: the exchange ends instead of answering.
            self.broken.set()
            raise

    def _walk(self) -> None:
        now_ns, wall_ms = self.clock.monotonic_ns(), self.now_ms
        self._left_ms += (now_ns - self._walked_ns) / 1e6 * self.speed
        self._walked_ns = now_ns
        whole = int(self._left_ms)
        self._left_ms -= whole
        walked = [] if self.outside.is_on else self.prices.advance(whole)
        for symbol, quote in walked:
            self.engine.on_quote(symbol, quote, self.now_ns)
            self.candles.feed(symbol, quote.mark, wall_ms)

    def _see_prices(self) -> None:
        for symbol in self.instruments:
            if self.is_fresh(symbol):
                self._act_on(symbol)

    def _act_on(self, symbol: str) -> None:
        quote = self.prices[symbol].quote
        self.engine.on_quote(symbol, quote, self.now_ns)
        self.candles.feed(symbol, quote.mark, self.now_ms)

    def _settle_soon(self) -> None:
        asyncio.get_running_loop().call_later(self.config.accept_delay_s, self._settle_open)

    def _settle_open(self) -> None:
        if not self._store.closed:
            self.settle()


def _around(instruments: Mapping[str, Instrument], marks: Mapping[str, Decimal]) -> dict[str, Instrument]:
    """The instruments with their usual price where the last one was: a real market's may be far from ours."""
    return {
        symbol: replace(instrument, start=max(instrument.tick, marks.get(symbol, instrument.start)))
        for symbol, instrument in instruments.items()
    }


def _restored(book: Book, instruments: Mapping[str, Instrument]) -> Book:
    """A loaded book with its reservations back in the account."""
    desk = Settlement(book, instruments, Fees())
    for leg in book.legs.values():
        if leg.reserved:
            book.account.reserve(desk.spends(leg), leg.reserved)
    book.drain()
    return book
