"""The history of strategies as a page of it is asked for and listed: one row each, made from the fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.legs import is_terminal, status_of
from otoco_desktop.domain.order import Leg, LegRole, Side
from otoco_desktop.domain.phases import closing, filled_ratio, is_live, leg_status, needs_following, phase
from otoco_desktop.domain.result import coins, result
from otoco_desktop.domain.strategy import Closing, LegState, LegStatus, Phase, Strategy

PAGE = 200
SEARCHED_NOTE = 2_000
"""As many characters of a note can be searched."""


class StateGroup(StrEnum):
    """The filters by state. What is open and has a problem belongs to both."""

    OPEN = "open"
    TARGET = "target"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    PROBLEM = "problem"


class HistoryOrder(StrEnum):
    """What rows are sorted by. By ``CLOSED``, open strategies count as closed last; by ``R``, none counts lowest."""

    CREATED = "created"
    CLOSED = "closed"
    INSTRUMENT = "instrument"
    TAG = "tag"
    R = "r"


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which strategies, in which order, and which part of them.

    Every word of ``text`` must be found, whatever its case, in label, id, tag, note, instrument or list id. No
    ``group`` and no ``instrument`` mean all. ``since_ms`` and ``before_ms`` (UTC since the epoch, the latter excluded)
    hold the time of closing; what is open belongs to every period. Of equal rows the newest stands first.
    """

    text: str = ""
    group: StateGroup | None = None
    instrument: str = ""
    since_ms: int | None = None
    before_ms: int | None = None
    order: HistoryOrder = HistoryOrder.CREATED
    descending: bool = True
    offset: int = 0
    limit: int = PAGE

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked for, folded for comparison."""
        return tuple(self.text.casefold().split())


@dataclass(frozen=True, slots=True)
class HistoryLeg:
    """A leg's prices in quote, those of an exit as they stand, and its state."""

    role: LegRole
    price: Decimal | None
    trigger: Decimal | None
    status: LegStatus


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One strategy in a list. Money is in ``quote``; ``net`` is less fees, ``exit`` the average exit price.

    ``created_ms`` is local; ``closed_ms`` is when nothing was left to happen, by the exchange's time where it told one,
    and ``None`` while the strategy is live.
    """

    strategy_id: str
    number: int
    label: str
    phase: Phase
    closing: Closing | None
    groups: frozenset[StateGroup]
    filled_ratio: Decimal
    instrument: str
    quote: str
    side: Side
    quantity: Decimal
    legs: tuple[HistoryLeg, ...]
    exit: Decimal | None
    net: Decimal | None
    fees: Decimal | None
    r: Decimal | None
    tag: str
    note: str
    list_id: str
    created_ms: int
    closed_ms: int | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A part of what a query matches.

    ``total`` is how many match in all, ``counts`` how many of each group would match without ``group``, ``everything``
    how many strategies there are, ``instruments`` those ever planned, in order of name.
    """

    rows: tuple[HistoryRow, ...] = ()
    total: int = 0
    everything: int = 0
    counts: Mapping[StateGroup, int] = field(default_factory=lambda: MappingProxyType({}))
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a journal holds at start: ``strategies`` (oldest first) of ``total``, and the highest number given out."""

    strategies: tuple[Strategy, ...]
    total: int
    last_number: int


_CLOSED = {
    Closing.TARGET_FILLED: StateGroup.TARGET,
    Closing.STOPPED: StateGroup.STOPPED,
    Closing.CANCELLED_BY_YOU: StateGroup.CANCELLED,
    Closing.CANCELLED_BY_EXCHANGE: StateGroup.CANCELLED,
    Closing.EXPIRED: StateGroup.CANCELLED,
}
_PROBLEMS = frozenset(
    {
        Phase.UNKNOWN,
        Phase.UNRESOLVED,
        Phase.NOT_SENT,
        Phase.REJECTED,
        Phase.RESOLVED_NOT_PLACED,
        Phase.UNPROTECTED,
        Phase.DIVERGED,
    }
)


def is_kept_at_hand(strategy: Strategy) -> bool:
    """Whether it is loaded at every start: the exchange may speak of it, or the trader must look at it."""
    return needs_following(strategy) or is_live(strategy)


def groups_of(strategy: Strategy) -> frozenset[StateGroup]:
    """Every filter it is found under."""
    ended = closing(strategy)
    found = set() if ended is None else {_CLOSED[ended]}
    if is_live(strategy):
        found.add(StateGroup.OPEN)
    if phase(strategy) in _PROBLEMS:
        found.add(StateGroup.PROBLEM)
    return frozenset(found)


def row_of(strategy: Strategy) -> HistoryRow:
    """The strategy as its row."""
    order, brought = standing_order(strategy), result(strategy)
    return HistoryRow(
        strategy_id=strategy.strategy_id,
        number=strategy.intent.number,
        label=strategy.label,
        phase=phase(strategy),
        closing=closing(strategy),
        groups=groups_of(strategy),
        filled_ratio=filled_ratio(strategy),
        instrument=order.instrument,
        quote=coins(order.instrument)[1],
        side=order.side,
        quantity=order.quantity,
        legs=tuple(_line(strategy, leg) for leg in order.legs),
        exit=brought.exit_price if brought else None,
        net=brought.net if brought else None,
        fees=brought.fees if brought else None,
        r=brought.r if brought else None,
        tag=strategy.tag,
        note=strategy.note,
        list_id=strategy.list_id or "",
        created_ms=strategy.intent.at_ms,
        closed_ms=None if is_live(strategy) else _closed_ms(strategy),
    )


def sought_in(row: HistoryRow) -> str:
    """What a search looks through, folded for comparison."""
    parts = (row.label, row.strategy_id, row.tag, row.note[:SEARCHED_NOTE], row.instrument, row.list_id)
    return "\n".join(parts).casefold()


def _line(strategy: Strategy, leg: Leg) -> HistoryLeg:
    return HistoryLeg(leg.role, leg.price, leg.trigger, leg_status(strategy, leg.role))


def _closed_ms(strategy: Strategy) -> int:
    """By the last leg that ended, else by the trader's decision or the exchange's answer."""
    ends = [moment for leg in strategy.legs.values() for moment in _ends(leg)]
    if ends:
        return max(ends)
    if strategy.decided is not None:
        return strategy.decided.at_ms
    return strategy.intent.at_ms if strategy.answered_ms is None else strategy.answered_ms


def _ends(leg: LegState) -> list[int]:
    """The moment a leg ended, if it did."""
    own = (seen for seen in leg.seen if seen.report.order_id not in leg.replaced)
    told = [seen.report.update_ms or seen.at_ms for seen in own if is_terminal(status_of(seen.report))]
    return [min(told)] if told else []
