"""Requests as typed messages, and their bytes.

All numbers inside ``params`` are text in plain decimal notation and absent fields are left out, because
both the signature and the documents want it so (exchange docs, Common API Reference).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from otoco_desktop.domain.events import Amendment, RequestStamp
from otoco_desktop.domain.order import TRIGGER_SOURCE, Leg, LegRole, OtocoOrder
from otoco_desktop.exchange.signing import Params, Signer

POST_ONLY = "POST_ONLY"
_ENCODER = msgspec.json.Encoder()


class Method(StrEnum):
    """Every private method this program may call; there is no way to call another."""

    CREATE_OTOCO = "private/advanced/create-otoco"
    CANCEL_OTOCO = "private/advanced/cancel-otoco"
    CANCEL_ORDER = "private/advanced/cancel-order"
    AMEND_ORDER = "private/advanced/amend-order"
    OPEN_ORDERS = "private/advanced/get-open-orders"
    ORDER_DETAIL = "private/advanced/get-order-detail"
    ORDER_HISTORY = "private/advanced/get-order-history"
    LIST_DETAIL = "private/advanced/get-order-list-detail"
    USER_BALANCE = "private/user-balance"
    FEE_RATE = "private/get-fee-rate"
    INSTRUMENT_FEE_RATE = "private/get-instrument-fee-rate"


class PublicMethod(StrEnum):
    """Every public method this program may call."""

    INSTRUMENTS = "public/get-instruments"
    TICKERS = "public/get-tickers"
    CANDLES = "public/get-candlestick"


class LegParams(msgspec.Struct, omit_defaults=True, kw_only=True, frozen=True):
    """One order of ``order_list`` (exchange docs, private/create-order)."""

    instrument_name: str
    quantity: str
    type: str
    side: str
    price: str | None = None
    ref_price: str | None = None
    ref_price_type: str | None = None
    client_oid: str | None = None
    time_in_force: str | None = None
    fee_instrument_name: str | None = None
    exec_inst: list[str] | None = None


class OtocoParams(msgspec.Struct, frozen=True):
    """The parameters of create-otoco: exactly three orders."""

    order_list: tuple[LegParams, LegParams, LegParams]


def plain(number: Decimal) -> str:
    """A number as the exchange wants it: plain decimal notation, every digit kept."""
    return format(number, "f")


def otoco_params(order: OtocoOrder) -> Params:
    """The value that is both signed and sent: entry, stop, target, in that order."""
    legs = (
        _leg_params(order, order.entry),
        _leg_params(order, order.stop),
        _leg_params(order, order.target),
    )
    return parameters(OtocoParams(legs))


def parameters(params: OtocoParams) -> Params:
    """Typed parameters as the plain value to sign and send."""
    built: Params = msgspec.to_builtins(params)
    built["order_list"] = list(built["order_list"])
    return built


AT_MARKET = Decimal(0)
"""The price that lets an exit execute at the market (exchange docs, private/advanced/amend-order: new_price)."""


def amend_params(amendment: Amendment) -> Params:
    """One exit's new values. All are always sent: a price that is wrong turns one kind of exit into another."""
    price = AT_MARKET if amendment.price is None else amendment.price
    return {
        "order_id": amendment.order_id,
        "new_quantity": plain(amendment.quantity),
        "new_price": plain(price),
        "new_ref_price": plain(amendment.trigger),
    }


@dataclass(frozen=True, slots=True)
class Frozen:
    """An order made ready to send: its parameters as value and as JSON, and their fingerprint."""

    order: OtocoOrder
    params: Params
    json: msgspec.Raw
    sha256: str


def freeze(order: OtocoOrder) -> Frozen:
    """The order's parameters, written once."""
    params = otoco_params(order)
    return Frozen(order, params, msgspec.Raw(msgspec.json.encode(params)), digest(params))


SET_WHEN_SENT = "(set when sent)"
DOTS = "•" * 8


def preview_text(params: Params, api_key: str = "") -> str:
    """A create as it will be sent, indented: what only sending adds is marked, and of the key only its end is shown.

    Without a key it is the request on the signed-in stream, which carries neither key nor signature.
    """
    message: dict[str, object] = {"id": SET_WHEN_SENT, "method": Method.CREATE_OTOCO.value}
    if api_key:
        message |= {"api_key": DOTS + api_key[-4:]}
    message |= {"params": params, "nonce": SET_WHEN_SENT}
    if api_key:
        message |= {"sig": SET_WHEN_SENT}
    return msgspec.json.format(msgspec.json.encode(message), indent=2).decode()


def params_sha256(order: OtocoOrder) -> str:
    """Fingerprint of the exact parameters that sending ``order`` signs, for the journal."""
    return digest(otoco_params(order))


def digest(params: Params) -> str:
    """SHA-256 (hex) of the canonical JSON of parameters."""
    return hashlib.sha256(msgspec.json.encode(params, order="sorted")).hexdigest()


def signed_body(method: Method, params: Params, stamp: RequestStamp, signer: Signer) -> bytes:
    """The request's bytes, written once from the value that was signed."""
    return msgspec.json.encode(
        {
            "id": stamp.request_id,
            "method": method.value,
            "api_key": signer.api_key,
            "params": params,
            "nonce": stamp.nonce,
            "sig": signer.sign(method.value, stamp.request_id, stamp.nonce, params),
        }
    )


def command_body(method: Method, params: Params | msgspec.Raw, stamp: RequestStamp) -> bytes:
    """A request on the signed-in user stream, which carries neither key nor signature."""
    return _ENCODER.encode({"id": stamp.request_id, "method": method, "params": params, "nonce": stamp.nonce})


def auth_text(stamp: RequestStamp, signer: Signer) -> str:
    """Sign-in message of the user stream (exchange docs, public/auth); it has no parameters."""
    return _text(
        {
            "id": stamp.request_id,
            "method": "public/auth",
            "api_key": signer.api_key,
            "sig": signer.sign("public/auth", stamp.request_id, stamp.nonce),
            "nonce": stamp.nonce,
        }
    )


def subscribe_text(stamp: RequestStamp, channels: Iterable[str], **extra: str) -> str:
    """Subscription message; ``extra`` holds options such as ``book_subscription_type``."""
    return _text(
        {
            "id": stamp.request_id,
            "method": "subscribe",
            "params": {"channels": list(channels), **extra},
            "nonce": stamp.nonce,
        }
    )


def unsubscribe_text(stamp: RequestStamp, channels: Iterable[str]) -> str:
    """Message that ends subscriptions."""
    return _text(
        {
            "id": stamp.request_id,
            "method": "unsubscribe",
            "params": {"channels": list(channels)},
            "nonce": stamp.nonce,
        }
    )


def heartbeat_text(heartbeat_id: msgspec.Raw) -> str:
    """Answer to a heartbeat: the same id, digit for digit."""
    return _text({"id": heartbeat_id, "method": "public/respond-heartbeat"})


def _leg_params(order: OtocoOrder, leg: Leg) -> LegParams:
    is_entry = leg.role is LegRole.ENTRY
    return LegParams(
        instrument_name=order.instrument,
        quantity=plain(leg.quantity),
        type=leg.type.value,
        side=leg.side.value,
        price=None if leg.price is None else plain(leg.price),
        ref_price=None if leg.trigger is None else plain(leg.trigger),
        ref_price_type=None if leg.trigger is None else TRIGGER_SOURCE,
        client_oid=leg.client_oid,
        time_in_force="GOOD_TILL_CANCEL" if is_entry else None,
        fee_instrument_name=order.fee_instrument if is_entry else None,
        exec_inst=[POST_ONLY] if is_entry and order.post_only else None,
    )


def _text(message: dict[str, Any]) -> str:
    return msgspec.json.encode(message).decode()
