"""What the listed trades came to: exact figures, the course of R, and how often each result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate

from otoco_desktop.ui.history.record import Record

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


def performance(records: Iterable[Record]) -> Performance:
    """The figures of what is listed."""
    trades = closed_trades(records)
    rated = [record for record in trades if record.in_r is not None]
    results = [record.in_r for record in rated if record.in_r is not None]
    totals = list(accumulate(results))
    halves = [_half(value) for value in results]
    return Performance(
        trades=len(trades),
        rated=len(rated),
        won=sum(record.net is not None and record.net > 0 for record in trades),
        net=_per_coin((record.quote, record.net) for record in trades),
        fees=_per_coin((record.quote, record.fees) for record in trades),
        net_r=totals[-1] if totals else Decimal(0),
        worst_run=_worst_run(results),
        curve=tuple(Point(record.ended_ms or 0, total) for record, total in zip(rated, totals, strict=True)),
        bins=_bins(halves),
        beyond=any(half < LOWEST for half in halves),
    )


def _per_coin(amounts: Iterable[tuple[str, Decimal | None]]) -> tuple[tuple[str, Decimal], ...]:
    sums: dict[str, Decimal] = {}
    for coin, amount in amounts:
        if amount is not None:
            sums[coin] = sums.get(coin, Decimal(0)) + amount
    return tuple(sorted(sums.items()))


def _worst_run(results: Sequence[Decimal]) -> Decimal:
    worst = run = Decimal(0)
    for value in results:
        run = run + value if value < 0 else Decimal(0)
        worst = min(worst, run)
    return worst


def _half(value: Decimal) -> int:
    return int((value * 2).to_integral_value(ROUND_HALF_EVEN))


def _bins(halves: Sequence[int]) -> tuple[Bin, ...]:
    counts = dict.fromkeys(range(LOWEST, HIGHEST + 1), 0)
    for half in halves:
        counts[min(HIGHEST, max(LOWEST, half))] += 1
    return tuple(Bin(half, count) for half, count in counts.items())
