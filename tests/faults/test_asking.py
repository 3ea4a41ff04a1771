"""Questions about an order whose fate is unknown: no answer never counts as *not there*, and clocks are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.looks import is_complete
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault, Loss, RawReply
from tests.e2e.stage import BRISK, BUY, PACE, on_stage
from tests.faults.actions import Cut, End, Way
from tests.faults.evidence import Evidence
from tests.faults.seen import held, shown
from tests.faults.wired import REST, impatient, wired

if TYPE_CHECKING:
    import qasync

__all__ = ["impatient"]

DETAIL = "private/advanced/get-order-detail"
LONG = pytest.mark.long
UNKNOWN = "Outcome unknown. Checking with the exchange. Do not resubmit."


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("row", "cut"),
    [
        pytest.param(5, Cut(Way.UP, 300), marks=pytest.mark.fault(5), id="reset while sending"),
        pytest.param(6, Cut(Way.UP, 300, End.SILENCE), marks=pytest.mark.fault(6), id="never processed"),
        pytest.param(7, Cut(Way.DOWN, 0, End.SILENCE), marks=pytest.mark.fault(7), id="processed"),
        pytest.param(9, Cut(Way.UP, 0), marks=pytest.mark.fault(9), id="closed while idle, in the same moment"),
    ],
)
async def test_a_create_without_an_answer(
    row: int, cut: Cut, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with wired(tmp_path, REST) as here:
        stage = here.stage
        stage.arm(Fault.HIDE_ORDERS)
        stage.arm(Fault.MUTE_STREAMS)
        here.proxy.cut(cut)
        await stage.send(BUY)
        await stage.see(lambda: stage.banner().startswith(UNKNOWN), UNKNOWN)
        assert stage.chip() == "Outcome unknown"
        said = shown(stage)
        stage.controls.clear()
        stage.arm(Fault.CLOCK_AHEAD, 130)
        stage.clock.skip_wall(130_000)
        await stage.reaches(Phase.WORKING if cut.way is Way.DOWN else Phase.UNRESOLVED)
        assert stage.chip() == ("Entry working" if cut.way is Way.DOWN else "Not found yet")
        ledger = await stage.ledger()
        assert len(ledger.creates) == len(ledger.lists) == (cut.way is Way.DOWN)
        evidence.note(row, injected=str(cut), shown=f"{said}, then {shown(stage)}", ledger=await held(stage))


@pytest.mark.fault(8)
@pytest.mark.usefixtures("impatient")
async def test_processed_after_we_gave_up(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.arm(Fault.LATE_CREATE, 4.0)
        await here.stage.send(BUY)
        await here.stage.see(lambda: here.stage.banner().startswith(UNKNOWN), UNKNOWN)
        said = shown(here.stage)
        await here.stage.reaches(Phase.WORKING)
        assert len((await here.stage.ledger()).creates) == 1
        evidence.note(
            8,
            injected="placed after the read timeout",
            shown=f"{said}, then {shown(here.stage)}",
            ledger=await held(here.stage),
        )


@pytest.mark.fault(9)
async def test_connections_closed_while_idle(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    patient = DeskOptions(transport=lambda: Transport.REST)
    async with wired(tmp_path, REST, options=patient) as here:
        here.stage.plan(BUY)
        await here.stage.review()
        here.proxy.hang_up()
        before = here.proxy.accepted
        await here.stage.confirm()
        await here.stage.reaches(Phase.WORKING)
        assert here.proxy.accepted > before
        assert len((await here.stage.ledger()).creates) == 1
        evidence.note(9, injected="idle connections closed", shown=shown(here.stage), ledger=await held(here.stage))


@pytest.mark.fault(22)
async def test_an_order_that_a_replica_hides(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        for fault, value in (
            (Fault.HIDE_ORDERS, True),
            (Fault.MUTE_STREAMS, True),
            (Fault.LOSE_REPLY_PLACED, Loss.ABORT),
        ):
            stage.arm(fault, value)
        await stage.send(BUY)
        await stage.see(lambda: len(stage.strategy.looks) >= 5, "five rounds of questions")
        assert stage.phase() is Phase.UNKNOWN
        said = f"{shown(stage)} after {len(stage.strategy.looks)} rounds"
        stage.controls.clear()
        await stage.reaches(Phase.WORKING)
        assert len((await stage.ledger()).creates) == 1
        evidence.note(
            22, injected="queries find nothing", shown=f"{said}, then {shown(stage)}", ledger=await held(stage)
        )


@pytest.mark.fault(24)
@pytest.mark.parametrize("status", [401, pytest.param(429, marks=LONG), pytest.param(503, marks=LONG)])
async def test_questions_that_get_no_answer_do_not_count(
    status: int, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.LOSE_REPLY_UNPLACED, Loss.ABORT)
        stage.controls.arm_raw(DETAIL, RawReply(b"<h1>no</h1>", status, "text/html"))
        await stage.send(BUY)
        await stage.see(lambda: stage.strategy.looks, "a round of questions")
        look = stage.strategy.looks[0]
        assert not is_complete(look)
        said = [answer for answer in look.answers if not answer.answered]
        assert said
        assert stage.phase() is Phase.UNKNOWN
        evidence.note(
            24,
            injected=f"detail answered by {status}",
            shown=f"{shown(stage)} ({said[0]})",
            ledger=await held(stage),
        )


@pytest.mark.fault(21)
@pytest.mark.parametrize(
    ("ahead_s", "way"),
    [
        (61, "behind"),
        pytest.param(-61, "ahead of", marks=LONG),
        pytest.param(600, "behind", marks=LONG),
        (-600, "ahead of"),
    ],
)
async def test_a_clock_that_is_off(
    ahead_s: int, way: str, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(
        tmp_path, before=lambda server: server.controls.arm(Fault.CLOCK_AHEAD, ahead_s), ready=False
    ) as stage:
        await stage.see(lambda: f" s {way} the exchange. Set it, then check again." in stage.notice(), way)
        assert not stage.program.desk.state.gate.open
        evidence.note(21, injected=f"exchange {ahead_s:+} s", shown=stage.notice(), ledger=await held(stage))


@pytest.mark.fault(49)
@pytest.mark.parametrize("jump_s", [3_600, pytest.param(-3_600, marks=LONG)])
async def test_a_wall_clock_that_jumps(
    jump_s: int, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path, pace=replace(PACE)) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        stage.clock.skip_wall(jump_s * 1000)
        await stage.move("92390.00")
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)
        assert stage.chip() == "Exits active"
        assert len((await stage.ledger()).creates) == 1
        evidence.note(49, injected=f"wall clock {jump_s:+} s", shown=shown(stage), ledger=await held(stage))
