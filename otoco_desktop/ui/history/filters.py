"""Which strategies are listed: words searched, a group of states, an instrument, a period of local days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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

    def fitting(self, records: Iterable[Record]) -> list[Record]:
        """Those that everything but the group of states fits. What is still open belongs to every period."""
        found = list(records)
        if self.instrument:
            found = [record for record in found if record.instrument == self.instrument]
        if self.since_ms:
            found = [record for record in found if record.ended_ms is None or record.ended_ms >= self.since_ms]
        for word in self.words:
            found = [record for record in found if word in record.search]
        return found


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


def select(ordered: Sequence[Record], group: Group, found: Matcher) -> Selection:
    """Keep the order given, but for outcomes in doubt: those stand on top, whether or not they match."""
    fitting = found.fitting(ordered)
    listed = fitting if group is Group.ALL else [record for record in fitting if group in record.groups]
    doubtful = [record for record in ordered if record.doubtful]
    if not doubtful:
        return Selection(tuple(listed), _counts(fitting), frozenset())
    matched = {record.strategy_id for record in listed if record.doubtful}
    kept = frozenset(record.strategy_id for record in doubtful if record.strategy_id not in matched)
    rest = (record for record in listed if not record.doubtful)
    return Selection((*doubtful, *rest), _counts(fitting), kept)


def _counts(fitting: Iterable[Record]) -> dict[Group, int]:
    """Few sets of groups occur, so those are counted, and taken apart afterwards."""
    sets = Counter(record.groups for record in fitting)
    return {group: sum(count for groups, count in sets.items() if group in groups) for group in Group}
