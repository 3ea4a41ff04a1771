"""An engine on its own, moved by hand: no time, no sockets."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from otoco_desktop.practice.accounts import Account
from otoco_desktop.practice.book import Book, Changes
from otoco_desktop.practice.engine import Engine
from otoco_desktop.practice.instruments import catalogue
from otoco_desktop.practice.model import Fill, Halt, Kind, Leg, NewLeg, NewList, Side
from otoco_desktop.practice.prices import PricePath, Quote

BTC = catalogue()["BTC_USD"]
START = {"USD": Decimal("24310.22"), "BTC": Decimal("0.41000")}


def quote(mark: str | Decimal) -> Quote:
    """Bid and ask around a mark, as the exchange makes them."""
    return PricePath.start(BTC, 0, Decimal(mark)).quote


def bracket(
    name: str = "a",
    side: Side = Side.BUY,
    *,
    prices: tuple[str, str, str] = ("92400.00", "91000.00", "95500.00"),
    quantity: str = "0.10000",
    limits: tuple[str | None, str | None] = (None, None),
    fee_coin: str = "",
) -> NewList:
    """Entry, stop and target at `prices`; `limits` make the exits limit orders."""
    other = Side.SELL if side is Side.BUY else Side.BUY
    amount = Decimal(quantity)
    entry = NewLeg(
        kind=Kind.LIMIT,
        side=side,
        quantity=amount,
        client_oid=f"{name}-e",
        price=Decimal(prices[0]),
        fee_coin=fee_coin,
    )
    kinds = (
        Kind.STOP_LIMIT if limits[0] else Kind.STOP_LOSS,
        Kind.TAKE_PROFIT_LIMIT if limits[1] else Kind.TAKE_PROFIT,
    )
    stop, target = (
        NewLeg(
            kind=kind,
            side=other,
            quantity=amount,
            client_oid=f"{name}-{letter}",
            price=Decimal(limit) if limit else None,
            ref_price=Decimal(ref),
        )
        for kind, letter, limit, ref in zip(kinds, "st", limits, prices[1:], strict=True)
    )
    return NewList(symbol="BTC_USD", legs=(entry, stop, target))


def with_halt(wanted: NewList, halt: Halt) -> NewList:
    """The list with an entry that stops half-way."""
    entry, stop, target = wanted.legs
    return replace(wanted, legs=(replace(entry, halt=halt), stop, target))


class Desk:
    """An engine with its own clock of beats."""

    def __init__(self, start: dict[str, Decimal] | None = None, seed: int = 7, mark: str = "93120.00") -> None:
        self.book = Book(Account(start or START))
        self.engine = Engine(self.book, catalogue(), seed)
        self.now = 1_767_225_600_000_000_000
        self.reports: list[Leg] = []
        self.fills: list[Fill] = []
        self.mark = Decimal(mark)
        self.price(mark)

    def create(self, wanted: NewList) -> str:
        """Take a list in and place it."""
        list_id = self.engine.create(wanted, self._tick())
        self.settle()
        return list_id

    def settle(self) -> None:
        """Place what is new, carry out cancels."""
        self.engine.settle(self._tick())
        self._collect()

    def price(self, mark: str | Decimal, beats: int = 4) -> None:
        """Let a mark price stand for some beats."""
        self.mark = Decimal(mark)
        for _ in range(beats):
            self.engine.on_quote("BTC_USD", quote(mark), self._tick())
            self._collect()

    def statuses(self, list_id: str) -> tuple[str, str, str]:
        """Status words of entry, stop and target."""
        entry, stop, target = self.book.family(list_id)
        return entry.status.value, stop.status.value, target.status.value

    def steps(self) -> list[str]:
        """Each report so far in one line: leg, status, filled."""
        return [f"{leg.client_oid[-1]} {leg.status} {leg.filled}" for leg in self.reports]

    def _tick(self) -> int:
        self.now += 1_000_000
        return self.now

    def _collect(self) -> Changes:
        changes = self.engine.drain()
        self.reports += changes.reports
        self.fills += changes.fills
        return changes
