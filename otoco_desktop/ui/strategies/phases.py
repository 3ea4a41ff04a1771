"""The one place that names the states of a strategy and of a leg: word, icon and colour."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from otoco_desktop.domain.lifecycle import closing, filled_ratio, leg_status, phase
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token


@dataclass(frozen=True, slots=True)
class ChipLook:
    """Icon and words in one tone, on the tone's soft fill."""

    text: str
    glyph: Glyph
    tone: Token


PHASES = {
    Phase.INTENT: ChipLook("Sending", Glyph.SEND, Token.ACCENT),
    Phase.NOT_SENT: ChipLook("Not sent", Glyph.CROSS, Token.TEXT3),
    Phase.UNKNOWN: ChipLook("Outcome unknown", Glyph.UNKNOWN, Token.WARN),
    Phase.UNRESOLVED: ChipLook("Not found yet", Glyph.UNKNOWN, Token.WARN),
    Phase.RESOLVED_NOT_PLACED: ChipLook("Resolved: not placed", Glyph.CANCELLED, Token.TEXT3),
    Phase.ACKED: ChipLook("Received", Glyph.PASS, Token.ACCENT),
    Phase.WORKING: ChipLook("Entry working", Glyph.ACTIVE, Token.ACCENT),
    Phase.PARTIAL: ChipLook("Partly filled", Glyph.WARNING, Token.WARN),
    Phase.PROTECTED: ChipLook("Exits active", Glyph.ACTIVE, Token.ACCENT),
    Phase.UNPROTECTED: ChipLook("Unprotected", Glyph.FAIL, Token.NEG),
    Phase.TRIGGERED: ChipLook("Triggered", Glyph.NOTE, Token.ACCENT),
    Phase.CANCELLING: ChipLook("Cancelling", Glyph.EXPIRED, Token.WARN),
    Phase.CLOSED: ChipLook("Closed", Glyph.PASS, Token.TEXT3),
    Phase.REJECTED: ChipLook("Rejected", Glyph.FAIL, Token.NEG),
    Phase.DIVERGED: ChipLook("Differs from plan", Glyph.WARNING, Token.NEG),
}
CLOSINGS = {
    Closing.TARGET_FILLED: ChipLook("Target filled", Glyph.TARGET, Token.POS),
    Closing.STOPPED: ChipLook("Stopped", Glyph.STOP, Token.NEG),
    Closing.CANCELLED_BY_YOU: ChipLook("Cancelled by you", Glyph.CANCELLED, Token.TEXT3),
    Closing.CANCELLED_BY_EXCHANGE: ChipLook("Cancelled by exchange", Glyph.CANCELLED, Token.TEXT3),
    Closing.EXPIRED: ChipLook("Expired", Glyph.EXPIRED, Token.TEXT3),
}
TRIGGERED = {
    LegRole.STOP: ChipLook("Stop triggered", Glyph.STOP, Token.NEG),
    LegRole.TARGET: ChipLook("Target triggered", Glyph.TARGET, Token.POS),
}
LEGS = {
    LegStatus.UNKNOWN: ChipLook("Unknown", Glyph.UNKNOWN, Token.WARN),
    LegStatus.NOT_PLACED: ChipLook("Not placed", Glyph.CROSS, Token.TEXT3),
    LegStatus.WAITING: ChipLook("Waiting", Glyph.WAITING, Token.TEXT3),
    LegStatus.ACTIVE: ChipLook("Active", Glyph.ACTIVE, Token.ACCENT),
    LegStatus.TRIGGERED: ChipLook("Triggered", Glyph.NOTE, Token.ACCENT),
    LegStatus.FILLED: ChipLook("Filled", Glyph.FILLED, Token.TEXT),
    LegStatus.CANCELLED: ChipLook("Cancelled", Glyph.CANCELLED, Token.TEXT3),
    LegStatus.REJECTED: ChipLook("Rejected", Glyph.FAIL, Token.NEG),
    LegStatus.EXPIRED: ChipLook("Expired", Glyph.EXPIRED, Token.TEXT3),
    LegStatus.UNRECOGNISED: ChipLook("Unrecognised", Glyph.UNKNOWN, Token.WARN),
}


def look_of(strategy: Strategy) -> ChipLook:
    """The chip of a strategy in its present state."""
    state = phase(strategy)
    if state is Phase.CLOSED:
        end = closing(strategy)
        return PHASES[state] if end is None else CLOSINGS[end]
    if state is Phase.TRIGGERED:
        return TRIGGERED.get(triggered_leg(strategy) or LegRole.ENTRY, PHASES[state])
    if state is Phase.PARTIAL:
        look = PHASES[state]
        return ChipLook(f"{look.text} {whole_percent(filled_ratio(strategy))}", look.glyph, look.tone)
    return PHASES[state]


def triggered_leg(strategy: Strategy) -> LegRole | None:
    """The exit whose trigger has been reached, if any."""
    roles = (LegRole.STOP, LegRole.TARGET)
    return next((role for role in roles if leg_status(strategy, role) is LegStatus.TRIGGERED), None)


def whole_percent(ratio: Decimal) -> str:
    """A filled share that never claims more than is there: 0.999 is 99%."""
    return f"{(ratio * 100).quantize(Decimal(1), rounding=ROUND_DOWN)}%"
