"""The chart under real mouse and key events: lines and fields are one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.domain.candles import CandleSeries, Timeframe
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import is_multiple
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.board import Note, Tag
from otoco_desktop.ui.shell.charting import FAILED, ChartParts
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.shell.window import MainWindow, Surface
from tests.benchmarks.window import PaintWatch
from tests.ui.chart_parts import Candles, charted_window, drawn_candles
from tests.ui.fakes import BTC, NOW_MS, PLAN, QUOTE, FakeDesk, MemoryStore
from tests.ui.windows import Inline, dark_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.chart.view import ChartPanel

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def label_of(chart: ChartPanel, field: Field) -> QPoint:
    return chart.canvas.handles[field].geometry().center()


def press(chart: ChartPanel, at: QPoint) -> None:
    QTest.mousePress(chart.canvas, LEFT, NONE, at)


def move(chart: ChartPanel, at: QPoint) -> None:
    QTest.mouseMove(chart.canvas, at)


def release(chart: ChartPanel, at: QPoint) -> None:
    QTest.mouseRelease(chart.canvas, LEFT, NONE, at)


def drag(chart: ChartPanel, start: QPoint, *way: QPoint) -> None:
    press(chart, start)
    for at in way:
        move(chart, at)
    release(chart, way[-1])


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def text(window: MainWindow, field: Field) -> str:
    return window.page.ticket.boxes()[field].text()


# Dragging


@pytest.mark.parametrize("field", [Field.ENTRY, Field.STOP, Field.TARGET])
def test_dragging_a_label_types_a_whole_number_of_ticks_into_the_field(
    charted: MainWindow, chart: ChartPanel, field: Field
) -> None:
    before = chart.canvas.state.line(field)
    assert before is not None
    start = label_of(chart, field)
    drag(chart, start, start + QPoint(0, 10), start + QPoint(0, 30))
    typed = Decimal(text(charted, field))
    assert is_multiple(typed, BTC.price_tick)
    moved = chart.canvas.frame.y_of(typed) - chart.canvas.frame.y_of(before.price)
    assert moved == pytest.approx(30, abs=1.1)
    assert charted.presenter.draft.text(field) == text(charted, field)


def test_the_line_itself_can_be_dragged_too_and_the_field_follows_live(charted: MainWindow, chart: ChartPanel) -> None:
    at = QPoint(200, round(chart.canvas.frame.y_of(Decimal("97020.00"))))
    press(chart, at)
    seen = []
    for step in (8, 16, 24):
        move(chart, at + QPoint(0, step))
        seen.append(text(charted, Field.TARGET))
    release(chart, at + QPoint(0, 24))
    assert len(set(seen)) == 3
    assert "2.5R" not in seen
    assert not chart.gestures.is_dragging


def test_escape_during_a_drag_restores_exactly_what_was_typed(charted: MainWindow, chart: ChartPanel) -> None:
    start = label_of(chart, Field.TARGET)
    press(chart, start)
    move(chart, start + QPoint(0, 40))
    assert text(charted, Field.TARGET) != "2.5R"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert text(charted, Field.TARGET) == "2.5R"
    move(chart, start + QPoint(0, 80))
    release(chart, start + QPoint(0, 80))
    assert text(charted, Field.TARGET) == "2.5R"


def test_a_press_that_hardly_moves_changes_nothing(charted: MainWindow, chart: ChartPanel) -> None:
    start = label_of(chart, Field.STOP)
    drag(chart, start, start + QPoint(1, 1))
    assert charted.presenter.draft == PLAN


def test_relative_exits_follow_a_dragged_entry_and_the_wrong_order_is_said(
    charted: MainWindow, chart: ChartPanel
) -> None:
    start = label_of(chart, Field.STOP)
    drag(chart, start, start - QPoint(0, 60), start - QPoint(0, 250))
    assert chart.notice.isVisible()
    assert chart.notice.accessibleName().startswith("Zones hidden. The stop is on the wrong side of the entry.")
    assert chart.canvas.state.zones == ()
    charted.presenter.load(PLAN)
    assert not chart.notice.isVisible()


def test_another_instrument_ends_a_drag_without_touching_its_plan(
    charted: MainWindow, chart: ChartPanel, desk: FakeDesk
) -> None:
    start = label_of(chart, Field.STOP)
    press(chart, start)
    move(chart, start + QPoint(0, 20))
    desk.select("ETH_USD")
    move(chart, start + QPoint(0, 40))
    release(chart, start + QPoint(0, 40))
    assert charted.presenter.draft.stop == ""


# Keys


def test_f6_walks_the_lines_and_arrows_move_them_by_ticks(charted: MainWindow, chart: ChartPanel) -> None:
    QTest.keyClick(charted, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is chart.canvas.handles[Field.TARGET]
    QTest.keyClick(charted, Qt.Key.Key_F6)
    QTest.keyClick(charted, Qt.Key.Key_F6)
    stop = chart.canvas.handles[Field.STOP]
    assert QApplication.focusWidget() is stop
    for held, price in (
        (NONE, "90552.01"),
        (Qt.KeyboardModifier.ShiftModifier, "90552.11"),
        (Qt.KeyboardModifier.ControlModifier, "90553.11"),
    ):
        QTest.keyClick(stop, Qt.Key.Key_Up, held)
        assert text(charted, Field.STOP) == price
    QTest.keyClick(stop, Qt.Key.Key_Down)
    assert stop.accessibleName() == "Stop line, 90,553.10, minus 2.00 percent"
    QTest.keyClick(charted, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is chart.canvas.handles[Field.ENTRY]
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert charted.page.ticket.focused_field() is Field.ENTRY


def test_the_lines_are_one_stop_for_tab(chart: ChartPanel) -> None:
    chart.focus_line(Field.ENTRY, Qt.FocusReason.OtherFocusReason)
    stops = [field for field, handle in chart.canvas.handles.items() if handle.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert stops == [Field.ENTRY]
    QTest.keyClick(chart.canvas.handles[Field.ENTRY], Qt.Key.Key_Escape)
    assert not chart.canvas.handles[Field.ENTRY].hasFocus()


def test_without_lines_f6_says_so_and_moves_nothing(charted: MainWindow, chart: ChartPanel) -> None:
    charted.presenter.load(OtocoDraft())
    charted.page.ticket.focus_field(Field.ENTRY)
    QTest.keyClick(charted, Qt.Key.Key_F6)
    assert charted.page.ticket.focused_field() is Field.ENTRY
    assert all(handle.isHidden() for handle in chart.canvas.handles.values())


# Pointing, picking, moving, zooming


def test_a_click_fills_the_price_field_that_has_the_keyboard(charted: MainWindow, chart: ChartPanel) -> None:
    charted.page.ticket.focus_field(Field.TARGET_LIMIT)
    at = QPoint(120, 90)
    move(chart, at)
    notes = [shape.words for shape in chart.canvas.board.shapes if isinstance(shape, Note)]
    assert any("click fills the target limit" in note for note in notes)
    QTest.mouseClick(chart.canvas, LEFT, NONE, at)
    assert text(charted, Field.TARGET_LIMIT) == str(chart.canvas.frame.snapped(90.0, BTC.price_tick))
    assert charted.page.ticket.focused_field() is Field.TARGET_LIMIT


def test_a_click_without_a_price_field_changes_nothing(charted: MainWindow, chart: ChartPanel) -> None:
    charted.page.ticket.focus_field(Field.QUANTITY)
    QTest.mouseClick(chart.canvas, LEFT, NONE, QPoint(120, 90))
    charted.page.ticket.tag.setFocus()
    QTest.mouseClick(chart.canvas, LEFT, NONE, QPoint(120, 90))
    assert charted.presenter.draft == PLAN


def test_the_mouse_shows_price_time_and_candle_and_takes_them_along(chart: ChartPanel, qtbot: QtBot) -> None:
    newest = chart.canvas.candles[-1]
    at = QPoint(round(chart.canvas.frame.x_of(newest.start_ms)) + 3, 100)
    move(chart, at)
    said = [shape.words for shape in chart.canvas.board.shapes if isinstance(shape, Note | Tag)]
    assert any(note.startswith("22 Nov 15:15  O 92,500.00  H ") for note in said)
    chart.canvas.point_at(None)
    assert not [shape for shape in chart.canvas.board.shapes if isinstance(shape, Note) and " O " in shape.words]


def test_dragging_the_ground_moves_and_fit_brings_back(charted: MainWindow, chart: ChartPanel) -> None:
    before = chart.canvas.frame
    drag(chart, QPoint(80, 60), QPoint(90, 60), QPoint(140, 90))
    moved = chart.canvas.frame
    assert moved.x_of(before.from_ms) == pytest.approx(60)
    assert moved.y_of(Decimal(str(before.high))) == pytest.approx(30)
    assert charted.presenter.draft == PLAN
    QTest.keyClick(charted, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert chart.canvas.frame == before


def wheel(chart: ChartPanel, at: QPointF, turned: int) -> None:
    canvas = chart.canvas
    event = QWheelEvent(
        at, QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_time_on_the_plot_and_price_on_the_axis(chart: ChartPanel) -> None:
    before = chart.canvas.frame
    wheel(chart, QPointF(200, 200), 120)
    closer = chart.canvas.frame
    assert closer.to_ms - closer.from_ms < before.to_ms - before.from_ms
    assert closer.ms_at(200) == pytest.approx(before.ms_at(200), abs=1)
    wheel(chart, QPointF(chart.canvas.frame.width + 20, 200), -120)
    assert chart.canvas.frame.high - chart.canvas.frame.low > closer.high - closer.low


def test_dragging_the_price_axis_stretches_it(chart: ChartPanel) -> None:
    before = chart.canvas.frame
    at = QPoint(round(before.width) + 20, 20)
    drag(chart, at, at + QPoint(0, 10), at + QPoint(0, 60))
    assert chart.canvas.frame.high - chart.canvas.frame.low > before.high - before.low


# What comes from the market


def test_a_price_repaints_the_newest_candle_and_not_the_plot(
    charted: MainWindow, chart: ChartPanel, desk: FakeDesk, candles: Candles, qtbot: QtBot
) -> None:
    picture = chart.canvas._picture
    newest = replace(candles.candles[-1], close=Decimal(93000))
    candles.tell((*candles.candles[:-1], newest))
    qtbot.waitUntil(lambda: chart.canvas.candles[-1] == newest)
    desk.tick(replace(QUOTE, mark=Decimal(93001)))
    charted.refresh()
    assert chart.canvas.state.mark is not None
    assert chart.canvas.state.mark.tag == "93,001.00"
    assert chart.canvas._picture is picture


def test_a_thousand_candle_messages_are_painted_with_the_next_frame(
    charted: MainWindow, chart: ChartPanel, candles: Candles, qtbot: QtBot
) -> None:
    QApplication.processEvents()
    watch = PaintWatch(charted)
    for at in range(1_000):
        newest = replace(candles.candles[-1], close=Decimal(93000) + at % 50)
        candles.tell((*candles.candles[:-1], newest))
    assert watch.painted == set()
    qtbot.waitUntil(lambda: chart.canvas.candles[-1] == newest)
    QApplication.processEvents()
    watch.stop()
    assert [type(widget).__name__ for widget in watch.widgets].count("Canvas") <= 2


def test_a_new_candle_moves_in_and_keeps_its_place(chart: ChartPanel, candles: Candles, qtbot: QtBot) -> None:
    before = chart.canvas.frame
    newest = candles.candles[-1]
    came = replace(newest, start_ms=newest.start_ms + 900_000)
    candles.tell((*candles.candles, came))
    qtbot.waitUntil(lambda: chart.canvas.candles[-1] == came)
    assert chart.canvas.frame.from_ms == before.from_ms + 900_000


def test_gaps_stay_gaps(chart: ChartPanel, candles: Candles, qtbot: QtBot) -> None:
    gapped = candles.candles[:10] + candles.candles[30:]
    candles.tell(gapped)
    qtbot.waitUntil(lambda: chart.canvas.candles == gapped)
    image = chart.canvas.grab().toImage()
    frame = chart.canvas.frame
    ground = image.pixelColor(3, 3)
    missing = round(frame.x_of((candles.candles[15].start_ms + candles.candles[16].start_ms) / 2))
    column = [image.pixelColor(missing, y).name() for y in range(60, 340)]
    filled = [name for name in column if name in ("#35c8ac", "#f0745f")]
    assert ground.name() == "#151b22"
    assert filled == []


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (CandleSeries("BTC_USD", Timeframe.H4, loading=True), "Loading BTC_USD 4h…"),
        (CandleSeries("BTC_USD", Timeframe.H4), "The exchange has no candles of BTC_USD for 4h."),
        (CandleSeries("BTC_USD", Timeframe.H4, trouble="No usable answer."), "No candles. No usable answer."),
    ],
)
def test_without_candles_the_axes_stay_and_a_sentence_says_why(
    charted: MainWindow, chart: ChartPanel, candles: Candles, series: CandleSeries, said: str
) -> None:
    candles.listener(series)
    notes = [shape.words for shape in chart.canvas.board.shapes if isinstance(shape, Note)]
    assert said in notes
    assert chart.canvas.accessibleDescription() == said
    assert chart.canvas._picture is not None
    assert len(chart.canvas.board.labels) == 3
    frame = chart.canvas.frame
    assert frame.from_ms < NOW_MS < frame.to_ms
    assert frame.low < 93_118 < frame.high


def test_a_timeframe_is_asked_for_once_and_remembered(qtbot: QtBot, desk: FakeDesk) -> None:
    store, candles = MemoryStore(), Candles()
    window = charted_window(desk, candles, store=store)
    window.show()
    window.complete()
    chart = window.chart.panel
    assert chart is not None
    QTest.mouseClick(chart.timeframes.button(5), LEFT)
    QTest.mouseClick(chart.timeframes.button(5), LEFT)
    assert candles.asked == [Timeframe.M15, Timeframe.D1]
    window.close_now()
    again = charted_window(desk, candles, store=store)
    again.show()
    again.complete()
    assert candles.asked[-1] is Timeframe.D1
    again.close_now()


def test_the_plan_is_brought_into_sight_once_it_stands_still(
    charted: MainWindow, chart: ChartPanel, qtbot: QtBot
) -> None:
    charted.presenter.edit(Field.TARGET, "98400")
    before = chart.canvas.frame
    charted.refresh()
    assert chart.canvas.frame == before
    qtbot.waitUntil(lambda: chart.canvas.frame != before, timeout=3_000)
    assert 0 < chart.canvas.frame.y_of(Decimal(98400)) < chart.canvas.frame.height


# The panel


def test_names_for_those_who_listen(charted: MainWindow, chart: ChartPanel) -> None:
    assert chart.canvas.accessibleName() == "Price chart"
    assert chart.canvas.handles[Field.STOP].accessibleName() == "Stop line, 90,552.00, minus 2.00 percent"
    assert chart.fit_button.accessibleName() == "Fit chart"
    assert chart.hint.text() == words.HINT


def test_the_selected_strategy_s_story_takes_the_chart_s_place_and_gives_it_back(
    charted: MainWindow, chart: ChartPanel
) -> None:
    QTest.mouseClick(chart.story_button, LEFT)
    assert charted.page.timeline.isVisible()
    assert not chart.isVisible()
    upper = charted.page.following.upper
    assert upper is not None
    QTest.mouseClick(upper.chart_button, LEFT)
    assert chart.isVisible()
    charted.page.following.select(charted.page.strategies.table.selected)
    assert charted.page.timeline.isVisible()
    QTest.keyClick(charted, Qt.Key.Key_F6)
    assert chart.isVisible()


def test_the_least_window_still_has_a_whole_chart(charted: MainWindow, chart: ChartPanel) -> None:
    charted.resize(1024, 680)
    QApplication.processEvents()
    assert charted.size().width() == 1024
    assert charted.size().height() == 680
    assert chart.width() >= 420
    assert chart.height() >= 220
    assert not chart.hint.isVisible()
    assert chart.canvas.handles[Field.STOP].words == ("Stop", "−2.00%")
    assert charted.page.strategies.table.isVisible()


def test_both_themes_repaint_the_chart(charted: MainWindow, chart: ChartPanel) -> None:
    dark = chart.canvas.grab().toImage().pixelColor(3, 3).name()
    charted.looks.choose_theme(Scheme.LIGHT)
    QApplication.processEvents()
    light = chart.canvas.grab().toImage().pixelColor(3, 3).name()
    charted.looks.choose_theme(Scheme.DARK)
    assert (dark, light) == ("#151b22", "#ffffff")


def test_a_chart_that_cannot_be_loaded_is_said_and_the_story_stays(qtbot: QtBot, desk: FakeDesk) -> None:
    async def broken() -> object:
        raise RuntimeError("no such library")

    parts = ChartParts(Candles(), broken)  # type: ignore[arg-type]  # it never returns
    window = MainWindow(desk, Surface(Inline(), MemoryStore(), dark_theme(), chart=parts))
    window.show()
    window.complete()
    assert window.chart.panel is None
    assert window.page.timeline.isVisible()
    assert any(FAILED in str(entry) for entry in window.toasts.log)
    window.close_now()


def test_many_candles_are_drawn_too(chart: ChartPanel, candles: Candles, qtbot: QtBot) -> None:
    many = drawn_candles(600)
    candles.tell(many)
    qtbot.waitUntil(lambda: chart.canvas.candles == many)
    chart.canvas.look(chart.canvas.frame.time_zoomed(12, 300, 900_000))
    assert chart.canvas._picture is not None
