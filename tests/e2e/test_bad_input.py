"""What goes wrong under the trader's hands: pairs that change or go, numbers beyond every bound, an empty account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.verdict import Surroundings
from otoco_desktop.rehearsal.hands import CTRL
from tests.e2e.stage import BUY, ENTRY, QUANTITY, STOP, SYMBOL, Stage, on_stage

if TYPE_CHECKING:
    import qasync


async def relist(stage: Stage, **changes: Any) -> None:
    """The exchange lists the pair differently from now on, and the program asks for news."""
    venue = stage.controls._venue

    def change() -> None:
        listed = replace(venue.instruments[SYMBOL], **changes)
        venue.instruments[SYMBOL] = venue.prices[SYMBOL].instrument = listed

    await stage.ask(lambda controls: controls.submit(change).result(20))
    stage.program.window.check_now()


def description(stage: Stage, field: str) -> str:
    """What a screen reader says of a field."""
    return stage.program.window.page.ticket.boxes()[Field(field)].accessibleDescription()


async def test_a_pair_that_closes_while_it_is_edited_closes_submit_and_opens_it_again(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
        await relist(stage, tradable=False)
        closed = "BTC_USD is not open for trading now. Choose another pair or wait."
        await stage.see(lambda: closed in stage.why_closed(), "the closed pair")
        assert stage.hands.read(ENTRY) == BUY.entry
        await relist(stage, tradable=True)
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes again")


async def test_a_tick_that_changes_while_it_is_edited_changes_the_verdict(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(replace(BUY, entry="92400.50"))
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
        await relist(stage, tick=Decimal(1))
        await stage.see(lambda: "92,400.50 is between ticks of 1." in description(stage, "entry"), "the new tick")
        assert stage.hands.read(ENTRY) == "92400.50"
        stage.hands.take_fix(ENTRY)
        assert stage.hands.read(ENTRY) == "92400"
        await stage.see(lambda: stage.hands.says("Ready."), "a plan on the new tick")


async def test_a_pair_that_changes_under_an_open_review_locks_it(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.review()
        await relist(stage, tradable=False)
        await stage.see(lambda: not stage.hands.is_open(stage.submit), "a closed button")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert not stage.strategies
        stage.close_review()


async def test_numbers_beyond_every_bound_are_named(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        stage.hands.write(ENTRY, "9" * 41)
        assert "41 digits" in description(stage, "entry")
        stage.hands.write(QUANTITY, "0." + "1" * 41)
        assert "41 decimals" in description(stage, "quantity")
        assert "errors" in stage.why_closed()
        QGuiApplication.clipboard().setText("1" * 500)
        stage.hands.find(STOP, type(stage.program.window.page.ticket.stop.edit)).paste()
        assert "Not pasted" in stage.program.window.page.ticket.stop.verdict.text()
        assert stage.hands.read(STOP) == BUY.stop


LACKING: tuple[tuple[dict[str, Any], QuantityMode, str], ...] = (
    ({"fees": None}, QuantityMode.QUANTITY, "Not checked: the exchange has not told the account's fee rates yet."),
    ({"fees": None}, QuantityMode.RISK, "Risk % needs the fee rates, not told by the exchange yet."),
    ({"balances": {}, "value_usd": Decimal(0)}, QuantityMode.QUANTITY, "First: the balance does not cover it."),
    ({"balances": {}, "value_usd": Decimal(0)}, QuantityMode.SPEND, "First: the balance does not cover it."),
    ({"balances": {}, "value_usd": None}, QuantityMode.RISK, "Risk % needs the account value, not told"),
)


async def test_what_the_account_lacks_is_said_and_nothing_is_guessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        desk = stage.program.desk
        around = desk.surroundings
        await stage.see(lambda: (known := around().account) is not None and known.fees is not None, "the fee rates")
        for changes, mode, words in LACKING:
            monkeypatch.setattr(desk, "surroundings", partial(lacking, around, changes))
            stage.plan(replace(BUY, mode=mode.value, quantity="1"))
            assert words in stage.why_closed()
            verdict = stage.program.window.presenter.verdict
            assert not verdict.submittable
            assert verdict.figures is None or verdict.of(Severity.FAIL)


def lacking(around: Callable[[], Surroundings], changes: dict[str, Any]) -> Surroundings:
    """The same, with an account that lacks something."""
    now = around()
    assert now.account is not None
    return replace(now, account=replace(now.account, **changes))
