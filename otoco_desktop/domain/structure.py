"""The shape of an OTOCO: what the exchange takes as one, checked on the legs themselves.

Source: exchange docs, private/advanced/create-otoco. That quantities are equal and the exits face the entry shows
in every sample, though no document states it as a rule; larger exits are refused here, smaller ones are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from otoco_desktop.domain.order import STOP_TYPES, TARGET_TYPES, Leg, LegRole, OrderType

ONE_OF_EACH = "An OTOCO needs exactly one entry, one stop and one target."
_ALLOWED: dict[LegRole, tuple[OrderType, ...]] = {
    LegRole.ENTRY: (OrderType.LIMIT,),
    LegRole.STOP: STOP_TYPES,
    LegRole.TARGET: TARGET_TYPES,
}
_LIMIT_TYPES = (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)
_CLIENT_OID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def shape_problem(legs: Sequence[Leg]) -> str:
    """The first thing that keeps these legs from being an OTOCO, as a sentence; empty when nothing does."""
    if sorted(leg.role for leg in legs) != sorted(LegRole):
        return ONE_OF_EACH
    if len({leg.client_oid for leg in legs}) != len(legs):
        return "Two legs carry the same client order id."
    entry = next(leg for leg in legs if leg.role is LegRole.ENTRY)
    return next(filter(None, (_leg_problem(leg, entry) for leg in legs)), "")


def _leg_problem(leg: Leg, entry: Leg) -> str:
    if leg.type not in _ALLOWED[leg.role]:
        return f"A {leg.type} order can't be the {leg.role}."
    if leg.role is not LegRole.ENTRY and leg.side is not entry.side.opposite:
        return f"The {leg.role} must {entry.side.opposite.lower()}, the opposite of the entry."
    if leg.quantity <= 0 or leg.quantity > entry.quantity:
        return f"The {leg.role} covers {leg.quantity:f}, the entry is {entry.quantity:f}."
    if not _CLIENT_OID.fullmatch(leg.client_oid):
        return f"The {leg.role}'s client order id is not 1 to 36 letters, digits, - or _."
    return _price_problem(leg)


def _price_problem(leg: Leg) -> str:
    wanted = {"limit price": leg.type in _LIMIT_TYPES, "trigger": leg.type is not OrderType.LIMIT}
    given = {"limit price": leg.price, "trigger": leg.trigger}
    for name, value in given.items():
        if wanted[name] and (value is None or value <= 0):
            return f"The {leg.role} needs a {name} above zero."
        if not wanted[name] and value is not None:
            return f"A {leg.type} order takes no {name}."
    return ""
