"""Sentences and short words of the chart, in one place."""

from __future__ import annotations

from otoco_desktop.domain.candles import Candle, CandleSeries, Timeframe
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.money import MINUS, grouped, signed_percent

HINT = "Drag a line, or F6 then ↑ ↓ to move by ticks"
HINT_MORE = "A click fills the price field that has the keyboard. The wheel zooms, dragging the ground moves."
NO_LINES = "No price lines yet. Type an entry price first."
NO_CANDLES = "The exchange has no candles of {symbol} for {timeframe}."
OFF_TICK = "off tick"
ABOVE_ENTRY = "above entry"
BELOW_ENTRY = "below entry"
BELOW_FEES = "below fees"
LINE_WORDS = {Field.ENTRY: "Entry", Field.STOP: "Stop", Field.TARGET: "Target"}
FILLED_BY_CLICK = {
    Field.ENTRY: "entry price",
    Field.STOP: "stop trigger",
    Field.STOP_LIMIT: "stop limit",
    Field.TARGET: "target trigger",
    Field.TARGET_LIMIT: "target limit",
}


def spoken_line(field: Field, price: str, more: str) -> str:
    """``Stop line, 90,552.00, minus 2.00 percent``."""
    return ", ".join(filter(None, (f"{LINE_WORDS[field]} line", price, more)))


def spoken_percent(ratio: str) -> str:
    """A signed percentage as it is read out."""
    return ratio.replace(MINUS, "minus ").replace("+", "plus ").replace("%", " percent")


def zones_hidden(field: Field, entry: str, *, above: bool) -> tuple[str, str]:
    """Why no zones are drawn, and what to do."""
    way = "above" if above else "below"
    what = LINE_WORDS[field].lower()
    why = f"The {what} is on the wrong side of the entry. Drag it {way} {entry} or fix it in the plan."
    return "Zones hidden.", why


def standing(series: CandleSeries | None) -> str:
    """What stands in the middle of a chart that is not whole; empty where all is there."""
    if series is None:
        return "Waiting for the exchange."
    if series.trouble:
        return f"{'Candles are missing.' if series.candles else 'No candles.'} {series.trouble}"
    if series.loading:
        return f"Loading {series.instrument} {series.timeframe.value}…"
    return "" if series.candles else NO_CANDLES.format(symbol=series.instrument, timeframe=series.timeframe.value)


def spoken_chart(series: CandleSeries | None, timeframe: Timeframe) -> str:
    """The chart in a sentence, for those who do not see it."""
    said = standing(series)
    if series is None or said:
        return said
    newest = grouped(series.candles[-1].close)
    return f"{series.instrument}, {timeframe.value}, {len(series.candles)} candles, newest close {newest}."


def readout(candle: Candle, at: str, places: int) -> str:
    """One candle in a line: ``22 Nov 12:15  O 93,000.00  H …  L …  C …  +0.12%``."""
    prices = (("O", candle.open), ("H", candle.high), ("L", candle.low), ("C", candle.close))
    figures = "  ".join(f"{letter} {grouped(price, places)}" for letter, price in prices)
    return f"{at}  {figures}  {signed_percent(candle.close / candle.open - 1, 2)}"


def click_fills(field: Field | None) -> str:
    """What a click would do now."""
    return f"click fills the {FILLED_BY_CLICK[field]}" if field in FILLED_BY_CLICK else ""
