"""The way a request goes: decided once, recorded with it, and used for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from otoco_desktop.domain.events import CancelAsked, Intended
from otoco_desktop.domain.transport import Transport, transport_for
from tests.app.fakes import DRAFT, rows, settle
from tests.app.world import World, world

BOTH, REST_ONLY = frozenset({"rest", "websocket"}), frozenset({"rest"})


@pytest.mark.parametrize(
    ("chosen", "usable", "post_only", "expected"),
    [
        (Transport.AUTO, BOTH, False, Transport.WEBSOCKET),
        (Transport.AUTO, REST_ONLY, False, Transport.REST),
        (Transport.AUTO, frozenset(), False, Transport.REST),
        (Transport.AUTO, REST_ONLY, True, Transport.WEBSOCKET),
        (Transport.REST, BOTH, False, Transport.REST),
        (Transport.REST, BOTH, True, Transport.REST),
        (Transport.WEBSOCKET, REST_ONLY, False, Transport.WEBSOCKET),
    ],
)
def test_the_choice_and_what_is_open_decide(
    chosen: Transport, usable: frozenset[str], post_only: bool, expected: Transport
) -> None:
    assert transport_for(chosen, usable, post_only=post_only) is expected


async def working(here: World) -> str:
    strategy_id = await here.submit()
    here.gateway.book = rows(here.gateway.sent[-1].order, "ACTIVE", "PENDING", "PENDING")
    here.gateway.tell(*here.gateway.book)
    return strategy_id


@pytest.mark.parametrize(("usable", "expected"), [(BOTH, "websocket"), (REST_ONLY, "rest")])
async def test_left_alone_it_takes_the_websocket_where_that_is_open(usable: frozenset[str], expected: str) -> None:
    async with world() as here:
        here.gateway.ways = usable
        await here.desk.cancel(await working(here))
        recorded = [fact.transport for fact in here.journal.facts if isinstance(fact, Intended | CancelAsked)]
        assert recorded == [expected, expected]
        assert [intent.transport for intent in here.gateway.sent] == [expected]
        assert here.gateway.cancelled_over == [expected]


async def test_a_choice_applies_to_the_next_request() -> None:
    async with world() as here:
        here.gateway.ways = BOTH
        here.transport = Transport.REST
        strategy_id = await working(here)
        here.transport = Transport.WEBSOCKET
        await here.desk.cancel(strategy_id)
        assert [intent.transport for intent in here.gateway.sent] == ["rest"]
        assert here.gateway.cancelled_over == ["websocket"]


async def test_a_way_that_is_lost_after_the_decision_is_not_replaced() -> None:
    async with world() as here:
        here.gateway.ways = BOTH
        here.journal.gate = asyncio.Event()
        submitting = asyncio.create_task(here.desk.submit(here.confirmed()))
        await settle()
        here.gateway.ways = REST_ONLY
        here.journal.gate.set()
        await submitting
        assert [intent.transport for intent in here.gateway.sent] == ["websocket"]


async def test_post_only_reaches_the_order_and_survives_the_last_gate() -> None:
    async with world() as here:
        here.gateway.ways = BOTH
        await here.submit(replace(DRAFT, post_only=True))
        (sent,) = here.gateway.sent
        assert (sent.order.post_only, sent.transport) == (True, "websocket")
