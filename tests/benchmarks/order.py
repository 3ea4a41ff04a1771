"""The design's example bracket, as the order that the benchmarks build, sign and send."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.domain.events import Intended, RequestStamp
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid
from otoco_desktop.exchange.requests import params_sha256

STRATEGY = "abcdefghijklmnopqrstuvwxyz"


def example_order() -> OtocoOrder:
    quantity = Decimal("0.09874")

    def leg(role: LegRole, side: Side, kind: OrderType, price: str | None, trigger: str | None) -> Leg:
        exact = (Decimal(price) if price else None, Decimal(trigger) if trigger else None)
        return Leg(role, side, kind, quantity, client_oid(STRATEGY, role), *exact)

    return OtocoOrder(
        STRATEGY,
        "BTC_USD",
        leg(LegRole.ENTRY, Side.BUY, OrderType.LIMIT, "92400.00", None),
        leg(LegRole.STOP, Side.SELL, OrderType.STOP_LOSS, None, "90552.00"),
        leg(LegRole.TARGET, Side.SELL, OrderType.TAKE_PROFIT_LIMIT, "97000.00", "97020.00"),
        "USD",
    )


def example_intent(request_id: int = 7, nonce: int = 1_700_000_000_002) -> Intended:
    order = example_order()
    return Intended(
        strategy_id=STRATEGY,
        at_ms=nonce,
        number=1,
        order=order,
        stamp=RequestStamp(request_id, nonce, 0),
        environment="practice",
        account="benchmark",
        transport="rest",
        params_sha256=params_sha256(order),
        monotonic_ms=0,
        app_version="0",
    )
