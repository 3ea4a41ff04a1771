"""The protection audit in the window: quiet, loud, heard once, and a list to jump from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from otoco_desktop.app.state import CHECKING, AuditState, DeskState
from otoco_desktop.domain.audit import Audit, AuditEntry, AuditKind
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.phases import ALARMING
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.ui.strategies.alarm import Alarm
from tests.ui.fakes import NOW_MS, FakeDesk, four_strategies
from tests.ui.strategy_examples import NOON, Story

LEFT = Qt.MouseButton.LeftButton


def entry(strategy: Strategy, kind: AuditKind, short: str = "") -> AuditEntry:
    return AuditEntry(kind, strategy.label, "Words about it.", strategy.strategy_id, short)


def quiet() -> AuditState:
    first, second, *_ = four_strategies()
    return AuditState(Audit(NOW_MS, (entry(second, AuditKind.WORKING), entry(first, AuditKind.PROTECTED))))


def loud() -> AuditState:
    third = four_strategies()[2]
    result = quiet().result
    assert result is not None
    bare = entry(third, AuditKind.PARTIAL, "25.730 SOL of S-0413 has no stop")
    return AuditState(Audit(NOW_MS, (bare, *result.entries)))


def test_quiet_is_one_line_under_the_table(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(audit=quiet())
    line = window.page.strategies.audit
    assert line.isVisible()
    assert line.sentence.text() == "1 protected, 1 working. As of 15:26:59."
    assert not window.page.following.protection.strip.isVisible()


def test_loud_stands_on_top_of_everything(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(audit=loud())
    strip = window.page.following.protection.strip
    assert strip.isVisible()
    assert strip.sentence.text() == (
        "1 protected, 1 working, 1 NOT protected: 25.730 SOL of S-0413 has no stop. As of 15:26:59."
    )
    assert not window.page.strategies.audit.isVisible()
    body = strip.parentWidget()
    assert body is not None
    assert strip.geometry().top() == window.top_bar.geometry().bottom() + 1
    assert window.top_bar.parentWidget() is body
    desk.change(audit=quiet())
    assert not strip.isVisible()


def test_before_the_first_check_nothing_is_called_protected(window: MainWindow) -> None:
    assert window.page.strategies.audit.sentence.text() == "Protection not checked yet."


def test_what_cannot_be_checked_says_why_and_since_when(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(audit=replace(quiet(), trouble="The exchange cannot be reached."))
    strip = window.page.following.protection.strip
    assert strip.isVisible()
    assert strip.sentence.text() == "Cannot check: The exchange cannot be reached. Last checked 15:26:59."


def test_the_key_asks_and_shows_that_it_does(window: MainWindow, desk: FakeDesk) -> None:
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert desk.checks == 1
    desk.change(audit=replace(quiet(), checking=True))
    assert window.page.strategies.audit.sentence.text() == CHECKING


def test_the_list_jumps_to_a_strategy_by_keys(window: MainWindow, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.change(audit=loud())
    protection = window.page.following.protection
    protection.strip.button.setFocus()
    QTest.keyClick(protection.strip.button, Qt.Key.Key_Space)
    sheet = protection.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: QApplication.focusWidget() is sheet.list)
    assert [row.label for row in sheet.list.rows.rows] == ["S-0413", "S-0414", "S-0415"]
    assert sheet.list.rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "S-0413, Partly filled, NOT protected. Words about it."
    )
    QTest.keyClick(sheet.list, Qt.Key.Key_Down)
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    assert protection.sheet is None
    selected = window.page.strategies.selected_strategy
    assert selected is not None
    assert selected.label == "S-0414"


def test_the_list_follows_and_asks_again(window: MainWindow, desk: FakeDesk) -> None:
    desk.change(audit=loud())
    protection = window.page.following.protection
    protection.open_list()
    protection.open_list()
    sheet = protection.sheet
    assert sheet is not None
    QTest.mouseClick(sheet.again, LEFT)
    assert desk.checks == 1
    desk.change(audit=replace(quiet(), checking=True))
    assert not sheet.again.isEnabled()
    assert [row.label for row in sheet.list.rows.rows] == ["S-0414", "S-0415"]
    sheet.reject()
    assert protection.sheet is None


# The sound


class Ear:
    """An alarm, and how often it was heard."""

    def __init__(self, since_ms: int = NOON) -> None:
        self.heard = 0
        self.alarm = Alarm(lambda: since_ms, lambda found: phase(found) in ALARMING, self._beep)

    def _beep(self) -> None:
        self.heard += 1

    def note(self, *strategies: Strategy, audit: AuditState | None = None) -> int:
        self.alarm.note(DeskState("PRACTICE", strategies=strategies, audit=audit or AuditState()))
        return self.heard


def part(percent: str) -> Strategy:
    return Story().resting().leg(LegRole.ENTRY, "ACTIVE", percent, "91880.00").fold()


@pytest.mark.fault(32)
def test_it_is_heard_once_for_each_transition() -> None:
    ear = Ear()
    assert ear.note(Story().resting().fold()) == 0
    assert ear.note(part("0.01000")) == 1
    assert ear.note(part("0.01000")) == 1
    assert ear.note(part("0.02000")) == 1
    gone = Story().resting().leg(LegRole.ENTRY, "CANCELED", "0.02000", "91880.00").fold()
    assert ear.note(gone) == 2
    assert ear.note(Story().protected().fold()) == 2
    assert ear.note(gone) == 3


def test_what_the_journal_brings_waits_for_the_audit_and_is_heard_once() -> None:
    ear = Ear(since_ms=NOON + 3_600_000)
    bare = part("0.01000")
    assert ear.note(bare) == 0
    result = AuditState(Audit(NOON, (entry(bare, AuditKind.PARTIAL),)))
    assert ear.note(bare, audit=result) == 1
    assert ear.note(bare, audit=result) == 1


def test_what_only_the_audit_finds_is_heard_once() -> None:
    ear = Ear()
    whole = Story().protected().fold()
    result = AuditState(Audit(NOON, (entry(whole, AuditKind.WITHOUT_COIN),)))
    assert [ear.note(whole, audit=each) for each in (AuditState(), result, result)] == [0, 1, 1]


def test_it_can_be_turned_off() -> None:
    ear = Ear()
    ear.alarm.wanted = lambda: False
    ear.note(Story().resting().fold())
    assert ear.note(part("0.01000")) == 0
