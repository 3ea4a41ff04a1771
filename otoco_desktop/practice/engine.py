"""The matching engine: lists come in, quotes pass by, legs change. Pure and deterministic.

Rules (exchange docs, create-otoco; help centre, stop-loss and take-profit orders):
the exits sleep until the entry is completely filled; they fire on the mark price; nothing is locked for
them until they fire; the first execution of one cancels the other; an end of the entry short of its
full quantity ends both exits. An exit can be amended until it fires.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from msgspec.structs import replace

from otoco_desktop.practice.amending import amended, check_amendable, check_amended
from otoco_desktop.practice.book import Book, Changes
from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.matching import crosses, cuts, fill_price, half, in_band, ladder, triggered
from otoco_desktop.practice.model import Amend, Halt, Leg, NewList, Refused, Status
from otoco_desktop.practice.prices import Quote
from otoco_desktop.practice.settlement import Fees, Settlement

SHORT = 306
FAR_AWAY = 315
WOULD_TAKE = 43005
MOST_OPEN_HERE, MOST_OPEN = 200, 1000
"""Most open orders per pair and in all, each list counted as three (exchange docs, open order limits)."""

_TOO_MANY = 318
_NOT_FOUND, _NO_ACTIVE_ORDER, _UNKNOWN_ORDER = 40401, 316, 212


class Engine:
    """Applies commands and quotes to a book. Every method takes the time, none reads it."""

    def __init__(self, book: Book, instruments: Mapping[str, Instrument], seed: int, fees: Fees | None = None) -> None:
        self.book = book
        self._instruments = instruments
        self._seed = seed
        self._desk = Settlement(book, instruments, fees or Fees())
        self._quotes: dict[str, Quote] = {}

    def create(self, wanted: NewList, now_ns: int) -> str:
        """Take a list in and return its id; placing follows with `settle`. Raises `Refused` (204, 318)."""
        waiting = [len(self.book.open_lists(symbol)) * len(wanted.legs) for symbol in self._instruments]
        here = len(self.book.open_lists(wanted.symbol)) * len(wanted.legs)
        if here + len(wanted.legs) > MOST_OPEN_HERE or sum(waiting) + len(wanted.legs) > MOST_OPEN:
            raise Refused(_TOO_MANY)
        return self.book.add_list(wanted, now_ns)

    def ask_cancel_list(self, list_id: str) -> None:
        """Note a cancel of all open legs. Raises `Refused` for an unknown (40401) or ended (316) list."""
        if list_id not in self.book.lists:
            raise Refused(_NOT_FOUND)
        still_open = [leg for leg in self.book.family(list_id) if leg.is_open]
        if not still_open:
            raise Refused(_NO_ACTIVE_ORDER)
        for leg in still_open:
            self.book.put_quietly(replace(leg, cancel_asked=True))

    def ask_cancel(self, order_id: str, client_oid: str) -> Leg:
        """Note a cancel of one leg. Raises `Refused` for an unknown (212) or ended (316) one."""
        leg = self.book.find(order_id, client_oid)
        if leg is None:
            raise Refused(_UNKNOWN_ORDER)
        if not leg.is_open:
            raise Refused(_NO_ACTIVE_ORDER)
        return self.book.put_quietly(replace(leg, cancel_asked=True))

    def amendable(self, order_id: str, client_oid: str) -> Leg:
        """The exit to amend. Raises `Refused`: unknown (212), an entry (218), ended (316) or triggered (307)."""
        leg = self.book.find(order_id, client_oid)
        if leg is None:
            raise Refused(_UNKNOWN_ORDER)
        check_amendable(leg)
        return leg

    def check_amend(self, leg: Leg, amend: Amend, mark: Decimal) -> None:
        """Whether an exit may have new values. Raises `Refused` (213, 229, 315, 415)."""
        check_amended(amended(leg, amend), self.book.family(leg.list_id)[0], mark)

    def ask_amend(self, leg: Leg, amend: Amend) -> None:
        """Note new values of an exit; they count with `settle`."""
        self.book.put_quietly(replace(leg, amend=amend))

    def settle(self, now_ns: int) -> None:
        """Carry out the cancels and amends asked for, and place what is new where there is a price."""
        for symbol in self._instruments:
            for list_id in self.book.open_lists(symbol):
                self._cancel_asked(list_id, now_ns)
                self._amend_asked(list_id, now_ns)
                entry = self.book.family(list_id)[0]
                if entry.status is Status.NEW and symbol in self._quotes:
                    self._place(entry, now_ns)

    def on_quote(self, symbol: str, quote: Quote, now_ns: int) -> None:
        """Let one quote act on every open list of its instrument."""
        self._quotes[symbol] = quote
        for list_id in self.book.open_lists(symbol):
            entry = self.book.family(list_id)[0]
            if entry.is_working:
                self._work_entry(entry, now_ns)
            if self.book.legs[entry.order_id].status is Status.FILLED:
                self._work_exits(list_id, now_ns)

    def drain(self) -> Changes:
        """What happened since the last call, in order."""
        return self.book.drain()

    def _place(self, entry: Leg, now_ns: int) -> None:
        price, quote = entry.price, self._quotes[entry.symbol]
        if price is None:
            raise ValueError("an entry needs a price")
        fitted = self._desk.fitted(entry, price)
        far_away = 0 if in_band(entry.side, price, quote.mark) else FAR_AWAY
        code = entry.doom or far_away or (0 if fitted else SHORT)
        if not code and entry.post_only and crosses(entry, quote):
            code = WOULD_TAKE
        if code or fitted is None:
            self._refuse(entry, code, now_ns)
            self._end_exits(entry.list_id, now_ns)
            return
        placed = self._desk.reserve(fitted, self._desk.cost(fitted, fitted.left, price))
        self.book.put(self._on_book(placed, now_ns))

    def _on_book(self, leg: Leg, now_ns: int) -> Leg:
        instrument = self._instruments[leg.symbol]
        stop_at = half(leg.quantity, instrument) if leg.halt is not Halt.NONE else None
        leg = replace(leg, halt_at=stop_at)
        return replace(
            leg,
            status=Status.ACTIVE,
            updated_ns=now_ns,
            exchange_order_id=self.book.exchange_id(),
            taker=crosses(leg, self._quotes[leg.symbol]),
            cuts=cuts(leg, instrument, self._seed),
        )

    def _work_entry(self, entry: Leg, now_ns: int) -> None:
        if entry.halt is Halt.CANCEL and entry.filled:
            self._end(entry, now_ns)
            self._end_exits(entry.list_id, now_ns)
            return
        after = self._work(entry, now_ns)
        if after.status is Status.FILLED:
            for leg in self.book.family(entry.list_id)[1:]:
                self._arm(leg, now_ns)

    def _work(self, leg: Leg, now_ns: int, first: Callable[[Leg], Leg] | None = None) -> Leg:
        """Fill the next piece of a resting order if the market allows it."""
        quote = self._quotes[leg.symbol]
        # A started fill goes on: the market has already met the price, its pieces only arrive one by one.
        if not leg.cuts or not (crosses(leg, quote) or leg.filled):
            return leg
        ready = first(leg) if first else leg
        piece = ready.cuts[0]
        price = fill_price(ready, quote)
        after = self._desk.fill(replace(ready, cuts=ready.cuts[1:]), piece, price, now_ns)
        return self.book.put(after)

    def _arm(self, leg: Leg, now_ns: int) -> None:
        if not leg.is_open:
            return
        if leg.doom:
            self._refuse(leg, leg.doom, now_ns)
        else:
            self.book.put(replace(leg, status=Status.ACTIVE, updated_ns=now_ns))

    def _work_exits(self, list_id: str, now_ns: int) -> None:
        for number in (1, 2):
            leg = self.book.family(list_id)[number]
            if leg.status is not Status.ACTIVE:
                continue
            if not leg.exchange_order_id and triggered(leg, self._quotes[leg.symbol].mark):
                leg = self._fire(leg, now_ns)
            if leg.is_working:
                self._work_exit(leg, now_ns)

    def _fire(self, leg: Leg, now_ns: int) -> Leg:
        """Send a triggered exit to the book, or refuse it when the coin is short."""
        if leg.misfire:
            return self._refuse(leg, leg.misfire, now_ns)
        sibling = self._sibling(leg)
        needed = self._worst_price(leg)
        fitted = self._desk.fitted(leg, needed, lent=sibling.reserved)
        if fitted is None:
            return self._refuse(leg, SHORT, now_ns)
        amount = max(self._desk.cost(fitted, fitted.left, needed), sibling.reserved)
        # Both exits sell the same coins: what one holds locked passes on to the other.
        self.book.put_quietly(self._desk.release(sibling))
        return self.book.put(self._on_book(self._desk.reserve(fitted, amount), now_ns))

    def _worst_price(self, leg: Leg) -> Decimal:
        if leg.price is not None:
            return leg.price
        steps = ladder(leg, self._quotes[leg.symbol], self._instruments[leg.symbol], self._seed)
        return steps[-1][1]

    def _work_exit(self, leg: Leg, now_ns: int) -> None:
        sibling = self._sibling(leg)
        had_none = leg.filled == 0
        after = self._sweep(leg, now_ns) if leg.kind.is_market else self._work(leg, now_ns, first=self._claim)
        if had_none and after.filled and sibling.is_open:
            self._end(self.book.legs[sibling.order_id], now_ns)

    def _claim(self, leg: Leg) -> Leg:
        """Before a first execution: take back what the sibling holds locked for both."""
        if leg.filled or leg.price is None:
            return leg
        sibling = self._sibling(leg)
        self.book.put_quietly(self._desk.release(sibling))
        return self._desk.reserve(leg, self._desk.cost(leg, leg.left, leg.price))

    def _sweep(self, leg: Leg, now_ns: int) -> Leg:
        instrument, quote = self._instruments[leg.symbol], self._quotes[leg.symbol]
        leg = self._desk.release(leg)
        for piece, price in ladder(leg, quote, instrument, self._seed):
            leg = self.book.put(self._desk.fill(replace(leg, cuts=leg.cuts[1:]), piece, price, now_ns))
        return leg

    def _sibling(self, leg: Leg) -> Leg:
        _, stop, target = self.book.family(leg.list_id)
        return target if leg.order_id == stop.order_id else stop

    def _cancel_asked(self, list_id: str, now_ns: int) -> None:
        entry, *exits = self.book.family(list_id)
        for leg in exits:
            if leg.cancel_asked and leg.is_open:
                self._end(leg, now_ns)
        if entry.cancel_asked and entry.is_open:
            self._end(entry, now_ns)
            self._end_exits(list_id, now_ns)

    def _amend_asked(self, list_id: str, now_ns: int) -> None:
        for leg in self.book.family(list_id)[1:]:
            # One that was triggered meanwhile is at the market already and stays as it is.
            if leg.amend is not None and leg.is_open and not leg.exchange_order_id:
                self._amend(leg, leg.amend, now_ns)

    def _amend(self, leg: Leg, amend: Amend, now_ns: int) -> None:
        after = replace(amended(leg, amend), updated_ns=now_ns)
        if amend.renames:
            self._end(leg, now_ns)
            after = replace(after, order_id=self.book.order_id(), created_ns=now_ns)
        self.book.put(after)

    def _end_exits(self, list_id: str, now_ns: int) -> None:
        for leg in self.book.family(list_id)[1:]:
            if leg.is_open:
                self._end(leg, now_ns)

    def _end(self, leg: Leg, now_ns: int) -> Leg:
        freed = self._desk.release(leg)
        return self.book.put(replace(freed, status=Status.CANCELED, updated_ns=now_ns, cuts=()))

    def _refuse(self, leg: Leg, code: int, now_ns: int) -> Leg:
        freed = self._desk.release(leg)
        return self.book.put(replace(freed, status=Status.REJECTED, reason=code, updated_ns=now_ns, cuts=()))
