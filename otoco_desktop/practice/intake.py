"""Reads the legs of private/advanced/create-otoco and refuses what the exchange would. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from otoco_desktop.practice import codes
from otoco_desktop.practice.dialect import Request, decimal
from otoco_desktop.practice.instruments import SPOT, Instrument
from otoco_desktop.practice.matching import in_band
from otoco_desktop.practice.model import Kind, NewLeg, NewList, Refused, Side

MINIMUM_NOTIONAL = Decimal(1)
"""Least worth of an order in USD (help centre: minimum order value on spot)."""

_POST_ONLY = ["POST_ONLY"]
_CLIENT_OID = re.compile(r"[\x21-\x7e]{1,36}")
_KNOWN = frozenset(
    {"instrument_name", "quantity", "type", "price", "ref_price", "ref_price_type", "side", "client_oid"}
    | {"time_in_force", "exec_inst", "fee_instrument_name", "spot_margin", "stp_id", "stp_inst", "stp_scope"}
)


def read_list(request: Request, instruments: Mapping[str, Instrument], mark: Mapping[str, Decimal]) -> NewList:
    """The list asked for. Raises `Refused` with the code the exchange documents for the fault."""
    raw = request.params.get("order_list")
    if not isinstance(raw, list) or len(raw) != 3 or not all(isinstance(leg, dict) for leg in raw):
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "order_list")
    instrument = _instrument(raw, instruments)
    legs = [_leg(leg, instrument, request.nonce) for leg in raw]
    entry = _only(legs, lambda leg: leg.kind is Kind.LIMIT)
    stop = _only(legs, lambda leg: leg.kind.is_stop)
    target = _only(legs, lambda leg: leg.kind in (Kind.TAKE_PROFIT, Kind.TAKE_PROFIT_LIMIT))
    wanted = NewList(symbol=instrument.symbol, legs=(entry, stop, target))
    _check_sides(wanted)
    _check_triggers(wanted, mark[instrument.symbol])
    return wanted


def _only(legs: list[NewLeg], fits: Any) -> NewLeg:
    found = [leg for leg in legs if fits(leg)]
    if len(found) != 1:
        raise Refused(codes.INVALID_ORDTYPE)
    return found[0]


def _instrument(raw: list[dict[str, Any]], instruments: Mapping[str, Instrument]) -> Instrument:
    names = {str(leg.get("instrument_name", "")) for leg in raw}
    if len(names) != 1:
        raise Refused(codes.INVALID_INSTRUMENT)
    instrument = instruments.get(names.pop())
    if instrument is None or instrument.kind != SPOT:
        raise Refused(codes.INVALID_INSTRUMENT)
    if not instrument.tradable:
        raise Refused(codes.INSTRUMENT_NOT_TRADABLE)
    return instrument


def _leg(raw: dict[str, Any], instrument: Instrument, nonce: str) -> NewLeg:
    if not raw.keys() <= _KNOWN:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, ", ".join(sorted(raw.keys() - _KNOWN)))
    kind = _word(raw, "type", Kind, codes.INVALID_ORDTYPE)
    leg = NewLeg(
        kind=kind,
        side=_word(raw, "side", Side, codes.INVALID_SIDE),
        quantity=on_step(raw, "quantity", instrument),
        client_oid=_client_oid(raw.get("client_oid", nonce)),
        price=_price(raw, kind, instrument),
        ref_price=_ref_price(raw, kind, instrument),
        fee_coin=_fee_coin(raw, instrument),
        post_only=raw.get("exec_inst") == _POST_ONLY,
    )
    _check_flags(raw, kind)
    check_worth(leg.quantity, leg.price or leg.ref_price or Decimal(0))
    return leg


def check_worth(quantity: Decimal, price: Decimal) -> None:
    """An order is worth something. Raises `Refused` 415."""
    if quantity * price < MINIMUM_NOTIONAL:
        raise Refused(codes.BELOW_MIN_ORDER_SIZE)


def _word(raw: dict[str, Any], name: str, words: type[Any], code: int) -> Any:
    if name not in raw:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, name)
    try:
        return words(raw[name])
    except ValueError as error:
        raise Refused(code) from error


def on_step(raw: Mapping[str, Any], name: str, instrument: Instrument) -> Decimal:
    """A quantity on the grid of the instrument. Raises `Refused` (40004 where it is missing, 213)."""
    if name not in raw:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, name)
    quantity = decimal(raw[name], codes.INVALID_ORDERQTY)
    if quantity % instrument.step:
        raise Refused(codes.INVALID_ORDERQTY)
    return quantity


def _price(raw: dict[str, Any], kind: Kind, instrument: Instrument) -> Decimal | None:
    if kind.is_market:
        if "price" in raw:
            raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "price")
        return None
    return on_tick(raw, "price", instrument, codes.INVALID_PRICE)


def _ref_price(raw: dict[str, Any], kind: Kind, instrument: Instrument) -> Decimal | None:
    if kind is Kind.LIMIT:
        if "ref_price" in raw:
            raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "ref_price")
        return None
    if raw.get("ref_price_type", "MARK_PRICE") != "MARK_PRICE":
        raise Refused(codes.INVALID_REF_PRICE_TYPE)
    return on_tick(raw, "ref_price", instrument, codes.INVALID_REF_PRICE)


def on_tick(raw: Mapping[str, Any], name: str, instrument: Instrument, code: int) -> Decimal:
    """A price on the grid of the instrument. Raises `Refused` (40004 where it is missing, else `code`)."""
    if name not in raw:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, name)
    price = decimal(raw[name], code)
    if price % instrument.tick:
        raise Refused(code)
    return price


def _client_oid(text: object) -> str:
    if not isinstance(text, str) or not _CLIENT_OID.fullmatch(text):
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "client_oid")
    return text


def _fee_coin(raw: dict[str, Any], instrument: Instrument) -> str:
    coin = raw.get("fee_instrument_name", "")
    allowed = {"", instrument.quote, "USD", "USDT"}
    if raw.get("side") == Side.BUY:
        allowed.add(instrument.base)
    if coin not in allowed:
        raise Refused(codes.INVALID_FEE_CURRENCY)
    return str(coin)


def _check_flags(raw: dict[str, Any], kind: Kind) -> None:
    if raw.get("time_in_force", "GOOD_TILL_CANCEL") != "GOOD_TILL_CANCEL":
        raise Refused(codes.INVALID_TIF)
    if raw.get("exec_inst", []) not in ([], _POST_ONLY) or (kind is not Kind.LIMIT and "exec_inst" in raw):
        raise Refused(codes.INVALID_EXECINST)
    if kind is not Kind.LIMIT and "time_in_force" in raw:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "time_in_force")


def _check_sides(wanted: NewList) -> None:
    entry, *exits = wanted.legs
    if any(leg.side is entry.side for leg in exits):
        raise Refused(codes.INVALID_SIDE)
    if any(leg.quantity > entry.quantity for leg in exits):
        raise Refused(codes.INVALID_ORDERQTY)


def _check_triggers(wanted: NewList, mark: Decimal) -> None:
    entry, stop, target = wanted.legs
    if entry.price is None or stop.ref_price is None or target.ref_price is None:
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT)
    low, high = (stop, target) if entry.side is Side.BUY else (target, stop)
    if not (low.ref_price or 0) < entry.price < (high.ref_price or 0):
        raise Refused(codes.INVALID_REF_PRICE)
    check_trigger(stop.side, stop.price, stop.ref_price, mark)
    check_trigger(target.side, target.price, target.ref_price, mark)


def check_trigger(side: Side, limit: Decimal | None, trigger: Decimal, mark: Decimal) -> None:
    """Bands of an exit's trigger around the mark, and of its limit around the trigger. Raises `Refused` (229, 315)."""
    if trigger >= 2 * mark:
        raise Refused(codes.INVALID_REF_PRICE)
    if limit is not None and not in_band(side, limit, trigger):
        raise Refused(codes.FAR_AWAY_LIMIT_PRICE)
