"""The words that send a plan while an earlier outcome is unknown: typed in the review, and handed on with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.checks.state import submit
from otoco_desktop.ui.review import override
from otoco_desktop.ui.review.view import ReviewSheet
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui import plan_examples as plans

LOCKED = "New BTC_USD buys are locked until S-0416 is settled."
WORDS = "S-0416 may exist"
LOCK = Finding("plan.locked", Severity.FAIL, "Unknown lock", LOCKED, override=WORDS)
WRONG = Finding("market", Severity.FAIL, "Market", "BTC_USD is closed.")


def verdict(*found: Finding) -> Verdict:
    ready = plans.ready()
    return replace(ready, findings=(*found, *ready.findings))


@pytest.fixture
def sheet(qtbot: QtBot) -> Iterator[ReviewSheet]:
    window = QWidget()
    window.resize(1100, 860)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    now = iter(range(plans.NOW_MS, plans.NOW_MS + 10_000_000, 600))
    made = ReviewSheet(window, lambda: min(next(now), plans.NOW_MS + 3_000))
    made.open_with(Confirmed("token", verdict(LOCK), plans.REQUEST_JSON), plans.BTC, "PRACTICE", plans.QUOTE)
    yield made
    window.close()
    window.deleteLater()


def test_the_button_opens_and_says_what_is_asked_for() -> None:
    shown = submit(verdict(LOCK), Gate(open=True))
    assert shown.enabled
    assert text_of(shown.sentence) == f"Locked. {LOCKED} Review asks for your words to send it all the same."


def test_an_error_beside_the_lock_keeps_it_closed() -> None:
    assert verdict(LOCK, WRONG).override == ""
    assert not submit(verdict(LOCK, WRONG), Gate(open=True)).enabled
    assert not submit(verdict(LOCK), Gate(open=False, reason="Starting.")).enabled
    assert override.of(plans.ready()) is None


def test_the_keyboard_begins_in_the_field_and_nothing_is_sent_without_the_words(sheet: ReviewSheet) -> None:
    sent: list[Confirmed] = []
    sheet.submit_requested.connect(sent.append)
    strip = sheet.sheet.override
    assert QApplication.focusWidget() is strip.edit
    assert strip.prompt.text().startswith(f"{LOCKED} If it was placed, this makes two.")
    assert WORDS in strip.prompt.text()
    QTest.keyClicks(strip.edit, "S-0416 may")
    QTest.keyClick(strip.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not sheet.sheet.submit.isEnabled()
    assert sheet.sheet.submit.accessibleDescription() == f"Type {WORDS} first."
    assert not sent


def test_the_words_open_it_and_go_with_the_confirmation(sheet: ReviewSheet, qtbot: QtBot) -> None:
    sent: list[Confirmed] = []
    sheet.submit_requested.connect(sent.append)
    QTest.keyClicks(sheet.sheet.override.edit, WORDS.lower())
    assert sheet.sheet.override.answer.text() == "Locked no more for this plan alone."
    assert sheet.sheet.submit.isEnabled()
    QTest.keyClick(sheet.sheet.override.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [(found.token, found.typed) for found in sent] == [("token", WORDS.lower())]
    qtbot.waitUntil(lambda: not sheet.sheet.override.isVisible())


def test_another_doubt_asks_for_other_words(sheet: ReviewSheet) -> None:
    """What was typed for one outcome does not count for another."""
    QTest.keyClicks(sheet.sheet.override.edit, WORDS)
    other = LOCK._replace(message=LOCKED.replace("0416", "0417"), override="S-0417 may exist")
    sheet.renew(Confirmed("again", verdict(other), plans.REQUEST_JSON), plans.QUOTE)
    assert sheet.sheet.override.edit.text() == ""
    assert not sheet.sheet.submit.isEnabled()
