"""The figures of the strip against fractions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.ui.history import state, words
from otoco_desktop.ui.history.figures import closed_trades, performance
from otoco_desktop.ui.history.filters import Period
from otoco_desktop.ui.history.record import Record, record_of, record_of_row
from otoco_desktop.ui.shell.tokens import Token
from tests.ui.history.examples import at, drawn, long_history

PATTERN = next(record_of_row(row) for row in long_history(20, 20) if row.r is not None)
AMOUNTS = st.decimals(min_value=-5, max_value=5, places=4)


def half(value: Decimal) -> int:
    return round(Fraction(value) * 2)


def trades(results: list[Decimal]) -> list[Record]:
    return [_trade(number, value) for number, value in enumerate(results)]


def _trade(number: int, in_r: Decimal) -> Record:
    known = replace(PATTERN, number=number, strategy_id=str(number), ended_ms=number * 1000)
    return replace(known, net=in_r * 100, in_r=in_r, half_r=half(in_r))


@given(st.lists(AMOUNTS, max_size=40))
def test_sums_are_exact(results: list[Decimal]) -> None:
    found = performance(closed_trades(reversed(trades(results))))
    exact = [Fraction(value) for value in results]
    assert Fraction(found.net_r) == sum(exact)
    assert found.trades == found.rated == len(results)
    assert dict(found.net) == ({"USD": sum(value * 100 for value in results)} if results else {})
    assert found.won == sum(value > 0 for value in exact)
    assert [Fraction(point.total) for point in found.curve] == [sum(exact[: at + 1]) for at in range(len(exact))]
    assert sum(each.count for each in found.bins) == len(results)


@given(st.lists(AMOUNTS, max_size=40))
def test_the_worst_run_is_the_worst_series_of_losses(results: list[Decimal]) -> None:
    runs, run = [Fraction(0)], Fraction(0)
    for value in map(Fraction, results):
        run = run + value if value < 0 else Fraction(0)
        runs.append(run)
    assert Fraction(performance(trades(results)).worst_run) == min(runs)


@pytest.mark.parametrize(
    ("in_r", "half"), [("-9", -3), ("-1.02", -2), ("-0.2", 0), ("0.76", 2), ("1.53", 3), ("2.75", 6), ("40", 6)]
)
def test_each_result_is_counted_at_the_nearest_half(in_r: str, half: int) -> None:
    found = performance(trades([Decimal(in_r)]))
    assert [each.half_r for each in found.bins if each.count] == [half]


def test_coins_are_never_added_together() -> None:
    records = trades([Decimal(1), Decimal(2)])
    mixed = [records[0], replace(records[1], quote="USDT")]
    shown = state.strip(performance(mixed), UTC)
    assert shown.figures[0].label == "Net, 2 coins"
    assert shown.figures[0].value == "–"
    assert shown.tips[0] == "Net of fees: +100.00 USD, +200.00 USDT."


def test_a_trade_without_a_planned_loss_counts_in_money_alone() -> None:
    first, second = trades([Decimal(1), Decimal("-0.5")])
    found = performance([first, replace(second, in_r=None)])
    assert (found.trades, found.rated, found.net_r) == (2, 1, Decimal(1))
    assert "1 without a planned loss left out." in state.strip(found, UTC).tips[1]


def test_the_drawn_trades_in_words() -> None:
    shown = state.strip(performance(closed_trades(map(record_of, drawn()))), UTC)
    assert shown.title == "11 closed trades"
    assert [figure.label for figure in shown.figures] == [
        "Net, USD", "Net, R", "Win rate", "Average", "Worst run", "Fees, USD",
    ]  # fmt: skip
    assert shown.figures[2].value == "54.5%"
    assert shown.figures[4].tone is Token.NEG
    assert shown.figures[5].value == "257.20"
    assert [bar.label for bar in shown.bars] == [
        "−1.5", "−1.0", "−0.5", "0", "0.5", "1.0", "1.5", "2.0", "2.5", "3+",
    ]  # fmt: skip
    assert shown.bars[1].outlined
    assert not shown.bars[-1].outlined


def test_without_trades_the_strip_says_so() -> None:
    shown = state.strip(performance([]), UTC)
    assert shown.empty == words.NO_TRADES
    assert shown.curve is None
    assert {figure.value for figure in shown.figures} == {"–"}


def test_a_result_below_the_lowest_column_is_told() -> None:
    assert state.strip(performance(trades([Decimal(-2)])), UTC).bars[0].label == "≤−1.5"


@given(st.lists(AMOUNTS, min_size=1, max_size=30))
def test_the_curve_lies_within_its_ticks(results: list[Decimal]) -> None:
    curve = state.strip(performance(trades(results)), UTC).curve
    assert curve is not None
    assert all(0 <= x <= 1000 and 0 <= y <= 1000 for x, y in curve.points)
    shares = [share for share, _ in curve.ticks]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1000)
    assert 2 <= len(shares) <= 6
    assert "0" in [text for _, text in curve.ticks]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 10, 1), date(2026, 11, 22), "1 Oct to 22 Nov 2026"),
        (date(2026, 11, 16), date(2026, 11, 22), "16 to 22 Nov 2026"),
        (date(2026, 11, 22), date(2026, 11, 22), "22 Nov 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Dec 2025 to 2 Jan 2026"),
    ],
)
def test_a_period_is_said_by_its_days(first: date, last: date, text: str) -> None:
    assert state.days(first, last) == text


def test_all_dates_begin_with_the_first_strategy() -> None:
    first = at(8, "09:00")
    assert state.period_words(Period.ALL, first, at(22, "15:00"), UTC) == "8 to 22 Nov 2026"
    assert state.period_words(Period.ALL, None, at(22, "15:00"), UTC) == "All dates"
    assert state.period_words(Period.MONTH, first, at(22, "15:00"), UTC) == "1 to 22 Nov 2026"
