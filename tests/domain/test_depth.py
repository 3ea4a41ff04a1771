"""The visible book, and what a market order takes from it."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.depth import MOST_LEVELS, Depth, worth_of
from otoco_desktop.domain.money import WIDE
from otoco_desktop.domain.order import Side

D = Decimal
BIDS = [(D("99.5"), D(2)), (D("99.9"), D("0.4")), (D("98.0"), D(10))]
ASKS = [(D("100.2"), D(3)), (D("100.1"), D(1))]


def test_each_side_is_best_first_and_counts_up() -> None:
    depth = Depth.of(BIDS, ASKS)
    assert [tuple(level) for level in depth.bids] == [
        (D("99.9"), D("0.4"), D("0.4"), D("39.96")),
        (D("99.5"), D(2), D("2.4"), D("238.96")),
        (D("98.0"), D(10), D("12.4"), D("1218.96")),
    ]
    assert [level.reach for level in depth.asks] == [D(1), D(4)]
    assert depth.against(Side.SELL) is depth.bids
    assert depth.against(Side.BUY) is depth.asks


@pytest.mark.parametrize(
    ("quantity", "worth"),
    [("0.1", "9.99"), ("0.4", "39.96"), ("0.5", "49.91"), ("12.4", "1218.96"), ("12.40001", None)],
)
def test_an_order_walks_from_the_best_price(quantity: str, worth: str | None) -> None:
    found = worth_of(Depth.of(BIDS, ASKS).bids, D(quantity))
    assert found == (None if worth is None else D(worth))


def test_an_empty_side_holds_nothing() -> None:
    assert worth_of((), D(1)) is None


@pytest.mark.parametrize(
    ("bids", "asks", "crossed"),
    [
        (BIDS, ASKS, False),
        (BIDS, [(D("99.9"), D(1))], True),
        (BIDS, [(D("99"), D(1))], True),
        ([], ASKS, False),
        (BIDS, [], False),
    ],
)
def test_a_book_is_crossed_where_a_bid_meets_an_ask(
    bids: list[tuple[Decimal, Decimal]], asks: list[tuple[Decimal, Decimal]], crossed: bool
) -> None:
    assert Depth.of(bids, asks).is_crossed is crossed


@pytest.mark.parametrize("level", [(D(0), D(1)), (D(-1), D(1)), (D(1), D(0)), (D(1), D("-0.1"))])
def test_no_price_and_no_quantity_is_nothing_or_less(level: tuple[Decimal, Decimal]) -> None:
    with pytest.raises(ValueError, match="a level of"):
        Depth.of([level], [])


def test_no_more_levels_are_kept_than_an_exchange_publishes() -> None:
    depth = Depth.of([(D(price), D(1)) for price in range(1, 200)], [])
    assert len(depth.bids) == MOST_LEVELS
    assert depth.bids[0].price == D(199)


amounts = st.decimals("0.00000001", "99999999", places=8)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12), st.integers(1, 10**6))
def test_the_walk_is_exact(bids: list[tuple[Decimal, Decimal]], millionths: int) -> None:
    levels = Depth.of(bids, []).bids
    with localcontext(WIDE):
        quantity = levels[-1].reach * millionths / 10**6
        found = worth_of(levels, quantity)
    left, worth = Fraction(quantity), Fraction(0)
    for price, size in sorted(bids, key=lambda level: level[0], reverse=True):
        taken = min(left, Fraction(size))
        left, worth = left - taken, worth + taken * Fraction(price)
    assert found is not None
    assert not left
    assert Fraction(found) == worth
