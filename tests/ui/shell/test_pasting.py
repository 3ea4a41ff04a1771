"""A plan that comes as text fills the ticket, says what it left, sends nothing, and can be taken back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.shell import pasted as words
from otoco_desktop.ui.shell.pasting import text_of
from otoco_desktop.ui.widgets.buttons import Button
from tests.ui.fakes import PLAN, FakeDesk

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.shell.pasting import Pasting
    from otoco_desktop.ui.shell.window import MainWindow

TEXT = "BUY ETH_USD 3000 SL 2900 TP 3300 risk 1%"
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def pasting(window: MainWindow) -> Pasting:
    return window.pages.pasting


def texts(window: MainWindow) -> dict[str, str]:
    return {field.value: box.text() for field, box in window.page.ticket.boxes().items() if box.text()}


def said(window: MainWindow) -> str:
    return window.toasts.log[-1].text


def sheet_texts(pasting: Pasting) -> list[str]:
    assert pasting.sheet is not None
    return [label.text() for label in pasting.sheet.findChildren(QLabel)]


def test_the_key_types_the_clipboard_in_and_sends_nothing(window: MainWindow, desk: FakeDesk) -> None:
    QGuiApplication.clipboard().setText(TEXT)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL_SHIFT)
    assert desk.state.instrument is not None
    assert desk.state.instrument.symbol == "ETH_USD"
    assert texts(window) == {"entry": "3000", "quantity": "1%", "stop": "2900", "target": "3300"}
    assert window.presenter.draft.quantity_mode is QuantityMode.RISK
    assert said(window) == (
        "Typed in for ETH_USD: Buy, entry 3000, stop 2900, target 3300, risk 1%. Nothing has been sent."
    )
    assert desk.submitted == []


def test_a_clipboard_without_text_is_said_and_loses_nothing(window: MainWindow, pasting: Pasting) -> None:
    window.presenter.load(PLAN)
    QGuiApplication.clipboard().clear()
    pasting.paste()
    assert said(window) == words.NO_TEXT
    assert window.presenter.draft == PLAN


def test_what_was_left_is_named_on_a_sheet_from_which_all_can_be_brought_back(
    window: MainWindow, pasting: Pasting, desk: FakeDesk
) -> None:
    window.presenter.load(PLAN)
    pasting.take(TEXT + " maybe 3 targets")
    assert "Not understood: 'maybe 3 targets'. Nothing says what it is." in sheet_texts(pasting)
    assert pasting.sheet is not None
    (back,) = [button for button in pasting.sheet.findChildren(Button) if button.text() == words.BRING_BACK]
    back.click()
    assert desk.state.instrument is not None
    assert (desk.state.instrument.symbol, window.presenter.draft) == ("BTC_USD", PLAN)
    assert not pasting.back.isEnabled()
    desk.select("ETH_USD")
    window.presenter.refresh()
    assert window.presenter.draft.is_empty


def test_the_same_pair_gets_back_what_stood_there(window: MainWindow, pasting: Pasting) -> None:
    window.presenter.load(PLAN)
    pasting.take("SL 90000 TP 99000")
    assert texts(window)["stop"] == "90000"
    assert window.presenter.draft.entry == PLAN.entry
    pasting.back.trigger()
    assert window.presenter.draft == PLAN
    assert said(window) == words.BROUGHT_BACK
    pasting.bring_back()
    assert window.presenter.draft == PLAN


@pytest.mark.parametrize(
    "text",
    ["", "x" * 10_000_000, "BUY \u202eETH_USD 3000", "\u200b", "<b>BUY</b>", "BUY XRP_USD 3 SL 2", "9" * 40],
    ids=["empty", "10 MB", "turned", "unseen", "markup", "unknown pair", "40 digits"],
)
def test_nonsense_is_a_sentence_and_changes_nothing(window: MainWindow, pasting: Pasting, text: str) -> None:
    window.presenter.load(PLAN)
    pasting.take(text)
    assert window.presenter.draft == PLAN
    assert any(line.startswith("Nothing was typed in. ") for line in sheet_texts(pasting))
    assert all("\u202e" not in line and len(line) < 400 for line in sheet_texts(pasting))
    assert not pasting.back.isEnabled()


def test_of_many_unknown_words_the_rest_are_counted(pasting: Pasting) -> None:
    pasting.take("BUY ETH_USD 3000\n" + "\n".join("bcdefghijkl"))
    assert "3 more parts not understood." in sheet_texts(pasting)


def test_a_sell_on_an_empty_ticket_has_limit_exits(window: MainWindow, pasting: Pasting) -> None:
    pasting.take("SELL ETH_USD 3000")
    assert not window.presenter.draft.stop_market
    pasting.take("BUY ETH_USD 3000 SL market 2900 TP limit 3300 limit 3299")
    draft = window.presenter.draft
    assert (draft.stop_market, draft.target_market, draft.target_limit) == (True, False, "3299")


def test_the_plan_can_be_copied_and_pasted_again(window: MainWindow, pasting: Pasting) -> None:
    window.presenter.load(replace(PLAN, tag=""))
    pasting.copy()
    window.presenter.clear()
    pasting.paste()
    assert window.presenter.draft == replace(PLAN, tag="", quantity="0.5%")


def test_a_plan_that_came_before_the_pairs_waits_for_them(window: MainWindow, pasting: Pasting, desk: FakeDesk) -> None:
    instruments, taken = desk.state.instruments, []
    desk.change(instruments=())
    pasting.hold(TEXT, lambda: taken.append(True))
    assert (texts(window), taken) == ({}, [])
    desk.change(instruments=instruments)
    assert (texts(window)["entry"], taken) == ("3000", [True])
    window.presenter.clear()
    desk.change(instruments=instruments)
    assert texts(window) == {}


# Files


@pytest.fixture
def spawned(pasting: Pasting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of the window is done at once, on a loop of its own."""

    def spawn(work: Coroutine[Any, Any, Any], _on_error: Callable[[Exception], None]) -> None:
        asyncio.run(work)

    monkeypatch.setattr(pasting, "_spawn", spawn)


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Let go of this over the widget, as the window system would; whether it was taken."""
    where, act = QPoint(5, 5), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, act, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(QPointF(where), act, mime, buttons, keys))
    return True


def urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    mime.setText("\n".join(map(str, paths)))
    return mime


@pytest.mark.usefixtures("spawned")
def test_a_file_dropped_anywhere_on_the_ticket_is_typed_in(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert drop(window.page.ticket, urls(path))
    assert texts(window)["entry"] == "3000"
    path.write_text("ETH_USD entry 3001", encoding="utf-8")
    assert drop(window.page.ticket.boxes()[Field.STOP], urls(path))
    assert texts(window)["entry"] == "3001"


def test_dropped_text_is_a_plan_beside_the_boxes_and_text_inside_them(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("ETH_USD entry 3002")
    assert drop(window.page.ticket, mime)
    assert texts(window)["entry"] == "3002"
    mime.setText("2900")
    assert drop(window.page.ticket.boxes()[Field.STOP], mime)
    assert "2900" in window.page.ticket.boxes()[Field.STOP].text()
    assert texts(window)["entry"] == "3002"
    assert not drop(window.page.ticket, QMimeData())


def test_two_files_at_once_are_refused(window: MainWindow, tmp_path: Path) -> None:
    assert drop(window.page.ticket, urls(tmp_path / "a", tmp_path / "b"))
    assert said(window) == "2 files were dropped. Drop one plan at a time."


@pytest.mark.usefixtures("spawned")
def test_a_chosen_file_is_read_and_a_bad_one_is_named(
    window: MainWindow, pasting: Pasting, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(b"BUY \xff")
    pasting.open_file()
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    assert said(window) == "plan.txt is not a text in UTF-8: byte 5 does not fit."


def test_a_file_that_cannot_be_a_plan_is_a_sentence(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_bytes(b"x" * 20_000)
    for path, sentence in (
        (tmp_path, f"{tmp_path.name} is not a file."),
        (tmp_path / "none.txt", "none.txt is not a file."),
        (big, "The text has 20,000 characters. A plan has 4,000 at most."),
        (Path("a" * 300), f"{'a' * 300} cannot be read (File name too long)."),
    ):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            text_of(path)
