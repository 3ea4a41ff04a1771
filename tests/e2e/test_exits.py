"""Removing and moving one exit on the real program: what the window says, what the exchange has, what then triggers."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.changing import Change
from otoco_desktop.domain.events import Acknowledged, Refused, Unknown
from otoco_desktop.domain.exits import exit_requests
from otoco_desktop.domain.lifecycle import closing, unprotected_quantity
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.practice.model import Status
from tests.e2e.exits import MOVE, NEW_STOP, PROTECTED, REMOVE, TO_ENTRY, Exits
from tests.e2e.processes import LIMIT_S, started
from tests.e2e.records import from_journal
from tests.e2e.stage import BRISK, BUY, SELL, on_stage
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

STOP, TARGET = LegRole.STOP, LegRole.TARGET
OLD_STOP = Decimal(BUY.stop)
REST, WEBSOCKET = Transport.REST, Transport.WEBSOCKET
LONG = pytest.mark.long
"""What differs from another story here in one thing alone, and takes a second."""


def over(transport: Transport) -> DeskOptions:
    return replace(BRISK, transport=lambda: transport)


@pytest.mark.parametrize("transport", [REST, pytest.param(WEBSOCKET, marks=LONG)])
async def test_a_removed_target_leaves_the_stop_which_then_fires(
    transport: Transport, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=over(transport)) as stage:
        exits = Exits(stage)
        await exits.protected()
        await exits.remove(TARGET)
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)
        assert isinstance(exits.outcome(TARGET), Acknowledged)
        assert stage.phase() is Phase.PROTECTED
        said = "Stop 90,552.00 is active. Target removed by you."
        await stage.see(lambda: stage.hands.says(said), said)
        await stage.move("97100.00")
        await stage.move(BUY.stop)
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.STOPPED
        assert [leg.status for leg in await stage.legs_there()] == [Status.FILLED, Status.FILLED, Status.CANCELED]
        assert await exits.requests() == [REMOVE]


async def test_a_removed_stop_leaves_the_coins_unprotected(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        await exits.remove(STOP)
        await stage.reaches(Phase.UNPROTECTED)
        assert unprotected_quantity(stage.strategy) == Decimal("0.1")
        assert stage.chip() == "Unprotected"
        await stage.see(lambda: stage.hands.says("You removed the stop"), "who removed it")
        await stage.move("90000.00")
        await stage.move("97030.00")
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.TARGET_FILLED


@LONG
async def test_an_exit_removed_before_the_entry_fills_never_wakes(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await exits.may_change(STOP)
        await exits.remove(STOP)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.CANCELLED, LegStatus.WAITING)
        assert stage.phase() is Phase.WORKING
        await stage.move(TO_ENTRY)
        await stage.reaches(Phase.UNPROTECTED)
        await stage.move("90000.00")
        assert (await exits.there(TARGET)).status is Status.ACTIVE


@pytest.mark.parametrize("transport", [pytest.param(REST, marks=LONG), WEBSOCKET])
async def test_a_moved_stop_does_not_fire_at_its_old_trigger_and_fires_at_its_new_one(
    transport: Transport, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    lower = Decimal("90000.00")
    async with on_stage(tmp_path, options=over(transport)) as stage:
        exits = Exits(stage)
        await exits.protected()
        await exits.move(STOP, lower)
        await exits.stands_at(STOP, lower)
        assert stage.phase() is Phase.PROTECTED
        await stage.see(lambda: "90,000.00" in " ".join(stage.row()), "the new trigger in the table")
        await stage.moved(BUY.stop)
        assert (await exits.there(STOP)).status is Status.ACTIVE
        assert stage.legs() == PROTECTED
        await stage.move("90000.00")
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.STOPPED
        assert (await exits.there(STOP)).ref_price == lower
        assert await exits.requests() == [MOVE]


@LONG
async def test_a_stop_moved_nearer_fires_there(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        await exits.move(STOP, NEW_STOP)
        await exits.stands_at(STOP, NEW_STOP)
        await stage.move(str(NEW_STOP))
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.STOPPED


@LONG
async def test_a_limit_exit_keeps_its_kind_when_it_moves(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await stage.send(SELL)
        await stage.reaches(Phase.WORKING)
        await exits.may_change(TARGET)
        await exits.move(TARGET, Decimal("90000.00"), Decimal("90100.00"))
        await exits.stands_at(TARGET, Decimal("90000.00"))
        there = await exits.there(TARGET)
        assert (there.kind.is_market, there.price) == (False, Decimal("90100.00"))
        await exits.move(STOP, Decimal("95000.00"))
        assert await exits.requests() == [MOVE], "a move without a limit would make it a market exit"


@LONG
async def test_moved_twice_the_last_counts(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        for trigger in (NEW_STOP, Decimal("91000.00"), NEW_STOP):
            await exits.move(STOP, trigger)
            await exits.stands_at(STOP, trigger)
        assert (await exits.there(STOP)).ref_price == NEW_STOP
        assert await exits.requests() == [MOVE] * 3


# Asked once


async def test_two_quick_presses_are_one_request(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        await asyncio.gather(*(exits.move(STOP, NEW_STOP) for _ in range(5)))
        await exits.stands_at(STOP, NEW_STOP)
        await asyncio.gather(*(exits.remove(TARGET) for _ in range(5)))
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)
        await exits.remove(TARGET)
        assert await exits.requests() == [MOVE, REMOVE]


# Replies that do not come


@pytest.mark.parametrize("done", [True, pytest.param(False, marks=LONG)], ids=["done", "not done"])
async def test_a_lost_reply_to_a_move_is_settled_by_asking(
    done: bool, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.MUTE_STREAMS)
        stage.arm(Fault.LOSE_AMEND_DONE if done else Fault.LOSE_AMEND_UNDONE, Loss.ABORT)
        await exits.move(STOP, NEW_STOP)
        assert isinstance(exits.outcome(STOP), Unknown)
        if done:
            await exits.stands_at(STOP, NEW_STOP)
        else:
            assert await stage.program.desk.check()
            assert (exits.pending(STOP), exits.trigger(STOP)) == (Change.MOVING, OLD_STOP)
            assert (await exits.there(STOP)).ref_price == OLD_STOP
        assert stage.phase() is Phase.PROTECTED
        assert await exits.requests() == [MOVE], "it was sent again"


@pytest.mark.parametrize("done", [True, pytest.param(False, marks=LONG)], ids=["done", "not done"])
async def test_a_lost_reply_to_a_removal_is_settled_by_asking(
    done: bool, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.MUTE_STREAMS)
        stage.arm(Fault.LOSE_CANCEL_DONE if done else Fault.LOSE_CANCEL_UNDONE, Loss.ABORT)
        await exits.remove(STOP)
        assert isinstance(exits.outcome(STOP), Unknown)
        if done:
            await stage.reaches(Phase.UNPROTECTED)
            assert exits.pending(STOP) is None
        else:
            assert await stage.program.desk.check()
            assert (exits.pending(STOP), stage.legs()) == (Change.REMOVING, PROTECTED)
            assert (await exits.there(STOP)).status is Status.ACTIVE
        assert await exits.requests() == [REMOVE], "it was sent again"


@LONG
async def test_a_move_that_never_arrived_is_over_once_it_can_no_longer_arrive(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.LOSE_AMEND_UNDONE, Loss.ABORT)
        await exits.move(STOP, NEW_STOP)
        assert exits.pending(STOP) is Change.MOVING
        stage.arm(Fault.CLOCK_AHEAD, 130)
        stage.clock.skip_wall(130_000)
        await exits.stands_at(STOP, OLD_STOP)
        stage.controls.clear(Fault.CLOCK_AHEAD)


@LONG
async def test_a_stream_that_is_down_while_moving_is_no_matter(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=over(REST)) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.ORDER_CHANNELS, ())
        stage.controls.disconnect_users()
        await stage.see(lambda: stage.program.desk.state.connection.polling, "polling")
        await exits.move(STOP, NEW_STOP)
        await exits.stands_at(STOP, NEW_STOP)
        await exits.remove(TARGET)
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)
        assert await exits.requests() == [MOVE, REMOVE]


# What the exchange makes of it


@LONG
@pytest.mark.parametrize("role", [STOP, TARGET])
async def test_a_refused_removal_changes_nothing(role: LegRole, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.REFUSE_CANCEL, 316)
        await exits.remove(role)
        assert isinstance(exits.outcome(role), Refused)
        assert (exits.pending(role), stage.legs()) == (None, PROTECTED)
        await exits.remove(role)
        await stage.see(lambda: LegStatus.CANCELLED in stage.legs(), "that it can be asked again")
        assert await exits.requests() == [REMOVE] * 2


@LONG
async def test_a_refused_move_changes_nothing(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        await exits.move(STOP, Decimal("92390.00"))
        assert isinstance(exits.outcome(STOP), Refused), "it would trigger at once"
        assert (exits.pending(STOP), exits.trigger(STOP)) == (None, OLD_STOP)
        assert stage.phase() is Phase.PROTECTED


@LONG
async def test_a_move_that_counts_late_shows_the_old_price_until_then(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.LATE_AMEND, 1.0)
        await exits.move(STOP, NEW_STOP)
        assert isinstance(exits.outcome(STOP), Acknowledged)
        assert (exits.pending(STOP), exits.trigger(STOP)) == (Change.MOVING, OLD_STOP)
        await exits.stands_at(STOP, NEW_STOP)


@LONG
async def test_a_stop_that_fires_while_its_move_is_under_way_is_shown_as_it_fired(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.LATE_AMEND, 60.0)
        await exits.move(STOP, Decimal("90000.00"))
        await stage.move(BUY.stop)
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.STOPPED
        assert (exits.pending(STOP), exits.trigger(STOP)) == (None, OLD_STOP)


@pytest.mark.parametrize(
    "order",
    [
        Fault.REORDER_EVENTS,
        pytest.param(None, marks=LONG),
        pytest.param(Fault.REPEAT_EVENTS, marks=LONG),
        pytest.param(Fault.MUTE_STREAMS, marks=LONG),
    ],
)
async def test_an_order_renamed_by_its_move_is_followed(
    order: Fault | None, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=over(REST)) as stage:
        exits = Exits(stage)
        await exits.protected()
        old = (await exits.there(STOP)).order_id
        if order is not None:
            stage.arm(order, 2)
        stage.arm(Fault.RENAME_ON_AMEND)
        await exits.move(STOP, NEW_STOP)
        await exits.stands_at(STOP, NEW_STOP)
        new = await exits.there(STOP)
        assert new.order_id != old
        await stage.shows_legs(*PROTECTED)
        assert stage.phase() is Phase.PROTECTED
        stage.controls.clear(Fault.MUTE_STREAMS)
        await stage.see(lambda: new.order_id in str(latest(stage.strategy, STOP)), "the new order id")
        await exits.move(STOP, Decimal("91600.00"))
        await exits.stands_at(STOP, Decimal("91600.00"))
        await stage.move("91600.00")
        await stage.reaches(Phase.CLOSED)
        assert closing(stage.strategy) is Closing.STOPPED
        assert await exits.requests() == [MOVE] * 2


@LONG
async def test_what_was_changed_is_there_after_a_restart(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        await exits.protected()
        stage.arm(Fault.RENAME_ON_AMEND)
        await exits.move(STOP, NEW_STOP)
        await exits.stands_at(STOP, NEW_STOP)
        await exits.remove(TARGET)
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)
        told = stage.timeline()

    async with on_stage(tmp_path) as stage:
        exits = Exits(stage)
        assert stage.legs() == (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.CANCELLED)
        assert (stage.phase(), exits.trigger(STOP), stage.timeline()) == (Phase.PROTECTED, NEW_STOP, told)
        await stage.move(str(NEW_STOP))
        await stage.reaches(Phase.CLOSED)
        assert await exits.requests() == []


@dataclass(frozen=True)
class Killed:
    """What the program had asked for when it was killed, and what stands at the next start."""

    method: str
    fault: Fault
    pending: Change | None
    legs: tuple[LegStatus, ...] = PROTECTED
    stop: Decimal = OLD_STOP


KILLED = (
    Killed(MOVE, Fault.LOSE_AMEND_DONE, None, stop=NEW_STOP),
    Killed(MOVE, Fault.LOSE_AMEND_UNDONE, Change.MOVING),
    Killed(REMOVE, Fault.LOSE_CANCEL_DONE, None, (LegStatus.FILLED, LegStatus.CANCELLED, LegStatus.ACTIVE)),
    Killed(REMOVE, Fault.LOSE_CANCEL_UNDONE, Change.REMOVING),
)


def _killed() -> list[object]:
    """The first with every run, the others with the long check."""
    return [pytest.param(each, marks=LONG if number else (), id=each.fault.value) for number, each in enumerate(KILLED)]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL belongs to POSIX")
@pytest.mark.parametrize("killed", _killed())
async def test_killed_before_the_reply_it_asks_at_the_next_start_and_sends_nothing(
    killed: Killed, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    folder = tmp_path / "data"
    with started(tmp_path, "tests.e2e.child", "exit", str(folder), killed.method, killed.fault) as child:
        await until(lambda: child.says("asked"), LIMIT_S, "a request that is never answered")
        child.kill()
    (before,) = await from_journal(folder)
    assert [request.outcome for request in exit_requests(before, STOP)] == [None]
    async with on_stage(folder) as stage:
        exits = Exits(stage)
        assert isinstance(exits.outcome(STOP), Unknown)
        await stage.shows_legs(*killed.legs)
        assert await stage.program.desk.check()
        assert (exits.pending(STOP), exits.trigger(STOP), stage.legs()) == (killed.pending, killed.stop, killed.legs)
        there = await exits.there(STOP)
        assert (there.ref_price, there.status is Status.ACTIVE) == (killed.stop, stage.phase() is Phase.PROTECTED)
        assert await exits.requests() == []
