"""Candles: lengths, soundness, and joining what came in pieces."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.candles import KEPT, Candle, Timeframe, joined


def candle(start: int, close: int = 5) -> Candle:
    return Candle(start, Decimal(5), Decimal(9), Decimal(1), Decimal(close))


def test_every_timeframe_has_its_length_and_its_older_spelling() -> None:
    assert [(found.ms // 60_000, found.legacy) for found in Timeframe] == [
        (1, "M1"), (5, "M5"), (15, "M15"), (60, "H1"), (240, "H4"), (1_440, "D1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prices", "sound"),
    [
        (("5", "9", "1", "5"), True),
        (("5", "5", "5", "5"), True),
        (("5", "4", "1", "3"), False),
        (("5", "9", "6", "7"), False),
        (("0", "9", "0", "5"), False),
    ],
)
def test_high_and_low_must_enclose_the_rest(prices: tuple[str, ...], sound: bool) -> None:
    opened, high, low, close = (Decimal(price) for price in prices)
    assert Candle(0, opened, high, low, close).is_sound is sound


def test_a_candle_that_closed_where_it_opened_is_no_falling_one() -> None:
    assert (candle(0).is_up, candle(0, 4).is_up) == (True, False)


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_joining_keeps_the_order_each_start_once_and_invents_nothing(known: list[int], news: list[int]) -> None:
    before = joined((), [candle(start, 4) for start in known])
    both = joined(before, [candle(start, 6) for start in news])
    assert [found.start_ms for found in both] == sorted({*known, *news})
    assert all(found.close == (6 if found.start_ms in news else 4) for found in both)


def test_the_oldest_go_first() -> None:
    both = joined(tuple(candle(start) for start in range(KEPT)), [candle(KEPT)])
    assert (len(both), both[0].start_ms, both[-1].start_ms) == (KEPT, 1, KEPT)
