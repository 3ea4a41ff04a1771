"""The chart of the whole program over a practice exchange: history, live prices, another pair, maintenance."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from otoco_desktop.domain.candles import Timeframe
from otoco_desktop.domain.finding import Field
from otoco_desktop.practice.faults import Fault
from tests.e2e.stage import BUY, Stage, on_stage
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

    from otoco_desktop.ui.chart.view import ChartPanel

LEFT = Qt.MouseButton.LeftButton


async def chart_on(stage: Stage) -> ChartPanel:
    """The chart, once its history has come."""
    await stage.see(lambda: stage.program.window.chart.panel, "the chart")
    found = stage.program.window.chart.panel
    assert found is not None
    await stage.see(lambda: found.canvas.candles, "its candles")
    return found


async def test_candles_come_and_move_and_another_pair_brings_its_own(qloop: qasync.QEventLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        chart = await chart_on(stage)
        assert len(chart.canvas.candles) == 300
        starts = [candle.start_ms for candle in chart.canvas.candles]
        assert {after - before for before, after in pairwise(starts)} == {Timeframe.M15.ms}
        await stage.move("93200.00")
        await until(lambda: chart.canvas.candles[-1].close == Decimal("93200.00"))
        stage.program.window.choose_instrument("ETH_USD")
        assert not chart.canvas.state.lines
        await until(lambda: bool(chart.canvas.candles) and chart.canvas.candles[-1].high < 50_000)
        assert all(candle.high < 50_000 for candle in chart.canvas.candles)
        QTest.mouseClick(chart.timeframes.button(3), LEFT)
        await until(lambda: bool(chart.canvas.candles) and chart.canvas.timeframe is Timeframe.H1)
        assert chart.canvas.candles[-1].start_ms % Timeframe.H1.ms == 0


async def test_a_line_dragged_in_the_whole_program_changes_what_will_be_sent(
    qloop: qasync.QEventLoop, tmp_path: Path
) -> None:
    async with on_stage(tmp_path) as stage:
        chart = await chart_on(stage)
        stage.plan(BUY)
        chart.canvas.fit()
        handle = chart.canvas.handles[Field.STOP]
        start = handle.geometry().center()
        QTest.mousePress(chart.canvas, LEFT, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(chart.canvas, start - QPoint(0, 15))
        QTest.mouseRelease(chart.canvas, LEFT, Qt.KeyboardModifier.NoModifier, start - QPoint(0, 15))
        typed = stage.program.window.page.ticket.boxes()[Field.STOP].text()
        assert Decimal(typed) > Decimal(BUY.stop)
        assert stage.program.window.presenter.verdict.plan.value(Field.STOP) == Decimal(typed)


async def test_maintenance_is_said_and_over_when_it_is_over(qloop: qasync.QEventLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        chart = await chart_on(stage)
        stage.arm(Fault.MAINTENANCE)
        QTest.mouseClick(chart.timeframes.button(4), LEFT)
        await until(lambda: chart.canvas.accessibleDescription().startswith(("No candles. ", "Candles are missing. ")))
        await stage.ask(lambda controls: controls.clear(Fault.MAINTENANCE))
        await until(lambda: len(chart.canvas.candles) == 300)
