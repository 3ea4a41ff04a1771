"""What every gateway must do; each implementation only says how to build itself and how it loses its exchange."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.app.ids import new_strategy_id
from otoco_desktop.app.ports import Gateway
from otoco_desktop.domain.candles import Timeframe
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.events import Acknowledged, Amendment, Intended, NotSent
from otoco_desktop.domain.evidence import EvidenceQuery
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid

Reached = tuple[Gateway, Callable[[], object]]


def an_order() -> OtocoOrder:
    """Far below the market, so that it rests."""
    strategy_id = new_strategy_id()

    def leg(role: LegRole, kind: OrderType, price: str | None, trigger: str | None) -> Leg:
        side = Side.BUY if role is LegRole.ENTRY else Side.SELL
        limit = None if price is None else Decimal(price)
        mark = None if trigger is None else Decimal(trigger)
        return Leg(role, side, kind, Decimal("0.01000"), client_oid(strategy_id, role), limit, mark)

    return OtocoOrder(
        strategy_id,
        "BTC_USD",
        leg(LegRole.ENTRY, OrderType.LIMIT, "90000.00", None),
        leg(LegRole.STOP, OrderType.STOP_LOSS, None, "88000.00"),
        leg(LegRole.TARGET, OrderType.TAKE_PROFIT, None, "99000.00"),
        "USD",
    )


def intent_of(gateway: Gateway, order: OtocoOrder) -> Intended:
    stamp = gateway.stamp()
    digest = gateway.params_digest(order)
    return Intended(order.strategy_id, stamp.nonce, 1, order, stamp, "practice", "", "rest", digest, 0, "test")


def question(gateway: Gateway, order: OtocoOrder) -> EvidenceQuery:
    now = gateway.server_ms()
    oids = tuple(leg.client_oid for leg in order.legs)
    return EvidenceQuery(order.strategy_id, order.instrument, oids, now - 120_000, now + 60_000)


class GatewayContract:
    """Inherit, and give ``reached``: an open gateway, and how to take its exchange away."""

    @abstractmethod
    def reached(self) -> AbstractAsyncContextManager[Reached]: ...

    async def test_no_two_requests_share_an_identity_and_nonces_rise(self) -> None:
        async with self.reached() as (gateway, _):
            stamps = [gateway.stamp() for _ in range(20)]
            nonces = [stamp.nonce for stamp in stamps]
            assert len({stamp.request_id for stamp in stamps}) == 20
            assert nonces == sorted(set(nonces))

    async def test_the_digest_and_the_preview_belong_to_the_order(self) -> None:
        async with self.reached() as (gateway, _):
            order = an_order()
            other = replace(order, entry=replace(order.entry, price=Decimal("90000.01")))
            assert gateway.params_digest(order) == gateway.params_digest(order)
            assert gateway.params_digest(order) != gateway.params_digest(other)
            assert all(leg.client_oid in gateway.preview(order, "rest") for leg in order.legs)

    async def test_what_was_accepted_is_found_by_its_own_ids_and_nothing_else_is(self) -> None:
        async with self.reached() as (gateway, _):
            order = an_order()
            outcome = await gateway.create(intent_of(gateway, order))
            assert isinstance(outcome, Acknowledged)
            found = await gateway.evidence(question(gateway, order))
            assert found.complete
            assert {report.client_oid for report in found.reports} == {leg.client_oid for leg in order.legs}
            nothing = await gateway.evidence(question(gateway, an_order()))
            assert (nothing.complete, nothing.reports) == (True, ())

    async def test_an_accepted_cancel_ends_up_in_the_open_orders(self) -> None:
        async with self.reached() as (gateway, _):
            outcome = await gateway.create(intent_of(gateway, an_order()))
            assert isinstance(outcome, Acknowledged)
            assert {report.list_id for report in await gateway.open_reports()} == {outcome.list_id}
            assert isinstance(await gateway.cancel(outcome.list_id, gateway.stamp()), Acknowledged)
            for _ in range(200):
                if not await gateway.open_reports():
                    return
            pytest.fail("the cancelled list stays open")

    async def test_the_pair_and_the_account_can_be_read(self) -> None:
        async with self.reached() as (gateway, _):
            pairs = {item.symbol: item for item in await gateway.instruments()}
            assert pairs["BTC_USD"].is_spot
            assert (await gateway.account("BTC_USD")).available("USD") > 0

    async def test_candles_come_oldest_first_once_each_and_sound(self) -> None:
        async with self.reached() as (gateway, _):
            for timeframe in Timeframe:
                candles = await gateway.candles("BTC_USD", timeframe)
                starts = [candle.start_ms for candle in candles]
                assert starts
                assert starts == sorted(set(starts))
                assert all(candle.is_sound for candle in candles)
                assert all(start % timeframe.ms == 0 for start in starts)

    async def test_without_its_exchange_it_proves_nothing_and_raises_only_where_it_says_so(self) -> None:
        async with self.reached() as (gateway, lose):
            lose()
            order = an_order()
            assert isinstance(await gateway.create(intent_of(gateway, order)), NotSent)
            assert isinstance(await gateway.cancel("1", gateway.stamp()), NotSent)
            assert isinstance(await gateway.cancel_order("1", gateway.stamp(), "rest"), NotSent)
            amendment = Amendment("1", Decimal("0.01000"), Decimal("89000.00"), None)
            assert isinstance(await gateway.amend_order(amendment, gateway.stamp(), "rest"), NotSent)
            evidence = await gateway.evidence(question(gateway, order))
            assert not evidence.complete
            missing = gateway.candles("BTC_USD", Timeframe.M15)
            for asking in (gateway.instruments(), gateway.account("BTC_USD"), gateway.open_reports(), missing):
                with pytest.raises(ExchangeTrouble):
                    await asking
