"""The list of pairs by keyboard and mouse: it takes the keyboard, gives it back, and remembers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.picker.view import FAVOURITES, RECENT, PairPicker
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE
from tests.ui.fakes import BTC, INSTRUMENTS, FakeDesk, MemoryStore
from tests.ui.windows import open_window

CTRL = Qt.KeyboardModifier.ControlModifier
CLOSED = replace(BTC, symbol="ADA_USD", base="ADA", tradable=False)


@pytest.fixture
def picker(window: MainWindow, desk: FakeDesk) -> PairPicker:
    """The list, opened by its key from the stop's box."""
    desk.change(instruments=(*INSTRUMENTS, CLOSED))
    window.page.ticket.focus_field(Field.STOP)
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    pairs = window.top_bar.picker.pairs
    assert pairs is not None
    assert focused() is pairs.search
    return pairs


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def listed(picker: PairPicker) -> list[str]:
    return [row.symbol for row in picker.model.rows]


def chosen(desk: FakeDesk) -> str:
    assert desk.state.instrument is not None
    return desk.state.instrument.symbol


def press_row(picker: PairPicker, row: int, x: int) -> None:
    place = picker.list.visualRect(picker.model.index(row, 0))
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, place.center().y()))


def test_typing_and_enter_take_a_pair_and_give_the_keyboard_back(
    picker: PairPicker, window: MainWindow, desk: FakeDesk
) -> None:
    QTest.keyClicks(focused(), "usd so")
    assert listed(picker) == ["SOL_USD"]
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert (chosen(desk), picker.isVisible()) == ("SOL_USD", False)
    assert window.page.ticket.focused_field() is Field.STOP
    assert window.top_bar.picker.currentText() == "SOL_USD"
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    assert listed(picker)[0] == "SOL_USD"
    assert picker.search.text() == ""


def test_arrows_move_and_escape_changes_nothing(picker: PairPicker, window: MainWindow, desk: FakeDesk) -> None:
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Up)
    assert picker.list.currentIndex().data(ROW_ROLE).symbol == "CRO_USD"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert (chosen(desk), picker.isVisible()) == ("BTC_USD", False)
    assert window.page.ticket.focused_field() is Field.STOP


def test_what_matches_nothing_is_said_and_enter_does_nothing(picker: PairPicker, desk: FakeDesk) -> None:
    QTest.keyClicks(focused(), "xyz")
    assert picker.said.text() == "Nothing matches 'xyz' in 5 pairs."
    assert picker.search.accessibleDescription() == picker.said.text()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_Asterisk)
    assert (chosen(desk), picker.isVisible(), picker.search.text()) == ("BTC_USD", True, "xyz")


def test_a_closed_pair_is_not_taken_and_says_why(picker: PairPicker, desk: FakeDesk) -> None:
    QTest.keyClicks(focused(), "ada")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert picker.said.text() == "ADA_USD cannot be chosen: not open for trading."
    assert (chosen(desk), picker.isVisible()) == ("BTC_USD", True)


def test_favourites_are_made_by_key_and_mouse_and_remembered(qtbot: object, desk: FakeDesk) -> None:
    store = MemoryStore()
    for wanted in ("ETH_USD SOL_USD", "ETH_USD"):
        window = open_window(desk, store=store)
        window.show()
        window.complete()
        window.top_bar.picker.showPopup()
        pairs = window.top_bar.picker.pairs
        assert pairs is not None
        if wanted == "ETH_USD SOL_USD":
            QTest.keyClicks(pairs.search, "eth")
            QTest.keyClick(pairs.search, Qt.Key.Key_Asterisk)
            pairs.search.clear()
            press_row(pairs, listed(pairs).index("SOL_USD"), 10)
        else:
            assert listed(pairs)[:2] == ["ETH_USD", "SOL_USD"]
            press_row(pairs, 1, 10)
        assert store.kept[FAVOURITES] == wanted
        window.close_now()
        window.deleteLater()


def test_a_press_takes_a_pair_and_one_outside_closes(
    picker: PairPicker, window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    QTest.mouseClick(window.page.ticket, Qt.MouseButton.LeftButton, pos=QPoint(5, 700))
    assert not picker.isVisible()
    QTest.mouseClick(window.top_bar.picker, Qt.MouseButton.LeftButton)
    assert picker.isVisible()
    press_row(picker, listed(picker).index("ETH_USD"), 120)
    assert (chosen(desk), picker.isVisible()) == ("ETH_USD", False)
    assert picker.liking.recent == ("ETH_USD",)


def test_tab_closes_the_list(picker: PairPicker) -> None:
    picker.open_under(picker)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    picker.close_list()
    assert not picker.isVisible()


def test_changes_come_when_the_list_opens(picker: PairPicker, window: MainWindow) -> None:
    picker.close_list()

    async def known() -> dict[str, Decimal]:
        return {"ETH_USD": Decimal("0.025")}

    async def unknown() -> dict[str, Decimal]:
        raise ExchangeTrouble("not now")

    field = window.top_bar.picker
    field.ask_changes(known)
    field.showPopup()
    assert {row.shown_change for row in picker.model.rows} == {"–", "+2.50%"}
    picker.close_list()
    field.ask_changes(unknown)
    field.showPopup()
    assert {row.shown_change for row in picker.model.rows} == {"–"}


def test_pairs_that_come_and_go_while_it_is_open(picker: PairPicker, desk: FakeDesk) -> None:
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    desk.change(instruments=INSTRUMENTS[1:])
    assert listed(picker) == ["CRO_USD", "ETH_USD", "SOL_USD"]
    assert picker.list.currentIndex().data(ROW_ROLE).symbol == "CRO_USD"


def test_every_part_has_a_name(picker: PairPicker) -> None:
    assert picker.accessibleName() == "Instruments"
    assert picker.search.accessibleName() == "Search instruments"
    assert picker.list.accessibleName() == "Spot pairs"
    assert RECENT != FAVOURITES
