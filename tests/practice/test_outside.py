"""Prices from outside: they alone count, grow old, and leave the book and its orders as they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest

from otoco_desktop.practice.candles import HISTORY, Candle
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.model import Kind, NewLeg, NewList, Side, Status
from otoco_desktop.practice.outside import Listing, PricesAreReal
from otoco_desktop.practice.prices import Quote
from otoco_desktop.practice.rows import order_row
from otoco_desktop.practice.store import Store
from otoco_desktop.practice.venue import PracticeConfig, Venue

SYMBOL = "BTC_USD"
LISTED = {SYMBOL: Listing(Decimal("0.5"), Decimal("0.001"), tradable=True)}


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.ns = 1_800_000_000_000_000_000

    def time_ns(self) -> int:
        return self.ns

    def monotonic_ns(self) -> int:
        return self.ns

    def skip(self, seconds: float) -> None:
        self.ns += int(seconds * 1e9)


class NoLines:
    """Nobody is connected."""

    def disconnect_users(self, code: int | None = None) -> None: ...

    def drop_connections(self) -> None: ...


def quote(mark: str) -> Quote:
    price = Decimal(mark)
    return Quote(price, price - 1, price + 1)


def buying(entry: str, stop: str, target: str) -> NewList:
    size = Decimal("0.010")

    def leg(kind: Kind, side: Side, oid: str, price: str | None, ref: str | None) -> NewLeg:
        known = [None if text is None else Decimal(text) for text in (price, ref)]
        return NewLeg(
            kind=kind, side=side, quantity=size, client_oid=oid, price=known[0], ref_price=known[1], fee_coin="USD"
        )

    legs = (
        leg(Kind.LIMIT, Side.BUY, "e", entry, None),
        leg(Kind.STOP_LOSS, Side.SELL, "s", None, stop),
        leg(Kind.TAKE_PROFIT, Side.SELL, "t", None, target),
    )
    return NewList(symbol=SYMBOL, legs=legs)


async def placed(venue: Venue, *prices: str) -> str:
    list_id = venue.create(buying(*prices))
    venue.settle()
    return list_id


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Opening(Protocol):
    """A venue on this test's folder and clock."""

    def __call__(self, *, waits: bool = False) -> Venue: ...


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Opening]:
    """Opens venues one after another; their stores are closed with the test."""
    with ExitStack() as closing:

        def opening(*, waits: bool = False) -> Venue:
            config = PracticeConfig(tmp_path, seed=4, from_outside=waits)
            store, loaded = Store.open(tmp_path, config.balances)
            closing.callback(store.close)
            return Venue(config, clock, store, loaded)

        yield opening


def test_simulated_prices_rest_until_they_are_wanted_again(opened: Opening, clock: Clock) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    assert not venue.is_fresh(SYMBOL)
    venue.take(SYMBOL, quote("101000.2"))
    assert venue.is_fresh(SYMBOL)
    assert venue.prices[SYMBOL].mark == Decimal("101000.0"), "on the real grid, as it is told"
    clock.skip(5)
    venue.tick()
    assert venue.prices[SYMBOL].mark == Decimal("101000.0")
    venue.leave_outside()
    assert venue.instruments[SYMBOL].tick == Decimal("0.01")
    clock.skip(2)
    venue.tick()
    now = venue.prices[SYMBOL].mark
    assert now != Decimal("101000.0")
    assert abs(now / Decimal("101000.0") - 1) < Decimal("0.01"), "from where the real one stood, not from its own"


async def test_an_old_price_acts_on_nothing(opened: Opening, clock: Clock) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    venue.take(SYMBOL, quote("101000.0"))
    clock.skip(8.5)
    assert not venue.is_fresh(SYMBOL)
    list_id = await placed(venue, "102000.0", "99000.0", "110000.0")
    venue.apply_prices()
    assert venue.book.family(list_id)[0].filled == 0
    venue.take(SYMBOL, quote("101500.0"))
    for _ in range(5):
        venue.take(SYMBOL, quote("101500.0"))
    assert venue.book.family(list_id)[0].status is Status.FILLED


async def test_orders_keep_prices_of_a_finer_grid(opened: Opening) -> None:
    venue = opened()
    mark = venue.prices[SYMBOL].mark
    entry = (mark - 1000).quantize(Decimal("0.01")) - Decimal("0.27")
    list_id = await placed(venue, str(entry), "50000.13", "150000.01")
    venue.follow_outside(LISTED)
    stop = venue.book.family(list_id)[1]
    assert venue.instruments[SYMBOL].exact_text(stop.ref_price or Decimal(0)) == "50000.13"
    assert venue.instruments[SYMBOL].exact_text(Decimal("101000")) == "101000.0"


def test_what_waits_for_prices_from_the_start_moves_nothing(opened: Opening, clock: Clock) -> None:
    venue = opened(waits=True)
    before = venue.prices[SYMBOL].mark
    clock.skip(30)
    venue.tick()
    assert venue.prices[SYMBOL].mark == before
    assert not venue.is_fresh(SYMBOL)


def test_what_is_not_listed_there_cannot_be_traded(opened: Opening) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    assert not venue.instruments["ETH_USD"].tradable
    venue.leave_outside()
    assert venue.instruments["ETH_USD"].tradable


def test_history_begins_with_the_price_where_none_came(opened: Opening) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    venue.take(SYMBOL, quote("101000.0"))
    instrument, now_ms = venue.instruments[SYMBOL], venue.now_ms
    only = venue.candles.rows(instrument, "1m", Decimal("101000.0"), now_ms)
    assert len(only) == 1, "nothing is made up"
    start = now_ms - now_ms % 60_000
    venue.candles.put(SYMBOL, "1m", [Candle(start - 60_000, *(Decimal("100900.0"),) * 4, Decimal(0))])
    rows = venue.candles.rows(instrument, "1m", Decimal("101000.0"), now_ms)
    assert [row.close for row in rows] == [Decimal("100900.0"), Decimal("101000.0")]


async def test_the_hand_is_refused_with_a_sentence(opened: Opening) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    controls = PracticeControls(venue, NoLines(), asyncio.get_running_loop())
    asked = [
        lambda: controls.set_price(SYMBOL, "1"),
        lambda: controls.hold(SYMBOL),
        lambda: controls.glide(SYMBOL, "1", 1),
        lambda: controls.script(SYMBOL, ()),
        lambda: controls.release(SYMBOL),
    ]
    for each in asked:
        with pytest.raises(PricesAreReal, match="Switch real prices off to move it by hand"):
            await asyncio.to_thread(each)


async def test_an_order_can_be_cancelled_while_no_price_has_come(opened: Opening) -> None:
    venue = opened()
    venue.prices[SYMBOL].put(Decimal(100))
    venue.settle()
    working = await placed(venue, "90.00", "80.00", "120.00")
    venue.close()
    venue._store.close()
    venue = opened(waits=True)
    assert venue.book.family(working)[0].status is Status.ACTIVE
    venue.cancel_list(working)
    venue.settle()
    assert {leg.status for leg in venue.book.family(working)} == {Status.CANCELED}


def test_simulated_prices_stay_around_where_the_real_ones_stood_also_after_a_restart(opened: Opening) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    venue.take(SYMBOL, quote("60000"))
    venue.leave_outside()
    history = venue.candles.rows(venue.instruments[SYMBOL], "15m", venue.prices[SYMBOL].mark, venue.now_ms)
    assert max(candle.high for candle in history) < 75_000, "no fall from a price that never was"
    venue.close()
    venue._store.close()
    again = opened()
    assert again.prices[SYMBOL].mark == Decimal(60_000)
    for _ in range(30):
        again.prices[SYMBOL].advance(480_000)
    assert 45_000 < again.prices[SYMBOL].mark < 75_000


def test_a_grid_finer_than_prices_can_be_is_not_traded(opened: Opening) -> None:
    venue = opened()
    venue.follow_outside({SYMBOL: Listing(Decimal("1E-10"), Decimal("0.001"), tradable=True)})
    assert not venue.instruments[SYMBOL].tradable
    venue.take(SYMBOL, quote("60000"))
    assert venue.prices[SYMBOL].mark == Decimal(60_000)


def test_a_candle_of_long_ago_is_gone_on_from_without_all_that_lie_between(opened: Opening) -> None:
    venue = opened()
    venue.follow_outside(LISTED)
    price = Decimal(60_000)
    venue.candles.put(SYMBOL, "1m", [Candle(0, price, price, price, price, Decimal(0))])
    rows = venue.candles.rows(venue.instruments[SYMBOL], "1m", price, venue.now_ms)
    assert len(rows) == HISTORY
    assert rows[-1].start_ms == venue.now_ms - venue.now_ms % 60_000
    assert rows[-1].start_ms - rows[0].start_ms == (HISTORY - 1) * 60_000


async def test_an_order_on_a_finer_grid_than_the_real_one_is_told_with_every_digit(opened: Opening) -> None:
    venue = opened()
    venue.prices[SYMBOL].put(Decimal(100))
    venue.settle()
    list_id = await placed(venue, "100.50", "80.00", "120.00")
    venue.follow_outside({SYMBOL: Listing(Decimal("0.5"), Decimal(1), tradable=True)})
    for _ in range(4):
        venue.take(SYMBOL, quote("95"))
    entry = venue.book.family(list_id)[0]
    assert entry.status is Status.FILLED
    row = order_row(entry, venue.instruments[SYMBOL], venue.config.fees, "")
    assert (row["quantity"], row["cumulative_quantity"]) == ("0.01", "0.01")
