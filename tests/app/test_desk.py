"""The desk: what opens the gate and what closes it, and what the window is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.app import book, follow
from otoco_desktop.app.defects import REASON
from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.gate import Conditions, clock_sentence, judge_gate
from otoco_desktop.app.ids import new_strategy_id
from otoco_desktop.app.state import Gate
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Noted, Unknown
from otoco_desktop.domain.history import Standing
from otoco_desktop.domain.market import AccountSnapshot, Balance, Connection, Fees, Light
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.verdict import PlanSettings
from tests.app.fakes import (
    BTC,
    DRAFT,
    ETH,
    LIVE,
    POLLING,
    FakeGateway,
    MemoryJournal,
    Time,
    account,
    pass_at_once,
    quote,
    rows,
    settle,
)
from tests.app.world import world
from tests.waiting import until

OPEN = Conditions(opened=True, connection=LIVE, has_instruments=True, caught_up=True)


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        (OPEN, ""),
        (Conditions(), "Starting."),
        (replace(OPEN, closing=True), "The program is closing."),
        (replace(OPEN, journal_trouble="The disk is full."), "Cannot record. The disk is full."),
        (
            replace(OPEN, connection=replace(LIVE, rest=Light.DOWN)),
            "The exchange cannot be reached. Planning works; Submit opens when it answers.",
        ),
        (
            replace(OPEN, connection=replace(LIVE, rest=Light.WAITING)),
            "The list of instruments has not arrived yet.",
        ),
        (replace(OPEN, has_instruments=False), "The list of instruments has not arrived yet."),
        (
            replace(OPEN, connection=replace(LIVE, order_channel=None)),
            "Order updates are not confirmed yet. Submit opens when they are.",
        ),
        (
            replace(OPEN, connection=replace(LIVE, user=Light.DOWN)),
            "Order updates are not confirmed yet. Submit opens when they are.",
        ),
        (replace(OPEN, connection=POLLING), ""),
        (
            replace(OPEN, caught_up=False),
            "Asking the exchange what has happened. Submit opens when it has answered.",
        ),
        (
            replace(OPEN, caught_up=False, unfinished=2),
            "2 strategies were being sent when the app stopped. Checking with the exchange.",
        ),
        (
            replace(OPEN, connection=replace(LIVE, clock_offset_ms=-73_000)),
            "Your clock is 73.0 s ahead of the exchange. Set it, then check again.",
        ),
        (replace(OPEN, connection=replace(LIVE, clock_offset_ms=30_000)), ""),
        (replace(OPEN, connection=replace(LIVE, clock_offset_ms=None)), ""),
    ],
)
def test_the_gate_names_the_first_reason(conditions: Conditions, reason: str) -> None:
    assert judge_gate(conditions, PlanSettings()) == Gate(open=not reason, reason=reason)


def test_a_clock_is_told_by_its_direction() -> None:
    assert clock_sentence(2_345) == "Your clock is 2.3 s behind the exchange. Set it, then check again."
    assert clock_sentence(-2_345) == "Your clock is 2.3 s ahead of the exchange. Set it, then check again."


def test_ids_are_26_base32_characters_and_differ() -> None:
    made = {new_strategy_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(len(item) == 26 and set(item) <= set("abcdefghijklmnopqrstuvwxyz234567") for item in made)


async def test_the_window_is_told_each_step_until_submit_opens() -> None:
    async with world(connected=False) as here:
        assert here.gateway.opened
        assert not here.desk.state.gate.open
        await here.connect()
        state = here.heard.states[-1]
        assert state.gate.open
        assert (state.environment, state.instrument, state.instruments) == ("practice", BTC, (ETH, BTC))
        assert state.account == account()
        assert here.heard.quotes == [here.desk.state.quote]
        assert here.gateway.watched == ["BTC_USD"]


async def test_a_lost_stream_is_told_with_its_age_and_checked_every_two_seconds() -> None:
    async with world() as here:
        await here.submit()
        here.gateway.book = rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        here.gateway.tell(*here.gateway.book)
        assert "User stream" not in here.desk.state.trouble
        here.gateway.tell_connection(replace(LIVE, user=Light.DOWN, order_channel=None))
        asked = here.gateway.open_asked
        await here.time.advance(4)
        lost = "User stream lost 4 s ago. States may be old. Checking over REST every 2 s."
        assert here.heard.states[-1].trouble == lost
        assert here.gateway.open_asked - asked == 2
        told = len(here.heard.states)
        await here.time.advance(10)
        assert len(here.heard.states) - told == 10
        here.gateway.tell_connection(replace(LIVE, user=Light.DOWN, rest=Light.DOWN, order_channel=None))
        await here.time.advance(3)
        assert here.desk.state.trouble == "User stream and REST are down since 3 s. States may be old."
        here.gateway.tell_connection(LIVE)
        assert here.desk.state.trouble == ""


async def test_a_stream_that_was_never_good_is_not_lost() -> None:
    async with world(connected=False) as here:
        here.gateway.tell_connection(replace(LIVE, user=Light.DOWN, order_channel=None))
        assert here.desk.state.trouble == ""
        here.gateway.tell_connection(POLLING)
        assert here.desk.state.trouble == "Live updates are off: asking every 2 s instead."


async def test_an_exchange_that_cannot_be_reached_is_told_and_tried_again_with_growing_pauses() -> None:
    time = Time()
    gateway, journal = FakeGateway(time, reachable=False), MemoryJournal()
    desk = Desk(gateway, journal, time, "practice", DeskOptions(sleep=time.sleep))
    await desk.open()
    gateway.tell_connection(Connection(rest=Light.DOWN, rest_words="connection refused"))
    await settle()
    assert desk.state.trouble == "The exchange cannot be reached: connection refused."
    assert desk.state.gate.reason.startswith("The exchange cannot be reached.")
    await time.advance(20)
    gateway.reachable = True
    await time.advance(15)
    assert desk.state.instruments == (ETH, BTC)
    assert desk.state.trouble == ""
    await desk.close()


async def test_an_account_that_cannot_be_read_is_told() -> None:
    async with world() as here:
        here.gateway.reachable = False
        here.desk.select("ETH_USD")
        await settle()
        assert here.desk.state.trouble == "The exchange cannot be reached: connection refused."
        await here.desk.check()
        assert here.desk.state.trouble.startswith("The exchange cannot be reached")
        here.gateway.reachable = True
        await here.desk.check()
        assert here.desk.state.trouble == ""


async def test_what_could_not_be_read_once_is_asked_for_again_soon() -> None:
    async with world() as here:
        here.gateway.reachable = False
        here.desk.select("ETH_USD")
        await settle()
        here.gateway.reachable = True
        await here.pass_time(6)
        assert here.desk.state.trouble == ""


async def test_a_late_answer_about_another_instrument_changes_no_fees() -> None:
    async with world() as here:
        answer, fees = here.gateway.account, Fees(Decimal("0.9"), Decimal("0.9"))
        late = asyncio.Event()

        async def slowly(instrument: str) -> AccountSnapshot:
            if instrument == "BTC_USD":
                await late.wait()
                return replace(await answer(instrument), fees=fees)
            return await answer(instrument)

        here.gateway.account = slowly  # type: ignore[method-assign]
        asking = asyncio.create_task(here.desk.check())
        await settle()
        here.desk.select("ETH_USD")
        await settle()
        late.set()
        await asking
        assert here.desk.state.account == account()


async def test_orders_made_elsewhere_are_counted_and_not_all_remembered() -> None:
    async with world() as here:
        await here.submit()
        row = rows(here.gateway.sent[0].order, "ACTIVE")[0]
        foreign = [replace(row, client_oid=f"x{number}", list_id=f"9{number}") for number in range(1_500)]
        here.gateway.tell(*foreign)
        here.gateway.tell(*foreign[-1_000:])
        assert here.desk.state.foreign == 1_500
        assert len(here.desk._follower._foreign) == 1_000


async def test_choosing_an_instrument_follows_its_prices_and_forgets_the_old_ones() -> None:
    async with world() as here:
        here.desk.select("ETH_USD")
        await settle()
        assert here.gateway.watched == ["BTC_USD", "ETH_USD"]
        assert here.desk.state.quote is None
        here.gateway.tell_quote(quote(here.time))
        assert here.desk.state.quote is None
        here.gateway.tell_quote(quote(here.time, instrument="ETH_USD"))
        assert here.desk.surroundings().quote == quote(here.time, instrument="ETH_USD")
        asked = here.gateway.accounts
        here.desk.select("ETH_USD")
        assert here.gateway.accounts == asked


async def test_a_wish_before_the_list_has_come_is_remembered() -> None:
    time = Time()
    gateway = FakeGateway(time, reachable=False)
    desk = Desk(gateway, MemoryJournal(), time, "practice", DeskOptions(sleep=time.sleep))
    await desk.open()
    desk.select("ETH_USD")
    await settle()
    gateway.reachable = True
    await time.advance(2)
    assert desk.state.instrument == ETH
    assert gateway.watched == ["ETH_USD"]
    await desk.close()


async def test_the_list_of_instruments_is_fetched_again_after_minutes() -> None:
    async with world() as here:
        asked = here.gateway.accounts
        await here.time.advance(301)
        assert here.gateway.accounts == asked + 1
        assert here.gateway.watched == ["BTC_USD"]


async def test_pushed_balances_keep_the_known_fee_rates() -> None:
    async with world() as here:
        here.gateway.tell_account(AccountSnapshot({"USD": Balance(Decimal(5))}))
        state = here.desk.state
        assert state.account is not None
        assert state.account.available("USD") == Decimal(5)
        assert (state.account.fees, state.account.value_usd) == (account().fees, account().value_usd)


async def test_surroundings_carry_the_clock_the_settings_and_what_was_sent() -> None:
    async with world() as here:
        here.gateway.outcome = Unknown("no reply in 10 s")
        strategy_id = await here.submit()
        await here.time.advance(40)
        around = here.desk.surroundings()
        assert around.now_ms == here.time.monotonic_ms()
        assert around.clock_offset_ms == 40
        (plan,) = around.recent
        assert (plan.label, plan.unresolved, plan.age_ms) == ("S-0001", True, 40_000)
        assert (plan.entry, plan.stop, plan.target) == (Decimal("92400.00"), Decimal("90552.00"), Decimal("97020.00"))
        assert here.desk.surroundings_without(strategy_id).recent == ()
        promise = around.promise_of("BTC")
        assert promise is not None
        assert (promise.waiting, promise.count) == (here.strategy(strategy_id).intent.order.quantity, 1)
        assert here.desk.surroundings_without(strategy_id).promised == ()
        await pass_at_once(here.time, 4_000)
        assert len(here.desk.surroundings().recent) == 1


async def test_settled_plans_are_no_longer_recent_after_an_hour() -> None:
    async with world() as here:
        await here.submit()
        order = here.gateway.sent[0].order
        here.gateway.tell(*rows(order, "REJECTED", "CANCELED", "CANCELED"))
        assert len(here.desk.surroundings().recent) == 1
        await pass_at_once(here.time, 3_601)
        assert here.desk.surroundings().recent == ()


async def test_both_clocks_can_be_read() -> None:
    async with world(connected=False) as here:
        assert here.desk.exchange_ms() is None
        await here.connect()
        assert here.desk.exchange_ms() == here.desk.now_ms() + 40


async def test_orders_of_others_are_counted_and_left_alone() -> None:
    async with world() as here:
        await here.submit()
        order = here.gateway.sent[0].order
        stranger = [replace(row, client_oid="theirs", list_id="77") for row in rows(order, "ACTIVE", "NEW")]
        here.gateway.tell(*stranger)
        assert here.heard.states[-1].foreign == 1
        assert here.phase(here.gateway.sent[0].strategy_id) is Phase.ACKED


async def test_a_slow_clock_is_a_warning_before_it_closes_the_gate() -> None:
    async with world() as here:
        here.gateway.tell_connection(replace(LIVE, clock_offset_ms=-6_000))
        assert here.desk.gate().open
        assert here.desk.state.trouble == "Your clock is 6.0 s ahead of the exchange. Set it, then check again."


async def test_a_notice_from_the_start_is_shown() -> None:
    time = Time()
    options = DeskOptions(notice="Set aside.", sleep=time.sleep)
    desk = Desk(FakeGateway(time), MemoryJournal(), time, "practice", options)
    assert desk.state.trouble == "Set aside."


async def test_a_journal_that_falls_behind_is_told_and_caught_up() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        here.desk._book._retry_s = 0.01
        here.journal.trouble = "The disk is full."
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        assert here.phase(strategy_id) is Phase.WORKING
        await settle()
        assert here.desk.state.trouble == ("The journal is behind: The disk is full. 3 entries are kept in memory.")
        assert here.desk.gate().reason.startswith("Cannot record. The journal is behind")
        stored = len(here.journal.facts)
        here.journal.trouble = ""
        await until(lambda: not here.desk.state.trouble)
        assert len(here.journal.facts) == stored + 3
        assert here.desk.gate().open


async def test_what_cannot_be_stored_at_the_end_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with world() as here:
        await here.submit()
        here.journal.trouble = "The disk is full."
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
    assert "3 facts could not be written to the journal" in caplog.text


async def test_a_report_that_says_nothing_new_is_not_stored_again() -> None:
    async with world() as here:
        await here.submit()
        reports = rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING")
        for _ in range(3):
            here.gateway.tell(*reports)
        await settle()
        assert len([fact for fact in here.journal.facts if type(fact).__name__ == "LegReported"]) == 3


async def test_a_note_is_kept() -> None:
    async with world() as here:
        strategy_id = await here.submit()
        await here.desk.note(strategy_id, "retest", "Asia low held twice")
        assert isinstance(here.journal.facts[-1], Noted)
        assert here.strategy(strategy_id).note == "Asia low held twice"


async def test_a_journal_that_cannot_be_read_is_trouble_at_once() -> None:
    class Unreadable(MemoryJournal):
        async def standing(self, latest: int, since_ms: int) -> Standing:
            raise JournalTrouble("The journal cannot be read.")

    time = Time()
    desk = Desk(FakeGateway(time), Unreadable(), time, "practice", DeskOptions(sleep=time.sleep))
    with pytest.raises(JournalTrouble):
        await desk.open()


@pytest.mark.fault(70)
async def test_a_part_that_fails_pauses_sending_until_the_exchange_was_asked(caplog: pytest.LogCaptureFixture) -> None:
    async with world() as here:
        works = here.desk._recovery.catch_up

        async def broken() -> bool:
            raise RuntimeError("a defect")

        here.desk._recovery.catch_up = broken  # type: ignore[method-assign]
        here.gateway.tell_subscribed()
        await settle()
        assert here.desk.gate() == Gate(open=False, reason=REASON)
        assert here.desk.state.gate.reason == REASON
        assert here.desk.prepare(DRAFT) is None
        defects = here.desk._options.defects
        assert [found.where for found in defects.seen] == ["catching up failed"]
        here.desk._recovery.catch_up = works  # type: ignore[method-assign]
        count = defects.count
        assert await here.desk.check()
        defects.settle(count)
        here.fresh_prices()
        assert here.desk.prepare(DRAFT) is not None
    assert "a defect" in caplog.text


@pytest.mark.fault(70)
async def test_a_loop_that_failed_begins_anew_with_the_next_check() -> None:
    async with world() as here:
        works = here.desk._recovery.verify
        asked: list[int] = []

        async def broken() -> bool:
            raise RuntimeError("a defect")

        async def counted() -> bool:
            asked.append(1)
            return await works()

        here.desk._recovery.verify = broken  # type: ignore[method-assign]
        await here.pass_time(20)
        assert [found.where for found in here.desk._options.defects.seen] == ["verifying open strategies failed"]
        here.desk._recovery.verify = counted  # type: ignore[method-assign]
        await here.pass_time(20)
        assert asked == []
        await here.desk.check()
        await here.pass_time(20)
        assert asked


async def test_a_subscription_confirmed_while_catching_up_makes_one_more_round() -> None:
    async with world() as here:
        await here.submit()
        here.gateway.tell_subscribed()
        here.gateway.tell_subscribed()
        asked = here.gateway.open_asked
        await settle()
        assert here.gateway.open_asked == asked + 2


async def test_where_the_disk_falls_far_behind_the_order_channel_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is called current meanwhile."""
    monkeypatch.setattr(book, "MOST_BEHIND", 3)
    async with world() as here:
        await here.submit()
        here.desk._book._retry_s = 0.01
        assert (here.desk.has_room(), here.desk.state.live) == (True, True)
        here.journal.trouble = "The disk is full."
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        assert (here.desk.has_room(), here.desk.state.live) == (False, False)
        here.journal.trouble = ""
        await until(here.desk.has_room)
        assert here.desk.state.live


async def test_while_a_snapshot_is_asked_for_only_so_many_reports_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "MOST_HELD", 3)
    async with world() as here:
        await here.submit()
        here.desk._follower.hold()
        assert here.desk.has_room()
        here.gateway.tell(*rows(here.gateway.sent[0].order, "ACTIVE", "PENDING", "PENDING"))
        assert not here.desk.has_room()
        here.desk._follower.release()
        assert here.desk.has_room()
