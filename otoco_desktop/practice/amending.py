"""Reads private/advanced/amend-order and says what becomes of an exit, or with which code it is refused. Pure.

Rules (exchange docs, amend-order): new_quantity and new_price are required, new_ref_price may be left out; a
new_price of 0 makes the exit execute at the market once triggered, any other one at that limit, whatever it was
before. Which codes it is refused with no document says: they are those of the same fault in a new order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from otoco_desktop.practice import codes
from otoco_desktop.practice.instruments import Instrument
from otoco_desktop.practice.intake import check_trigger, check_worth, on_step, on_tick
from otoco_desktop.practice.matching import fires_below
from otoco_desktop.practice.model import Amend, Kind, Leg, Refused, Status

_KNOWN = frozenset({"order_id", "client_oid", "new_quantity", "new_price", "new_ref_price"})
_ZERO = re.compile(r"0{1,20}(\.0{1,18})?")
_STOPS = {True: Kind.STOP_LOSS, False: Kind.STOP_LIMIT}
_TARGETS = {True: Kind.TAKE_PROFIT, False: Kind.TAKE_PROFIT_LIMIT}


def read_amend(params: Mapping[str, Any], leg: Leg, instrument: Instrument) -> Amend:
    """The new values asked for. Raises `Refused` (40004, 213, 308, 229)."""
    if not params.keys() <= _KNOWN:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, ", ".join(sorted(params.keys() - _KNOWN)))
    quantity = on_step(params, "new_quantity", instrument)
    price = _new_price(params, instrument)
    trigger = leg.ref_price
    if "new_ref_price" in params or trigger is None:
        trigger = on_tick(params, "new_ref_price", instrument, codes.INVALID_REF_PRICE)
    return Amend(quantity=quantity, price=price, ref_price=trigger)


def check_amendable(leg: Leg) -> None:
    """Only an exit that waits for its trigger can be amended. Raises `Refused` (218, 316, 307)."""
    if leg.kind is Kind.LIMIT:
        raise Refused(codes.INVALID_ORDTYPE)
    if not leg.is_open:
        raise Refused(codes.NO_ACTIVE_ORDER)
    if leg.exchange_order_id:
        raise Refused(codes.INVALID_ORDSTATUS)


def check_amended(leg: Leg, entry: Leg, mark: Decimal) -> None:
    """Whether an exit may have its new values. Raises `Refused` (213, 229, 315, 415).

    As in a new list the trigger stands on its side of the entry's price while the entry is open. Once the exit is
    armed that price is history, and the trigger stands on its side of the mark (help centre, stop-loss orders).
    """
    if leg.ref_price is None:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "new_ref_price")
    if leg.quantity > entry.quantity:
        raise Refused(codes.INVALID_ORDERQTY)
    around = mark if entry.status is Status.FILLED or entry.price is None else entry.price
    on_its_side = leg.ref_price < around if fires_below(leg) else leg.ref_price > around
    if not on_its_side:
        raise Refused(codes.INVALID_REF_PRICE)
    check_trigger(leg.side, leg.price, leg.ref_price, mark)
    check_worth(leg.quantity, leg.price or leg.ref_price)


def amended(leg: Leg, amend: Amend) -> Leg:
    """The exit with its new values; its type follows from whether it has a limit."""
    kinds = _STOPS if leg.kind.is_stop else _TARGETS
    return replace(
        leg,
        kind=kinds[amend.price is None],
        quantity=amend.quantity,
        price=amend.price,
        ref_price=amend.ref_price,
        amend=None,
    )


def _new_price(params: Mapping[str, Any], instrument: Instrument) -> Decimal | None:
    text = params.get("new_price")
    if isinstance(text, str) and _ZERO.fullmatch(text):
        return None
    return on_tick(params, "new_price", instrument, codes.INVALID_PRICE)
