"""How the window asks for candles; apart from who answers, which is not needed for the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from otoco_desktop.domain.candles import CandleSeries, Timeframe

CandleListener: TypeAlias = "Callable[[CandleSeries], None]"


class CandlePort(Protocol):
    """Tells the candles of the chosen instrument."""

    def show_candles(self, timeframe: Timeframe, listener: CandleListener) -> None:
        """Tell this listener the candles of whichever instrument is chosen, in place of any other before."""
