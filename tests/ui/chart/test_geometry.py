"""Pixels and prices: exact ticks, round trips, fitting, and labels that keep apart and in order."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from otoco_desktop.domain.candles import Candle
from otoco_desktop.domain.money import is_multiple
from otoco_desktop.ui.chart import geometry
from otoco_desktop.ui.chart.geometry import Frame
from otoco_desktop.ui.chart.spread import spread

TICKS = st.sampled_from([Decimal(text) for text in ("0.01", "0.5", "0.00001", "1", "0.025", "100")])
FRAMES = st.builds(
    lambda low, span: Frame(600.0, 450.0, 0.0, 1e8, low, low + span), st.floats(10, 1e6), st.floats(0.5, 1e5)
)
PLACES = st.floats(0, 450)


@given(FRAMES, PLACES, TICKS)
def test_what_a_pixel_snaps_to_is_a_whole_number_of_ticks_near_it(frame: Frame, y: float, tick: Decimal) -> None:
    price = frame.snapped(y, tick)
    assert price > 0
    assert is_multiple(price, tick)
    per_pixel = (frame.high - frame.low) / frame.height
    assert abs(float(price) - frame.price_at(y)) <= max(per_pixel, float(tick)) * 0.51 or price == tick


@given(FRAMES, PLACES, TICKS)
def test_a_line_that_is_dropped_where_it_stands_stays(frame: Frame, y: float, tick: Decimal) -> None:
    price = frame.snapped(y, tick)
    assume(price > tick)
    assert frame.snapped(frame.y_of(price), tick) == price


@given(FRAMES, PLACES, PLACES, TICKS)
def test_higher_on_the_screen_is_never_a_lower_price(frame: Frame, one: float, two: float, tick: Decimal) -> None:
    upper, lower = sorted((one, two))
    assert frame.snapped(upper, tick) >= frame.snapped(lower, tick)


@given(FRAMES, PLACES, st.floats(0.2, 5))
def test_zooming_keeps_what_is_under_the_mouse(frame: Frame, y: float, factor: float) -> None:
    zoomed = frame.price_zoomed(factor, y)
    assert zoomed.price_at(y) == pytest.approx(frame.price_at(y), rel=1e-6)
    across = frame.time_zoomed(factor, 200.0, 900_000)
    assert across.ms_at(200.0) == pytest.approx(frame.ms_at(200.0), abs=1.0)


def test_there_is_an_end_to_zooming() -> None:
    frame = Frame(600.0, 450.0, 0.0, 1e8, 90_000.0, 95_000.0)
    for _ in range(200):
        frame = frame.time_zoomed(0.5, 10.0, 900_000).price_zoomed(0.5, 10.0)
    assert frame.to_ms - frame.from_ms >= 5 * 900_000 * 0.99
    assert frame.high > frame.low
    for _ in range(200):
        frame = frame.time_zoomed(2.0, 10.0, 900_000).price_zoomed(2.0, 10.0)
    assert frame.to_ms - frame.from_ms <= 2_000 * 900_000 * 1.01


def candle(start: int, low: int, high: int) -> Candle:
    return Candle(start * 900_000, Decimal(low), Decimal(high), Decimal(low), Decimal(high))


def test_a_fit_shows_the_candles_and_what_of_the_plan_is_near() -> None:
    candles = [candle(at, 90_000, 91_000) for at in range(400)]
    near, far = Decimal(92_500), Decimal(900)
    frame = geometry.fitted((600.0, 450.0), candles, 900_000, [near, far])
    assert geometry.shows_all(frame, [Decimal(90_000), Decimal(91_000), near])
    assert not geometry.shows_all(frame, [far])
    assert frame.x_of(400 * 900_000) == pytest.approx(600 * geometry.HISTORY_SHARE)


def test_prices_that_never_moved_still_have_a_height() -> None:
    frame = geometry.fitted((600.0, 450.0), [candle(0, 5, 5)], 900_000, [])
    assert frame.high > 5 > frame.low
    assert geometry.empty((600.0, 450.0), 0, 900_000, []).high > 1


def test_without_candles_in_sight_the_newest_decides() -> None:
    frame = Frame(600.0, 450.0, 1e12, 2e12, 0.0, 1.0)
    assert geometry.with_prices(frame, [candle(0, 90, 100)], []).high > 100
    assert geometry.with_prices(frame, [], []) == frame


def test_another_size_keeps_the_newest_time_and_the_scale() -> None:
    frame = Frame(600.0, 450.0, 0.0, 6e7, 1.0, 2.0)
    wider = frame.sized(900.0, 300.0)
    assert (wider.to_ms, wider.to_ms - wider.from_ms) == (6e7, 9e7)


# Labels

WANTED = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=8)


@given(WANTED)
def test_labels_keep_apart_in_order_and_inside_where_there_is_room(wanted: list[float]) -> None:
    placed = spread(wanted, 24.0, 11.0, 439.0)
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    in_order = [placed[at] for at in order]
    assert all(after - before >= 24.0 - 1e-6 for before, after in pairwise(in_order))
    assert in_order[0] >= 11.0 - 1e-6
    assert in_order[-1] <= 439.0 + 1e-6


@given(WANTED)
def test_labels_that_have_room_stay_where_they_belong(wanted: list[float]) -> None:
    inside = sorted(min(max(y, 11.0), 439.0) for y in wanted)
    assume(all(after - before >= 24.0 for before, after in pairwise(inside)))
    assert spread(inside, 24.0, 11.0, 439.0) == pytest.approx(inside)


def test_two_in_one_place_move_equally_far() -> None:
    assert spread([100.0, 100.0], 24.0, 11.0, 439.0) == [88.0, 112.0]


def test_without_room_they_still_do_not_overlap() -> None:
    placed = spread([50.0, 50.0, 50.0], 24.0, 11.0, 30.0)
    assert [after - before for before, after in pairwise(placed)] == [24.0, 24.0]
