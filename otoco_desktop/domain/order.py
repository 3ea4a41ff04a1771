"""The order a trader sends: one limit entry, one stop, one target.

Rules of shape come from the exchange docs, private/advanced/create-otoco: exactly three orders on one
spot instrument, a LIMIT entry, one STOP_LOSS or STOP_LIMIT, one TAKE_PROFIT or TAKE_PROFIT_LIMIT.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    """Which way an order trades the base coin."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def opposite(self) -> Side:
        return Side.SELL if self is Side.BUY else Side.BUY


class LegRole(StrEnum):
    """What a leg is for; the value ends its client order id."""

    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"

    @property
    def suffix(self) -> str:
        """One letter that ends the leg's client order id."""
        return self.value[0]


EXITS = (LegRole.STOP, LegRole.TARGET)


class OrderType(StrEnum):
    """Order types an OTOCO may hold, in the exchange's own words."""

    LIMIT = "LIMIT"
    STOP_LOSS = "STOP_LOSS"
    STOP_LIMIT = "STOP_LIMIT"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"


STOP_TYPES = (OrderType.STOP_LOSS, OrderType.STOP_LIMIT)
TARGET_TYPES = (OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT)
TRIGGER_SOURCE = "MARK_PRICE"


@dataclass(frozen=True, slots=True)
class Leg:
    """One order of the three. Prices are in quote per base, the quantity in base.

    The exponent of each Decimal is kept: ``format(value, "f")`` is the text shown and the text sent.
    """

    role: LegRole
    side: Side
    type: OrderType
    quantity: Decimal
    client_oid: str
    price: Decimal | None = None
    trigger: Decimal | None = None

    @property
    def reference_price(self) -> Decimal:
        """The price that values this leg: its limit, or its trigger when it exits at market."""
        value = self.price if self.price is not None else self.trigger
        if value is None:
            raise ValueError(f"the {self.role} leg has neither a price nor a trigger")
        return value


@dataclass(frozen=True, slots=True)
class OtocoOrder:
    """The frozen plan: exactly what is journalled, signed and sent.

    ``post_only`` is about the entry: it rests in the book or is cancelled, it never takes (exchange docs,
    private/create-order: exec_inst).
    """

    strategy_id: str
    instrument: str
    entry: Leg
    stop: Leg
    target: Leg
    fee_instrument: str | None = None
    post_only: bool = False

    @property
    def side(self) -> Side:
        return self.entry.side

    @property
    def quantity(self) -> Decimal:
        return self.entry.quantity

    @property
    def legs(self) -> tuple[Leg, Leg, Leg]:
        """Entry, stop, target: the order in which the samples list them."""
        return (self.entry, self.stop, self.target)

    def leg(self, role: LegRole) -> Leg:
        return {LegRole.ENTRY: self.entry, LegRole.STOP: self.stop, LegRole.TARGET: self.target}[role]


def chosen_exits(order: OtocoOrder) -> str:
    """What each exit covers, as text; empty where that is all of the entry."""
    return "" if order.stop.quantity == order.quantity else format(order.stop.quantity, "f")


def client_oid(strategy_id: str, role: LegRole) -> str:
    """The leg's client order id: ``od1-`` + 26 random base32 characters + ``-e``, ``-s`` or ``-t``.

    32 characters; the exchange allows 36 (exchange docs, private/create-order).
    """
    return f"od1-{strategy_id}-{role.suffix}"


def strategy_of(client_order_id: str) -> str | None:
    """The strategy whose leg would carry this client order id; ``None`` where it is not one of this program's."""
    parts = client_order_id.split("-")
    ours = len(parts) == 3 and parts[0] == "od1" and parts[2] in {role.suffix for role in LegRole}
    return parts[1] if ours else None
