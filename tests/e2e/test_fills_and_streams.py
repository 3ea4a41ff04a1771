"""Fills in parts, and streams that fail: what is not protected is said, and what was missed is caught up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.domain.lifecycle import unprotected_quantity
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.thread import PracticeServer
from tests.e2e.stage import BRISK, BUY, Stage, on_stage

if TYPE_CHECKING:
    import qasync

HALF = Decimal("0.05")
PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)


async def test_half_a_fill_that_stays_is_said_to_have_no_stop(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.HALF_FILL_STAY)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.reaches(Phase.PARTIAL)
        await stage.see(lambda: stage.chip() == "Partly filled 50%", "the chip")
        assert stage.hands.says("50% of the entry has filled. No stop is active yet.")
        assert stage.legs() == (LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        assert unprotected_quantity(stage.strategy) == HALF
        assert stage.hands.is_open("Cancel strategy")
        await cancel_the_rest(stage)


async def cancel_the_rest(stage: Stage) -> None:
    """The question says what will be left, and so does the end."""
    panel = stage.program.window.page.strategies
    stage.hands.click_on(panel.cancel_button)
    assert stage.hands.says("This cancels what is left of S-0001. 0.05000 BTC has filled and has no stop.")
    stage.hands.click_on(panel.sheet.keep)
    assert stage.phase() is Phase.PARTIAL, "the answer that keeps it changed something"
    await stage.cancel()
    await stage.reaches(Phase.UNPROTECTED)
    assert unprotected_quantity(stage.strategy) == HALF
    assert (await stage.legs_there())[0].filled == HALF


async def test_half_a_fill_that_the_exchange_cancels_is_unprotected(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.HALF_FILL_CANCEL)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.shows_legs(*(LegStatus.CANCELLED,) * 3)
        assert stage.phase() is Phase.UNPROTECTED
        said = "0.05 BTC is unprotected. The entry was cancelled after a partial fill."
        await stage.see(lambda: stage.hands.says(said) or stage.hands.says(said.replace("0.05", "0.05000")), said)
        await stage.see(lambda: stage.chip() == "Unprotected", "the chip")


async def test_removing_an_active_stop_asks_and_leaves_the_coins_bare(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.shows_legs(*PROTECTED)
        panel = stage.program.window.page.strategies
        stage.hands.click_on(panel.cancel_button)
        assert stage.hands.says("This removes your stop. 0.10000 BTC will be unprotected.")
        assert (panel.sheet.keep.text(), panel.sheet.remove.text()) == ("Keep stop", "Remove stop")
        stage.hands.click("Remove stop")
        await stage.reaches(Phase.UNPROTECTED)
        assert unprotected_quantity(stage.strategy) == Decimal("0.1")


async def test_a_fill_while_the_user_stream_is_gone_is_caught_up(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        stage.arm(Fault.MUTE_STREAMS)
        await stage.move("92390.00")
        await stage.ask(lambda controls: controls.beat(6))
        assert stage.phase() is Phase.WORKING
        stage.controls.clear(Fault.MUTE_STREAMS)
        await stage.ask(lambda controls: controls.disconnect_users())
        await stage.shows_legs(*PROTECTED)
        await stage.ready()


async def test_every_connection_breaks_during_a_fill(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.ask(lambda controls: controls.drop_connections())
        await stage.shows_legs(*PROTECTED)
        await stage.ready()
        await stage.move("97030.00")
        await stage.see(lambda: stage.chip() == "Target filled", "the end, on the new connection")


@pytest.mark.parametrize(
    ("fault", "value"), [(Fault.REPEAT_EVENTS, 3), (Fault.REORDER_EVENTS, 5), (Fault.DELAY_EVENTS, 0.2)]
)
async def test_events_that_come_twice_late_or_in_another_order_tell_the_same(
    fault: Fault, value: object, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(fault, value)
        await stage.send(BUY)
        await stage.see(lambda: stage.legs()[0] is LegStatus.ACTIVE, "the entry")
        await stage.move("92390.00")
        await stage.move("97030.00")
        await stage.shows_legs(LegStatus.FILLED, LegStatus.CANCELLED, LegStatus.FILLED)
        assert stage.chip() == "Target filled"
        assert not stage.strategy.anomalies


async def test_without_an_order_channel_it_asks_instead_and_says_so(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, before=refuse_order_channels, options=BRISK) as stage:
        await stage.see(lambda: "Live updates are off: asking every 2 s instead." in stage.notice(), "the notice")
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.shows_legs(*PROTECTED)
        assert all(item.found_by_check for item in stage.timeline() if item.exchange_ms is not None)


def refuse_order_channels(server: PracticeServer) -> None:
    server.controls.arm(Fault.ORDER_CHANNELS, ())
