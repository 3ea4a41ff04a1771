"""How one leg stands, in words: as the exchange last reported it, and what was asked of it since."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.changing import Change, pending_change
from otoco_desktop.domain.exits import moves, standing_order
from otoco_desktop.domain.lifecycle import leg_status
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.phases import LEGS, LegLook

ARROW = "→"
REQUESTED = {
    Change.REMOVING: LegLook("Remove requested", Glyph.EXPIRED, Token.WARN),
    Change.MOVING: LegLook("Move requested", Glyph.EXPIRED, Token.WARN),
}
"""A request is no proof: the leg counts as it was until the exchange reports otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of an exit and the exchange does not show yet; a move has where it is to go."""

    look: LegLook
    trigger: Decimal | None = None
    limit: Decimal | None = None


def leg_price(leg: Leg) -> Decimal:
    """The price a leg is known by: its trigger, or its limit where it has none."""
    return leg.reference_price if leg.trigger is None else leg.trigger


def asked_of(strategy: Strategy, role: LegRole) -> Asked | None:
    """What is pending of this exit."""
    change = pending_change(strategy, role)
    if change is None:
        return None
    if change is Change.REMOVING:
        return Asked(REQUESTED[change])
    newest = moves(strategy, role)[-1]
    return Asked(REQUESTED[change], newest.trigger, newest.price)


def look_of_leg(strategy: Strategy, role: LegRole) -> LegLook:
    """Icon and word of a leg, or of what was asked of it."""
    asked = asked_of(strategy, role)
    return LEGS[leg_status(strategy, role)] if asked is None else asked.look


def price_words(strategy: Strategy, role: LegRole) -> str:
    """``90,410.00``, or ``90,410.00 → 91,200.00`` while a move is pending."""
    asked = asked_of(strategy, role)
    return moved_words(leg_price(standing_order(strategy).leg(role)), asked.trigger if asked else None)


def moved_words(price: Decimal, to: Decimal | None) -> str:
    """A price, and where it is to go."""
    return grouped(price) if to is None else f"{grouped(price)} {ARROW} {grouped(to)}"
