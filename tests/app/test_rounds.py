"""Rounds of questions: when each is asked, about what, one at a time, and what becomes of one that fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from otoco_desktop.domain.events import Acknowledged, Intended, Outcome, Refused
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, LIST, FakeGateway, rows, settle
from tests.app.test_recover import SILENCE, asked_within, filled, unknown
from tests.app.world import World, world

REFUSED = Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")
OTHER_LIST = "6498090546073120101"
DAY_MS = 86_400_000


async def bought(here: World) -> str:
    """The entry has filled, and no question about one strategy is answered."""
    here.gateway.answering = False
    strategy_id = await here.submit()
    order = here.gateway.sent[0].order
    waiting = rows(order, "ACTIVE", "PENDING", "PENDING")
    here.gateway.tell(*waiting)
    fill = filled(order, here.time.wall_ms() + 100)
    here.gateway.book = [fill, *waiting[1:]]
    here.gateway.tell(fill)
    await settle()
    return strategy_id


async def test_an_accepted_order_that_nobody_reports_is_asked_about_on_schedule() -> None:
    async with world() as here:
        await here.submit()
        here.gateway.reachable = False
        assert await asked_within(here, 95) == [3, 4, 6, 10, 17, 32, 92]


@pytest.mark.parametrize("outcome", [REFUSED, Acknowledged(LIST, warning="code 50001")])
async def test_a_contradiction_is_looked_for_once_a_second_later(outcome: Outcome) -> None:
    async with world() as here:
        here.gateway.outcome = outcome
        await here.submit()
        assert await asked_within(here, 2) == [1]


@pytest.mark.parametrize(("age_ms", "rounds"), [(DAY_MS - 1, 1), (DAY_MS, 0)])
async def test_asking_on_schedule_ends_exactly_after_a_day(age_ms: int, rounds: int) -> None:
    async with world() as here:
        await unknown(here)
        here.gateway.reachable = False
        here.time.passed_ms += age_ms
        await here.time.advance(0)
        assert len(here.gateway.asked) == rounds


async def test_exits_are_proven_by_the_open_orders_alone_where_nothing_else_answers() -> None:
    async with world() as here:
        strategy_id = await bought(here)
        assert here.phase(strategy_id) is Phase.WORKING
        await here.desk.check()
        assert here.phase(strategy_id) is Phase.PROTECTED


async def test_more_news_of_a_fill_begins_no_second_questioning() -> None:
    async with world() as here:
        await bought(here)
        assert len(here.gateway.asked) == 1
        fill = here.gateway.book[0]
        here.gateway.tell(replace(fill, update_ms=fill.update_ms + 1), replace(fill, update_ms=fill.update_ms + 2))
        await settle()
        assert len(here.gateway.asked) == 1


async def test_a_check_begins_no_second_schedule() -> None:
    async with world() as here:
        await unknown(here)
        await here.desk.check()
        here.gateway.asked.clear()
        assert await asked_within(here, 10) == [1, 2, 4, 8]


async def test_the_exits_of_another_keys_strategy_are_not_asked_about_with_this_one() -> None:
    async with world() as first:
        await first.submit()
        order = first.gateway.sent[0].order
    facts = [replace(fact, account="other") if isinstance(fact, Intended) else fact for fact in first.journal.facts]
    async with world(facts) as here:
        here.gateway.tell(*rows(order, "ACTIVE", "PENDING", "PENDING"))
        here.gateway.tell(filled(order, here.time.wall_ms() + 100))
        await here.time.advance(60)
        assert here.gateway.asked == []


async def test_with_nothing_open_everything_is_known_as_of_the_round() -> None:
    async with world() as here:
        assert here.desk.state.known_ms == here.time.wall_ms()


async def test_a_check_reads_the_open_orders_once() -> None:
    async with world() as here:
        await bought(here)
        before = here.gateway.open_asked
        await here.desk.check()
        assert here.gateway.open_asked == before + 1


async def test_our_own_open_strategies_are_not_taken_for_another_keys() -> None:
    async with world() as here:
        await bought(here)
        assert here.desk.state.trouble == ""


async def test_a_round_that_cannot_be_asked_says_why_and_nothing_else() -> None:
    async with world() as here:
        await unknown(here)
        here.gateway.reachable = False
        here.heard.states.clear()
        await here.desk.check()
        told = {state.audit.trouble for state in here.heard.states}
        assert told == {"", "The exchange cannot be reached: connection refused."}


async def test_one_strategy_is_asked_about_once_at_a_time_and_two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way: list[str] = []
    most: dict[str, int] = {}
    ask = FakeGateway.evidence

    async def slow(gateway: FakeGateway, query: EvidenceQuery) -> Evidence:
        under_way.append(query.strategy_id)
        most[query.strategy_id] = max(most.get(query.strategy_id, 0), under_way.count(query.strategy_id))
        most["all"] = max(most.get("all", 0), len(under_way))
        await asyncio.sleep(0)
        under_way.remove(query.strategy_id)
        return await ask(gateway, query)

    async with world() as here:
        first = await here.submit()
        here.gateway.outcome = Acknowledged(OTHER_LIST)
        second = await here.submit(replace(DRAFT, entry="92300.00"))
        monkeypatch.setattr(FakeGateway, "evidence", slow)
        look = here.desk._recovery.look
        await asyncio.gather(*(look(strategy_id) for strategy_id in (first, first, second, second)))
    assert most == {first: 1, second: 1, "all": 2}


@pytest.mark.parametrize(
    ("outcome", "what"),
    [(SILENCE, "checking {}"), (REFUSED, "confirming {}"), (Acknowledged(LIST), "confirming the exits of {}")],
)
async def test_a_question_that_fails_by_a_defect_is_named(
    outcome: Outcome, what: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(FakeGateway, "evidence", _broken)
    async with world() as here:
        here.gateway.outcome = outcome
        strategy_id = await here.submit() if outcome != Acknowledged(LIST) else await bought(here)
        await here.time.advance(1)
        assert [found.where for found in here.desk._options.defects.seen] == [f"{what.format(strategy_id)} failed"]
    assert "a defect" in caplog.text


@pytest.mark.parametrize("is_bought", [False, True])
async def test_a_schedule_that_ended_by_a_defect_begins_anew_with_the_next_check(
    is_bought: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with world() as here:
        with monkeypatch.context() as patched:
            patched.setattr(FakeGateway, "evidence", _broken)
            await (bought(here) if is_bought else unknown(here))
            await here.time.advance(5)
        here.gateway.reachable = False
        await here.desk.check()
        await settle()
        assert len(here.gateway.asked) == int(is_bought)
        assert await asked_within(here, 9) == [1, 2, 4, 8]
    assert "a defect" in caplog.text


async def _broken(_gateway: FakeGateway, _query: EvidenceQuery) -> Evidence:
    raise RuntimeError("a defect")
