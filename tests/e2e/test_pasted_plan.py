"""A plan from the command line and from the clipboard in the whole program: it fills the ticket and sends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from otoco_desktop import cli
from otoco_desktop.settings import Environment
from tests.e2e.accounts.visit import visiting

if TYPE_CHECKING:
    import qasync

TEXT = "BUY BTC_USD 90000 SL 88000 TP 95000 risk 1%"


async def test_a_plan_from_the_command_line_fills_the_ticket_once(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with visiting(tmp_path, "--environment", "practice", "--plan", TEXT) as visit:
        await visit.opened(Environment.PRACTICE, 1)
        window = visit.program.window
        await visit.see(lambda: not window.presenter.draft.is_empty, "the plan in the ticket")
        draft = window.presenter.draft
        assert (draft.entry, draft.stop, draft.target, draft.quantity) == ("90000", "88000", "95000", "1%")
        assert window.toasts.log[-1].text.endswith("Nothing has been sent.")
        house = visit.program.setup.house
        assert house is not None
        assert house.plan == ""
        QGuiApplication.clipboard().setText("SL 87000 please")
        visit.hands.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        await visit.see(lambda: window.presenter.draft.stop == "87000", "the pasted stop")
        sheet = window.pages.pasting.sheet
        assert sheet is not None
        sheet.accept()
        assert window.desk.state.strategies == ()


def test_a_plan_goes_with_the_window_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parse(["--checkup", "--plan", TEXT])
    assert ended.value.code == 2
    assert "--plan fills the ticket" in capsys.readouterr().err
