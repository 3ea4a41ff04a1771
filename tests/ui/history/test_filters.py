"""What a search, a group, an instrument and a period list, and what none of them can hide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from otoco_desktop.domain.history import row_of
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.ui.history.filters import Filter, Period, matcher, select, since
from otoco_desktop.ui.history.record import Group, Record, record_of, record_of_row
from tests.ui.history.examples import at, drawn, long_history
from tests.ui.strategy_examples import LIST_ID, Story, in_phase

NOW_MS = at(22, "15:26")
ROME = ZoneInfo("Europe/Rome")


def listed(records: list[Record], wanted: Filter) -> list[str]:
    found = select(records, wanted.group, matcher(wanted, NOW_MS, UTC))
    return [record.label for record in found.records]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [record_of(strategy) for strategy in drawn()]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("s-0410", ["S-0410"]),
        ("FADE-open", ["S-0413"]),
        ("breakout btc", ["S-0412", "S-0406"]),
        ("breakot", []),
    ],
)
def test_every_word_must_be_found(records: list[Record], text: str, labels: list[str]) -> None:
    assert listed(records, Filter(search=text)) == labels


def test_ids_and_notes_are_searched() -> None:
    noted = replace(Story().resting().fold(), note="Asia low held twice")
    record = record_of(noted)
    for text in (LIST_ID, "held TWICE", noted.strategy_id, "btc_usd"):
        assert listed([record], Filter(search=text)) == ["S-0415"], text


def test_counts_are_of_each_group_whatever_is_listed(records: list[Record]) -> None:
    found = select(records, Group.STOPPED, matcher(Filter(), NOW_MS, UTC))
    assert [found.counts[group] for group in Group] == [19, 3, 6, 5, 4, 1]
    assert {record.look.text for record in found.records} == {"Stopped"}


def test_an_outcome_in_doubt_stays_listed_and_says_why() -> None:
    doubtful = [record_of(in_phase(phase)) for phase in (Phase.UNKNOWN, Phase.UNRESOLVED)]
    wanted = Filter(search="nothing like it", group=Group.TARGET, instrument="ETH_USD", period=Period.TODAY)
    found = select(doubtful, wanted.group, matcher(wanted, NOW_MS, UTC))
    assert len(found.records) == 2
    assert found.kept == {record.strategy_id for record in doubtful}
    assert not found.counts[Group.ALL]


def test_what_is_open_belongs_to_every_period(records: list[Record]) -> None:
    ended_before = [record_of_row(row) for row in long_history(3, 300)]
    labels = listed([*records, *ended_before], Filter(period=Period.TODAY))
    assert labels[:3] == ["S-0415", "S-0414", "S-0413"]
    assert "S-0405" not in labels
    assert "S-0300" not in labels


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.TODAY, date(2026, 11, 22)),
        (Period.WEEK, date(2026, 11, 16)),
        (Period.DAYS_30, date(2026, 10, 24)),
        (Period.MONTH, date(2026, 11, 1)),
    ],
)
@pytest.mark.parametrize("zone", [UTC, ROME, timezone(timedelta(hours=-11))])
def test_days_are_those_of_the_trader(period: Period, first: date, zone: tzinfo) -> None:
    begins = datetime(first.year, first.month, first.day, tzinfo=zone)
    assert since(period, at(22, "13:00"), zone) == begins.timestamp() * 1000


def test_the_local_day_may_be_another_than_the_utc_day() -> None:
    late = at(22, "23:30")
    assert since(Period.TODAY, late, ROME) == datetime(2026, 11, 23, tzinfo=ROME).timestamp() * 1000


@pytest.mark.parametrize("phase", [each for each in Phase if each is not Phase.INTENT])
def test_a_row_read_from_the_journal_shows_what_the_strategy_shows(phase: Phase) -> None:
    strategy = in_phase(phase)
    whole, read = record_of(strategy), record_of_row(row_of(strategy))
    assert replace(whole, open=None) == read
