"""Candles of the chosen instrument: history by query, then live; late answers about another one are dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from otoco_desktop.app.candle_port import CandleListener
from otoco_desktop.domain.candles import CandleNews, CandleSeries, Timeframe, joined
from otoco_desktop.domain.errors import ExchangeTrouble

if TYPE_CHECKING:
    from otoco_desktop.app.kit import Kit

BACK_OFF_S = (2.0, 4.0, 8.0, 15.0, 30.0)


class Charting:
    """Asks nothing until somebody wants to see candles."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._symbol = ""
        self._timeframe: Timeframe | None = None
        self._listener: CandleListener = _nobody
        self._series: CandleSeries | None = None
        self._refilled_ms = 0

    def show(self, timeframe: Timeframe, listener: CandleListener) -> None:
        """Follow this timeframe from now on, and tell this listener."""
        self._timeframe, self._listener = timeframe, listener
        self._begin()

    def follow(self, symbol: str) -> None:
        """Follow this instrument from now on."""
        if symbol != self._symbol:
            self._symbol = symbol
            self._begin()

    def _begin(self) -> None:
        if not self._symbol or self._timeframe is None:
            return
        self._refilled_ms = 0
        self._series = CandleSeries(self._symbol, self._timeframe, loading=True)
        self._listener(self._series)
        self._kit.gateway.watch_candles(self._symbol, self._timeframe, self.take)
        self._ask(self._series)

    def _ask(self, series: CandleSeries) -> None:
        self._kit.tasks.spawn(self._fetch(series.instrument, series.timeframe), "fetching candles")

    async def _fetch(self, symbol: str, timeframe: Timeframe) -> None:
        """Ask until the answer comes, with growing pauses, as long as it is still wanted."""
        failures = 0
        while True:
            try:
                found = await self._kit.gateway.candles(symbol, timeframe)
            except ExchangeTrouble as trouble:
                series = self._wanted(symbol, timeframe)
                if series is None:
                    return
                self._tell(replace(series, loading=False, trouble=str(trouble)))
                await self._kit.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
                failures += 1
                continue
            series = self._wanted(symbol, timeframe)
            if series is not None:
                both = joined(found, series.candles)
                self._tell(replace(series, candles=both, loading=False, trouble=""))
            return

    def take(self, news: CandleNews) -> None:
        """Live candles; where some are missing before them, the history is asked for again, once."""
        series = self._wanted(news.instrument, news.timeframe)
        if series is None or not news.candles:
            return
        first_ms = min(candle.start_ms for candle in news.candles)
        last_ms = series.candles[-1].start_ms if series.candles else first_ms
        if first_ms - last_ms > series.timeframe.ms and first_ms > self._refilled_ms:
            self._refilled_ms = first_ms
            self._ask(series)
        self._tell(replace(series, candles=joined(series.candles, news.candles)))

    def _wanted(self, symbol: str, timeframe: Timeframe) -> CandleSeries | None:
        """The series, if this is still what is shown."""
        series = self._series
        return series if series and (series.instrument, series.timeframe) == (symbol, timeframe) else None

    def _tell(self, series: CandleSeries) -> None:
        self._series = series
        self._listener(series)


def _nobody(_series: CandleSeries) -> None:
    """Nobody wants to see candles."""
