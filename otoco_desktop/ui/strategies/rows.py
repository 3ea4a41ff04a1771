"""Strategies as rows of the table: finished texts, icons and tones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.lifecycle import is_live, leg_status, may_cancel, phase
from otoco_desktop.domain.money import grouped, money_places, signed
from otoco_desktop.domain.order import Leg, LegRole, Side
from otoco_desktop.domain.strategy import LegStatus, Phase, Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import NO_VALUE, tone_of
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.amounts import Standing, coins_of, has_fill, realised, unrealised
from otoco_desktop.ui.strategies.legs import ARROW, Asked, asked_of, leg_price
from otoco_desktop.ui.strategies.phases import LEGS, NOT_CONFIRMED, ChipLook, LegLook, look_of

DAY_MS = 86_400_000
NOT_YET_SEEN = frozenset({Phase.INTENT, Phase.ACKED})
NOT_KNOWN = frozenset({Phase.INTENT, Phase.UNKNOWN, Phase.UNRESOLVED})


class Column(StrEnum):
    """The columns of the table, from the left."""

    STATE = "State"
    INSTRUMENT = "Instrument"
    ENTRY = "Entry"
    STOP = "Stop"
    TARGET = "Target"
    RESULT = "P&L"


EXIT_COLUMNS = {Column.STOP: LegRole.STOP, Column.TARGET: LegRole.TARGET}


class Show(StrEnum):
    """Which strategies the table lists."""

    OPEN = "Open"
    TODAY = "Today"
    ALL = "All"


@dataclass(frozen=True, slots=True)
class Cell:
    """Two lines of one cell. ``chip`` replaces the upper line; ``glyph`` stands before the lower one.

    ``narrow`` are the lines where there is no room for the others.
    """

    upper: str
    lower: str
    spoken: str
    chip: ChipLook | None = None
    glyph: Glyph | None = None
    glyph_tone: Token = Token.TEXT2
    upper_tone: Token = Token.TEXT
    lower_tone: Token = Token.TEXT2
    narrow: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """One strategy; two equal rows look alike."""

    strategy_id: str
    label: str
    cells: Mapping[Column, Cell]
    may_cancel: bool

    @property
    def copied(self) -> str:
        """The row as tab-separated text for the clipboard."""
        return "\t".join((self.label, *(cell.spoken for cell in self.cells.values())))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many strategies each view of the table lists."""

    open: int
    today: int
    all: int

    def of(self, show: Show) -> int:
        return {Show.OPEN: self.open, Show.TODAY: self.today, Show.ALL: self.all}[show]


def build(strategy: Strategy, mark: Decimal | None = None, as_of: str = "") -> StrategyRow:
    """The row of one strategy; ``mark`` is the newest mark price of its instrument, where known.

    ``as_of`` is the time of day for which its state is known, where that is not now.
    """
    order = standing_order(strategy)
    cells = {
        Column.STATE: _state_cell(strategy, as_of),
        Column.INSTRUMENT: _instrument_cell(strategy),
        Column.ENTRY: _leg_cell(strategy, order.entry),
        Column.STOP: _leg_cell(strategy, order.stop),
        Column.TARGET: _leg_cell(strategy, order.target),
        Column.RESULT: _result_cell(strategy, mark),
    }
    return StrategyRow(strategy.strategy_id, strategy.label, cells, may_cancel(strategy))


def listed(
    strategies: Sequence[Strategy], show: Show, now_ms: int, live: Callable[[Strategy], bool] = is_live
) -> tuple[Strategy, ...]:
    """The strategies a view lists, in the order given. A day is a day of UTC; what is open counts as today's."""
    if show is Show.ALL:
        return tuple(strategies)
    today = now_ms // DAY_MS if show is Show.TODAY else None
    return tuple(found for found in strategies if live(found) or found.intent.at_ms // DAY_MS == today)


def count(strategies: Sequence[Strategy], now_ms: int, live: Callable[[Strategy], bool] = is_live) -> Counts:
    return Counts(*(len(listed(strategies, show, now_ms, live)) for show in Show))


def result_header(strategies: Iterable[Strategy]) -> str:
    """ "P&L USD" while all results are in one coin."""
    quotes = {coins_of(strategy)[1] for strategy in strategies}
    return f"{Column.RESULT} {quotes.pop()}" if len(quotes) == 1 else str(Column.RESULT)


# Cells


def _state_cell(strategy: Strategy, as_of: str) -> Cell:
    chip = look_of(strategy)
    tag = foreign(strategy.tag or strategy.intent.tag)
    known = f"as of {as_of}" if as_of else ""
    spoken = ", ".join(filter(None, (strategy.label, chip.text, known, tag)))
    tone = Token.WARN if known else Token.TEXT3
    return Cell(chip.text, known or tag or strategy.label, spoken, chip, lower_tone=tone)


def _instrument_cell(strategy: Strategy) -> Cell:
    order = strategy.intent.order
    buying = order.side is Side.BUY
    words = f"{'Buy' if buying else 'Sell'} {grouped(order.quantity)}"
    return Cell(
        foreign(order.instrument),
        words,
        f"{words} {order.instrument}",
        glyph=Glyph.UP if buying else Glyph.DOWN,
        glyph_tone=Token.POS if buying else Token.NEG,
    )


def exits_spoken(strategy: Strategy) -> str:
    """How the exits stand of which anything was asked; empty where nothing was."""
    asked = dict.fromkeys(request.role for request in strategy.exit_asked)
    order = standing_order(strategy)
    return ". ".join(_leg_cell(strategy, order.leg(role)).spoken for role in asked)


def _leg_cell(strategy: Strategy, leg: Leg) -> Cell:
    status = leg_status(strategy, leg.role)
    look = LEGS[status]
    if status is LegStatus.UNKNOWN and phase(strategy) in NOT_YET_SEEN:
        look = NOT_CONFIRMED
    price = grouped(leg_price(leg))
    asked = asked_of(strategy, leg.role)
    if asked is not None:
        return _asked_cell(leg, asked, price, look)
    spoken = f"{leg.role.value.capitalize()} leg, {look.text.lower()}, {price}"
    if status is LegStatus.UNRECOGNISED:
        spoken += f", {_foreign_status(strategy, leg.role)}"
    return Cell(price, look.text, spoken, glyph=look.glyph, glyph_tone=look.token, lower_tone=look.token)


def _asked_cell(leg: Leg, asked: Asked, price: str, stands: LegLook) -> Cell:
    """The leg as it stands, with what was asked of it; in a narrow table its icon stands for the words."""
    look, to = asked.look, "" if asked.trigger is None else f"{ARROW} {grouped(asked.trigger)}"
    spoken = f"{leg.role.value.capitalize()} leg, {look.text.lower()}, {price}"
    spoken += f", to {grouped(asked.trigger)}" if asked.trigger is not None else f", {stands.text.lower()} until then"
    return Cell(
        f"{price} {to}".rstrip(),
        look.text,
        spoken,
        glyph=look.glyph,
        glyph_tone=look.token,
        lower_tone=look.token,
        narrow=(price, to or "Removing"),
    )


def _foreign_status(strategy: Strategy, role: LegRole) -> str:
    leg = strategy.legs.get(role)
    return foreign(leg.latest.status) if leg and leg.latest else ""


def _result_cell(strategy: Strategy, mark: Decimal | None) -> Cell:
    final = realised(strategy)
    if final is not None:
        return _money_cell(strategy, final, "Result")
    if not has_fill(strategy):
        return _no_result(_why_no_result(strategy))
    if not is_live(strategy):
        return _no_result("not known")
    return _no_result("no price") if mark is None else _money_cell(strategy, unrealised(strategy, mark), "Open result")


def _why_no_result(strategy: Strategy) -> str:
    if phase(strategy) in NOT_KNOWN:
        return "not known"
    return "not open" if is_live(strategy) else "no trade"


def _no_result(reason: str) -> Cell:
    return Cell(NO_VALUE, reason, f"Result: {reason}", upper_tone=Token.TEXT3, lower_tone=Token.TEXT3)


def _money_cell(strategy: Strategy, standing: Standing, name: str) -> Cell:
    quote = coins_of(strategy)[1]
    amount = signed(standing.net, money_places(quote))
    ratio = NO_VALUE if standing.in_r is None else f"{signed(standing.in_r, 2)} R"
    tone = tone_of(standing.net)
    return Cell(amount, ratio, f"{name}: {amount} {quote}, {ratio}", upper_tone=tone, lower_tone=tone)
