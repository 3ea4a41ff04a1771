"""Golden words for every state of a strategy and of a leg."""

from __future__ import annotations

import pytest

from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.lifecycle import leg_status, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.phases import CLOSINGS, LEGS, PHASES, look_of
from otoco_desktop.ui.widgets.tones import Tone
from tests.ui.strategy_examples import Story, entry, in_phase

GOLDEN = [
    (Phase.INTENT, "Sending", Tone.ACCENT, "Saved. Sending to the exchange…"),
    (Phase.NOT_SENT, "Not sent", Tone.MUTED, "Nothing was sent: the exchange could not be reached."),
    (
        Phase.UNKNOWN,
        "Outcome unknown",
        Tone.WARN,
        "Outcome unknown. Checking with the exchange. Do not resubmit.",
    ),
    (Phase.UNRESOLVED, "Not found yet", Tone.WARN, "Not found after 5 checks in 150 s. It may still appear."),
    (
        Phase.RESOLVED_NOT_PLACED,
        "Resolved: not placed",
        Tone.MUTED,
        "Resolved: not placed. You checked it on the exchange.",
    ),
    (
        Phase.ACKED,
        "Received",
        Tone.ACCENT,
        "Accepted by the exchange as list 6498090546073120100. Waiting for the entry to become active.",
    ),
    (Phase.WORKING, "Entry working", Tone.ACCENT, "Entry is on the book at 91,880.00."),
    (Phase.PARTIAL, "Partly filled 62%", Tone.NEG, "62% of the entry has filled. No stop is active yet."),
    (
        Phase.PROTECTED,
        "Exits active",
        Tone.ACCENT,
        "Entry filled at 91,880.00. Stop 90,410.00 and target 95,600.00 are active.",
    ),
    (
        Phase.UNPROTECTED,
        "Unprotected",
        Tone.NEG,
        "0.08120 BTC is unprotected. The stop was rejected (insufficient balance).",
    ),
    (Phase.TRIGGERED, "Stop triggered", Tone.NEG, "Stop triggered, 0.01000 of 0.08120 filled."),
    (Phase.CANCELLING, "Cancelling", Tone.WARN, "Cancel requested, not confirmed yet."),
    (Phase.CLOSED, "Target filled", Tone.POS, "Target filled at 95,600.00: +244.60 USD, +2.04 R. Stop cancelled."),
    (
        Phase.REJECTED,
        "Rejected",
        Tone.NEG,
        "The exchange refused it: insufficient balance (code 306). Nothing was placed.",
    ),
    (
        Phase.DIVERGED,
        "Differs from plan",
        Tone.NEG,
        "Stop and target both filled. Check your balance on the exchange now.",
    ),
]


@pytest.mark.parametrize(("state", "chip", "tone", "sentence"), GOLDEN)
def test_the_words_of_a_state(state: Phase, chip: str, tone: Tone, sentence: str) -> None:
    strategy = in_phase(state)
    assert phase(strategy) is state
    look = look_of(strategy)
    assert (look.text, look.tone) == (chip, tone)
    assert headline(strategy) == sentence


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
