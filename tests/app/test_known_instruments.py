"""Instruments from an earlier run: good enough to plan with, not good enough to send."""

from __future__ import annotations

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.gate import NO_INSTRUMENTS
from tests.app.fakes import BTC, LIVE, FakeGateway, MemoryJournal, Time, settle


async def test_they_stand_in_until_the_list_has_come() -> None:
    time = Time()
    gateway = FakeGateway(time)
    gateway.reachable = False
    desk = Desk(gateway, MemoryJournal(), time, "practice", DeskOptions(sleep=time.sleep, known=(BTC,)))
    await desk.open()
    gateway.tell_connection(LIVE)
    gateway.tell_subscribed()
    await settle()
    assert desk.surroundings().instrument == BTC
    assert (desk.gate().open, desk.gate().reason) == (False, NO_INSTRUMENTS)

    gateway.reachable = True
    await time.advance(2)
    await settle()
    assert len(desk.state.instruments) == 2
    assert desk.gate().reason != NO_INSTRUMENTS
    await desk.close()
