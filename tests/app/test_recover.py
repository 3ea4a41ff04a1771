"""An outcome that is not known: looked for on schedule, adopted when found, never given up by itself."""

from __future__ import annotations

from dataclasses import replace

from otoco_desktop.app.recover import Round
from otoco_desktop.domain.events import Answered, Fact, Intended, LegReport, LegReported, Looked, ReportSource, Unknown
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.domain.reconcile import AFTER_MS
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import LIVE, POLLING, MemoryJournal, rows, settle
from tests.app.world import World, world

SILENCE = Unknown("no reply in 10 s")


async def unknown(here: World) -> str:
    here.gateway.outcome = SILENCE
    strategy_id = await here.submit()
    here.gateway.asked.clear()
    return strategy_id


async def test_rounds_are_asked_on_schedule() -> None:
    async with world() as here:
        await unknown(here)
        assert await asked_within(here, 151) == [1, 2, 4, 8, 15, 30, 90, 150]


async def asked_within(here: World, seconds: int) -> list[float]:
    """After how many seconds from now, to the millisecond, the exchange is asked about the one strategy."""
    begun, before = here.gateway.server_ms(), len(here.gateway.asked)
    await here.time.advance(seconds)
    return [(query.until_ms - AFTER_MS - begun) / 1000 for query in here.gateway.asked[before:]]


async def test_found_late_it_is_adopted_and_nothing_is_sent_again() -> None:
    async with world() as here:
        strategy_id = await unknown(here)
        await here.time.advance(3)
        assert here.phase(strategy_id) is Phase.UNKNOWN
        here.gateway.book += rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        await here.time.advance(1)
        assert here.phase(strategy_id) is Phase.WORKING
        assert len(here.gateway.sent) == 1
        reported = [fact for fact in here.journal.facts if isinstance(fact, LegReported)]
        assert {fact.source for fact in reported} == {ReportSource.CHECK}


async def test_after_the_fence_it_is_not_found_yet_and_never_more() -> None:
    async with world() as here:
        strategy_id = await unknown(here)
        await here.time.advance(119)
        assert here.phase(strategy_id) is Phase.UNKNOWN
        await here.time.advance(40)
        assert here.phase(strategy_id) is Phase.UNRESOLVED
        await here.time.advance(600)
        assert here.phase(strategy_id) is Phase.UNRESOLVED
        assert len(here.gateway.sent) == 1


async def test_rounds_that_were_not_answered_never_count() -> None:
    async with world() as here:
        strategy_id = await unknown(here)
        here.gateway.answering = False
        await here.time.advance(600)
        assert here.phase(strategy_id) is Phase.UNKNOWN


async def test_asking_on_schedule_ends_after_a_day_and_an_event_still_counts() -> None:
    async with world() as here:
        strategy_id = await unknown(here)
        here.time.passed_ms += 90_000_000
        await here.time.advance(70)
        here.gateway.asked.clear()
        await here.time.advance(300)
        assert here.gateway.asked == []
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        assert here.phase(strategy_id) is Phase.WORKING


async def test_only_the_typed_decision_settles_it_and_a_late_event_reopens_it() -> None:
    async with world() as here:
        strategy_id = await unknown(here)
        await here.desk.settle(strategy_id, "too early")
        assert here.phase(strategy_id) is Phase.UNKNOWN
        await here.time.advance(160)
        await here.desk.settle(strategy_id, "I verified on the exchange: not there")
        assert here.phase(strategy_id) is Phase.RESOLVED_NOT_PLACED
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        assert here.phase(strategy_id) is Phase.WORKING


async def test_the_trader_can_ask_now() -> None:
    async with world() as here:
        strategy_id = await unknown(here)
        here.gateway.book += rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        await here.desk.check()
        assert here.phase(strategy_id) is Phase.WORKING


async def test_an_event_three_seconds_late_is_asked_for() -> None:
    async with world() as here:
        await here.time.advance(2)
        strategy_id = await here.submit()
        here.gateway.book += rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        await here.time.advance(2)
        assert here.phase(strategy_id) is Phase.ACKED
        await here.time.advance(1)
        assert here.phase(strategy_id) is Phase.WORKING


async def test_an_event_in_time_makes_no_question_needed() -> None:
    async with world() as here:
        await here.time.advance(2)
        await here.submit()
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        await here.time.advance(10)
        assert here.gateway.asked == []


async def test_after_the_fill_the_exits_are_asked_about_at_once_and_until_they_are_confirmed() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        order = here.gateway.sent[0].order
        here.gateway.book = rows(order, "ACTIVE", "PENDING", "PENDING")
        here.gateway.tell(*here.gateway.book)
        here.gateway.answering = False
        here.gateway.tell(bought := filled(order, here.time.wall_ms() + 100))
        here.gateway.book[0] = bought
        assert here.phase(strategy_id) is Phase.WORKING
        await settle()
        assert len(here.gateway.asked) == 1
        assert here.phase(strategy_id) is Phase.WORKING
        here.gateway.answering = True
        await here.time.advance(1)
        assert here.phase(strategy_id) is Phase.PROTECTED
        written = len(here.journal.facts)
        await here.time.advance(60)
        assert len(here.gateway.asked) == 2
        assert len(here.journal.facts) == written


async def test_exits_that_nobody_can_confirm_are_asked_about_on_schedule() -> None:
    async with world() as here:
        await here.submit()
        order = here.gateway.sent[0].order
        here.gateway.tell(*rows(order, "ACTIVE", "PENDING", "PENDING"))
        here.gateway.reachable = False
        here.gateway.tell(filled(order, here.time.wall_ms() + 100))
        await settle()
        assert await asked_within(here, 95) == [1, 2, 4, 8, 15, 30, 90]


async def test_a_fill_while_the_program_was_away_is_confirmed_by_the_catch_up() -> None:
    async with world() as first:
        strategy_id = await first.submit()
        order = first.gateway.sent[0].order
        book = rows(order, "ACTIVE", "PENDING", "PENDING")
        first.gateway.tell(*book)
        await settle()
    async with world(list(first.journal.facts), connected=False) as here:
        here.gateway.book = [filled(order, here.time.wall_ms()), *book[1:]]
        await here.connect()
        await settle()
        assert here.phase(strategy_id) is Phase.PROTECTED


async def test_a_leg_that_is_no_longer_listed_is_said_and_asked_about_again() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        book = rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        here.gateway.tell(*book)
        here.gateway.book = [book[0], book[2]]
        await here.time.advance(15)
        assert "Stop: last reported as PENDING" in here.strategy(strategy_id).anomalies[0]
        assert here.phase(strategy_id) is Phase.WORKING
        asked = len(here.gateway.asked)
        await here.time.advance(5)
        assert len(here.gateway.asked) > asked
        here.gateway.book = book
        await here.time.advance(15)
        assert here.strategy(strategy_id).anomalies == ()


def filled(order: OtocoOrder, at_ms: int) -> LegReport:
    amount = order.entry.quantity
    price = order.entry.reference_price
    row = rows(order, "FILLED", at_ms=at_ms)[0]
    return replace(row, filled=amount, filled_value=amount * price, average_price=price)


async def test_before_the_first_round_nothing_counts_as_answered() -> None:
    async with world(connected=False) as here:
        assert here.desk._recovery.newest == Round(0, answered=False, open_orders=None, trouble="")
        await here.desk._auditor.judge()
        assert here.desk.state.audit.trouble == "not every question was answered."


async def test_an_intent_without_an_answer_is_looked_up_before_the_gate_opens() -> None:
    async with world() as first:
        first.gateway.outcome = SILENCE
        await first.submit()
    journal = [fact for fact in first.journal.facts if isinstance(fact, Intended)]
    async with world([*journal], connected=False) as here:
        strategy = here.desk.state.strategies[0]
        assert phase(strategy) is Phase.UNKNOWN
        assert strategy.outcome == Unknown("the program stopped before an answer came")
        assert strategy.answered_ms == here.time.wall_ms()
        here.gateway.tell_connection(LIVE)
        await settle()
        assert here.desk.gate().reason == (
            "1 strategy was being sent when the app stopped. Checking with the exchange."
        )
        here.gateway.book += rows(strategy.intent.order, "ACTIVE", "PENDING", "PENDING")
        here.gateway.tell_subscribed()
        await settle()
        assert here.phase(strategy.strategy_id) is Phase.WORKING
        assert here.desk.gate().open
        assert here.gateway.sent == []


async def test_the_gate_stays_closed_until_the_look_up_was_answered() -> None:
    async with world() as first:
        first.gateway.outcome = SILENCE
        await first.submit()
    async with world(list(first.journal.facts), connected=False) as here:
        here.gateway.answering = False
        await here.connect()
        assert not here.desk.gate().open
        here.gateway.answering = True
        await here.time.advance(15)
        assert here.desk.gate().open
        assert any(isinstance(fact, Looked) for fact in here.journal.facts)


async def test_what_came_while_catching_up_is_applied_after_it() -> None:
    async with world() as first:
        first.gateway.outcome = SILENCE
        await first.submit()
    async with world(list(first.journal.facts), connected=False) as here:
        order = here.desk.state.strategies[0].intent.order
        here.gateway.tell_connection(LIVE)
        here.gateway.tell(*rows(order, "ACTIVE", "PENDING", "PENDING"))
        assert phase(here.desk.state.strategies[0]) is Phase.UNKNOWN
        here.gateway.tell_subscribed()
        await settle()
        assert phase(here.desk.state.strategies[0]) is Phase.WORKING


async def test_a_fill_missed_while_the_stream_was_down_is_found_when_it_is_back() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        order = here.gateway.sent[0].order
        here.gateway.tell(*rows(order, "ACTIVE", "PENDING", "PENDING"))
        here.gateway.tell_connection(POLLING.__class__())
        await settle()
        assert not here.desk.gate().open
        here.gateway.book = rows(order, "CANCELED", "CANCELED", "CANCELED", at_ms=here.time.wall_ms() + 500)
        await here.connect()
        assert here.phase(strategy_id) is Phase.CLOSED
        assert here.desk.gate().open


async def test_open_strategies_are_verified_now_and_then() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        order = here.gateway.sent[0].order
        here.gateway.book = rows(order, "ACTIVE", "PENDING", "PENDING")
        here.gateway.tell(*here.gateway.book)
        await here.time.advance(14)
        asked = here.gateway.open_asked
        await here.time.advance(16)
        assert here.gateway.open_asked > asked
        assert here.gateway.asked == []
        here.gateway.book = rows(order, "CANCELED", "CANCELED", "CANCELED", at_ms=here.time.wall_ms())
        await here.time.advance(15)
        assert here.phase(strategy_id) is Phase.CLOSED


async def test_without_a_stream_orders_are_followed_by_asking() -> None:
    async with world(connected=False) as here:
        here.gateway.tell_connection(POLLING)
        await settle()
        assert here.desk.gate().open
        assert "Live updates are off" in here.desk.state.trouble
        strategy_id = await here.submit()
        here.gateway.book = rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        await here.time.advance(2)
        assert here.phase(strategy_id) is Phase.WORKING


async def test_a_cancel_without_an_answer_when_the_program_stopped_is_asked_about() -> None:
    async with world() as first:
        strategy_id = await first.submit()
        order = first.gateway.sent[0].order
        first.gateway.tell(*rows(order, "ACTIVE", "PENDING", "PENDING"))
        await first.desk.cancel(strategy_id)
    cut = [fact for fact in first.journal.facts if type(fact).__name__ != "CancelAnswered"]
    async with world(cut, connected=False) as here:
        strategy = here.strategy(strategy_id)
        assert len(strategy.cancel_answered) == 1
        assert strategy.cancel_answered[0].outcome == Unknown("the program stopped before an answer came")
        assert strategy.cancel_answered[0].at_ms == here.time.wall_ms()
        assert phase(strategy) is Phase.CANCELLING


async def test_restarting_twice_records_the_interruption_once() -> None:
    async with world() as first:
        first.gateway.outcome = SILENCE
        await first.submit()
    facts: list[Fact] = [fact for fact in first.journal.facts if isinstance(fact, Intended)]
    for _ in range(2):
        async with world(facts, connected=False) as here:
            assert isinstance(here.journal, MemoryJournal)
            facts = here.journal.facts
    assert len([fact for fact in facts if isinstance(fact, Answered)]) == 1


async def test_what_another_key_sent_is_not_asked_about_with_this_one() -> None:
    async with world() as first:
        first.gateway.outcome = SILENCE
        await first.submit()
    facts = [replace(fact, account="other") if isinstance(fact, Intended) else fact for fact in first.journal.facts]
    async with world(facts) as here:
        assert here.desk.gate().open
        assert "1 open strategy was sent with another key" in here.desk.state.trouble
        await here.time.advance(600)
        assert here.gateway.asked == []
        assert phase(here.desk.state.strategies[0]) is Phase.UNKNOWN
