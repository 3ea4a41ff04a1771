"""A fee taken in the bought coin leaves the exits short: seen while typing, mended by a link, or suffered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from otoco_desktop.domain.finding import Severity
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.model import Status
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.checks.row_picture import fix_places
from otoco_desktop.ui.checks.view import CheckButton
from otoco_desktop.ui.review.legs import LegView
from otoco_desktop.wiring import EmbeddedPractice
from tests.e2e.stage import BUY, SELL, Stage, held_market, on_stage

if TYPE_CHECKING:
    import qasync

NO_SPARE = {"USD": Decimal("24310.22"), "BTC": Decimal(0)}
PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)
IN_BTC, FILLS, STOPS = "Coin of the entry fee: BTC", "92390.00", "90540.00"
SHORT = "Exits need 0.10000 BTC, you will hold 0.09975."


@asynccontextmanager
async def without_spare_coins(folder: Path) -> AsyncIterator[Stage]:
    """The plan stands in the ticket with its fee in the bought coin, and nothing of that coin is there."""
    config = held_market(Places(folder, Environment.PRACTICE).practice_book, balances=NO_SPARE)
    venue = EmbeddedPractice(config)
    async with on_stage(folder, venue=venue, server=venue.server) as stage:
        stage.plan(BUY)
        stage.choose(IN_BTC)
        await stage.see(lambda: said(stage).startswith(SHORT), SHORT)
        assert weight(stage) is Severity.WARNING
        yield stage


def row(stage: Stage) -> CheckButton:
    shown = stage.program.window.page.checks.list.rows
    return next(each for each in shown if each.row is not None and each.row.code == "exit.coverage")


def said(stage: Stage) -> str:
    shown = row(stage).row
    return "" if shown is None else shown.text


def weight(stage: Stage) -> Severity:
    findings = stage.program.window.presenter.verdict.findings
    return next(found.severity for found in findings if found.code == "exit.coverage")


async def fill(stage: Stage) -> None:
    await stage.reaches(Phase.WORKING)
    await stage.move(FILLS)
    await stage.shows_legs(*PROTECTED)


async def fill_and_lead_to_the_stop(stage: Stage) -> None:
    await fill(stage)
    await stage.move(STOPS)


async def test_the_link_moves_the_fee_and_the_stop_fires_and_fills(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with without_spare_coins(tmp_path) as stage:
        shown = row(stage)
        assert shown.row is not None
        (fix, place), *others = fix_places(shown.row, shown.width())
        assert [fix.label, *(each.label for each, _ in others)] == ["Fee in USD", "Exits 0.09975"]
        QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
        assert weight(stage) is Severity.PASS
        assert stage.hands.says("Ready.")
        await stage.review()
        await stage.confirm()
        await fill(stage)
        stage.plan(replace(SELL, quantity="0.04000"))
        taken = "Takes 0.04000 BTC that exits of 1 strategy count on."
        await stage.see(lambda: stage.hands.says(taken), "the coins are promised")
        await stage.move(STOPS)
        await stage.see(lambda: stage.chip() == "Stopped", "the end")
        assert (await stage.ledger()).quantities["BTC"] == 0


async def test_smaller_exits_are_reviewed_sent_and_filled(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with without_spare_coins(tmp_path) as stage:
        rows = stage.program.window.page.checks.list.rows
        rows[0].setFocus(Qt.FocusReason.TabFocusReason)
        for before in rows[: rows.index(row(stage))]:
            QTest.keyClick(before, Qt.Key.Key_Down)
        QTest.keyClick(row(stage), Qt.Key.Key_2)
        assert stage.program.window.presenter.draft.exit_quantity == "0.09975"
        line = stage.program.window.page.ticket.exit_quantity
        assert line.isVisible()
        assert line.text() == "Stop and target cover 0.09975 BTC. Use all"
        line.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert (weight(stage), line.isVisible()) == (Severity.WARNING, False), "taken back by key"
        QTest.keyClick(row(stage), Qt.Key.Key_2)
        await stage.review()
        legs = [leg.accessibleName() for leg in stage.program.window.review.sheet.findChildren(LegView)]
        assert ["sell 0.09975 BTC at market." in leg for leg in legs] == [False, True, True]
        sheet = stage.program.window.review.sheet.sheet
        sheet.tabs.button(1).click()
        assert sheet.request.text.toPlainText().count('"0.09975"') == 2, "the exact request carries it for both exits"
        sheet.tabs.button(0).click()
        await stage.confirm()
        assert [leg.quantity for leg in await stage.legs_there()] == [Decimal("0.1"), *[Decimal("0.09975")] * 2]
        await fill_and_lead_to_the_stop(stage)
        await stage.see(lambda: stage.chip() == "Stopped", "the end")
        assert (await stage.legs_there())[1].filled == Decimal("0.09975")


async def test_sent_all_the_same_the_stop_is_refused_and_the_window_says_so(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with without_spare_coins(tmp_path) as stage:
        await stage.review()
        await stage.confirm()
        await fill_and_lead_to_the_stop(stage)
        await stage.reaches(Phase.UNPROTECTED)
        await stage.see(lambda: stage.chip() == "Unprotected", "the chip")
        stop = (await stage.legs_there())[1]
        assert (stop.status, stop.reason) == (Status.REJECTED, 306)
        assert stage.legs()[1] is LegStatus.REJECTED
