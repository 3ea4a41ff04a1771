"""Candles on their way to the window: loading, live, gaps, failures, and answers nobody waits for any more."""

from __future__ import annotations

import asyncio

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.front import DeskFront
from otoco_desktop.domain.candles import CandleNews, CandleSeries, Timeframe
from tests.app.fakes import START, FakeGateway, MemoryJournal, Time, candle, settle
from tests.app.world import World, world

M15 = Timeframe.M15
QUARTER = M15.ms


def news(world: World, *starts: int, symbol: str = "BTC_USD", timeframe: Timeframe = M15) -> None:
    assert world.gateway.tell_candles is not None
    world.gateway.tell_candles(CandleNews(symbol, timeframe, tuple(candle(START + start) for start in starts)))


def starts(series: CandleSeries) -> list[int]:
    return [found.start_ms - START for found in series.candles]


async def test_nothing_is_asked_until_somebody_looks() -> None:
    async with world() as here:
        assert here.gateway.watched_candles == []


async def test_history_then_live() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        here.desk.show_candles(M15, seen.append)
        assert (seen[-1].instrument, seen[-1].loading, seen[-1].candles) == ("BTC_USD", True, ())
        await settle()
        assert (seen[-1].loading, starts(seen[-1])) == (False, [0])
        news(here, QUARTER)
        assert starts(seen[-1]) == [0, QUARTER]
        assert here.gateway.watched_candles == [("BTC_USD", M15)]


async def test_another_instrument_or_timeframe_begins_anew() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        here.desk.show_candles(M15, seen.append)
        await settle()
        here.desk.select("ETH_USD")
        assert (seen[-1].instrument, seen[-1].loading, seen[-1].candles) == ("ETH_USD", True, ())
        here.desk.show_candles(Timeframe.D1, seen.append)
        await settle()
        assert (seen[-1].timeframe, seen[-1].loading) == (Timeframe.D1, False)
        assert here.gateway.watched_candles[1:] == [("ETH_USD", M15), ("ETH_USD", Timeframe.D1)]


async def test_late_answers_and_late_news_are_dropped() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        held = asyncio.Event()
        here.gateway.before_answer = held.wait
        here.desk.show_candles(M15, seen.append)
        await settle()
        here.desk.select("ETH_USD")
        here.gateway.before_answer = None
        await settle()
        here.gateway.history = [candle(START + 5 * QUARTER)]
        held.set()
        await settle()
        assert {series.instrument for series in seen if series.candles} == {"ETH_USD"}
        assert starts(seen[-1]) == [0]
        news(here, QUARTER, symbol="BTC_USD")
        news(here, QUARTER, symbol="ETH_USD", timeframe=Timeframe.M1)
        assert starts(seen[-1]) == [0]


async def test_a_failure_is_said_and_asked_again_until_it_works() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        here.gateway.reachable = False
        here.desk.show_candles(M15, seen.append)
        await settle()
        assert seen[-1].trouble == "The exchange cannot be reached: connection refused."
        assert not seen[-1].loading
        await here.time.advance(2)
        here.gateway.reachable = True
        await here.time.advance(4)
        assert (seen[-1].trouble, starts(seen[-1])) == ("", [0])


async def test_a_failure_about_what_was_left_is_dropped() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        here.gateway.reachable = False
        held = asyncio.Event()
        here.gateway.before_answer = held.wait
        here.desk.show_candles(M15, seen.append)
        await settle()
        here.gateway.before_answer, here.gateway.reachable = None, True
        here.desk.show_candles(Timeframe.H1, seen.append)
        await settle()
        here.gateway.reachable = False
        held.set()
        await settle()
        assert (seen[-1].timeframe, seen[-1].trouble) == (Timeframe.H1, "")


async def test_missing_candles_are_asked_for_once_and_otherwise_left_missing() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        here.desk.show_candles(M15, seen.append)
        await settle()
        here.gateway.history = [candle(START), candle(START + QUARTER)]
        news(here, 4 * QUARTER)
        await settle()
        assert starts(seen[-1]) == [0, QUARTER, 4 * QUARTER]
        here.gateway.history = [candle(START + 2 * QUARTER)]
        news(here, 4 * QUARTER)
        await settle()
        assert starts(seen[-1]) == [0, QUARTER, 4 * QUARTER]


async def test_no_candles_at_all_are_an_answer_too() -> None:
    seen: list[CandleSeries] = []
    async with world() as here:
        here.gateway.history = []
        here.desk.show_candles(M15, seen.append)
        await settle()
        assert (seen[-1].loading, seen[-1].candles, seen[-1].trouble) == (False, (), "")
        news(here)
        assert not seen[-1].candles


async def test_the_front_passes_on_what_was_asked_before_there_was_a_desk() -> None:
    seen: list[CandleSeries] = []
    time = Time()
    front = DeskFront("practice", time)
    front.show_candles(M15, seen.append)
    assert seen == []
    await front.open(Desk(FakeGateway(time), MemoryJournal(), time, "practice", DeskOptions(sleep=time.sleep)))
    try:
        await settle()
        assert starts(seen[-1]) == [0]
        front.show_candles(Timeframe.H1, seen.append)
        assert (seen[-1].timeframe, seen[-1].loading) == (Timeframe.H1, True)
    finally:
        await front.close()
