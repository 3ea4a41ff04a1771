"""What the page shows beside its rows: counts, the filter in words, the statistics strip, all as finished texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from otoco_desktop.domain.money import grouped, money_places, percent, signed
from otoco_desktop.ui.history import words
from otoco_desktop.ui.history.figures import Performance
from otoco_desktop.ui.history.filters import Filter, Period, first_day, local_day
from otoco_desktop.ui.history.order import Order
from otoco_desktop.ui.history.record import Group, Record
from otoco_desktop.ui.outcome.state import NO_VALUE, Figure, tone_of
from otoco_desktop.ui.shell.tokens import Token


@dataclass(frozen=True, slots=True)
class HistoryState:
    """The whole page but its detail. ``kept`` are listed against the filter; ``empty`` stands in place of the table."""

    listed: tuple[Record, ...]
    kept: frozenset[str]
    counts: tuple[str, ...]
    instruments: tuple[str, ...]
    period_words: str
    with_coin: bool
    result_header: str
    empty: str
    offers_new_plan: bool
    offers_clear: bool
    order: Order
    wanted: Filter


def count_words(counts: dict[Group, int]) -> tuple[str, ...]:
    """ "All 412", "Open 3", …"""
    return tuple(f"{group} {counts[group]:,}" for group in Group)


def instrument_names(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(sorted({record.instrument for record in records}))


def period_words(period: Period, first_ms: int | None, now_ms: int, zone: tzinfo | None) -> str:
    """The days meant: "1 Oct to 22 Nov 2026"; for all dates, from the first strategy's day on."""
    today = local_day(now_ms, zone)
    if period is not Period.ALL:
        return days(first_day(period, today), today)
    return Period.ALL.value if first_ms is None else days(local_day(first_ms, zone), today)


def days(first: date, last: date) -> str:
    """ "1 Oct to 22 Nov 2026", "16 to 22 Nov 2026", "22 Nov 2026"; years only where they differ, or at the end."""
    end = f"{last.day} {last:%b %Y}"
    if first >= last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%b %Y} to {end}"
    return f"{first.day} to {end}" if first.month == last.month else f"{first.day} {first:%b} to {end}"


def empty_words(wanted: Filter, total: int) -> str:
    """Why there is no row."""
    return words.nothing_matches(wanted.search.strip(), total) if total else words.NO_STRATEGIES


# The strip


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the histogram; ``share`` is its height in thousandths of the highest."""

    label: str
    count: str
    share: int
    tone: Token
    outlined: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Points as thousandths: across by time, up by R between the lowest and highest tick."""

    points: tuple[tuple[int, int], ...]
    ticks: tuple[tuple[int, str], ...]
    dates: tuple[str, str, str]
    spoken: str


@dataclass(frozen=True, slots=True)
class StripState:
    """The three parts of the strip; without trades ``empty`` says so."""

    title: str
    figures: tuple[Figure, ...]
    tips: tuple[str, ...]
    curve: Curve | None
    bars: tuple[Bar, ...]
    empty: str


def strip(found: Performance, zone: tzinfo | None) -> StripState:
    """The strip as texts and whole thousandths; nothing in it is rounded but what is shown."""
    trades = f"{found.trades:,} closed {'trade' if found.trades == 1 else 'trades'}"
    figures = (
        _sum("Net", found.net, toned=True),
        _r("Net, R", found.net_r if found.rated else None, unit=""),
        Figure("Win rate", NO_VALUE if found.win_rate is None else percent(found.win_rate, 1)),
        _r("Average", found.average_r, toned=False),
        _r("Worst run", found.worst_run if found.rated else None),
        _sum("Fees", found.fees, toned=False),
    )
    empty = "" if found.trades else words.NO_TRADES
    return StripState(trades, figures, _tips(found), _curve(found, zone), _bars(found), empty)


def _sum(name: str, sums: tuple[tuple[str, Decimal], ...], *, toned: bool) -> Figure:
    """One coin's amount; of several coins only that there are several."""
    if len(sums) != 1:
        return Figure(f"{name}, {len(sums)} coins" if sums else name)
    coin, amount = sums[0]
    if toned:
        return Figure(f"{name}, {coin}", amount_words(coin, amount), tone_of(amount))
    return Figure(f"{name}, {coin}", grouped(amount, money_places(coin)))


def amount_words(coin: str, amount: Decimal) -> str:
    return signed(amount, money_places(coin))


def _r(name: str, value: Decimal | None, *, unit: str = " R", toned: bool = True) -> Figure:
    if value is None:
        return Figure(name)
    return Figure(name, f"{signed(value, 2)}{unit}", tone_of(value) if toned else Token.TEXT)


def _tips(found: Performance) -> tuple[str, ...]:
    unrated = found.trades - found.rated
    without = f" {unrated:,} without a planned loss left out." if unrated else ""
    return (
        _each("Net of fees", found.net),
        f"Sum of results in units of each plan's loss.{without}",
        f"{found.won:,} of {found.trades:,} trades came out above zero, net of fees.",
        f"Net R per trade.{without}",
        f"The worst series of losses one after the other.{without}",
        _each("Fees paid", found.fees),
    )


def _each(name: str, sums: tuple[tuple[str, Decimal], ...]) -> str:
    amounts = ", ".join(f"{amount_words(coin, amount)} {coin}" for coin, amount in sums)
    return f"{name}: {amounts}." if sums else ""


def _bars(found: Performance) -> tuple[Bar, ...]:
    most = max((each.count for each in found.bins), default=0)
    made = []
    for each in found.bins:
        tone = Token.POS if each.half_r > 0 else Token.NEG if each.half_r < 0 else Token.TEXT3
        share = each.count * 1000 // most if most else 0
        made.append(Bar(_bin_label(each.half_r, found), f"{each.count:,}", share, tone, each.half_r < 0))
    return tuple(made)


def _bin_label(half_r: int, found: Performance) -> str:
    if half_r == found.bins[-1].half_r:
        return f"{half_r // 2}+"
    text = "0" if half_r == 0 else grouped(Decimal(half_r) / 2, 1)
    return f"≤{text}" if found.beyond and half_r == found.bins[0].half_r else text


def _curve(found: Performance, zone: tzinfo | None) -> Curve | None:
    if not found.curve:
        return None
    begins, ends = found.curve[0].at_ms, found.curve[-1].at_ms
    totals = [Decimal(0), *(point.total for point in found.curve)]
    ticks = _ticks(min(totals), max(totals))
    low, span = ticks[0], ticks[-1] - ticks[0]
    points = [(_share(point.at_ms - begins, ends - begins), _share(point.total - low, span)) for point in found.curve]
    start = (0, _share(-low, span))
    labels = tuple((_share(tick - low, span), grouped(tick)) for tick in ticks)
    moments = (begins, (begins + ends) // 2, ends)
    first, middle, last = (_day(moment, zone) for moment in moments)
    spoken = f"Equity curve, cumulative R: {signed(found.curve[-1].total, 2)} after {len(points):,} trades"
    return Curve((start, *points), labels, (first, middle, last), spoken)


def _day(at_ms: int, zone: tzinfo | None) -> str:
    day = local_day(at_ms, zone)
    return f"{day.day} {day:%b}"


def _share(part: Decimal | int, whole: Decimal | int) -> int:
    return int(part * 1000 / whole) if whole else 1000


def _ticks(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """At most five round values around what lies between, zero among them."""
    step = Decimal(1)
    for candidate in _steps():
        step = candidate
        if (high / step).to_integral_value("ROUND_CEILING") - (low / step).to_integral_value("ROUND_FLOOR") <= 4:
            break
    first = int((low / step).to_integral_value("ROUND_FLOOR"))
    last = max(first + 1, int((high / step).to_integral_value("ROUND_CEILING")))
    return tuple(step * at for at in range(first, last + 1))


def _steps() -> tuple[Decimal, ...]:
    return tuple(Decimal(lead) * 10**power for power in range(9) for lead in (1, 2, 4, 5))
