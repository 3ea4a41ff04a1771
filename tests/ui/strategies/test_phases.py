"""Golden words for every state of a strategy and of a leg."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from otoco_desktop.domain.audit import AuditKind
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.lifecycle import leg_status, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.audit import LOOKS
from otoco_desktop.ui.strategies.banner import UnknownBanner
from otoco_desktop.ui.strategies.phases import CLOSINGS, LEGS, PHASES, look_of
from otoco_desktop.ui.strategies.rows import Column, Show, build
from otoco_desktop.ui.strategies.state import DOUBTFUL, TableBuilder, banner
from otoco_desktop.ui.widgets.tones import Tone
from tests.ui.strategy_examples import NOON, Story, entry, in_phase

UNKNOWN_BANNER = (
    "Outcome unknown. Checking with the exchange. Do not resubmit. S-0415, Buy 0.08120 BTC_USD, sent 12:00:00.000."
    " No reply in 10 s. It may or may not be on the exchange. New BTC_USD orders are locked until this is settled."
)
UNRESOLVED_BANNER = UNKNOWN_BANNER.replace(
    "Outcome unknown. Checking with the exchange.", "Not found yet. It may still appear."
)
RECEIVED = "Accepted by the exchange as list 6498090546073120100. Waiting for the entry to become active."
REFUSED = "The exchange refused it: insufficient balance (code 306). Nothing was placed."
PROTECTED = "Entry filled at 91,880.00. Stop 90,410.00 and target 95,600.00 are active."
BARE = "0.08120 BTC is unprotected. The stop was rejected (insufficient balance)."
WON = "Target filled at 95,600.00: +244.60 USD, +2.04 R. Stop cancelled."
UNKNOWN = "Outcome unknown. Checking with the exchange. Do not resubmit."
NOT_FOUND = "Not found after 5 checks in 150 s. It may still appear."
GOLDEN = [
    (Phase.INTENT, "Sending", Glyph.SEND, Tone.ACCENT, "Saved. Sending to the exchange…", ""),
    (
        Phase.NOT_SENT, "Not sent", Glyph.CROSS, Tone.MUTED,
        "Nothing was sent: the exchange could not be reached.", "",
    ),
    (Phase.UNKNOWN, "Outcome unknown", Glyph.UNKNOWN, Tone.WARN, UNKNOWN, UNKNOWN_BANNER),
    (Phase.UNRESOLVED, "Not found yet", Glyph.UNKNOWN, Tone.WARN, NOT_FOUND, UNRESOLVED_BANNER),
    (
        Phase.RESOLVED_NOT_PLACED, "Resolved: not placed", Glyph.CANCELLED, Tone.MUTED,
        "Resolved: not placed. You checked it on the exchange.", "",
    ),
    (Phase.ACKED, "Received", Glyph.PASS, Tone.ACCENT, RECEIVED, ""),
    (Phase.WORKING, "Entry working", Glyph.ACTIVE, Tone.ACCENT, "Entry is on the book at 91,880.00.", ""),
    (
        Phase.PARTIAL, "Partly filled 62%", Glyph.WARNING, Tone.NEG,
        "62% of the entry has filled. No stop is active yet.", "",
    ),
    (Phase.PROTECTED, "Exits active", Glyph.ACTIVE, Tone.ACCENT, PROTECTED, ""),
    (Phase.UNPROTECTED, "Unprotected", Glyph.FAIL, Tone.NEG, BARE, ""),
    (Phase.TRIGGERED, "Stop triggered", Glyph.STOP, Tone.NEG, "Stop triggered, 0.01000 of 0.08120 filled.", ""),
    (Phase.CANCELLING, "Cancelling", Glyph.EXPIRED, Tone.WARN, "Cancel requested, not confirmed yet.", ""),
    (Phase.CLOSED, "Target filled", Glyph.TARGET, Tone.POS, WON, ""),
    (Phase.REJECTED, "Rejected", Glyph.FAIL, Tone.NEG, REFUSED, ""),
    (
        Phase.DIVERGED, "Differs from plan", Glyph.WARNING, Tone.NEG,
        "Stop and target both filled. Check your balance on the exchange now.", "",
    ),
]  # fmt: skip
"""State, chip, icon, tone, headline and banner; what was placed elsewhere has no strategy and stands in the audit."""


@pytest.mark.parametrize(("state", "chip", "glyph", "tone", "sentence", "told"), GOLDEN)
def test_the_words_of_a_state(state: Phase, chip: str, glyph: Glyph, tone: Tone, sentence: str, told: str) -> None:
    strategy = in_phase(state)
    assert phase(strategy) is state
    look = look_of(strategy)
    assert (look.text, look.glyph, look.tone) == (chip, glyph, tone)
    assert headline(strategy) == sentence
    shown = banner([strategy])
    assert (f"{shown.title} {shown.detail}" if shown else "") == told


def test_what_was_placed_elsewhere_has_its_words_and_icon() -> None:
    assert LOOKS[AuditKind.ELSEWHERE] == (Glyph.NOTE, Tone.MUTED, "Placed elsewhere")
    assert set(LOOKS) == set(AuditKind)


@pytest.mark.parametrize("state", [Phase.UNKNOWN, Phase.UNRESOLVED])
@pytest.mark.parametrize("show", list(Show))
def test_no_filter_hides_a_doubt(state: Phase, show: Show) -> None:
    """Nor does its age: it was sent days ago."""
    days_later = NOON + 5 * 86_400_000
    table = TableBuilder().build([in_phase(state)], {}, show, days_later)
    assert [row.label for row in table.rows] == ["S-0415"]


@pytest.mark.parametrize("state", [Phase.UNKNOWN, Phase.UNRESOLVED])
def test_a_doubt_is_words_and_icon_and_not_colour_alone(state: Phase) -> None:
    """As it is drawn, and as it is read out; in the narrowest table as well."""
    cell = build(in_phase(state)).cells[Column.STATE]
    assert cell.chip is not None
    assert cell.chip.text in cell.spoken
    assert cell.chip.short in ("Unknown", "Not found")
    others = {look.glyph for other, look in PHASES.items() if other not in DOUBTFUL}
    assert cell.chip.glyph not in others


def test_nothing_dismisses_the_banner(qtbot: QtBot) -> None:
    """It takes one press, which asks the exchange; keys do nothing to it, and it is there until the doubt is over."""
    shown = UnknownBanner(lambda: 0)
    qtbot.addWidget(shown)
    shown.render(banner([in_phase(Phase.UNKNOWN)]))
    assert shown.findChildren(QAbstractButton) == [shown.check_button]
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Return):
        QTest.keyClick(shown, key)
    QTest.mouseClick(shown.check_button, Qt.MouseButton.LeftButton)
    assert shown.isVisible()
    shown.render(banner([in_phase(Phase.UNRESOLVED)]))
    assert shown.isVisible()
    shown.render(banner([in_phase(Phase.RESOLVED_NOT_PLACED)]))
    assert not shown.isVisible()


def test_every_state_is_in_the_table() -> None:
    assert [row[0] for row in GOLDEN] == list(Phase)
    assert set(PHASES) == set(Phase)
    assert set(CLOSINGS) == set(Closing)
    assert set(LEGS) == set(LegStatus)


@pytest.mark.parametrize(
    ("strategy", "chip", "glyph"),
    [
        (Story().stopped("90400.00", "36.70").fold(), "Stopped", Glyph.STOP),
        (Story().target_filled("95600.00").fold(), "Target filled", Glyph.TARGET),
        (
            Story().resting().cancel_asked().leg(LegRole.ENTRY, "CANCELED").leg(LegRole.STOP, "CANCELED")
            .leg(LegRole.TARGET, "CANCELED").fold(),
            "Cancelled by you",
            Glyph.CANCELLED,
        ),
        (
            Story().resting().leg(LegRole.ENTRY, "CANCELED").leg(LegRole.STOP, "CANCELED")
            .leg(LegRole.TARGET, "CANCELED").fold(),
            "Cancelled by exchange",
            Glyph.CANCELLED,
        ),
        (
            Story().resting().leg(LegRole.ENTRY, "EXPIRED").leg(LegRole.STOP, "EXPIRED")
            .leg(LegRole.TARGET, "EXPIRED").fold(),
            "Expired",
            Glyph.EXPIRED,
        ),
        (
            Story().protected().leg(LegRole.TARGET, "ACTIVE", "0.01", "95600.00").fold(),
            "Target triggered",
            Glyph.TARGET,
        ),
        (entry("ACTIVE", "0.08119", "91880.00"), "Partly filled 99%", Glyph.WARNING),
        (entry("ACTIVE", "0.00001", "91880.00"), "Partly filled 0%", Glyph.WARNING),
    ],
)  # fmt: skip
def test_how_it_ended_and_how_much_has_filled(strategy: Strategy, chip: str, glyph: Glyph) -> None:
    look = look_of(strategy)
    assert (look.text, look.glyph) == (chip, glyph)


LEG_WORDS = [
    (LegStatus.UNKNOWN, "Unknown", Token.WARN),
    (LegStatus.NOT_PLACED, "Not placed", Token.TEXT3),
    (LegStatus.WAITING, "Waiting", Token.TEXT3),
    (LegStatus.ACTIVE, "Active", Token.ACCENT),
    (LegStatus.TRIGGERED, "Triggered", Token.ACCENT),
    (LegStatus.FILLED, "Filled", Token.TEXT),
    (LegStatus.CANCELLED, "Cancelled", Token.TEXT3),
    (LegStatus.REJECTED, "Rejected", Token.NEG),
    (LegStatus.EXPIRED, "Expired", Token.TEXT3),
    (LegStatus.UNRECOGNISED, "Unrecognised", Token.WARN),
]


@pytest.mark.parametrize(("status", "word", "token"), LEG_WORDS)
def test_the_words_of_a_leg(status: LegStatus, word: str, token: Token) -> None:
    assert (LEGS[status].text, LEGS[status].token) == (word, token)


def test_a_status_nobody_knows_is_said_to_be_unrecognised() -> None:
    strategy = Story().protected().leg(LegRole.STOP, "SUSPENDED").fold()
    assert leg_status(strategy, LegRole.STOP) is LegStatus.UNRECOGNISED
