"""Presets and the last plan fill the ticket by keys and presses, say what they did, and send nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.presets import Preset, Presets, Shelf
from otoco_desktop.ui.presets import words
from otoco_desktop.ui.shell.account import AccountPorts
from tests.ui.fakes import PLAN, QUOTE, FakeDesk

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from otoco_desktop.ui.presets.sheet import PresetsSheet
    from otoco_desktop.ui.shell.presetting import Presetting
    from otoco_desktop.ui.shell.window import MainWindow

POPUP = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # offscreen has no pop-ups of its own
CTRL = Qt.KeyboardModifier.ControlModifier
RANGE = Preset("Range", size="0.5%", stop="2%", target_market=False, target="2.5R", target_limit="+4.9%")
WIDE = Preset("Wide & slow", size="250 USD", stop="5%", target="4R")


class MemoryPresets:
    """Satisfies ``PresetsPort`` in memory."""

    def __init__(self, *presets: Preset, first: str = "") -> None:
        self.current = Presets().placing("BTC_USD", Shelf(presets, first))
        self.trouble = ""
        self._listeners: list[Callable[[Presets], None]] = []

    def listen(self, listener: Callable[[Presets], None]) -> None:
        self._listeners.append(listener)

    def change(self, chosen: Presets) -> None:
        self.current = chosen
        for listener in self._listeners:
            listener(chosen)

    @property
    def names(self) -> list[str]:
        return [preset.name for preset in self.current.of("BTC_USD").presets]


@pytest.fixture
def port(window: MainWindow) -> MemoryPresets:
    made = MemoryPresets(RANGE, WIDE)
    window.take_account(AccountPorts(presets=made))
    return made


@pytest.fixture
def presetting(window: MainWindow, port: MemoryPresets) -> Presetting:
    return window.pages.presetting


@pytest.fixture
def sheet(presetting: Presetting, qtbot: QtBot) -> PresetsSheet:
    shown = presetting.open_sheet()
    qtbot.waitUntil(shown.isActiveWindow, timeout=20_000)
    return shown


def said(window: MainWindow) -> str:
    return window.toasts.log[-1].text


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


# The menu


@POPUP
def test_by_keys_alone_a_preset_is_typed_in(window: MainWindow, port: MemoryPresets, desk: FakeDesk) -> None:
    window.presenter.load(replace(PLAN, entry="92400.00", stop="", target="", tag="mine"))
    QTest.keyClick(window, Qt.Key.Key_P, CTRL)
    assert [action.text() for action in open_menu().actions() if action.text()] == [
        "&1  Range: risk 0.5%, stop 2%, target 2.5R limit +4.9%",
        "&2  Wide && slow: risk 250 USD, stop 5%, target 4R",
        words.KEEP,
        words.LIST,
        words.LAST_PLAN,
    ]
    QTest.keyClick(open_menu(), Qt.Key.Key_1)
    draft = window.presenter.draft
    assert (draft.entry, draft.quantity, draft.stop, draft.target, draft.target_limit, draft.tag) == (
        "92400.00",
        "0.5%",
        "2%",
        "2.5R",
        "+4.9%",
        "mine",
    )
    assert window.page.ticket.stop.edit.suffix == "= 90,552.00 USD"
    assert said(window) == "Range: risk 0.5%, stop 2%, target 2.5R limit +4.9%. Nothing has been sent."
    assert desk.submitted == []


@POPUP
def test_the_button_opens_the_menu_and_the_first_preset_is_ready(window: MainWindow, port: MemoryPresets) -> None:
    QTest.mouseClick(window.page.ticket.presets_button, Qt.MouseButton.LeftButton)
    menu = open_menu()
    assert menu.activeAction() is menu.actions()[0]
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert window.presenter.draft.stop == "2%"


def test_without_presets_only_what_can_be_done_is_offered(window: MainWindow) -> None:
    assert [action.text() for action in window.pages.presetting.menu().actions() if action.text()] == [words.LAST_PLAN]
    window.take_account(AccountPorts(presets=MemoryPresets()))
    enabled = {action.text(): action.isEnabled() for action in window.pages.presetting.menu().actions()}
    assert (enabled[words.KEEP], enabled[words.LIST]) == (True, False)


def test_what_stood_in_the_ticket_can_be_brought_back(window: MainWindow, presetting: Presetting) -> None:
    window.presenter.load(PLAN)
    presetting.use(WIDE)
    assert window.presenter.draft.stop == "5%"
    window.pages.pasting.bring_back()
    assert window.presenter.draft == PLAN


def test_a_preset_turns_over_for_a_sell(window: MainWindow, presetting: Presetting) -> None:
    window.presenter.choose_side(Side.SELL)
    presetting.use(RANGE)
    assert (window.presenter.draft.side, window.presenter.draft.target_limit) == (Side.SELL, "-4.9%")


def test_a_new_plan_begins_with_the_preset_for_new_plans(window: MainWindow, port: MemoryPresets) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    assert window.presenter.draft == OtocoDraft()
    port.change(Presets().placing("BTC_USD", Shelf((RANGE,), "Range")))
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    assert window.presenter.draft == RANGE.onto(OtocoDraft())
    assert window.page.ticket.focused_field() is Field.ENTRY


# The list


def test_the_ticket_is_kept_and_a_price_becomes_a_distance(
    window: MainWindow, sheet: PresetsSheet, port: MemoryPresets
) -> None:
    window.presenter.load(replace(PLAN, stop="90552.00", target_limit="97000.00"))
    QTest.keyClicks(sheet.new_name, "From the ticket")
    QTest.keyClick(sheet.new_name, Qt.Key.Key_Return)
    assert sheet.said.text() == (
        "Kept as From the ticket. Stop 90,552.00 is kept as 2%. Target limit 97,000.00 is kept as 4.97836%."
    )
    kept = port.current.of("BTC_USD").find("From the ticket")
    assert kept
    assert (kept.mode, kept.size, kept.stop, kept.target) == (QuantityMode.RISK, "0.5 %", "2%", "2.5R")
    assert sheet.current == kept
    assert sheet.isVisible()
    assert not sheet.isModal()


def test_keeping_under_a_name_that_is_taken_replaces_and_can_be_undone(
    window: MainWindow, sheet: PresetsSheet, port: MemoryPresets
) -> None:
    window.presenter.load(replace(PLAN, stop="1%"))
    QTest.keyClicks(sheet.new_name, "range")
    QTest.mouseClick(sheet.keep_button, Qt.MouseButton.LeftButton)
    assert (port.names, sheet.said.text()) == (["range", "Wide & slow"], _kept("range holds the ticket now."))
    QTest.mouseClick(sheet.undo_button, Qt.MouseButton.LeftButton)
    assert port.current.of("BTC_USD").presets == (RANGE, WIDE)
    assert not sheet.undo_button.isVisible()


def _kept(first: str) -> str:
    return f"{first} Target limit 97,000.00 is kept as 4.97836%."


@pytest.mark.parametrize(
    ("draft", "name", "sentence"),
    [
        (OtocoDraft(), "x", "There is nothing to keep yet. Type a size, a stop or a target first."),
        (PLAN, "", "Give the preset a name."),
        (replace(PLAN, stop="2 percent"), "x", '"2 percent" is not understood. Try 2%, -500, 1.5R or a price.'),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_typed(
    window: MainWindow, sheet: PresetsSheet, port: MemoryPresets, draft: OtocoDraft, name: str, sentence: str
) -> None:
    window.presenter.load(draft)
    QTest.keyClicks(sheet.new_name, name)
    QTest.mouseClick(sheet.keep_button, Qt.MouseButton.LeftButton)
    assert (sheet.said.text(), sheet.new_name.text(), port.names) == (sentence, name, ["Range", "Wide & slow"])
    assert sheet.list.accessibleDescription() == sentence


def test_a_preset_is_renamed_deleted_and_taken_back_by_keys(sheet: PresetsSheet, port: MemoryPresets) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_F2)
    sheet.name.selectAll()
    QTest.keyClicks(sheet.name, "Asia range")
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    assert port.names == ["Asia range", "Wide & slow"]
    sheet.list.setFocus()
    QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
    assert (port.names, sheet.said.text()) == (["Wide & slow"], "Asia range is deleted.")
    assert sheet.current == WIDE
    QTest.keyClick(sheet.list, Qt.Key.Key_Z, CTRL)
    assert port.names == ["Asia range", "Wide & slow"]


@pytest.mark.parametrize("name", ["", "Mine"])
def test_enter_in_a_box_names_and_uses_nothing(
    window: MainWindow, sheet: PresetsSheet, port: MemoryPresets, name: str
) -> None:
    window.presenter.load(replace(PLAN, stop="1%"))
    before = window.presenter.draft
    for box in (sheet.name, sheet.new_name):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, name)
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert window.presenter.draft == before
    assert port.names == (["Mine", "Wide & slow"] if name else ["Range", "Wide & slow"])


def test_a_name_that_is_taken_is_refused(sheet: PresetsSheet, port: MemoryPresets) -> None:
    sheet.renamed.emit(RANGE, "WIDE & SLOW")
    assert (port.names, sheet.said.text()) == (["Range", "Wide & slow"], "WIDE & SLOW is the name of another preset.")


def test_new_plans_begin_with_one_or_none(sheet: PresetsSheet, port: MemoryPresets) -> None:
    QTest.mouseClick(sheet.begins, Qt.MouseButton.LeftButton)
    assert port.current.of("BTC_USD").first == "Range"
    assert words.spoken(RANGE, port.current.of("BTC_USD")).endswith(", for new plans")
    QTest.mouseClick(sheet.begins, Qt.MouseButton.LeftButton)
    assert port.current.of("BTC_USD").first == ""


def test_the_list_uses_the_preset_that_is_selected(window: MainWindow, sheet: PresetsSheet) -> None:
    sheet.list.setFocus()
    QTest.keyClick(sheet.list, Qt.Key.Key_Down)
    QTest.mouseClick(sheet.use_button, Qt.MouseButton.LeftButton)
    assert window.presenter.draft.quantity == "250 USD"


def test_enter_in_the_list_uses_the_preset(window: MainWindow, sheet: PresetsSheet) -> None:
    sheet.list.setFocus()
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    assert window.presenter.draft.stop == "2%"


def test_an_empty_list_says_how_to_begin(window: MainWindow, presetting: Presetting, port: MemoryPresets) -> None:
    port.change(Presets())
    sheet = presetting.open_sheet()
    assert sheet.said.text() == words.NONE_YET
    assert not sheet.use_button.isEnabled()
    sheet.used.connect(lambda _preset: pytest.fail("there is none"))
    QTest.mouseClick(sheet.use_button, Qt.MouseButton.LeftButton)
    assert presetting.open_sheet() is sheet


def test_another_pair_closes_the_list(window: MainWindow, sheet: PresetsSheet, presetting: Presetting) -> None:
    window.choose_instrument("ETH_USD")
    assert presetting.sheet is None
    assert presetting.shelf == Shelf()


def test_what_cannot_be_written_is_told_once(window: MainWindow, presetting: Presetting, port: MemoryPresets) -> None:
    port.trouble = "Your presets last until the program closes; they cannot be written (No space left on device)."
    port.change(port.current)
    port.change(port.current)
    assert [message.text for message in window.toasts.log].count(port.trouble) == 1


def test_everything_has_a_name_to_be_read_out(window: MainWindow, sheet: PresetsSheet) -> None:
    assert window.page.ticket.presets_button.accessibleName() == "Presets"
    named = (sheet.list, sheet.name, sheet.begins, sheet.new_name, sheet.use_button, sheet.delete_button)
    assert all(widget.accessibleName() for widget in named)
    read = sheet.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert read == "Range: risk 0.5%, stop 2%, target 2.5R limit +4.9%"


# The last plan


def test_the_last_plan_comes_with_its_distances(window: MainWindow, desk: FakeDesk) -> None:
    """The newest of this pair's plans has no mark price on record, so its entry stays empty and that is said."""
    window.presenter.load(PLAN)
    window.pages.presetting.plan_last()
    draft = window.presenter.draft
    assert (draft.entry, draft.quantity, draft.stop, draft.target) == ("", "0.08120", "1.59991%", "4.04876%")
    assert said(window) == (
        "Re-based from S-0415. The entry is empty: the mark price of then is not on record. Nothing has been sent."
    )
    window.pages.pasting.bring_back()
    assert window.presenter.draft == PLAN
    assert desk.submitted == []


def test_with_the_mark_of_then_the_entry_keeps_its_distance(window: MainWindow, desk: FakeDesk) -> None:
    last = desk.state.strategies[0]
    assert last.intent.planned
    planned = replace(last.intent.planned, mark=Decimal("92000"), size_mode="Risk %", size="1%")
    desk.put(replace(last, intent=replace(last.intent, planned=planned)))
    desk.tick(replace(QUOTE, mark=Decimal("46000")))
    window.pages.presetting.plan_last()
    draft = window.presenter.draft
    assert (draft.entry, draft.quantity_mode, draft.quantity) == ("45940.00", QuantityMode.RISK, "1%")
    assert said(window) == "Re-based from S-0415: entry 0.13% below mark as then. Nothing has been sent."


def test_a_stale_mark_is_no_price_of_today(window: MainWindow, desk: FakeDesk) -> None:
    last = desk.state.strategies[0]
    assert last.intent.planned
    desk.put(replace(last, intent=replace(last.intent, planned=replace(last.intent.planned, mark=Decimal("92000")))))
    desk.pass_time(60_000)
    window.pages.presetting.plan_last()
    assert window.presenter.draft.entry == ""
    assert said(window) == (
        "Re-based from S-0415. The entry is empty: the mark price is not known now. Nothing has been sent."
    )


def test_a_pair_without_plans_says_so(window: MainWindow) -> None:
    window.choose_instrument("CRO_USD")
    window.pages.presetting.plan_last()
    assert said(window) == "No plan for CRO_USD has been sent from here yet."


def test_a_journal_that_cannot_be_read_is_told(window: MainWindow, desk: FakeDesk) -> None:
    desk.trouble = JournalTrouble("The journal cannot be read.")
    window.presenter.load(PLAN)
    window.pages.presetting.plan_last()
    assert "The journal cannot be read." in said(window)
    assert window.presenter.draft == PLAN


def test_before_there_is_a_pair_that_is_said(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(instrument=None, quote=None)
    window.pages.presetting.plan_last()
    assert said(window) == words.NO_PAIR


def test_a_pair_left_meanwhile_keeps_its_ticket(
    window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = desk.strategy

    async def slow(strategy_id: str) -> object:
        window.choose_instrument("ETH_USD")
        return await found(strategy_id)

    monkeypatch.setattr(desk, "strategy", slow)
    window.pages.presetting.plan_last()
    assert said(window) == "BTC_USD is not shown any more, so its last plan was not typed in."
    assert window.presenter.draft.is_empty
