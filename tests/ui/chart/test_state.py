"""What the chart says of a plan, and what it draws where."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.candles import CandleSeries, Timeframe
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.market import MarkSource
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Surroundings
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.board import APART, AXIS, NAME, Band, Leader, Pointer, Scene, Stroke, Tag, board
from otoco_desktop.ui.chart.geometry import Frame
from otoco_desktop.ui.chart.others import others
from otoco_desktop.ui.chart.state import ChartState, Level, OtherLine, build
from tests.ui.chart_parts import drawn_candles
from tests.ui.fakes import BTC, PLAN, QUOTE, WRONG_PLAN, FakeDesk, four_strategies

FRAME = Frame(610.0, 467.0, 0.0, 1e8, 89_000.0, 98_000.0)
NEW = OtocoDraft()


def shown(draft: OtocoDraft, around: Surroundings | None = None) -> ChartState:
    around = around or FakeDesk().surroundings()
    return build(evaluate(draft, around), around)


def test_the_labels_of_the_drawing() -> None:
    state = shown(PLAN)
    assert [(line.name, line.value, line.tag) for line in state.lines] == [
        ("Target +5.00%", "+383.51", "97,020.00"),
        ("Buy 0.09874", "9,123.58", "92,400.00"),
        ("Stop −2.00%", "−249.99", "90,552.00"),
    ]
    assert [(line.short, line.short_value) for line in state.lines] == [
        ("Target", "+5.00%"), ("Buy", "0.09874"), ("Stop", "−2.00%"),
    ]  # fmt: skip
    assert [line.spoken for line in state.lines] == [
        "Target line, 97,020.00, plus 5.00 percent",
        "Entry line, 92,400.00, Buy 0.09874 BTC",
        "Stop line, 90,552.00, minus 2.00 percent",
    ]
    assert [(zone.field, zone.upper, zone.lower) for zone in state.zones] == [
        (Field.TARGET, Decimal("97020.00"), Decimal("92400.00")),
        (Field.STOP, Decimal("92400.00"), Decimal("90552.00")),
    ]
    assert state.notice is None


def test_the_labels_of_the_drawing_with_errors() -> None:
    state = shown(WRONG_PLAN)
    assert [(line.name, line.value, line.tag) for line in state.lines] == [
        ("Target +0.50%", "below fees", "92,862.00"),
        ("Buy 0.50000", "off tick", "92,400.005"),
        ("Stop +0.65%", "above entry", "93,000.00"),
    ]
    assert state.zones == ()
    assert state.notice == (
        "Zones hidden.",
        "The stop is on the wrong side of the entry. Drag it below 92,400.005 or fix it in the plan.",
    )


def test_a_sell_is_mirrored() -> None:
    sell = replace(NEW, side=Side.SELL, entry="92400.00", quantity="0.1", stop="2%", target="2.5R")
    assert [(line.name, line.price) for line in shown(sell).lines] == [
        ("Target −5.00%", Decimal("87780.00")),
        ("Sell 0.10000", Decimal("92400.00")),
        ("Stop +2.00%", Decimal("94248.00")),
    ]
    wrong = shown(replace(NEW, side=Side.SELL, entry="92400", target="93000"))
    assert wrong.line(Field.TARGET) is not None
    assert wrong.notice is not None
    assert "Drag it below 92,400.00" in wrong.notice[1]
    above = shown(replace(NEW, side=Side.SELL, entry="92400", stop="90000"))
    assert above.notice is not None
    assert "Drag it above 92,400.00" in above.notice[1]


@pytest.mark.parametrize("text", ["", "9x", "0", "2%"])
def test_only_what_is_a_price_has_a_line(text: str) -> None:
    assert shown(replace(NEW, entry=text)).lines == ()


def test_an_exit_without_an_entry_has_a_line_and_no_percentage() -> None:
    line = shown(replace(NEW, stop="90000")).line(Field.STOP)
    assert line is not None
    assert (line.name, line.value, line.spoken) == ("Stop", "", "Stop line, 90,000.00")


def test_mark_and_last_come_from_this_instrument_only() -> None:
    around = FakeDesk().surroundings()
    state = shown(PLAN, around)
    assert state.mark is not None
    assert state.last is not None
    assert (state.mark.tag, state.mark.name, state.last.tag) == ("93,118.42", "mark", "93,120.10")
    stand_in = shown(PLAN, replace(around, quote=replace(QUOTE, mark_source=MarkSource.MIDPOINT)))
    assert stand_in.mark is not None
    assert stand_in.mark.name == "mid"
    for quote in (None, replace(QUOTE, instrument="ETH_USD"), replace(QUOTE, mark=None, last=None)):
        none = shown(PLAN, replace(around, quote=quote))
        assert (none.mark, none.last) == (None, None)
    assert shown(PLAN, replace(around, instrument=None)) == ChartState()


def test_lines_of_what_is_open_on_this_instrument() -> None:
    found = others(four_strategies(), BTC)
    assert [(other.words, other.price) for other in found] == [
        ("S-0415 stop", Decimal("90410.00")),
        ("S-0415 target", Decimal("95600.00")),
    ]


# The board


def test_zones_begin_after_the_newest_candle() -> None:
    newest = drawn_candles()[-1]
    start = newest.start_ms - 40 * 900_000
    frame = replace(FRAME, from_ms=float(start), to_ms=float(start + 70 * 900_000))
    made = board(shown(PLAN), Scene(frame, newest, 900_000))
    bands = [shape for shape in made.shapes if isinstance(shape, Band)]
    assert len(bands) == 2
    assert all(band.rect[0] >= frame.x_of(newest.start_ms + 900_000) for band in bands)


@given(st.lists(st.integers(8_900_000, 9_800_000), min_size=3, max_size=3))
def test_labels_never_overlap_and_keep_the_order_of_their_prices(cents: list[int]) -> None:
    prices = [Decimal(price) / 100 for price in cents]
    state = shown(PLAN)
    lines = tuple(replace(line, price=price) for line, price in zip(state.lines, prices, strict=True))
    made = board(replace(state, lines=lines), Scene(FRAME))
    places = sorted(made.labels.values())
    assert all(after - before >= APART for before, after in pairwise(places))
    by_price = sorted(lines, key=lambda line: -line.price)
    in_order = [made.labels[line.field] for line in by_price]
    assert in_order == sorted(in_order) or len(set(prices)) < 3
    tags = sorted(shape.rect[1] for shape in made.shapes if isinstance(shape, Tag))
    assert all(after - before >= 20 for before, after in pairwise(tags))


def test_a_label_that_was_moved_has_a_leader() -> None:
    made = board(shown(WRONG_PLAN), Scene(FRAME))
    assert [shape for shape in made.shapes if isinstance(shape, Leader)]
    assert not [shape for shape in board(shown(replace(NEW, entry="95000")), Scene(FRAME)).shapes
                if isinstance(shape, Leader)]  # fmt: skip


def test_two_boards_differ_by_what_changed_and_nothing_else() -> None:
    around = FakeDesk().surroundings()
    before = board(shown(PLAN, around), Scene(FRAME))
    moved = replace(around, quote=replace(QUOTE, mark=Decimal("95000.00")))
    after = board(shown(PLAN, moved), Scene(FRAME))
    changed = set(before.shapes) ^ set(after.shapes)
    assert changed
    assert not [shape for shape in changed if isinstance(shape, Band)]
    assert not [shape for shape in changed if isinstance(shape, Tag) and shape.words == "92,400.00"]


def test_a_line_out_of_sight_is_not_drawn_but_its_label_stays_at_the_edge() -> None:
    state = shown(replace(NEW, entry="50000"))
    made = board(state, Scene(FRAME))
    assert made.labels[Field.ENTRY] == 456
    across = [shape for shape in made.shapes if isinstance(shape, Stroke) and shape.x == 0]
    assert across == []


def test_the_crosshair_has_a_price_a_time_and_the_candle_below_it() -> None:
    pointer = Pointer(100.0, 50.0, "97,000.00", "22 Nov 10:00", "O 1")
    made = board(ChartState(), Scene(FRAME, pointer=pointer))
    assert {shape.words for shape in made.shapes if isinstance(shape, Tag)} == {"97,000.00", "22 Nov 10:00"}


# Words


def test_what_stands_where_no_candles_are() -> None:
    series = CandleSeries("BTC_USD", Timeframe.M15, loading=True)
    assert words.standing(None) == "Waiting for the exchange."
    assert words.standing(series) == "Loading BTC_USD 15m…"
    trouble = replace(series, loading=False, trouble="The exchange cannot be reached: no answer in time.")
    assert words.standing(trouble) == "No candles. The exchange cannot be reached: no answer in time."
    live = drawn_candles()[-1:]
    assert words.standing(replace(series, candles=live)) == "Loading BTC_USD 15m…"
    assert words.standing(replace(trouble, candles=live)).startswith("Candles are missing. The exchange cannot")
    assert words.standing(replace(series, loading=False)) == "The exchange has no candles of BTC_USD for 15m."
    full = replace(series, candles=drawn_candles(), loading=False)
    assert words.standing(full) == ""
    assert words.spoken_chart(full, Timeframe.M15) == "BTC_USD, 15m, 44 candles, newest close 93,118."


def test_a_candle_is_read_out_with_its_change() -> None:
    candle = drawn_candles()[-1]
    assert words.readout(candle, "22 Nov 15:15", 2) == (
        "22 Nov 15:15  O 92,500.00  H 93,329.00  L 92,361.00  C 93,118.00  +0.67%"
    )


# Prices on the axis, and names of open strategies


def test_a_price_of_the_axis_that_a_tag_would_cut_is_covered_and_the_others_stay() -> None:
    state = ChartState(mark=Level(Decimal(150), "150.00", "mark"))
    frame = Frame(500, 300, 0, 1000, 100, 200)
    shapes = board(state, Scene(frame, ticks=(2.0, 30.0, 138.0, 160.0, 180.0))).shapes
    covers = [shape.rect for shape in shapes if isinstance(shape, Tag) and not shape.words]
    assert [rect[1] + rect[3] / 2 for rect in covers] == [
        pytest.approx(2, abs=1),
        pytest.approx(138, abs=1),
        pytest.approx(160, abs=1),
    ]


def test_a_price_longer_than_the_axis_keeps_its_digits_and_stands_out_to_the_left() -> None:
    long = "1,234,567,890.12345"
    frame = Frame(500, 300, 0, 1000, 100, 200)
    tags = [
        shape
        for shape in board(ChartState(mark=Level(Decimal(150), long, "mark")), Scene(frame)).shapes
        if isinstance(shape, Tag) and shape.words == long
    ]
    (tag,) = tags
    assert tag.rect[2] > 6.0 * len(long)
    assert tag.rect[0] + tag.rect[2] == frame.width + AXIS


@given(st.lists(st.integers(100, 200), min_size=1, max_size=12))
def test_names_of_open_strategies_never_cover_one_another(prices: list[int]) -> None:
    lines = tuple(OtherLine(Decimal(price), Field.STOP, f"S-{at} stop") for at, price in enumerate(prices))
    shapes = board(ChartState(others=lines), Scene(Frame(500, 300, 0, 1000, 99, 201))).shapes
    names = sorted(shape.rect[1] for shape in shapes if isinstance(shape, Tag) and shape.words)
    assert len(names) == len(prices)
    assert all(lower - upper >= NAME for upper, lower in pairwise(names))
    assert names[0] >= 0
    assert names[-1] + NAME <= 300
