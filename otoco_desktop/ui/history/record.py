"""One strategy as the page lists it: what columns, filters, sorting and figures ask of it, answered once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from otoco_desktop.domain.history import HistoryLeg, HistoryRow, StateGroup, row_of, sought_in
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import LegStatus, Phase, Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.strategies.legs import Asked, asked_of
from otoco_desktop.ui.strategies.phases import CLOSINGS, PHASES, STOP_ALONE, TRIGGERED, ChipLook, look_of


class Group(StrEnum):
    """The groups of states that can be listed alone. What is open and has a problem belongs to both."""

    ALL = "All"
    OPEN = "Open"
    TARGET = "Target"
    STOPPED = "Stopped"
    CANCELLED = "Cancelled"
    PROBLEM = "Problem"


DOUBTFUL = frozenset({Phase.UNKNOWN, Phase.UNRESOLVED})
GROUPS = {
    StateGroup.OPEN: Group.OPEN,
    StateGroup.TARGET: Group.TARGET,
    StateGroup.STOPPED: Group.STOPPED,
    StateGroup.CANCELLED: Group.CANCELLED,
    StateGroup.PROBLEM: Group.PROBLEM,
}


@dataclass(frozen=True, slots=True)
class LegMark:
    """A leg's price, its trigger where it has one, how it stands, and what was asked of it since."""

    role: LegRole
    price: Decimal
    status: LegStatus
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Prices are in quote per base, money in quote. ``ended_ms`` is when nothing was left to happen, else ``None``.

    ``open`` holds the strategy while it is live: its result then moves with the market. ``net`` and ``in_r`` are what
    a finished one came to, ``half_r`` the latter in halves, rounded. ``search`` is everything a search looks through,
    folded.
    """

    strategy_id: str
    number: int
    label: str
    look: ChipLook
    groups: frozenset[Group]
    doubtful: bool
    tag: str
    instrument: str
    quote: str
    side: Side
    quantity: Decimal
    entry: Decimal
    price_places: int
    legs: tuple[LegMark, ...]
    sent_ms: int
    ended_ms: int | None
    open: Strategy | None
    exit: Decimal | None
    net: Decimal | None
    in_r: Decimal | None
    half_r: int | None
    fees: Decimal | None
    search: str


def record_of(strategy: Strategy) -> Record:
    """What the page shows of a strategy that is at hand."""
    row = row_of(strategy)
    return _record(row, look_of(strategy), strategy if row.closed_ms is None else None)


def record_of_row(row: HistoryRow) -> Record:
    """What the page shows of a strategy that was read as a row."""
    return _record(row, look_of_row(row), None)


def _record(row: HistoryRow, look: ChipLook, live: Strategy | None) -> Record:
    asked = {leg.role: asked_of(live, leg.role) for leg in row.legs} if live is not None else {}
    legs = tuple(LegMark(leg.role, _price(leg), leg.status, asked.get(leg.role)) for leg in row.legs)
    return Record(
        strategy_id=row.strategy_id,
        number=row.number,
        label=row.label,
        look=look,
        groups=frozenset({Group.ALL, *(GROUPS[group] for group in row.groups)}),
        doubtful=row.phase in DOUBTFUL,
        tag=foreign(row.tag),
        instrument=foreign(row.instrument),
        quote=row.quote,
        side=row.side,
        quantity=row.quantity,
        entry=legs[0].price,
        price_places=max(_places(leg.price) for leg in legs),
        legs=legs,
        sent_ms=row.created_ms,
        ended_ms=row.closed_ms,
        open=live,
        exit=row.exit,
        net=row.net,
        in_r=row.r,
        half_r=None if row.r is None else int((row.r * 2).to_integral_value(ROUND_HALF_EVEN)),
        fees=row.fees,
        search=sought_in(row),
    )


def look_of_row(row: HistoryRow) -> ChipLook:
    """The chip of a strategy that was read as a row."""
    if row.phase is Phase.CLOSED and row.closing is not None:
        return CLOSINGS[row.closing]
    look = PHASES[row.phase]
    if row.phase is Phase.PROTECTED and _status(row, LegRole.TARGET) is LegStatus.CANCELLED:
        return STOP_ALONE
    if row.phase is Phase.TRIGGERED:
        exits = (leg.role for leg in row.legs if leg.status is LegStatus.TRIGGERED)
        return TRIGGERED.get(next(exits, LegRole.ENTRY), look)
    if row.phase is Phase.PARTIAL:
        share = f"{(row.filled_ratio * 100).to_integral_value(ROUND_FLOOR)}%"
        return ChipLook(f"{look.text} {share}", look.glyph, look.tone, f"Partly {share}")
    return look


def _status(row: HistoryRow, role: LegRole) -> LegStatus | None:
    return next((leg.status for leg in row.legs if leg.role is role), None)


def _price(leg: HistoryLeg) -> Decimal:
    """The price a leg is known by: its trigger, or its limit where it has none."""
    found = leg.price if leg.trigger is None else leg.trigger
    return Decimal(0) if found is None else found


def _places(price: Decimal) -> int:
    exponent = price.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
