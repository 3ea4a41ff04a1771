"""Positions, keys and sleeps: what others do to an order, and what a program must not do after it has slept."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from otoco_desktop.domain.audit import AuditEntry, AuditKind
from otoco_desktop.domain.lifecycle import unprotected_quantity
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.engine import Engine
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.model import Leg, NewLeg, NewList
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.strategies.rows import Show
from tests.e2e.stage import BUY, SELL, Stage, on_stage
from tests.faults.actions import Mutate
from tests.faults.evidence import Evidence
from tests.faults.seen import held, shown
from tests.faults.wired import REST, USER, wired

if TYPE_CHECKING:
    import qasync

PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)


async def protected(stage: Stage) -> None:
    await stage.send(BUY)
    await stage.reaches(Phase.WORKING)
    await stage.move("92390.00")
    await stage.shows_legs(*PROTECTED)


@pytest.mark.fault(60)
async def test_an_entry_filled_by_half_that_the_exchange_cancels(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.HALF_FILL_CANCEL)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.reaches(Phase.UNPROTECTED)
        await stage.see(lambda: stage.hands.says("0.05000 BTC is unprotected."), "the amount")
        assert unprotected_quantity(stage.strategy) == (await stage.legs_there())[0].filled == Decimal("0.05")
        evidence.note(60, injected="half filled, then cancelled", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(61)
async def test_a_stop_that_is_rejected_after_the_fill(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REJECT_STOP, 229)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.move("92390.00")
        await stage.reaches(Phase.UNPROTECTED)
        said = "0.10000 BTC is unprotected. The stop was rejected (invalid trigger price)."
        await stage.see(lambda: stage.hands.says(said), said)
        evidence.note(61, injected="stop rejected with 229", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(62)
async def test_both_exits_fill(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch, evidence: Evidence
) -> None:
    def stays(_self: Engine, leg: Leg, _now_ns: int) -> Leg:
        return leg

    async with on_stage(tmp_path) as stage:
        await protected(stage)
        monkeypatch.setattr(Engine, "_end", stays)
        await stage.move("97030.00")
        await stage.move("90000.00")
        await stage.shows_legs(*(LegStatus.FILLED,) * 3)
        assert stage.phase() is Phase.DIVERGED
        await stage.see(lambda: stage.chip() == "Differs from plan", "the chip")
        assert [leg.filled for leg in await stage.legs_there()] == [Decimal("0.1")] * 3
        evidence.note(62, injected="the exchange cancels no sibling", shown=shown(stage), ledger=await held(stage))


def elsewhere(stage: Stage) -> list[AuditEntry]:
    """What the audit lists as not made here."""
    found = stage.program.desk.state.audit.result
    return [entry for entry in found.entries if entry.kind is AuditKind.ELSEWHERE] if found else []


def theirs(family: tuple[Leg, Leg, Leg]) -> NewList:
    """The same list, asked for by somebody else."""
    legs = [
        NewLeg(
            kind=leg.kind,
            side=leg.side,
            quantity=leg.quantity,
            client_oid=f"theirs-{number}",
            price=leg.price,
            ref_price=leg.ref_price,
            fee_coin=leg.fee_coin,
        )
        for number, leg in enumerate(family)
    ]
    return NewList(symbol=family[0].symbol, legs=(legs[0], legs[1], legs[2]))


@pytest.mark.fault(34)
async def test_an_order_of_a_list_nobody_here_knows(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        wanted = await stage.ask(lambda controls: theirs(controls.ledger().lists[-1]))
        await stage.ask(lambda controls: controls.place(wanted))
        await stage.see(lambda: stage.program.desk.state.foreign, "that it is counted")
        stage.hands.press(Qt.Key.Key_F5)
        await stage.see(lambda: elsewhere(stage), "that it is listed apart")
        assert len(stage.strategies) == 1
        assert stage.phase() is Phase.WORKING
        (entry,) = elsewhere(stage)
        evidence.note(
            34,
            injected="the same plan placed elsewhere",
            shown=f"Placed elsewhere: {entry.label}. {entry.words}",
            ledger=await held(stage),
        )


@pytest.mark.fault(47)
@pytest.mark.parametrize(
    "both", [True, pytest.param(False, marks=pytest.mark.long)], ids=["either clock", "the wall clock alone"]
)
async def test_a_sleep_between_the_click_and_the_sending(
    both: bool, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.program.window.page.strategies.choose(Show.ALL)  # two hours later may be another day
        stage.plan(BUY)
        await stage.review()
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        stage.clock.skip_wall(7_200_000)
        if both:
            stage.clock.skip(7_200_000)
        await stage.reaches(Phase.NOT_SENT)
        await stage.see(lambda: stage.chip() == "Not sent", "the chip")
        ledger = await stage.ledger()
        assert (ledger.creates, ledger.lists) == ((), ())
        evidence.note(47, injected="2 h pass after Ctrl+Enter", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(53)
async def test_a_key_that_is_revoked_in_the_middle(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    def refused(reply: bytes) -> bytes:
        head, _, body = reply.partition(b"\r\n\r\n")
        said = json.loads(body)
        changed = json.dumps({"id": said.get("id"), "method": said.get("method"), "code": 40101}).encode()
        return re.sub(rb"(?i)content-length: \d+", b"content-length: %d" % len(changed), head) + b"\r\n\r\n" + changed

    async with wired(tmp_path, REST) as here:
        stage = here.stage
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        here.proxy.mutate(Mutate(refused, within=b"private/advanced/get-", lasts=True))
        stage.arm(Fault.REFUSE_CREATE, 40101)
        await stage.send(SELL)
        await stage.reaches(Phase.REJECTED)
        stage.hands.press(Qt.Key.Key_F5)
        await stage.see(lambda: stage.hands.says("Cannot check"), "that it cannot check")
        assert stage.chip(1) == "Entry working"
        evidence.note(
            53,
            injected="every private answer is 40101",
            shown=f"{shown(stage)}; {stage.row(1)[0]}; Cannot check",
            ledger=await held(stage),
        )


@pytest.mark.fault(54)
async def test_a_journal_of_another_account(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
    (Places(tmp_path, Environment.PRACTICE).practice_book / "practice-key.json").unlink()
    async with on_stage(tmp_path) as stage:
        await stage.see(lambda: "another" in stage.notice(), "the notice")
        assert stage.phase() is Phase.WORKING
        assert not stage.strategy.looks
        evidence.note(54, injected="another key", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(63)
async def test_a_stop_that_is_cancelled_elsewhere(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with on_stage(tmp_path) as stage:
        await protected(stage)
        stop = (await stage.legs_there())[1].client_oid
        await stage.ask(lambda controls: controls.cancel(stop))
        await stage.reaches(Phase.UNPROTECTED)
        await stage.see(lambda: stage.hands.says("0.10000 BTC is unprotected."), "the amount")
        evidence.note(63, injected="stop cancelled elsewhere", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(35)
async def test_a_fill_while_nothing_is_heard(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with wired(tmp_path, USER) as here:
        stage = here.stage
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        here.proxy.refuse()
        here.proxy.reset_all()
        await stage.move("92390.00")
        await stage.shows_legs(*PROTECTED)
        found = [item.title for item in stage.timeline() if item.found_by_check]
        assert found
        said = f"{shown(stage)}; found by asking: {', '.join(found)}"
        here.proxy.heal()
        evidence.note(35, injected="stream gone during the fill", shown=said, ledger=await held(stage))


@pytest.mark.fault(48)
async def test_a_sleep_while_an_order_works(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        stage.arm(Fault.MUTE_STREAMS)
        await stage.move("92390.00")
        await stage.ask(lambda controls: controls.beat(5))
        stage.clock.skip_wall(7_200_000)
        stage.arm(Fault.CLOCK_AHEAD, 7_200)
        await stage.shows_legs(*PROTECTED)
        stage.controls.clear(Fault.MUTE_STREAMS)
        assert any(item.found_by_check for item in stage.timeline())
        evidence.note(48, injected="asleep for 2 h, filled meanwhile", shown=shown(stage), ledger=await held(stage))
