"""A strategy as a row of the history."""

from __future__ import annotations

from decimal import Decimal

import pytest

from otoco_desktop.domain.events import Decided, Decision, NotSent, Unknown
from otoco_desktop.domain.history import HistoryQuery, StateGroup, groups_of, is_kept_at_hand, row_of, sought_in
from otoco_desktop.domain.order import LegRole, client_oid, strategy_of
from otoco_desktop.domain.strategy import Closing, LegStatus, Strategy
from tests.domain.truth.builders import E_, ID, S_, START, T_, acked, answered, full, part, placed, report, strategy

TAKEN = (acked(), full(E_, "93000.00", 100), full(T_, "108000.00", 200), report(S_, "CANCELED", 210))
GROUPS = [
    ((), {StateGroup.OPEN}),
    ((acked(), *placed()), {StateGroup.OPEN}),
    ((answered(Unknown("silence")),), {StateGroup.OPEN, StateGroup.PROBLEM}),
    ((answered(NotSent("no host")),), {StateGroup.PROBLEM}),
    (TAKEN, {StateGroup.TARGET}),
    ((*TAKEN[:2], report(T_, "CANCELED", 210), full(S_, "80000.00", 200)), {StateGroup.STOPPED}),
    ((acked(), *(report(role, "CANCELED", 90) for role in LegRole)), {StateGroup.CANCELLED}),
    ((acked(), part(E_, "CANCELED", 90)), {StateGroup.OPEN, StateGroup.PROBLEM}),
]


@pytest.mark.parametrize(("facts", "groups"), GROUPS)
def test_a_strategy_is_found_under_its_groups(facts: tuple[object, ...], groups: set[StateGroup]) -> None:
    assert groups_of(strategy(*facts)) == groups
    assert is_kept_at_hand(strategy(*facts)) == (StateGroup.OPEN in groups)


def test_a_finished_strategy_says_what_it_brought() -> None:
    row = row_of(strategy(*TAKEN))
    assert (row.label, row.closing, row.closed_ms) == ("S-0411", Closing.TARGET_FILLED, START + 210)
    assert (row.exit, row.net, row.fees, row.quote) == (Decimal(108000), Decimal(149), Decimal(1), "USD")
    assert row.r == Decimal(149) / Decimal(134)
    assert [(leg.trigger, leg.status) for leg in row.legs] == [
        (None, LegStatus.FILLED),
        (Decimal(80000), LegStatus.CANCELLED),
        (Decimal(108000), LegStatus.FILLED),
    ]


def test_an_open_strategy_has_no_end_and_no_result() -> None:
    row = row_of(strategy(acked(), part(E_, "ACTIVE", 50)))
    assert (row.closed_ms, row.exit, row.net, row.fees, row.r, row.filled_ratio) == (None,) * 5 + (Decimal("0.4"),)


NEVER_PLACED: list[tuple[Strategy, int]] = [
    (strategy(answered(NotSent("no host"))), START + 90),
    (strategy(answered(Unknown("silence")), Decided(ID, START + 700, Decision.NOT_PLACED, "gone")), START + 700),
]


@pytest.mark.parametrize(("ended", "at_ms"), NEVER_PLACED)
def test_what_was_never_placed_ended_with_the_answer_or_the_decision(ended: Strategy, at_ms: int) -> None:
    assert row_of(ended).closed_ms == at_ms


def test_a_report_without_a_time_counts_when_it_came() -> None:
    legs = tuple(report(role, "CANCELED", 90, update_ms=0) for role in LegRole)
    assert row_of(strategy(acked(), *legs)).closed_ms == 100


def test_every_word_is_sought_whatever_its_case() -> None:
    row = row_of(strategy(*TAKEN))
    assert HistoryQuery("  RANGE\tBtc ").words == ("range", "btc")
    assert all(word in sought_in(row) for word in ("s-0411", "range", "btc_usd", ID, row.list_id))


def test_a_client_order_id_names_its_strategy() -> None:
    assert [strategy_of(client_oid(ID, role)) for role in LegRole] == [ID] * 3
    assert [strategy_of(text) for text in ("", "od1-x", "od1-x-z", "od2-x-e", "a-b-c-d")] == [None] * 5
