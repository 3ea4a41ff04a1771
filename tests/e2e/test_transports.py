"""The same trades over either way the trader may choose: the window, the record and the exchange agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault, Loss
from tests.e2e.stage import BUY, MARK, Stage, on_stage
from tests.e2e.test_submit_and_follow import TO_ENTRY, TO_TARGET, compare

if TYPE_CHECKING:
    import qasync

WAYS = pytest.mark.parametrize("chosen", [Transport.REST, Transport.WEBSOCKET])


def over(chosen: Transport) -> DeskOptions:
    """The trader's choice in Settings."""
    return DeskOptions(transport=lambda: chosen)


async def went(stage: Stage, way: str) -> None:
    """Recorded and sent once, the one way."""
    assert stage.strategy.intent.transport == way
    assert [seen.transport for seen in (await stage.ledger()).creates] == [way]


@WAYS
async def test_a_trade_to_its_target(chosen: Transport, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=over(chosen)) as stage:
        await stage.moved(MARK)
        await stage.send(BUY)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        await went(stage, chosen)
        await stage.move(TO_ENTRY[BUY.side])
        await stage.reaches(Phase.PROTECTED)
        await stage.move(TO_TARGET[BUY.side])
        await stage.reaches(Phase.CLOSED)
        await compare(stage)


@WAYS
async def test_a_trade_that_is_cancelled(chosen: Transport, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=over(chosen)) as stage:
        await stage.send(BUY)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        await stage.cancel()
        await stage.reaches(Phase.CLOSED)
        assert stage.chip() == "Cancelled by you"
        assert [asked.transport for asked in stage.strategy.cancel_asked] == [chosen]
        await went(stage, chosen)


async def test_left_alone_it_takes_the_websocket(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await went(stage, "websocket")


async def test_left_alone_it_takes_rest_where_the_stream_brings_no_orders(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, before=lambda server: server.controls.arm(Fault.ORDER_CHANNELS, ())) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await went(stage, "rest")


async def test_a_chosen_websocket_is_not_replaced_when_it_breaks(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=over(Transport.WEBSOCKET)) as stage:
        stage.arm(Fault.LOSE_REPLY_UNPLACED, Loss.ABORT)
        await stage.send(BUY)
        await stage.reaches(Phase.UNKNOWN)
        await stage.see(lambda: stage.strategy.looks, "a round of questions")
        await went(stage, "websocket")
