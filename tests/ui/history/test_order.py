"""Sorting, by any column."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.ui.history.order import BIG_FIRST, Order, ordered
from otoco_desktop.ui.history.record import record_of, record_of_row
from otoco_desktop.ui.history.rows import Column
from tests.ui.history.examples import drawn, long_history
from tests.ui.strategy_examples import in_phase

RECORDS = [*map(record_of, drawn()), *map(record_of_row, long_history(60, 396))]


def labels(order: Order) -> list[str]:
    return [record.label for record in ordered(RECORDS, order, {})]


def test_at_first_what_is_open_stands_above_what_closed_last() -> None:
    assert labels(Order())[:6] == ["S-0415", "S-0414", "S-0413", "S-0412", "S-0411", "S-0410"]


def test_what_has_no_value_comes_last_either_way() -> None:
    for falling in (True, False):
        found = ordered(RECORDS, Order(Column.EXIT, falling), {})
        exits = [record.exit for record in found]
        known = [value for value in exits if value is not None]
        assert exits[len(known) :] == [None] * (len(exits) - len(known))
        assert known == sorted(known, reverse=falling)


def test_open_results_are_sorted_by_the_price_of_the_moment() -> None:
    found = ordered(RECORDS, Order(Column.RESULT), {"BTC_USD": Decimal(990_000)})
    assert found[0].label == "S-0415"


def test_an_outcome_in_doubt_stands_on_top_of_every_order() -> None:
    doubtful = record_of(in_phase(Phase.UNKNOWN))
    for column in Column:
        for falling in (True, False):
            found = ordered([*RECORDS[4:], doubtful], Order(column, falling), {})
            assert found[0] is doubtful


@given(column=st.sampled_from(Column), falling=st.booleans(), seed=st.randoms(use_true_random=False))
def test_no_order_loses_a_strategy_or_depends_on_the_order_before(column: Column, falling: bool, seed: object) -> None:
    mixed = list(RECORDS)
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    found = ordered(mixed, Order(column, falling), {})
    assert found == ordered(RECORDS, Order(column, falling), {})
    assert {record.number for record in found} == {record.number for record in RECORDS}


@pytest.mark.parametrize("column", Column)
def test_a_press_sorts_and_another_press_turns_it_round(column: Column) -> None:
    first = Order(Column.STATE if column is not Column.STATE else Column.TAG).pressed(column)
    assert first == Order(column, column in BIG_FIRST)
    assert first.pressed(column) == Order(column, not first.falling)
