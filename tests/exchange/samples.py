"""Sample messages and values that tests of the exchange adapter share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from otoco_desktop.domain.events import Intended, RequestStamp
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid

WIRE = Path(__file__).parent.parent / "wire"
KEY = "FAKEKEY000000000000000"
SECRET = "fake-secret-for-tests-only"
STRATEGY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def golden(name: str) -> Any:
    """One file of sample messages."""
    return json.loads((WIRE / f"{name}.json").read_text("utf-8"))


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def replies_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every message from the exchange found anywhere in a sample file."""
    if isinstance(value, dict):
        if "code" in value and ("method" in value or "result" in value):
            yield value
        for item in value.values():
            yield from replies_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from replies_in(item)


def otoco(fee: str | None = "USD", *, market_exits: bool = True) -> OtocoOrder:
    """A BUY of 0.1 BTC at 93,000 with a stop at 80,000 and a target at 108,000."""

    def leg(role: LegRole, side: Side, kind: OrderType, price: str | None, trigger: str | None) -> Leg:
        return Leg(
            role=role,
            side=side,
            type=kind,
            quantity=Decimal("0.10000"),
            client_oid=client_oid(STRATEGY, role),
            price=None if price is None else Decimal(price),
            trigger=None if trigger is None else Decimal(trigger),
        )

    stop_type = OrderType.STOP_LOSS if market_exits else OrderType.STOP_LIMIT
    target_type = OrderType.TAKE_PROFIT if market_exits else OrderType.TAKE_PROFIT_LIMIT
    return OtocoOrder(
        strategy_id=STRATEGY,
        instrument="BTC_USD",
        entry=leg(LegRole.ENTRY, Side.BUY, OrderType.LIMIT, "93000.00", None),
        stop=leg(LegRole.STOP, Side.SELL, stop_type, None if market_exits else "79900.00", "80000.00"),
        target=leg(LegRole.TARGET, Side.SELL, target_type, None if market_exits else "107900.00", "108000.00"),
        fee_instrument=fee,
    )


def intent(order: OtocoOrder, stamp: RequestStamp, digest: str = "") -> Intended:
    return Intended(
        strategy_id=order.strategy_id,
        at_ms=stamp.nonce,
        number=1,
        order=order,
        stamp=stamp,
        environment="practice",
        account="",
        transport="rest",
        params_sha256=digest,
        monotonic_ms=0,
        app_version="test",
    )
