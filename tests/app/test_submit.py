"""A plan leaves once or not at all, and never before it is on disk."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.app.state import Gate
from otoco_desktop.app.submit import as_numbers
from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Acknowledged, Answered, Intended, NotSent, Refused, Unknown
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.lifecycle import may_cancel, phase
from otoco_desktop.domain.order import OrderType
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, LIST, LIVE, account, quote, rows, settle
from tests.app.world import world


async def test_the_intent_is_stored_before_the_request_leaves() -> None:
    async with world() as here:
        stored: list[bool] = []
        here.gateway.on_create = lambda intent: stored.append(intent in here.journal.facts)
        strategy_id = await here.submit()
        assert stored == [True]
        assert here.phase(strategy_id) is Phase.ACKED
        assert here.strategy(strategy_id).list_id == LIST


async def test_what_is_stored_is_what_was_shown_and_what_is_sent() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        strategy_id = await here.desk.submit(confirmed)
        intent = here.gateway.sent[0]
        assert confirmed.order_preview == f"od1-{strategy_id}-e od1-{strategy_id}-s od1-{strategy_id}-t"
        assert confirmed.address == f"{intent.transport} to nowhere", "where it is sent is told too"
        assert intent is next(fact for fact in here.journal.facts if isinstance(fact, Intended))
        assert (intent.number, intent.environment, intent.account) == (1, "practice", "k3F9")
        assert intent.tag == "range"
        assert [leg.client_oid for leg in intent.order.legs] == [f"od1-{strategy_id}-{end}" for end in "est"]
        assert intent.order.target.type is OrderType.TAKE_PROFIT
        assert intent.planned is not None
        assert confirmed.verdict.figures is not None
        assert intent.planned.loss == confirmed.verdict.figures.loss
        assert (intent.planned.maker, intent.planned.taker) == (Decimal("0.0025"), Decimal("0.0050"))
        typed, quote = confirmed.verdict.draft, here.desk.state.quote
        assert quote is not None
        assert (intent.planned.mark, intent.planned.size_mode, intent.planned.size) == (
            quote.mark,
            typed.quantity_mode.value,
            typed.quantity,
        )


async def test_fifty_submits_of_one_confirmation_send_once() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        answers = await asyncio.gather(*(here.desk.submit(confirmed) for _ in range(50)))
        assert len(here.gateway.sent) == 1
        assert sum(answer is not None for answer in answers) == 1


async def test_only_the_newest_confirmation_counts() -> None:
    async with world() as here:
        older, newer = here.confirmed(), here.confirmed()
        assert await here.desk.submit(older) is None
        assert await here.desk.submit(newer) is not None
        assert await here.desk.submit(newer) is None
        assert len(here.gateway.sent) == 1


async def test_a_journal_that_fails_sends_nothing() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.journal.trouble = "The disk is full."
        with pytest.raises(JournalTrouble, match=r"^Cannot record\. Nothing was sent\. The disk is full\.$"):
            await here.desk.submit(confirmed)
        assert here.gateway.sent == []
        assert here.desk.state.strategies == ()


async def test_a_plan_that_fails_a_check_is_not_prepared() -> None:
    async with world() as here:
        assert here.desk.prepare(replace(DRAFT, stop="93000.00")) is None


async def test_nothing_is_prepared_while_the_gate_is_closed() -> None:
    async with world(connected=False) as here:
        here.fresh_prices()
        assert here.desk.prepare(DRAFT) is None


async def test_nothing_is_prepared_or_sent_while_it_is_held() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.desk.hold("Wait a moment.")
        assert here.desk.gate() == Gate(open=False, reason="Wait a moment.")
        assert here.desk.prepare(confirmed.verdict.draft) is None
        strategy_id = await here.desk.submit(confirmed)
        assert strategy_id is not None
        assert here.phase(strategy_id) is Phase.NOT_SENT
        assert here.gateway.sent == []
        here.desk.hold("")
        assert here.desk.gate().open
        assert await here.submit()


async def test_an_intent_that_waited_too_long_is_not_sent() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.journal.gate = asyncio.Event()
        waiting = asyncio.create_task(here.desk.submit(confirmed))
        await settle()
        here.time.passed_ms += 2_001
        here.journal.gate.set()
        strategy_id = await waiting
        assert strategy_id is not None
        assert here.gateway.sent == []
        assert here.phase(strategy_id) is Phase.NOT_SENT
        assert headline(here.strategy(strategy_id)) == (
            "Nothing was sent: it expired before it could leave: more than 2 s passed after you confirmed."
        )


@pytest.mark.parametrize("jump", [7_200_000, -7_200_000])
async def test_a_clock_that_jumped_is_as_good_as_a_long_wait(jump: int) -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.journal.gate = asyncio.Event()
        waiting = asyncio.create_task(here.desk.submit(confirmed))
        await settle()
        here.time.wall_jump_ms = jump
        here.journal.gate.set()
        await waiting
        assert here.gateway.sent == []


async def test_prices_that_moved_against_a_rule_stop_it_at_the_last_gate() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.gateway.tell_account(account(usd="10.00"))
        strategy_id = await here.desk.submit(confirmed)
        assert strategy_id is not None
        assert here.gateway.sent == []
        assert "you have 10.00" in headline(here.strategy(strategy_id))


async def test_a_warning_that_nobody_has_read_stops_it_at_the_last_gate() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.gateway.tell_connection(replace(LIVE, clock_offset_ms=6_000))
        assert here.desk.gate().open
        strategy_id = await here.desk.submit(confirmed)
        assert strategy_id is not None
        assert here.gateway.sent == []
        assert "6.0 s" in headline(here.strategy(strategy_id))
        here.fresh_prices()
        assert await here.desk.submit(here.confirmed(replace(DRAFT, entry="92300.00"))) is not None
        assert len(here.gateway.sent) == 1


async def test_a_defect_before_sending_is_recorded_as_not_sent() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.desk.gate = _broken  # type: ignore[method-assign]
        with pytest.raises(RuntimeError, match="a defect of the gate"):
            await here.desk.submit(confirmed)
        del here.desk.gate
        assert here.gateway.sent == []
        assert here.phase(here.desk.state.strategies[0].strategy_id) is Phase.NOT_SENT


def _broken() -> Gate:
    raise RuntimeError("a defect of the gate")


async def test_a_gate_that_closed_meanwhile_stops_it() -> None:
    async with world() as here:
        confirmed = here.confirmed()
        here.gateway.tell_connection(replace(LIVE, order_channel=None))
        strategy_id = await here.desk.submit(confirmed)
        assert strategy_id is not None
        assert here.gateway.sent == []
        assert here.phase(strategy_id) is Phase.NOT_SENT


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Acknowledged(LIST), Phase.ACKED),
        (Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance"), Phase.REJECTED),
        (NotSent("host not found"), Phase.NOT_SENT),
        (Unknown("no reply in 10 s"), Phase.UNKNOWN),
    ],
)
async def test_each_outcome_is_recorded(outcome: Acknowledged | Refused | NotSent | Unknown, expected: Phase) -> None:
    async with world() as here:
        here.gateway.outcome = outcome
        strategy_id = await here.submit()
        assert here.phase(strategy_id) is expected
        assert [fact.outcome for fact in here.journal.facts if isinstance(fact, Answered)] == [outcome]


async def test_a_submit_that_is_cancelled_midway_leaves_an_unknown_outcome() -> None:
    async with world() as here:
        here.gateway.before_answer = asyncio.Event().wait
        task = asyncio.create_task(here.desk.submit(here.confirmed()))
        await settle()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await settle()
        assert here.phase(here.gateway.sent[0].strategy_id) is Phase.UNKNOWN


async def test_an_event_may_come_before_the_reply() -> None:
    async with world() as here:
        here.gateway.on_create = lambda intent: here.gateway.tell(*rows(intent.order, "ACTIVE", "PENDING", "PENDING"))
        strategy_id = await here.submit()
        assert here.phase(strategy_id) is Phase.WORKING
        assert here.strategy(strategy_id).outcome == Acknowledged(LIST)
        assert may_cancel(here.strategy(strategy_id))


async def test_while_an_outcome_is_unknown_the_same_instrument_and_side_is_locked() -> None:
    async with world() as here:
        here.gateway.outcome = Unknown("no reply in 10 s")
        await here.submit()
        here.fresh_prices()
        confirmed = here.confirmed()
        assert not confirmed.verdict.submittable
        with pytest.raises(JournalTrouble, match=r"Nothing was sent\. Type S-0001 may exist"):
            await here.desk.submit(confirmed)
        assert len(here.gateway.sent) == 1


async def test_a_refusal_is_confirmed_by_one_round() -> None:
    async with world() as here:
        here.gateway.outcome = Refused("306", "X", "insufficient balance")
        here.gateway.on_create = lambda intent: here.gateway.book.extend(rows(intent.order, "ACTIVE", "NEW", "NEW"))
        strategy_id = await here.submit()
        assert here.phase(strategy_id) is Phase.REJECTED
        await here.time.advance(1)
        assert len(here.gateway.asked) == 1
        assert here.phase(strategy_id) is Phase.DIVERGED


async def test_an_acceptance_with_a_warning_is_looked_at_at_once() -> None:
    async with world() as here:
        here.gateway.outcome = Acknowledged(LIST, "limit price too far from the market (code 315)")
        here.gateway.on_create = lambda intent: here.gateway.book.extend(rows(intent.order, "ACTIVE", "NEW", "NEW"))
        strategy_id = await here.submit()
        assert here.phase(strategy_id) is Phase.ACKED
        await here.time.advance(1)
        assert here.phase(strategy_id) is Phase.WORKING


async def test_expressions_become_the_numbers_that_are_sent() -> None:
    async with world() as here:
        draft = replace(
            DRAFT,
            quantity_mode=QuantityMode.RISK,
            quantity="0.5",
            stop="2%",
            target="2.5R",
            target_market=False,
            target_limit="97000.00",
        )
        strategy_id = await here.submit(draft)
        order = here.gateway.sent[0].order
        assert (order.stop.trigger, order.target.trigger) == (Decimal("90552.00"), Decimal("97020.00"))
        frozen = as_numbers(draft, order)
        assert (frozen.stop, frozen.target, frozen.target_limit) == ("90552.00", "97020.00", "97000.00")
        assert frozen.quantity == f"{order.quantity:f}"
        assert phase(here.strategy(strategy_id)) is Phase.ACKED


async def test_smaller_exits_are_sent_as_they_were_confirmed() -> None:
    async with world() as here:
        draft = replace(DRAFT, exit_quantity="0.05")
        await here.submit(draft)
        order = here.gateway.sent[0].order
        assert [leg.quantity for leg in order.legs] == [order.quantity, Decimal("0.05"), Decimal("0.05")]
        assert as_numbers(draft, order).exit_quantity == "0.05000"


async def test_a_value_of_the_account_that_moves_does_not_change_what_was_confirmed() -> None:
    async with world() as here:
        draft = replace(DRAFT, quantity_mode=QuantityMode.RISK, quantity="0.5")
        confirmed = here.confirmed(draft)
        here.gateway.tell_account(replace(account(), value_usd=Decimal(49_000)))
        here.gateway.tell_quote(quote(here.time, mark="93120.00"))
        await here.desk.submit(confirmed)
        assert len(here.gateway.sent) == 1


async def test_numbers_count_up_and_are_never_given_twice() -> None:
    async with world() as here:
        first, second = await here.submit(), await here.submit(replace(DRAFT, entry="92300.00"))
        assert [here.strategy(item).label for item in (first, second)] == ["S-0001", "S-0002"]
    async with world(here.journal.facts) as again:
        assert [item.label for item in again.desk.state.strategies] == ["S-0002", "S-0001"]
        third = await again.submit(replace(DRAFT, entry="92200.00"))
        assert again.strategy(third).label == "S-0003"


async def test_a_defect_while_sending_leaves_an_unknown_outcome_that_is_looked_for() -> None:
    async with world() as here:

        async def fail() -> None:
            raise RuntimeError("a defect of the transport")

        here.gateway.before_answer = fail
        with pytest.raises(RuntimeError, match="a defect of the transport"):
            await here.submit()
        strategy_id = here.desk.state.strategies[0].strategy_id
        assert here.phase(strategy_id) is Phase.UNKNOWN
        here.gateway.book += rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        await here.pass_time(2)
        assert here.phase(strategy_id) is Phase.WORKING
        assert len(here.gateway.sent) == 1
