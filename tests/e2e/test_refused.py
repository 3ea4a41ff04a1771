"""Refusals: at once, late on the stream, and when a stop should become active. The window says what it means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.domain.lifecycle import unprotected_quantity
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.faults import Fault
from otoco_desktop.ui.strategies.model import CELL_ROLE
from otoco_desktop.ui.widgets.tones import Tone
from tests.e2e.stage import BUY, SELL, Plan, Stage, on_stage

if TYPE_CHECKING:
    import qasync

REJECTED, CANCELLED = LegStatus.REJECTED, LegStatus.CANCELLED
REFUSALS = {
    306: "The exchange refused it: insufficient balance (code 306). Nothing was placed.",
    213: "The exchange refused it: the quantity is not valid for this instrument (code 213). Nothing was placed.",
}


@pytest.mark.parametrize("code", REFUSALS)
async def test_refused_at_submit(code: int, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REFUSE_CREATE, code)
        await stage.send(BUY)
        await stage.reaches(Phase.REJECTED)
        await stage.see(lambda: stage.hands.says(REFUSALS[code]), REFUSALS[code])
        assert stage.chip() == "Rejected"
        assert not stage.banner()
        assert not (await stage.ledger()).lists
        await stage.see(lambda: stage.hands.says("Ready."), "that the same plan may be sent again")


async def test_an_entry_rejected_on_the_stream(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REJECT_ENTRY, 306)
        await stage.send(BUY)
        await stage.shows_legs(REJECTED, CANCELLED, CANCELLED)
        assert stage.phase() is Phase.REJECTED
        said = "The exchange refused it: insufficient balance. Nothing was bought or sold."
        await stage.see(lambda: stage.hands.says(said), said)
        assert stage.row()[2] == "Entry leg, rejected, 92,400.00"


@pytest.mark.parametrize("plan", [BUY, SELL], ids=["buy", "sell"])
async def test_a_stop_rejected_when_it_should_become_active(
    plan: Plan, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REJECT_STOP, 229)
        await stage.send(plan)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        await stage.move("92390.00" if plan is BUY else "94010.00")
        await stage.shows_legs(LegStatus.FILLED, REJECTED, LegStatus.ACTIVE)
        assert stage.phase() is Phase.UNPROTECTED
        await loud(stage)
        said = "0.10000 BTC is unprotected. The stop was rejected (invalid trigger price)."
        await stage.see(lambda: stage.hands.says(said), said)
        assert unprotected_quantity(stage.strategy) == (await stage.legs_there())[0].filled


async def test_a_target_rejected_leaves_the_stop_and_says_so(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REJECT_TARGET, 229)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.shows_legs(LegStatus.FILLED, LegStatus.ACTIVE, REJECTED)
        assert stage.hands.says(
            "The target was rejected (invalid trigger price). The stop at 90,552.00 is still active."
        )


async def loud(stage: Stage) -> None:
    """The chip says it in the colour of a loss, with the sign of a failure."""
    await stage.see(lambda: stage.chip() == "Unprotected", "the chip")
    model = stage.program.window.page.strategies.table.model()
    chip = model.index(0, 0).data(CELL_ROLE).chip
    assert chip.tone is Tone.NEG
