"""What the listed trades came to: exact figures, the course of R, and how often each result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from otoco_desktop.ui.history.record import Record

ZERO = Decimal(0)
STRETCHES = 240
LOWEST, HIGHEST = -3, 6
"""The outer bins, in half R: everything further out is counted there."""


@dataclass(frozen=True, slots=True)
class Point:
    """After a trade closed at ``at_ms``, all trades so far had come to this many R."""

    at_ms: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Bin:
    """How many trades came to ``half_r`` halves of R, to the nearest half."""

    half_r: int
    count: int


@dataclass(frozen=True, slots=True)
class Performance:
    """Closed trades that have a result. Money is per quote coin: coins are never added together.

    ``net_r``, ``average_r`` and ``worst_run`` are over those whose planned loss is known (``rated`` of them).
    ``worst_run`` is what the worst series of losses one after the other came to, zero without a loss.
    ``beyond`` says whether a result lies below the lowest bin.
    """

    trades: int
    rated: int
    won: int
    net: tuple[tuple[str, Decimal], ...]
    fees: tuple[tuple[str, Decimal], ...]
    net_r: Decimal
    worst_run: Decimal
    curve: tuple[Point, ...]
    bins: tuple[Bin, ...]
    beyond: bool

    @property
    def average_r(self) -> Decimal | None:
        return self.net_r / self.rated if self.rated else None

    @property
    def win_rate(self) -> Decimal | None:
        return Decimal(self.won) / self.trades if self.trades else None


def closed_trades(records: Iterable[Record]) -> list[Record]:
    """Those that came to a result, oldest first."""
    found = [record for record in records if record.net is not None]
    found.sort(key=lambda record: (record.ended_ms or 0, record.number))
    return found


def performance(trades: Sequence[Record]) -> Performance:
    """The figures of closed trades, oldest first."""
    rated = [record for record in trades if record.in_r is not None]
    results = [record.in_r for record in rated if record.in_r is not None]
    totals = list(accumulate(results))
    halves = Counter(record.half_r for record in rated)
    return Performance(
        trades=len(trades),
        rated=len(rated),
        won=sum(record.net is not None and record.net > 0 for record in trades),
        net=_per_coin(trades, lambda record: record.net),
        fees=_per_coin(trades, lambda record: record.fees),
        net_r=totals[-1] if totals else Decimal(0),
        worst_run=_worst_run(results),
        curve=_curve(rated, totals),
        bins=_bins(halves),
        beyond=any(half is not None and half < LOWEST for half in halves),
    )


def _per_coin(trades: Sequence[Record], amount: Callable[[Record], Decimal | None]) -> tuple[tuple[str, Decimal], ...]:
    coins = sorted({record.quote for record in trades})
    return tuple(
        (coin, sum((amount(record) or ZERO for record in trades if record.quote == coin), ZERO)) for coin in coins
    )


def _worst_run(results: Sequence[Decimal]) -> Decimal:
    worst = run = ZERO
    for value in results:
        run = run + value if value < 0 else ZERO
        if run < worst:
            worst = run
    return worst


def _curve(rated: Sequence[Record], totals: Sequence[Decimal]) -> tuple[Point, ...]:
    """Every point while there are few, else of each stretch its lowest, its highest and its last."""
    each = max(1, len(rated) // STRETCHES)
    places: list[int] = []
    for first in range(0, len(rated), each):
        stretch = range(first, min(first + each, len(rated)))
        places += sorted({min(stretch, key=totals.__getitem__), max(stretch, key=totals.__getitem__), stretch[-1]})
    return tuple(Point(rated[place].ended_ms or 0, totals[place]) for place in places)


def _bins(halves: Mapping[int | None, int]) -> tuple[Bin, ...]:
    counts = dict.fromkeys(range(LOWEST, HIGHEST + 1), 0)
    for half, count in halves.items():
        if half is not None:
            counts[min(HIGHEST, max(LOWEST, half))] += count
    return tuple(Bin(half, count) for half, count in counts.items())
