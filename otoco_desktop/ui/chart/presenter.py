"""Between ticket and chart: every move of a line is a text typed into its field, and every key a new picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from otoco_desktop.app.candle_port import CandlePort
from otoco_desktop.domain.candles import CandleSeries, Timeframe
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.state import ChartState, OtherLine, build
from otoco_desktop.ui.ticket.presenter import TicketPresenter
from otoco_desktop.ui.ticket.state import TicketState

if TYPE_CHECKING:
    from otoco_desktop.domain.strategy import Strategy


@dataclass(frozen=True, slots=True)
class _Held:
    """A line while it is dragged, with the draft as it stood before."""

    field: Field
    draft: OtocoDraft
    symbol: str


class ChartPresenter:
    """Asks for candles once it is listened to. Prices it is given are whole ticks already."""

    def __init__(self, ticket: TicketPresenter, candles: CandlePort, timeframe: Timeframe = Timeframe.M15) -> None:
        self._ticket = ticket
        self._candles = candles
        self._others: tuple[OtherLine, ...] = ()
        self._held: _Held | None = None
        self._on_state: Callable[[ChartState], None] = _nobody
        self._on_series: Callable[[CandleSeries], None] = _nobody
        self.timeframe = timeframe
        self.series: CandleSeries | None = None
        self.state = build(ticket.verdict, ticket.surroundings)

    def listen(self, on_state: Callable[[ChartState], None], on_series: Callable[[CandleSeries], None]) -> None:
        """Tell these from now on, and begin to follow candles."""
        self._on_state, self._on_series = on_state, on_series
        self._ticket.listen(self._changed)
        self._candles.show_candles(self.timeframe, self._take)

    def choose(self, timeframe: Timeframe) -> None:
        """Show candles of this length from now on."""
        if timeframe is not self.timeframe:
            self.timeframe = timeframe
            self._candles.show_candles(timeframe, self._take)

    def show_strategies(self, strategies: Sequence[Strategy], instrument: Instrument | None) -> None:
        """Show the lines of what is open on this instrument."""
        found = _others(strategies, instrument) if strategies and instrument else ()
        if found != self._others:
            self._others = found
            self._changed(self._ticket.state, self._ticket.verdict)

    @property
    def standing(self) -> str:
        """What stands where no candles are."""
        return words.standing(self.series)

    # Moving a line

    @property
    def held(self) -> Field | None:
        """The line that is being dragged."""
        return self._held.field if self._held else None

    def hold(self, field: Field) -> None:
        """Begin to drag this line."""
        self._held = _Held(field, self._ticket.draft, self._symbol)

    def drag(self, price: Decimal) -> None:
        """The held line stands at this price: the field says so as an absolute price."""
        held = self._held
        if held is None or held.symbol != self._symbol:
            self._held = None
        elif plain(price) != self._ticket.draft.text(held.field):
            self._ticket.edit(held.field, plain(price))

    def release(self) -> None:
        """The line stays where it is."""
        self._held = None

    def restore(self) -> None:
        """Put back exactly what stood in the field before the drag."""
        held, self._held = self._held, None
        if held is not None and held.symbol == self._symbol:
            self._ticket.put_back(held.field, held.draft)

    def step(self, field: Field, ticks: int) -> None:
        """Move a line by whole ticks, as its field does."""
        self._ticket.step(field, ticks)

    def pick(self, field: Field, price: Decimal) -> None:
        """Put a price into the field that has the keyboard."""
        if field in words.FILLED_BY_CLICK:
            self._ticket.edit(field, plain(price))

    @property
    def _symbol(self) -> str:
        instrument = self._ticket.surroundings.instrument
        return "" if instrument is None else instrument.symbol

    # Told

    def _changed(self, _ticket: TicketState, verdict: Verdict) -> None:
        self.state = build(verdict, self._ticket.surroundings, self._others)
        self._on_state(self.state)

    def _take(self, series: CandleSeries) -> None:
        self.series = series
        self._on_series(series)


def remembered(kept: str | None) -> Timeframe:
    """The timeframe that was kept, or the usual one where none of ours was."""
    return Timeframe(kept) if kept in tuple(Timeframe) else Timeframe.M15


def _nobody(_news: object) -> None:
    """Nobody listens yet."""


def _others(strategies: Sequence[Strategy], instrument: Instrument) -> tuple[OtherLine, ...]:
    from otoco_desktop.ui.chart.others import others  # noqa: PLC0415 - its import is not for the start

    return others(strategies, instrument)
