"""The trader's way out of *not found yet*, through the desk as the window sees it."""

from __future__ import annotations

import pytest

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.front import DeskFront
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Decided, Unknown
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, FakeGateway, MemoryJournal, Time, rows
from tests.app.world import World, world

LOCK = "New BTC_USD buys are locked until S-0001 is settled."


def locks(here: World) -> bool:
    """Whether another buy of the instrument is held back now."""
    here.fresh_prices()
    found = [finding.message for finding in evaluate(DRAFT, here.desk.surroundings()).findings]
    return LOCK in found


async def test_from_a_lost_reply_to_a_decision_and_back() -> None:
    async with world() as here:
        here.gateway.outcome = Unknown("no reply in 10 s")
        strategy_id = await here.submit()
        assert here.phase(strategy_id) is Phase.UNKNOWN
        assert locks(here)
        await here.time.advance(160)
        assert here.phase(strategy_id) is Phase.UNRESOLVED
        assert locks(here)
        await here.desk.settle(strategy_id, "not placed")
        assert here.phase(strategy_id) is Phase.RESOLVED_NOT_PLACED
        assert not locks(here)
        decided = [fact for fact in here.journal.facts if isinstance(fact, Decided)]
        assert [fact.words for fact in decided] == ["not placed"]
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        assert here.phase(strategy_id) is Phase.WORKING
        assert here.strategy(strategy_id).anomalies == ("Found on the exchange after it was settled as not placed.",)
        assert len(here.gateway.sent) == 1


async def test_without_a_desk_nothing_can_be_settled() -> None:
    front = DeskFront("practice", Time())
    front.give_up("The journal cannot be opened.")
    with pytest.raises(JournalTrouble):
        await front.settle("any", "not placed")


async def test_the_window_settles_through_its_front_after_a_restart() -> None:
    async with world() as before:
        before.gateway.outcome = Unknown("no reply in 10 s")
        strategy_id = await before.submit()
        await before.time.advance(160)
    time = before.time
    desk = Desk(
        FakeGateway(time),
        MemoryJournal(before.journal.facts),
        time,
        "practice",
        DeskOptions(account="k3F9", sleep=time.sleep),
    )
    front = DeskFront("practice", time)
    await front.open(desk)
    try:
        await front.settle(strategy_id, "not placed")
        assert phase(front.state.strategies[0]) is Phase.RESOLVED_NOT_PLACED
    finally:
        await front.close()
