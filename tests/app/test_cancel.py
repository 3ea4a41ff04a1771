"""A cancel is asked once, recorded first, and done only when the exchange says so."""

from __future__ import annotations

import asyncio

import pytest

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import CancelAsked, Refused, Unknown
from otoco_desktop.domain.lifecycle import closing
from otoco_desktop.domain.strategy import Closing, Phase
from tests.app.fakes import LIST, rows, settle
from tests.app.world import World, world


async def working(here: World) -> str:
    strategy_id = await here.submit()
    here.gateway.book = rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
    here.gateway.tell(*here.gateway.book)
    return strategy_id


async def test_requested_is_not_cancelled() -> None:
    async with world() as here:
        strategy_id = await working(here)
        await here.desk.cancel(strategy_id)
        assert here.gateway.cancels == [LIST]
        assert here.phase(strategy_id) is Phase.CANCELLING
        gone = rows(here.gateway.sent[0].order, "CANCELED", "CANCELED", "CANCELED", at_ms=here.time.wall_ms())
        here.gateway.tell(*gone)
        assert closing(here.strategy(strategy_id)) is Closing.CANCELLED_BY_YOU


async def test_it_is_recorded_before_it_is_asked() -> None:
    async with world() as here:
        strategy_id = await working(here)
        here.journal.trouble = "The disk is full."
        with pytest.raises(JournalTrouble, match=r"^Cannot record\. The cancel was not sent\."):
            await here.desk.cancel(strategy_id)
        assert here.gateway.cancels == []
        here.journal.trouble = ""
        await here.desk.cancel(strategy_id)
        assert here.gateway.cancels == [LIST]


async def test_many_presses_ask_once() -> None:
    async with world() as here:
        strategy_id = await working(here)
        await asyncio.gather(*(here.desk.cancel(strategy_id) for _ in range(20)))
        assert here.gateway.cancels == [LIST]
        assert len([fact for fact in here.journal.facts if isinstance(fact, CancelAsked)]) == 1


async def test_an_event_that_stays_away_is_asked_for() -> None:
    async with world() as here:
        strategy_id = await working(here)
        await here.desk.cancel(strategy_id)
        order = here.gateway.sent[0].order
        here.gateway.book = rows(order, "CANCELED", "CANCELED", "CANCELED", at_ms=here.time.wall_ms())
        await here.time.advance(3)
        assert here.phase(strategy_id) is Phase.CLOSED


async def test_a_refused_cancel_leaves_everything_live() -> None:
    async with world() as here:
        strategy_id = await working(here)
        here.gateway.cancel_outcome = Refused("316", "NO_ACTIVE_ORDER", "there is no active order")
        await here.desk.cancel(strategy_id)
        assert here.phase(strategy_id) is Phase.WORKING


async def test_a_cancel_without_an_answer_may_be_asked_again() -> None:
    async with world() as here:
        strategy_id = await working(here)
        here.gateway.cancel_outcome = Unknown("no reply in 10 s")
        await here.desk.cancel(strategy_id)
        assert here.phase(strategy_id) is Phase.CANCELLING
        await here.desk.cancel(strategy_id)
        assert here.gateway.cancels == [LIST, LIST]


async def test_a_cancel_that_is_interrupted_is_unknown() -> None:
    async with world() as here:
        strategy_id = await working(here)
        here.gateway.before_answer = asyncio.Event().wait
        task = asyncio.create_task(here.desk.cancel(strategy_id))
        await settle()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert here.phase(strategy_id) is Phase.CANCELLING
        assert isinstance(here.strategy(strategy_id).cancel_answered[0].outcome, Unknown)


async def test_what_cannot_be_cancelled_is_not_asked() -> None:
    async with world() as here:
        here.gateway.outcome = Unknown("no reply in 10 s")
        strategy_id = await here.submit()
        await here.desk.cancel(strategy_id)
        assert here.gateway.cancels == []
