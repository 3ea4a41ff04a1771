"""The Strategies page over the real desk and journal: found again after a restart, noted, cancelled, planned anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.ui.history.rows import Column
from otoco_desktop.ui.history.view import HistoryPage
from otoco_desktop.ui.shell.pages import Name
from tests.e2e.stage import Stage, on_stage

if TYPE_CHECKING:
    import qasync

NOTE = "Asia low held twice"


def page_of(stage: Stage) -> HistoryPage:
    return stage.program.window.pages.history


def first_row(stage: Stage) -> dict[Column, str]:
    """The cells of the first row; empty without rows."""
    rows = page_of(stage).table.rows
    return {column: cell.text for column, cell in rows.row_at(0).cells.items()} if rows.rowCount() else {}


async def shows_state(stage: Stage, words: str) -> None:
    await stage.see(lambda: first_row(stage).get(Column.STATE) == words, words)


async def test_a_strategy_is_noted_found_again_and_cancelled(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send()
        await stage.reaches(Phase.WORKING)
        stage.hands.press(Qt.Key.Key_2, CTRL)
        await shows_state(stage, "Entry working")
        page = page_of(stage)
        page.detail.tabs.choose(3)
        page.detail.note.note.setPlainText(NOTE)
        stage.hands.click_on(page.detail.note.save_button)
        await stage.see(lambda: stage.strategy.note == NOTE, "the note on disk")
        await stage.see(lambda: page.detail.note.standing.text() == "Saved.", "the note saved")
        stage.program.window.close()

    async with on_stage(tmp_path) as stage:
        await stage.see(lambda: stage.program.window.pages.shown is Name.STRATEGIES, "the page of the last time")
        await shows_state(stage, "Entry working")
        page = page_of(stage)
        await stage.see(lambda: page.presenter.ledger.is_complete, "the whole history")
        page.bar.search.setText("low held")
        assert page.detail.note.note.toPlainText() == NOTE
        await stage.see(page.detail.cancel_button.isEnabled, "a strategy that can be cancelled")
        stage.hands.click_on(page.detail.cancel_button)
        stage.hands.click_on(page.detail.sheet.remove)
        await shows_state(stage, "Cancelled by you")
        assert page.detail.left.text().endswith("Nothing is left to move or cancel.")
        stage.hands.click_on(page.detail.duplicate_button)
        assert stage.program.window.pages.shown is Name.PLAN
        assert stage.program.window.presenter.draft.entry == "92400.00"
        assert len((await stage.ledger()).lists) == 1
