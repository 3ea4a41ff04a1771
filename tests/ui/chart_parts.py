"""A window with its chart over candles that a test decides on."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType

from otoco_desktop.domain.candles import Candle, CandleSeries, Timeframe
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.charting import ChartParts
from otoco_desktop.ui.shell.window import MainWindow, Surface
from tests.ui.fakes import NOW_MS, FakeDesk, MemoryStore
from tests.ui.windows import Inline, dark_theme

CLOSES = (
    90300, 90600, 90850, 90650, 90500, 90750, 90900, 91000, 90700, 90900, 91350, 91250, 91100, 91500, 91400,
    91600, 91800, 91550, 91400, 92000, 91700, 91950, 92400, 92700, 93000, 93300, 93200, 93600, 93900, 94050,
    93700, 93500, 93800, 93400, 93900, 93650, 93300, 93000, 93200, 92900, 93000, 92800, 92500, 93118,
)  # fmt: skip


class Candles:
    """Satisfies the port; what was asked for is kept, and tests tell what comes."""

    def __init__(self, candles: tuple[Candle, ...] | None = None) -> None:
        self.candles = drawn_candles() if candles is None else candles
        self.asked: list[Timeframe] = []
        self.listener: Callable[[CandleSeries], None] = lambda _series: None

    def show_candles(self, timeframe: Timeframe, listener: Callable[[CandleSeries], None]) -> None:
        self.asked.append(timeframe)
        self.listener = listener
        listener(CandleSeries("BTC_USD", timeframe, loading=True))
        if self.candles:
            self.tell(self.candles, timeframe)

    def tell(self, candles: tuple[Candle, ...], timeframe: Timeframe = Timeframe.M15) -> None:
        self.listener(CandleSeries("BTC_USD", timeframe, candles))


def drawn_candles(count: int = len(CLOSES), length_ms: int = Timeframe.M15.ms) -> tuple[Candle, ...]:
    """Candles much like the drawing's, up to now; more than it has repeat its shape."""
    last_ms = NOW_MS - NOW_MS % length_ms
    made, opened = [], Decimal(CLOSES[0] - 200)
    for at in range(count):
        close = Decimal(CLOSES[(at - count) % len(CLOSES)])
        high = max(opened, close) + at * 37 % 200 + 20
        low = min(opened, close) - at * 53 % 180 - 20
        made.append(Candle(last_ms - (count - 1 - at) * length_ms, opened, high, low, close))
        opened = close
    return tuple(made)


async def _load() -> ModuleType:
    return importlib.import_module("otoco_desktop.ui.chart.view")


def charted_window(
    desk: FakeDesk,
    candles: Candles | None = None,
    installed: theme.Theme | None = None,
    store: MemoryStore | None = None,
) -> MainWindow:
    """A window with its chart, not shown yet."""
    parts = ChartParts(candles or Candles(), _load)
    return MainWindow(desk, Surface(Inline(), store or MemoryStore(), installed or dark_theme(), chart=parts))
