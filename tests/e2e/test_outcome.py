"""What the window says of a market stop before the plan is sent, against what the exchange's ledger says after."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.outcome.facts import FactCell
from otoco_desktop.wiring import EmbeddedPractice
from tests.e2e.stage import MARK, Plan, Stage, held_market, on_stage

if TYPE_CHECKING:
    import qasync

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)

AT_THE_BOOK = Plan(entry="93190.00", stop=MARK, target="97020.00")
"""Bought well above the best ask, so that it takes whatever the book does; its stop is reached once it is armed."""


def facts(stage: Stage) -> list[FactCell]:
    """The smaller numbers of the outcome, as they stand in the window."""
    return [cell for cell in stage.program.window.page.outcome.facts.cells if cell.isVisible()]


async def test_the_stop_fills_where_the_window_said(qloop: qasync.QEventLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(AT_THE_BOOK)
        # The book is told less often than the mark price: it may still be that of the price before.
        await stage.see(lambda: facts(stage)[2].words == "Market stop may slip \N{MINUS SIGN}0.01", "an estimate")
        _even, _gross, slip, source = facts(stage)
        assert slip.accessibleDescription().startswith(
            "If the book at the stop looks like the book now, selling 0.10000"
        )
        assert source.words.startswith("book: 50 levels, ")
        await stage.review()
        await stage.confirm()
        await stage.reaches(Phase.CLOSED)
        stop = stage.strategy.intent.order.leg(LegRole.STOP)
        fills = [fill for fill in (await stage.ledger()).fills if fill.client_oid == stop.client_oid]
    brought = sum((fill.price * fill.quantity for fill in fills), Decimal(0))
    fees = sum((fill.fee for fill in fills), Decimal(0))
    planned = Decimal(MARK) * Decimal("0.1")
    slipped = (planned - planned * Decimal("0.005")) - (brought - fees)
    assert abs(slipped - Decimal("0.01")) <= Decimal("0.005")


async def test_a_size_beyond_the_book_is_said_and_not_guessed(qloop: qasync.QEventLoop, tmp_path: Path) -> None:
    balances = {"USD": Decimal(10**8), "BTC": Decimal(0)}
    venue = EmbeddedPractice(held_market(Places(tmp_path, Environment.PRACTICE).practice_book, balances=balances))
    async with on_stage(tmp_path, venue=venue, server=venue.server) as stage:
        stage.plan(Plan(quantity="60.00000"))
        await stage.see(lambda: any("book shows" in cell.words for cell in facts(stage)), "a thin book")
        slip, note = facts(stage)[2:]
        assert slip.words == "Market stop may slip \N{EN DASH}"
        assert slip.accessibleDescription().startswith("The visible book is too thin to say: its 50 bid levels hold ")
        assert note.words.endswith("% of it")
