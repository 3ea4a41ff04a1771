"""One strategy's story, its panel, and the banner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.events import ReportSource
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.timeline import TimelineKind
from otoco_desktop.ui.strategies.banner import HEIGHT, UnknownBanner
from otoco_desktop.ui.strategies.state import banner
from otoco_desktop.ui.strategies.story import MARKS, build
from otoco_desktop.ui.strategies.timeline import NOTHING, TimelinePanel
from tests.ui.strategy_examples import LIST_ID, Story, drawn_story, in_phase

LEFT = Qt.MouseButton.LeftButton
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TimelinePanel]:
    made = TimelinePanel()
    made.resize(480, 600)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_every_kind_of_event_has_its_icon() -> None:
    assert set(MARKS) == set(TimelineKind)


def test_the_drawn_story() -> None:
    state = build(drawn_story())
    assert [(row.title, row.detail) for row in state.rows] == [
        ("Saved", "Plan written to disk before sending"),
        ("Sent", "Request 7, 3 legs, over REST"),
        ("Accepted", f"list_id {LIST_ID}"),
        ("Entry active", "Buy 0.09874 at 92,400.00"),
        ("Entry filled", "0.09874 at 92,400.00, fee 22.81 USD"),
        ("Stop active", "Sell at market if mark ≤ 90,552.00"),
        ("Target active", "Sell at 97,000.00 if mark ≥ 97,020.00"),
        ("Target filled", "0.09874 at 97,000.00, fee 47.89 USD"),
        ("Stop cancelled", "By the exchange, because the target filled"),
    ]
    filled = state.rows[4]
    assert (filled.local, filled.exchange, filled.delay) == ("10:21:40.118", "10:21:40.103", "57 ms")
    assert (state.rows[0].exchange, state.rows[0].delay) == ("–", "–")


def test_what_a_check_found_says_so() -> None:
    story = Story().protected().leg(LegRole.TARGET, "FILLED", "0.08120", "95600.00", source=ReportSource.CHECK)
    assert build(story.fold()).rows[-1].detail.endswith(", found by check")


def test_the_head_of_a_finished_strategy() -> None:
    state = build(drawn_story())
    assert (state.label, state.plan, state.chip.text) == ("S-0411", "Buy 0.09874 BTC_USD", "Target filled")
    assert [(shown.label, shown.value) for shown in state.figures] == [
        ("Realised, USD net of fees", "+383.50"),
        ("In R", "+1.53"),
        ("Gross", "+454.20"),
        ("Fees", "−70.70"),
        ("Planned", "+1.53 R"),
    ]


def test_an_open_strategy_has_no_result_yet() -> None:
    assert build(in_phase(Phase.PROTECTED)).figures == ()


def test_the_panel_shows_and_copies_the_exact_list_id(panel: TimelinePanel) -> None:
    panel.render(drawn_story())
    assert panel.ids.text() == f"list_id {LIST_ID}"
    QTest.mouseClick(panel.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == LIST_ID


def test_an_event_is_spoken_and_copied_whole(panel: TimelinePanel) -> None:
    panel.render(drawn_story())
    rows = panel.list.rows
    assert panel.list.accessibleName() == "Event timeline"
    assert rows.index(4, 0).data(SPOKEN) == "Entry filled. 0.09874 at 92,400.00, fee 22.81 USD"
    assert rows.index(4, 3).data(SPOKEN) == "Delay 57 ms"
    panel.list.setCurrentIndex(rows.index(4, 0))
    QTest.keyClick(panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("10:21:40.118\t10:21:40.103\t57 ms\tEntry filled")


def test_without_a_selection_it_says_what_to_do(panel: TimelinePanel) -> None:
    panel.render(drawn_story())
    panel.render(None)
    assert panel.state is None
    assert not panel.list.isVisible()
    assert panel.nothing.text() == NOTHING
    assert panel.nothing.isVisible()


def test_it_follows_the_strategy(panel: TimelinePanel) -> None:
    story = Story().resting()
    panel.render(story.fold())
    before = panel.list.rows.rowCount()
    panel.render(story.leg(LegRole.ENTRY, "FILLED", "0.08120", "91880.00").fold())
    assert panel.list.rows.rowCount() > before
    assert panel.headline.text() != "Entry is on the book at 91,880.00."


def test_contradictions_are_shown(panel: TimelinePanel) -> None:
    panel.render(Story().protected().leg(LegRole.STOP, "SUSPENDED").fold())
    assert panel.notes.text() == "Stop: the exchange used a status this program does not know: SUSPENDED."


def test_the_banner_comes_and_goes_with_the_doubt(qtbot: QtBot) -> None:
    shown = UnknownBanner(lambda: 0)
    qtbot.addWidget(shown)
    shown.resize(1000, HEIGHT)
    shown.render(banner([in_phase(Phase.UNKNOWN)]))
    assert shown.isVisible()
    assert shown.height() == HEIGHT
    assert shown.accessibleName() == "Outcome unknown banner"
    assert "Do not resubmit." in shown.accessibleDescription()
    with qtbot.waitSignal(shown.check_requested):
        QTest.mouseClick(shown.check_button, LEFT)
    shown.render(banner([in_phase(Phase.ACKED)]))
    assert not shown.isVisible()


def test_without_a_list_id_the_order_ids_are_copied(panel: TimelinePanel) -> None:
    strategy = in_phase(Phase.UNKNOWN)
    panel.render(strategy)
    assert panel.ids.text().startswith("order ids od1-")
    assert panel.ids.text().endswith("-e …-s …-t")
    QTest.mouseClick(panel.copy_button, LEFT)
    oids = [leg.client_oid for leg in strategy.intent.order.legs]
    assert QGuiApplication.clipboard().text().split("\n") == oids


def test_every_difference_from_the_plan_is_named() -> None:
    story = Story().resting()
    other = Story(replace(story.prices, stop="90000.00", quantity="0.05000"), at_ms=story.at_ms)
    strategy = Story(facts=[*story.facts, *other.leg(LegRole.STOP, "PENDING").facts]).fold()
    notes = build(strategy).notes
    assert "Stop quantity is 0.05000, planned 0.08120." in notes
    assert "Stop trigger is 90000.00, planned 90410.00." in notes


def test_a_long_detail_has_a_tooltip(panel: TimelinePanel) -> None:
    panel.render(in_phase(Phase.UNRESOLVED))
    last = panel.list.rows.index(panel.list.rows.rowCount() - 1, 0)
    assert str(last.data(Qt.ItemDataRole.ToolTipRole)).endswith("That is not proof yet.")
