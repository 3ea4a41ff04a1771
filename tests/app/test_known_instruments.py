"""Instruments from an earlier run: good enough to plan with, not good enough to send."""

from __future__ import annotations

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.gate import NO_INSTRUMENTS
from otoco_desktop.app.supply import GONE
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


async def test_a_pair_that_was_taken_off_the_list_is_named_and_comes_back() -> None:
    time = Time()
    gateway = FakeGateway(time)
    desk = Desk(gateway, MemoryJournal(), time, "practice", DeskOptions(sleep=time.sleep))
    await desk.open()
    desk.select("GONE_USD")
    gateway.tell_connection(LIVE)
    await settle()
    assert desk.surroundings().instrument is None
    assert GONE.format(symbol="GONE_USD") in desk.state.trouble
    desk.select("BTC_USD")
    await settle()
    assert desk.surroundings().instrument == BTC
    assert GONE.format(symbol="GONE_USD") not in desk.state.trouble
    await desk.close()
