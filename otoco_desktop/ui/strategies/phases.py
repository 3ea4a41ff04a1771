"""The one place that names the states of a strategy and of a leg: word, icon and colour."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.domain.headline import filled_percent
from otoco_desktop.domain.lifecycle import closing, leg_status, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.tones import Tone


@dataclass(frozen=True, slots=True)
class ChipLook:
    """Icon and words in one tone, on the tone's soft fill. ``short`` stands in a narrow table."""

    text: str
    glyph: Glyph
    tone: Tone
    short: str = ""


@dataclass(frozen=True, slots=True)
class LegLook:
    """Icon and word of a leg, both in one colour."""

    text: str
    glyph: Glyph
    token: Token


PHASES = {
    Phase.INTENT: ChipLook("Sending", Glyph.SEND, Tone.ACCENT),
    Phase.NOT_SENT: ChipLook("Not sent", Glyph.CROSS, Tone.MUTED),
    Phase.UNKNOWN: ChipLook("Outcome unknown", Glyph.UNKNOWN, Tone.WARN, "Unknown"),
    Phase.UNRESOLVED: ChipLook("Not found yet", Glyph.UNKNOWN, Tone.WARN, "Not found"),
    Phase.RESOLVED_NOT_PLACED: ChipLook("Resolved: not placed", Glyph.CANCELLED, Tone.MUTED, "Not placed"),
    Phase.ACKED: ChipLook("Received", Glyph.PASS, Tone.ACCENT),
    Phase.WORKING: ChipLook("Entry working", Glyph.ACTIVE, Tone.ACCENT, "Working"),
    Phase.PARTIAL: ChipLook("Partly filled", Glyph.WARNING, Tone.NEG),
    Phase.PROTECTED: ChipLook("Exits active", Glyph.ACTIVE, Tone.ACCENT, "Active"),
    Phase.UNPROTECTED: ChipLook("Unprotected", Glyph.FAIL, Tone.NEG),
    Phase.TRIGGERED: ChipLook("Triggered", Glyph.NOTE, Tone.ACCENT),
    Phase.CANCELLING: ChipLook("Cancelling", Glyph.EXPIRED, Tone.WARN),
    Phase.CLOSED: ChipLook("Closed", Glyph.PASS, Tone.MUTED),
    Phase.REJECTED: ChipLook("Rejected", Glyph.FAIL, Tone.NEG),
    Phase.DIVERGED: ChipLook("Differs from plan", Glyph.WARNING, Tone.NEG, "Differs"),
}
CLOSINGS = {
    Closing.TARGET_FILLED: ChipLook("Target filled", Glyph.TARGET, Tone.POS),
    Closing.STOPPED: ChipLook("Stopped", Glyph.STOP, Tone.NEG),
    Closing.CANCELLED_BY_YOU: ChipLook("Cancelled by you", Glyph.CANCELLED, Tone.MUTED, "Cancelled"),
    Closing.CANCELLED_BY_EXCHANGE: ChipLook("Cancelled by exchange", Glyph.CANCELLED, Tone.MUTED, "Cancelled"),
    Closing.EXPIRED: ChipLook("Expired", Glyph.EXPIRED, Tone.MUTED),
}
TRIGGERED = {
    LegRole.STOP: ChipLook("Stop triggered", Glyph.STOP, Tone.NEG, "Triggered"),
    LegRole.TARGET: ChipLook("Target triggered", Glyph.TARGET, Tone.POS, "Triggered"),
}
LEGS = {
    LegStatus.UNKNOWN: LegLook("Unknown", Glyph.UNKNOWN, Token.WARN),
    LegStatus.NOT_PLACED: LegLook("Not placed", Glyph.CROSS, Token.TEXT3),
    LegStatus.WAITING: LegLook("Waiting", Glyph.WAITING, Token.TEXT3),
    LegStatus.ACTIVE: LegLook("Active", Glyph.ACTIVE, Token.ACCENT),
    LegStatus.TRIGGERED: LegLook("Triggered", Glyph.NOTE, Token.ACCENT),
    LegStatus.FILLED: LegLook("Filled", Glyph.FILLED, Token.TEXT),
    LegStatus.CANCELLED: LegLook("Cancelled", Glyph.CANCELLED, Token.TEXT3),
    LegStatus.REJECTED: LegLook("Rejected", Glyph.FAIL, Token.NEG),
    LegStatus.EXPIRED: LegLook("Expired", Glyph.EXPIRED, Token.TEXT3),
    LegStatus.UNRECOGNISED: LegLook("Unrecognised", Glyph.UNKNOWN, Token.WARN),
}
NOT_CONFIRMED = LegLook("Not confirmed", Glyph.RING, Token.TEXT3)
"""A leg in the moment between sending and the exchange's first word about it; nothing is in doubt yet."""


STOP_ALONE = ChipLook("Stop active", Glyph.ACTIVE, Tone.ACCENT, "Stop")
"""Protected, and nothing else: the target has been removed."""


def look_of(strategy: Strategy) -> ChipLook:
    """The chip of a strategy in its present state."""
    state = phase(strategy)
    if state is Phase.PROTECTED and leg_status(strategy, LegRole.TARGET) is LegStatus.CANCELLED:
        return STOP_ALONE
    if state is Phase.CLOSED:
        end = closing(strategy)
        return PHASES[state] if end is None else CLOSINGS[end]
    if state is Phase.TRIGGERED:
        return TRIGGERED.get(triggered_leg(strategy) or LegRole.ENTRY, PHASES[state])
    if state is Phase.PARTIAL:
        look = PHASES[state]
        share = f"{filled_percent(strategy)}%"
        return ChipLook(f"{look.text} {share}", look.glyph, look.tone, f"Partly {share}")
    return PHASES[state]


def triggered_leg(strategy: Strategy) -> LegRole | None:
    """The exit whose trigger has been reached, if any."""
    roles = (LegRole.STOP, LegRole.TARGET)
    return next((role for role in roles if leg_status(strategy, role) is LegStatus.TRIGGERED), None)
