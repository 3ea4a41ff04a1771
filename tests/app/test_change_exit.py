"""One exit is removed or moved by one recorded request, and only a report of the exchange says that it was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.app.front import DeskFront
from otoco_desktop.domain.changing import Change, pending_change
from otoco_desktop.domain.errors import JournalTrouble, KeyLocked
from otoco_desktop.domain.events import (
    Acknowledged,
    Amendment,
    Fact,
    LegAnswered,
    LegCancelAsked,
    LegReport,
    MoveAsked,
    NotSent,
    Outcome,
    Refused,
    Unknown,
)
from otoco_desktop.domain.exits import standing_leg
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Phase
from tests.app.fakes import DRAFT, Time, rows, settle
from tests.app.world import World, world

STOP, TARGET = LegRole.STOP, LegRole.TARGET
STOP_ID, QUANTITY = "290000000000000001", Decimal("0.09874")
NEW, PAID = Decimal("91000.00"), Decimal("92400.00")
NO_REPLY = Unknown("no reply in 10 s")
REFUSAL = Refused("229", "INVALID_REF_PRICE", "a trigger price is on the wrong side of the market or not valid")
LIMITED = replace(DRAFT, stop_market=False, stop_limit="90500.00")

Ask = Callable[[World, str], Awaitable[None]]


async def remove(here: World, strategy_id: str) -> None:
    await here.desk.cancel_leg(strategy_id, STOP)


async def move(here: World, strategy_id: str) -> None:
    await here.desk.move(strategy_id, STOP, NEW, None)


BOTH = pytest.mark.parametrize("ask", [remove, move])


async def protected(here: World) -> str:
    """A filled entry with both exits live, known and listed."""
    strategy_id = await here.submit()
    entry, *exits = rows(here.gateway.sent[0].order, "FILLED", "ACTIVE", "ACTIVE", at_ms=here.time.wall_ms())
    value = entry.quantity * PAID
    filled = replace(entry, filled=entry.quantity, filled_value=value, average_price=PAID)
    here.gateway.book = [filled, *exits]
    here.gateway.tell(*here.gateway.book)
    assert here.phase(strategy_id) is Phase.PROTECTED
    return strategy_id


def change_book(here: World, role: LegRole, **changes: object) -> LegReport:
    """The exchange carries something out, and tells nobody."""
    here.time.passed_ms += 1
    place = list(LegRole).index(role)
    told = replace(here.gateway.book[place], update_ms=here.time.wall_ms(), **changes)  # type: ignore[arg-type]
    here.gateway.book[place] = told
    return told


def requests(here: World) -> int:
    return len(here.gateway.removed) + len(here.gateway.amended)


def asked(here: World) -> list[Fact]:
    return [fact for fact in here.journal.facts if isinstance(fact, LegCancelAsked | MoveAsked)]


def answers(here: World) -> list[Outcome]:
    return [fact.outcome for fact in here.journal.facts if isinstance(fact, LegAnswered)]


# What is asked


async def test_a_removal_names_the_order_and_is_no_removal_yet() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await here.desk.cancel_leg(strategy_id, TARGET)
        assert here.gateway.removed == [("290000000000000002", "rest")]
        assert pending_change(here.strategy(strategy_id), TARGET) is Change.REMOVING
        assert here.phase(strategy_id) is Phase.PROTECTED
        here.gateway.tell(change_book(here, TARGET, status="CANCELED"))
        assert here.phase(strategy_id) is Phase.PROTECTED
        assert pending_change(here.strategy(strategy_id), TARGET) is None
        await here.desk.cancel_leg(strategy_id, STOP)
        here.gateway.tell(change_book(here, STOP, status="CANCELED"))
        assert here.phase(strategy_id) is Phase.UNPROTECTED


async def test_a_move_repeats_the_quantity_and_is_no_move_yet() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await move(here, strategy_id)
        assert here.gateway.amended == [(Amendment(STOP_ID, QUANTITY, NEW, None), "rest")]
        assert standing_leg(here.strategy(strategy_id), STOP).trigger == Decimal("90552.00")
        here.gateway.tell(change_book(here, STOP, trigger=NEW))
        assert standing_leg(here.strategy(strategy_id), STOP).trigger == NEW
        assert here.phase(strategy_id) is Phase.PROTECTED


async def test_both_go_the_way_that_was_recorded() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.ways = frozenset({"rest", "websocket"})
        await move(here, strategy_id)
        await remove(here, strategy_id)
        assert (here.gateway.amended[0][1], here.gateway.removed[0][1]) == ("websocket", "websocket")
        await here.desk.close()
        assert [fact.transport for fact in asked(here)] == ["websocket", "websocket"]  # type: ignore[union-attr]


async def test_a_limit_exit_is_moved_with_its_limit_and_never_made_the_other_kind() -> None:
    async with world() as here:
        strategy_id = await here.submit(LIMITED)
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        await here.desk.move(strategy_id, STOP, NEW, None)
        await here.desk.move(strategy_id, TARGET, Decimal("98000.00"), Decimal("97900.00"))
        assert here.gateway.amended == []
        await here.desk.move(strategy_id, STOP, NEW, Decimal("90900.00"))
        assert here.gateway.amended == [(Amendment(STOP_ID, QUANTITY, NEW, Decimal("90900.00")), "rest")]


@pytest.mark.parametrize("trigger", [Decimal(0), Decimal(-5), Decimal("NaN"), Decimal("Infinity")])
async def test_a_price_that_is_none_is_not_asked_for(trigger: Decimal) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await here.desk.move(strategy_id, STOP, trigger, None)
        assert (requests(here), asked(here)) == (0, [])


async def test_the_entry_and_what_is_over_are_not_asked_about() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await here.desk.cancel_leg(strategy_id, LegRole.ENTRY)
        here.gateway.tell(change_book(here, TARGET, status="CANCELED"))
        await here.desk.cancel_leg(strategy_id, TARGET)
        assert (requests(here), asked(here)) == (0, [])


async def test_before_anything_was_told_of_an_exit_nothing_is_asked() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        await remove(here, strategy_id)
        await move(here, strategy_id)
        assert (requests(here), asked(here)) == (0, [])


# One intent, one send


@BOTH
async def test_it_is_recorded_before_it_is_asked(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.journal.trouble = "The disk is full."
        with pytest.raises(JournalTrouble, match=r"^Cannot record\. The (removal|move) was not sent\."):
            await ask(here, strategy_id)
        assert (requests(here), asked(here)) == (0, [])
        here.journal.trouble = ""
        await ask(here, strategy_id)
        assert (requests(here), len(asked(here))) == (1, 1)


@BOTH
async def test_many_presses_ask_once(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        presses = [press(here, strategy_id) for press in (ask, remove, move) for _ in range(7)]
        await asyncio.gather(*presses)
        assert (requests(here), len(asked(here))) == (1, 1)


async def test_the_two_exits_may_be_asked_about_at_once() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await asyncio.gather(move(here, strategy_id), here.desk.cancel_leg(strategy_id, TARGET))
        assert (len(here.gateway.amended), len(here.gateway.removed)) == (1, 1)
        strategy = here.strategy(strategy_id)
        assert (pending_change(strategy, STOP), pending_change(strategy, TARGET)) == (Change.MOVING, Change.REMOVING)


@BOTH
async def test_an_interrupted_request_is_unknown(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.before_answer = asyncio.Event().wait
        task = asyncio.create_task(_await(ask(here, strategy_id)))
        await settle()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(here.strategy(strategy_id).exit_answered[0].outcome, Unknown)


@BOTH
async def test_a_request_that_had_no_answer_when_the_program_stopped_is_unknown_and_looked_after(ask: Ask) -> None:
    facts: list[Fact] = []
    async with world(facts) as here:
        strategy_id = await protected(here)
        book = list(here.gateway.book)
        await ask(here, strategy_id)
        await settle()
    cut: list[Fact] = [fact for fact in facts if not isinstance(fact, LegAnswered)]
    async with world(cut, connected=False) as here:
        here.gateway.book = book
        await here.connect()
        assert requests(here) == 0
        assert answers(here) == [Unknown("the program stopped before an answer came")]
        assert pending_change(here.strategy(strategy_id), STOP) is not None
        here.gateway.asked.clear()
        await here.time.advance(4)
        assert here.gateway.asked != []


@BOTH
async def test_a_locked_key_asks_nothing(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.locked = True
        with pytest.raises(KeyLocked):
            await ask(here, strategy_id)
        assert asked(here) == []


@BOTH
async def test_without_a_desk_nothing_is_asked(ask: Ask) -> None:
    front = DeskFront("practice", Time())
    with pytest.raises(JournalTrouble, match=r"^Nothing was sent\."):
        await front.cancel_leg("a", STOP)
    with pytest.raises(JournalTrouble, match=r"^Nothing was sent\."):
        await front.move("a", STOP, NEW, None)


# The last gate


@BOTH
async def test_a_disk_that_took_too_long_sends_nothing(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await _while_recording(here, ask(here, strategy_id), lambda: here.time.advance(3))
        assert requests(here) == 0
        assert answers(here) == [NotSent("it expired before it could leave: more than 2 s passed after you confirmed")]
        assert pending_change(here.strategy(strategy_id), STOP) is None


@BOTH
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exchange_order_id": "77"}, "The stop has triggered: it is an order in the book now"),
        ({"status": "CANCELED"}, "The stop is over: the exchange lists it as CANCELED"),
        ({"order_id": "77"}, "The stop has another order id by now"),
    ],
)
async def test_what_happened_while_it_was_recorded_keeps_it_from_leaving(
    ask: Ask, changes: dict[str, object], reason: str
) -> None:
    async with world() as here:
        strategy_id = await protected(here)

        async def happen() -> None:
            here.time.passed_ms += 10
            here.gateway.tell(change_book(here, STOP, **changes))

        await _while_recording(here, ask(here, strategy_id), happen)
        assert requests(here) == 0
        assert answers(here) == [NotSent(reason)]


async def test_the_strategy_can_be_cancelled_while_a_move_is_pending_and_then_nothing_is_moved() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await move(here, strategy_id)
        await here.desk.cancel(strategy_id)
        assert len(here.gateway.cancels) == 1
        assert here.phase(strategy_id) is Phase.CANCELLING
        await move(here, strategy_id)
        await remove(here, strategy_id)
        assert requests(here) == 1


# What comes of it


@BOTH
async def test_offline_it_is_not_sent_and_nothing_is_pending(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.reachable = False
        await ask(here, strategy_id)
        await settle()
        assert answers(here) == [NotSent("connection refused")]
        assert pending_change(here.strategy(strategy_id), STOP) is None
        here.gateway.asked.clear()
        await here.time.advance(10)
        assert here.gateway.asked == []


@BOTH
async def test_a_refusal_leaves_the_exit_where_it_is_and_is_checked_once(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.exit_outcome = REFUSAL
        here.gateway.asked.clear()
        await ask(here, strategy_id)
        assert pending_change(here.strategy(strategy_id), STOP) is None
        await here.time.advance(10)
        assert len(here.gateway.asked) == 1
        assert here.phase(strategy_id) is Phase.PROTECTED


@BOTH
@pytest.mark.parametrize("outcome", [Acknowledged(STOP_ID), NO_REPLY])
async def test_an_event_that_stays_away_is_asked_for(ask: Ask, outcome: Outcome) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.exit_outcome = outcome
        await ask(here, strategy_id)
        change_book(here, STOP, **({"trigger": NEW} if ask is move else {"status": "CANCELED"}))
        await here.time.advance(3)
        assert pending_change(here.strategy(strategy_id), STOP) is None
        assert here.phase(strategy_id) is (Phase.PROTECTED if ask is move else Phase.UNPROTECTED)


@BOTH
async def test_after_a_lost_reply_the_trader_may_ask_again_and_the_program_never_does(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.exit_outcome = NO_REPLY
        await ask(here, strategy_id)
        await here.time.advance(60)
        assert requests(here) == 1
        await ask(here, strategy_id)
        assert requests(here) == 2


@BOTH
@pytest.mark.parametrize("outcome", [Acknowledged(STOP_ID), NO_REPLY])
async def test_what_no_report_ever_shows_is_settled_after_the_fence_by_a_check(ask: Ask, outcome: Outcome) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.gateway.exit_outcome = outcome
        await ask(here, strategy_id)
        written = len(here.journal.facts)
        await here.time.advance(110)
        assert pending_change(here.strategy(strategy_id), STOP) is not None
        await here.time.advance(80)
        assert pending_change(here.strategy(strategy_id), STOP) is None
        assert here.phase(strategy_id) is Phase.PROTECTED
        assert len(here.journal.facts) - written <= 3
        here.gateway.asked.clear()
        await here.time.advance(120)
        assert here.gateway.asked == []


@BOTH
async def test_a_request_about_an_old_strategy_is_followed_like_one_about_a_new(ask: Ask) -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.time.passed_ms += 48 * 3_600_000
        await here.time.advance(70)
        await ask(here, strategy_id)
        here.gateway.asked.clear()
        await here.time.advance(3.5)
        assert len(here.gateway.asked) == 1


async def test_a_cancel_of_an_old_strategy_is_followed_too() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        here.time.passed_ms += 48 * 3_600_000
        await here.time.advance(70)
        await here.desk.cancel(strategy_id)
        here.gateway.asked.clear()
        await here.time.advance(3.5)
        assert len(here.gateway.asked) == 1


async def test_a_renamed_stop_is_found_by_asking_and_keeps_the_position_protected() -> None:
    async with world() as here:
        strategy_id = await protected(here)
        await move(here, strategy_id)
        old = change_book(here, STOP, status="CANCELED")
        here.time.passed_ms += 1
        new = replace(old, order_id="700", status="ACTIVE", trigger=NEW, update_ms=here.time.wall_ms())
        here.gateway.book.append(new)
        await here.time.advance(4)
        assert here.phase(strategy_id) is Phase.PROTECTED
        await here.desk.cancel_leg(strategy_id, STOP)
        assert here.gateway.removed == [("700", "rest")]


async def _await(waiting: Awaitable[None]) -> None:
    await waiting


async def _while_recording(here: World, asking: Awaitable[None], happen: Callable[[], Awaitable[None]]) -> None:
    """The disk is busy while this happens."""
    here.journal.gate = asyncio.Event()
    task = asyncio.create_task(_await(asking))
    await settle()
    await happen()
    here.journal.gate.set()
    here.journal.gate = None
    await task
    await settle()
