"""Which strategies are listed: words searched, a group of states, an instrument, a period of local days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from otoco_desktop.ui.history.record import Group, Record


class Period(StrEnum):
    """Days of the trader's own calendar, up to and with today."""

    ALL = "All dates"
    TODAY = "Today"
    WEEK = "Last 7 days"
    DAYS_30 = "Last 30 days"
    MONTH = "This month"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for. An empty ``instrument`` is every instrument."""

    search: str = ""
    group: Group = Group.ALL
    instrument: str = ""
    period: Period = Period.ALL

    @property
    def is_empty(self) -> bool:
        return self == Filter()


@dataclass(frozen=True, slots=True)
class Matcher:
    """A filter made ready: folded words, and the moment (ms since the epoch) from which a period counts."""

    words: tuple[str, ...]
    instrument: str
    since_ms: int

    def takes(self, record: Record) -> bool:
        """Whether everything but the group of states fits. What is still open belongs to every period."""
        if self.instrument and record.instrument != self.instrument:
            return False
        if record.ended_ms is not None and record.ended_ms < self.since_ms:
            return False
        return all(word in record.search for word in self.words)


def matcher(wanted: Filter, now_ms: int, zone: tzinfo | None) -> Matcher:
    """The filter as of now, in the trader's time zone."""
    return Matcher(tuple(wanted.search.casefold().split()), wanted.instrument, since(wanted.period, now_ms, zone))


def since(period: Period, now_ms: int, zone: tzinfo | None) -> int:
    """The first millisecond of the period's first local day; 0 for all dates."""
    if period is Period.ALL:
        return 0
    first = first_day(period, local_day(now_ms, zone))
    return round(datetime.combine(first, time(), zone).timestamp()) * 1000


def first_day(period: Period, today: date) -> date:
    """The first day of a period that ends today."""
    match period:
        case Period.WEEK:
            return today - timedelta(days=6)
        case Period.DAYS_30:
            return today - timedelta(days=29)
        case Period.MONTH:
            return today.replace(day=1)
        case _:
            return today


def local_day(at_ms: int, zone: tzinfo | None) -> date:
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Selection:
    """What is listed, and how many there are of each group when the rest of the filter holds.

    ``kept`` are listed although they do not match: outcomes in doubt are never hidden.
    """

    records: tuple[Record, ...]
    counts: dict[Group, int]
    kept: frozenset[str]


def select(ordered: Iterable[Record], group: Group, found: Matcher) -> Selection:
    """Keep the order given."""
    counts = dict.fromkeys(Group, 0)
    listed: list[Record] = []
    kept: set[str] = set()
    takes = found.takes
    for record in ordered:
        fits = takes(record)
        if fits:
            for each in record.groups:
                counts[each] += 1
        if fits and group in record.groups:
            listed.append(record)
        elif record.doubtful:
            listed.append(record)
            kept.add(record.strategy_id)
    return Selection(tuple(listed), counts, frozenset(kept))
