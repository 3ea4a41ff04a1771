"""Where a price may be sent by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.money import is_multiple
from otoco_desktop.domain.order import LegRole
from otoco_desktop.ui.practice.state import SHIFTS, aims, read_price, shifted, spread
from otoco_desktop.ui.practice.words import SHIFT_WORDS
from tests.ui.exit_stories import moved, moving
from tests.ui.fakes import BTC, INSTRUMENTS, QUOTE, example, four_strategies, unknown_strategy

TICK = BTC.price_tick
WAITING, ACTIVE = ("PENDING", "0"), ("ACTIVE", "0")
ticks = st.integers(1, 10**15)
instruments = st.sampled_from(INSTRUMENTS)


@given(ticks, instruments)
def test_every_price_on_the_grid_is_taken_as_it_stands(count: int, instrument: object) -> None:
    price = count * instrument.price_tick  # type: ignore[attr-defined]
    assert read_price(format(price, "f"), instrument) == price  # type: ignore[arg-type]


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_price_on_the_grid_or_a_sentence(text: str) -> None:
    found = read_price(text, BTC)
    if isinstance(found, Decimal):
        assert found > 0
        assert is_multiple(found, BTC.price_tick)
    else:
        assert found.endswith((".", "00"))


@given(ticks, st.sampled_from(SHIFTS), instruments)
def test_a_shift_stays_on_the_grid_and_above_zero(count: int, share: Decimal, instrument: object) -> None:
    tick = instrument.price_tick  # type: ignore[attr-defined]
    mark = count * tick
    price = shifted(mark, share, instrument)  # type: ignore[arg-type]
    assert price >= tick
    assert is_multiple(price, tick)
    assert abs(price - mark * (1 + share)) <= tick


@pytest.mark.parametrize(
    ("share", "price"), list(zip(SHIFTS, ("91256.05", "92652.83", "93584.01", "94980.79"), strict=True))
)
def test_shifts_of_the_mark(share: Decimal, price: str) -> None:
    assert shifted(Decimal("93118.42"), share, BTC) == Decimal(price)


def test_the_words_of_the_shifts_are_their_shares() -> None:
    said = [Decimal(words.replace("−", "-").removesuffix("%")) / 100 for words in SHIFT_WORDS]
    assert said == list(SHIFTS)


def test_the_newest_open_strategy_here_is_aimed_at() -> None:
    assert aims(four_strategies(), BTC, Decimal("0.60")) == {
        LegRole.ENTRY: Decimal("91879.40"),
        LegRole.STOP: Decimal("90410.00"),
        LegRole.TARGET: Decimal("95600.00"),
    }
    newer = example(500, "BTC_USD", "0.10000", ("92000.00", "91000.00", "94000.00"), "", (ACTIVE, WAITING, WAITING))
    assert aims((*four_strategies(), newer), BTC, TICK)[LegRole.ENTRY] == Decimal("91999.99")


def test_an_exit_that_was_moved_is_aimed_at_where_it_stands() -> None:
    asked = moving(LegRole.STOP, "91000.00")
    assert aims((asked.fold(),), BTC, TICK)[LegRole.STOP] == Decimal("90410.00"), "it is not shown there yet"
    assert aims((moved(asked, LegRole.STOP, "91000.00").fold(),), BTC, TICK)[LegRole.STOP] == Decimal("91000.00")


def test_an_outcome_that_is_unknown_is_open() -> None:
    assert aims((unknown_strategy(),), BTC, TICK)[LegRole.STOP] == Decimal("90552.00")


def test_what_has_ended_or_is_of_another_instrument_is_no_aim() -> None:
    *_, closed = four_strategies()
    assert aims((closed,), BTC, TICK) == {}
    assert aims(four_strategies(), replace(BTC, symbol="CRO_USD"), TICK) == {}


@pytest.mark.parametrize(
    ("quote", "wide"),
    [
        (QUOTE, "0.60"),
        (replace(QUOTE, ask=QUOTE.bid), "0.01"),
        (replace(QUOTE, bid=None), "0.01"),
        (replace(QUOTE, ask=None), "0.01"),
        (None, "0.01"),
    ],
)
def test_a_spread_is_a_tick_at_least(quote: Quote | None, wide: str) -> None:
    assert spread(quote, BTC) == Decimal(wide)
