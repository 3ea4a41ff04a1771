"""The search over all pairs in the whole program: the day's changes come over HTTP, a pair is taken by keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from otoco_desktop.settings import Environment
from tests.e2e.accounts.visit import visiting

if TYPE_CHECKING:
    import qasync


async def test_a_pair_is_found_and_taken_by_keys_alone(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with visiting(tmp_path, "--environment", "practice") as visit:
        await visit.opened(Environment.PRACTICE, 1)
        window = visit.program.window
        await visit.see(lambda: window.top_bar.picker.currentText() == "BTC_USD", "a pair")
        visit.hands.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        pairs = window.top_bar.picker.pairs
        assert pairs is not None
        assert pairs.isVisible()
        assert pairs.model.rows
        await visit.see(lambda: all(row.shown_change.endswith("%") for row in pairs.model.rows), "the changes")
        assert pairs.model.rows[-1].closed == "not open for trading"
        visit.hands.press(Qt.Key.Key_E)
        visit.hands.press(Qt.Key.Key_T)
        visit.hands.press(Qt.Key.Key_H)
        visit.hands.press(Qt.Key.Key_Return)
        chosen = window.desk.state.instrument
        assert chosen is not None
        assert chosen.base == "ETH"
        assert not pairs.isVisible()
