"""A user stream that does not come, goes, lies or falls silent: it is said, and orders are followed all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from websockets.frames import Frame, Opcode

from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.thread import PracticeServer
from tests.e2e.stage import BRISK, BUY, PACE, Stage, on_stage
from tests.faults.actions import Link, Mutate, Way
from tests.faults.evidence import Evidence
from tests.faults.frames import payload
from tests.faults.seen import held, shown
from tests.faults.wired import REST, USER, wired
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

POLLING = "Live updates are off: asking every 2 s instead."
FLOOD = 40
PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)


def light(stage: Stage, name: str = "User stream") -> str:
    """What the top bar says of one connection, as it is read out."""
    said = [each.accessibleName() for each in stage.program.window.top_bar.indicators]
    return next(words for words in said if words.startswith(name))


async def fills(stage: Stage) -> None:
    """The entry fills and both exits become active, and the program knows."""
    await stage.reaches(Phase.WORKING)
    await stage.move("92390.00")
    await stage.shows_legs(*PROTECTED)


@pytest.mark.fault(25)
async def test_a_stream_that_never_connects(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    bent = {USER: "ws://127.0.0.1:1/exchange/v1/user"}
    async with wired(tmp_path, REST, bent=bent) as here:
        stage = here.stage
        await stage.see(lambda: POLLING in stage.notice(), POLLING)
        await stage.send(BUY)
        await fills(stage)
        said = f"{shown(stage)} [{light(stage)}]"
        evidence.note(25, injected="user stream: closed port", shown=said, ledger=await held(stage))


@pytest.mark.fault(26)
async def test_a_sign_in_that_the_stream_refuses(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    def refuse(frame: bytes) -> bytes:
        said = {**json.loads(payload(frame)), "code": 40101}
        return Frame(Opcode.TEXT, json.dumps(said).encode()).serialize(mask=False)

    async with wired(tmp_path, USER) as here:
        stage = here.stage
        here.proxy.mutate(Mutate(refuse, within=b"public/auth", lasts=True))
        here.proxy.reset_all()
        await stage.see(lambda: "refused" in light(stage), "the words")
        before = here.proxy.accepted
        await stage.see(lambda: POLLING in stage.notice() or "lost" in stage.notice(), "the notice")
        assert here.proxy.accepted - before < 5, "it hammers"
        said = f"{shown(stage)} [{light(stage)}]"
        evidence.note(26, injected="public/auth answered with 40101", shown=said, ledger=await held(stage))
        here.proxy.heal()
        await stage.see(lambda: light(stage).endswith("live"), "that it comes back")


@pytest.mark.fault(27)
@pytest.mark.parametrize("names", [(), ("user.advance.order",)], ids=["none", "the other name"])
async def test_a_channel_under_no_name_or_another(
    names: tuple[str, ...], tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    def know(server: PracticeServer) -> None:
        server.controls.arm(Fault.ORDER_CHANNELS, names)

    async with on_stage(tmp_path, before=know, options=BRISK) as stage:
        if not names:
            await stage.see(lambda: POLLING in stage.notice(), POLLING)
        await stage.send(BUY)
        await fills(stage)
        assert stage.program.desk.state.connection.order_channel == (names[0] if names else None)
        said = f"{shown(stage)} [{light(stage)}]"
        evidence.note(27, injected=f"order channel known as {names}", shown=said, ledger=await held(stage))


@pytest.mark.fault(29)
async def test_a_line_whose_other_end_is_gone(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    pace = replace(PACE, timing=replace(PACE.timing, silence_ms=1_000))
    async with wired(tmp_path, USER, pace=pace) as here:
        stage = here.stage
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        here.proxy.be_silent()
        await stage.see(lambda: "User stream lost" in stage.notice(), "that it is noticed")
        said = f"{shown(stage)} [{light(stage)}]"
        await stage.move("92390.00")
        await stage.shows_legs(*PROTECTED)
        here.proxy.heal()
        await stage.see(lambda: light(stage).endswith("live"), "that it comes back")
        await stage.see(lambda: "lost" not in stage.notice(), "that the notice goes")
        evidence.note(29, injected="stream open, nothing forwarded", shown=said, ledger=await held(stage))


@pytest.mark.fault(30)
@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(1000, "closed by the exchange (1000)", marks=pytest.mark.long),
        (None, "the connection broke"),
        (1013, "the exchange is restarting"),
    ],
)
async def test_a_stream_that_is_closed(
    code: int | None, words: str, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    slow = replace(PACE.back_off, first=0.3, longest=0.6, patient=1.2)
    async with wired(tmp_path, USER, pace=replace(PACE, back_off=slow)) as here:
        stage = here.stage
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        before = here.proxy.accepted
        await stage.ask(lambda controls: controls.disconnect_users(code))
        await stage.see(lambda: words in light(stage), f"{words} in {light(stage)}")
        said = f"{shown(stage)} [{light(stage)}]"
        assert here.proxy.accepted == before, "it came back at once"
        await stage.see(lambda: light(stage).endswith("live"), "that it comes back")
        assert here.proxy.accepted == before + 1
        await fills(stage)
        evidence.note(30, injected=f"close {code or 1006}", shown=said, ledger=await held(stage))


@pytest.mark.parametrize(
    ("row", "fault", "value"),
    [
        pytest.param(31, Fault.REORDER_EVENTS, 5, marks=pytest.mark.fault(31)),
        pytest.param(32, Fault.REPEAT_EVENTS, 3, marks=pytest.mark.fault(32)),
    ],
)
async def test_events_that_come_in_another_order_or_again(
    row: int, fault: Fault, value: object, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(fault, value)
        await stage.send(BUY)
        await stage.see(lambda: stage.legs()[0] is LegStatus.ACTIVE, "the entry")
        await stage.move("92390.00")
        await stage.move("97030.00")
        await stage.shows_legs(LegStatus.FILLED, LegStatus.CANCELLED, LegStatus.FILLED)
        assert stage.chip() == "Target filled"
        told = [(item.title, item.detail) for item in stage.timeline()]
        assert len(told) == len(set(told)), "a line is told twice"
        assert not stage.strategy.anomalies
        evidence.note(row, injected=f"{fault}: {value}", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(33)
async def test_an_event_that_is_quicker_than_the_reply(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with wired(tmp_path, REST) as here:
        stage = here.stage
        here.proxy.link(Link(delay_s=0.7, ways=frozenset({Way.DOWN})))
        await stage.send(BUY)
        await stage.see(lambda: stage.legs()[0] is LegStatus.ACTIVE, "the event")
        assert stage.strategy.outcome is None, "the reply was quicker"
        said = shown(stage)
        await stage.see(lambda: stage.strategy.outcome, "the reply")
        assert stage.phase() is Phase.WORKING
        assert stage.legs()[0] is LegStatus.ACTIVE
        here.proxy.heal()
        evidence.note(33, injected="reply delayed", shown=f"{said}, then {shown(stage)}", ledger=await held(stage))


@pytest.mark.fault(37)
async def test_frames_that_cannot_be_read(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    row = b'{"id":-1,"method":"subscribe","code":0,"result":{"channel":"user.advanced.order","data":[{"order_id":[]}]}}'
    async with wired(tmp_path, USER) as here:
        stage = here.stage
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        for junk in (b"{", b"[]", b'{"id":{},"method":7}', row):
            here.proxy.say(junk)
        here.proxy.say(b"\x00\xff", Opcode.BINARY)
        await stage.see(lambda: "unreadable messages" in light(stage), "the count")
        said = light(stage)
        await fills(stage)
        evidence.note(37, injected="5 frames of junk", shown=f"[{said}] {shown(stage)}", ledger=await held(stage))
        await until(lambda: here.proxy.accepted >= 1)


@pytest.mark.fault(36)
async def test_a_flood_of_events(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REPEAT_EVENTS, FLOOD)
        await stage.send(BUY)
        await stage.see(lambda: stage.legs()[0] is LegStatus.ACTIVE, "the entry")
        await stage.move("92390.00")
        stage.hands.write("Quantity", "0.2")
        assert stage.hands.read("Quantity") == "0.2"
        await stage.shows_legs(*PROTECTED)
        await stage.move("97030.00")
        await stage.shows_legs(LegStatus.FILLED, LegStatus.CANCELLED, LegStatus.FILLED)
        await stage.see(lambda: stage.chip() == "Target filled", "the chip")
        assert light(stage).endswith("live")
        told = [(item.title, item.detail) for item in stage.timeline()]
        assert len(told) == len(set(told))
        evidence.note(36, injected=f"each event {FLOOD} times", shown=shown(stage), ledger=await held(stage))
