"""An order that was not found: what was looked at, and settling it by typed words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.events import Looked, Unknown
from otoco_desktop.domain.evidence import EvidenceSource, SourceAnswer
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.strategies.looked import FIRST_CHECK, build, is_wanted
from otoco_desktop.ui.strategies.settle import SettleSheet
from otoco_desktop.ui.strategies.timeline import LEAST, LEAST_IN_DOUBT, TimelinePanel
from otoco_desktop.ui.widgets.field_edit import REFUSED
from tests.ui.strategy_examples import Story, in_phase

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
UNRESOLVED = in_phase(Phase.UNRESOLVED)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TimelinePanel]:
    made = TimelinePanel()
    made.resize(446, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def sheet(panel: TimelinePanel) -> SettleSheet:
    """The question, asked about what was not found."""
    panel.render(UNRESOLVED)
    QTest.mouseClick(panel.doubt.settle_button, LEFT)
    return panel.doubt.sheet


def lost(rounds: int) -> Story:
    return Story().answer(Unknown("No reply in 10 s.")).looked(rounds)


def unanswered(story: Story, words: str) -> Strategy:
    """One more round, in which order detail stayed silent."""
    story.later(1000)
    answers = (
        SourceAnswer(EvidenceSource.DETAIL, story.at_ms, answered=False, found=0, words=words),
        SourceAnswer(EvidenceSource.OPEN_ORDERS, story.at_ms, answered=True, found=0, words="not found"),
    )
    story.facts.append(Looked(story.strategy_id, story.at_ms, story.at_ms, answers))
    return story.fold()


# The words


@pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.UNKNOWN, Phase.UNRESOLVED}))
def test_what_is_in_no_doubt_needs_no_words(phase: Phase) -> None:
    assert build(in_phase(phase)) is None


def test_sources_rounds_and_times_of_what_was_not_found() -> None:
    state = build(UNRESOLVED)
    assert state is not None
    assert state.words == (
        "Looked in order detail, open advanced orders and advanced order history: 5 complete rounds,"
        " 12:00:30 to 12:02:30 UTC."
    )
    assert [row.spoken for row in state.answers] == [
        f"{source}, asked at 12:02:30.092: none of ours"
        for source in ("Order detail", "Open advanced orders", "Advanced order history")
    ]
    assert state.question is not None
    assert state.question.strategy_id == UNRESOLVED.strategy_id


def test_an_incomplete_round_does_not_count() -> None:
    state = build(unanswered(lost(5), "no reply in 5 s"))
    assert state is not None
    assert "5 complete rounds, 12:00:30 to 12:02:30 UTC." in state.words
    assert [row.source for row in state.answers] == ["Order detail", "Open advanced orders"]


def test_an_unknown_outcome_shows_the_newest_answers_and_no_way_to_settle() -> None:
    state = build(unanswered(lost(1), "no reply\n<b>in</b> 5 s"))
    assert state is not None
    assert state.words == "Round 2: 1 of 2 sources answered. Not found is not proof yet."
    assert [(row.glyph, row.words) for row in state.answers] == [
        (Glyph.UNKNOWN, "no reply <b>in</b> 5 s"),
        (Glyph.PASS, "not found"),
    ]
    assert state.question is None


def test_before_the_first_round_it_says_so() -> None:
    state = build(in_phase(Phase.UNKNOWN))
    assert state is not None
    assert (state.words, state.answers) == (FIRST_CHECK, ())


@pytest.mark.parametrize(
    ("typed", "settles"),
    [
        ("not placed", True),
        ("NOT Placed", True),
        (" not placed ", True),
        ("", False),
        ("not place", False),
        ("not  placed", False),
        ("notplaced", False),
        ("not placed.", False),
        ("not\u00a0placed", False),
        ("n\u043et placed", False),
        ("\uff4eot placed", False),
    ],
)
def test_only_these_words_settle(typed: str, settles: bool) -> None:
    assert is_wanted(typed) is settles


# The panel


def test_only_what_was_not_found_offers_to_settle(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.render(UNRESOLVED)
    assert panel.doubt.settle_button.isVisible()
    assert panel.minimumHeight() == LEAST_IN_DOUBT
    with qtbot.waitSignal(panel.check_requested):
        QTest.mouseClick(panel.doubt.check_button, LEFT)
    panel.render(lost(2).fold())
    assert panel.doubt.isVisible()
    assert len(panel.doubt.answers.rows) == 3
    assert not panel.doubt.settle_button.isVisible()
    assert not panel.doubt.check_button.isVisible()
    panel.render(in_phase(Phase.RESOLVED_NOT_PLACED))
    assert not panel.doubt.isVisible()
    assert panel.minimumHeight() == LEAST
    assert panel.chip.accessibleName() == "Resolved: not placed"


def test_in_a_low_panel_the_way_out_stands_before_the_events(panel: TimelinePanel) -> None:
    panel.resize(446, LEAST_IN_DOUBT)
    panel.render(UNRESOLVED)
    assert not panel.list.isVisible()
    assert panel.doubt.settle_button.geometry().bottom() < panel.doubt.height()
    panel.resize(446, 400)
    assert panel.list.isVisible()


# The question


def test_enter_settles_nothing_before_the_words_are_typed(
    panel: TimelinePanel, sheet: SettleSheet, qtbot: QtBot
) -> None:
    assert QApplication.focusWidget() is sheet.field
    with qtbot.assertNotEmitted(panel.settled):
        for typed in ("", "not place"):
            sheet.field.setText(typed)
            QTest.keyClick(sheet.field, Qt.Key.Key_Return)
            QTest.mouseClick(sheet.remove, LEFT)
    assert sheet.isVisible()
    assert not sheet.remove.isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_typed_words_settle(panel: TimelinePanel, sheet: SettleSheet, qtbot: QtBot, key: Qt.Key) -> None:
    QTest.keyClicks(sheet.field, "Not Placed")
    assert sheet.remove.isEnabled()
    with qtbot.waitSignal(panel.settled) as told:
        QTest.keyClick(sheet.field, key)
    assert told.args == [UNRESOLVED.strategy_id, "Not Placed"]
    assert not sheet.isVisible()


def test_words_may_be_pasted_and_the_button_pressed(panel: TimelinePanel, sheet: SettleSheet, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("not placed")
    QTest.keyClick(sheet.field, Qt.Key.Key_V, CTRL)
    with qtbot.waitSignal(panel.settled):
        QTest.mouseClick(sheet.remove, LEFT)


def test_a_paste_that_is_refused_says_why(sheet: SettleSheet) -> None:
    QGuiApplication.clipboard().setText("not placed\u200b")
    QTest.keyClick(sheet.field, Qt.Key.Key_V, CTRL)
    assert (sheet.field.text(), sheet.note.text()) == ("", REFUSED)
    QTest.keyClicks(sheet.field, "n")
    assert sheet.note.text().startswith("Type not placed to confirm.")
    assert sheet.note.text().endswith("a late event reopens it.")


def test_escape_and_the_default_change_nothing(panel: TimelinePanel, sheet: SettleSheet, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.settled):
        QTest.keyClicks(sheet.field, "not placed")
        QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
        assert not sheet.isVisible()
        assert QApplication.focusWidget() is panel.doubt.settle_button
        QTest.keyClick(panel.doubt.settle_button, Qt.Key.Key_Space)
        assert sheet.field.text() == ""
        QTest.keyClicks(sheet.field, "not placed")
        sheet.keep.setFocus()
        QTest.keyClick(sheet.keep, Qt.Key.Key_Return)
    assert not sheet.isVisible()


def test_another_round_leaves_the_question_and_what_was_typed(panel: TimelinePanel, sheet: SettleSheet) -> None:
    QTest.keyClicks(sheet.field, "not pl")
    panel.render(lost(6).fold())
    assert sheet.isVisible()
    assert sheet.field.text() == "not pl"


def test_found_meanwhile_the_question_is_taken_back(panel: TimelinePanel, sheet: SettleSheet) -> None:
    panel.render(lost(5).leg(LegRole.ENTRY, "ACTIVE").fold())
    assert sheet.question is None
    assert not panel.doubt.isVisible()
    assert QApplication.focusWidget() is panel.list


def test_another_selection_takes_the_question_back(panel: TimelinePanel, sheet: SettleSheet) -> None:
    other = Story(number=416).answer(Unknown("No reply in 10 s.")).looked(5).fold()
    panel.render(other)
    assert sheet.question is None
    assert QApplication.focusWidget() is not panel.doubt.settle_button
    panel.render(None)
    assert panel.state is None
