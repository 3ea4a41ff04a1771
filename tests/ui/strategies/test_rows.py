"""Strategies as rows: texts, money, counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies import rows
from otoco_desktop.ui.strategies.rows import DAY_MS, Column, Show
from tests.ui.strategy_examples import MARKS, NOON, Prices, Story, as_drawn, in_phase

MARK = MARKS["BTC_USD"]


def cell(strategy: Strategy, column: Column, mark: Decimal | None = MARK) -> tuple[str, str]:
    found = rows.build(strategy, mark).cells[column]
    return found.upper, found.lower


def test_the_drawn_rows() -> None:
    texts = [
        [
            (found.upper, found.lower)
            for found in rows.build(item, MARKS.get(item.intent.order.instrument)).cells.values()
        ]
        for item in as_drawn()
    ]
    assert texts[0][:5] == [
        ("Exits active", "range-retest"),
        ("BTC_USD", "Buy 0.08120"),
        ("91,880.00", "Filled"),
        ("90,410.00", "Active"),
        ("95,600.00", "Active"),
    ]
    assert texts[1] == [
        ("Entry working", "dip-ladder"),
        ("ETH_USD", "Buy 2.40000"),
        ("3,041.20", "Active"),
        ("2,968.00", "Waiting"),
        ("3,214.00", "Waiting"),
        ("–", "not open"),
    ]
    assert texts[2][5] == ("−13.40", "−0.07 R")
    assert texts[3][5] == ("+223.84", "+1.10 R")


def test_a_leg_is_spoken_with_its_state_and_price() -> None:
    made = rows.build(as_drawn()[0]).cells
    assert made[Column.STOP].spoken == "Stop leg, active, 90,410.00"
    assert made[Column.ENTRY].spoken == "Entry leg, filled, 91,880.00"
    assert made[Column.STATE].spoken == "S-0415, Exits active, range-retest"


def test_a_target_is_shown_by_its_trigger() -> None:
    prices = Prices(target_limit="95500.00")
    assert cell(Story(prices).resting().fold(), Column.TARGET) == ("95,600.00", "Waiting")


def test_a_sell_has_its_word_and_its_arrow() -> None:
    prices = Prices(stop="93000.00", target="88000.00", side=Side.SELL)
    found = rows.build(Story(prices).resting().fold()).cells[Column.INSTRUMENT]
    assert (found.lower, found.glyph, found.glyph_tone) == ("Sell 0.08120", Glyph.DOWN, Token.NEG)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (Phase.INTENT, "not known"),
        (Phase.UNKNOWN, "not known"),
        (Phase.UNRESOLVED, "not known"),
        (Phase.NOT_SENT, "no trade"),
        (Phase.REJECTED, "no trade"),
        (Phase.RESOLVED_NOT_PLACED, "no trade"),
        (Phase.ACKED, "not open"),
        (Phase.WORKING, "not open"),
    ],
)
def test_why_there_is_no_result(state: Phase, reason: str) -> None:
    assert cell(in_phase(state), Column.RESULT) == ("–", reason)


def test_an_open_position_without_a_price_says_so() -> None:
    assert cell(in_phase(Phase.PROTECTED), Column.RESULT, None) == ("–", "no price")


def test_an_open_result_is_the_mark_less_what_was_paid() -> None:
    # 0.0812 x (93,118.42 - 91,880.00) - 18.65 fee = 81.909704; over 119.76 = 0.68 R
    assert cell(in_phase(Phase.PROTECTED), Column.RESULT) == ("+81.91", "+0.68 R")


def test_an_open_sell_gains_when_the_mark_falls() -> None:
    prices = Prices(stop="93000.00", target="88000.00", side=Side.SELL)
    lower = Decimal("90880.00")
    assert cell(Story(prices).protected().fold(), Column.RESULT, lower) == ("+62.55", "+0.52 R")


def test_a_loss_is_red_and_has_a_true_minus() -> None:
    found = rows.build(Story().stopped("90410.00", "36.71").fold()).cells[Column.RESULT]
    assert found.upper.startswith("−")
    assert found.upper_tone is Token.NEG


def test_an_unrecognised_status_is_spoken_short_and_plain() -> None:
    strategy = Story().protected().leg(LegRole.STOP, "<b>" + "X" * 400).fold()
    spoken = rows.build(strategy).cells[Column.STOP].spoken
    assert "unrecognised" in spoken
    assert len(spoken) < 360


def test_open_today_and_all() -> None:
    yesterday = Story(number=1).target_filled("95600.00").fold()
    yesterday = replace(yesterday, intent=replace(yesterday.intent, at_ms=NOON - DAY_MS))
    waiting = Story(number=2).resting().fold()
    waiting = replace(waiting, intent=replace(waiting.intent, at_ms=NOON - 3 * DAY_MS))
    today = Story(number=3).target_filled("95600.00").fold()
    everything = (today, waiting, yesterday)
    assert rows.listed(everything, Show.OPEN, NOON) == (waiting,)
    assert rows.listed(everything, Show.TODAY, NOON) == (today, waiting)
    assert rows.listed(everything, Show.ALL, NOON) == everything
    assert [rows.count(everything, NOON).of(show) for show in Show] == [1, 2, 3]


def test_the_header_names_the_coin_while_there_is_one() -> None:
    in_euro = Story(Prices("BTC_EUR")).resting().fold()
    assert rows.result_header(as_drawn()) == "P&L USD"
    assert rows.result_header((*as_drawn(), in_euro)) == "P&L"
    assert rows.result_header(()) == "P&L"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (Phase.INTENT, "Not confirmed"),
        (Phase.ACKED, "Not confirmed"),
        (Phase.UNKNOWN, "Unknown"),
        (Phase.UNRESOLVED, "Unknown"),
    ],
)
def test_a_leg_nobody_has_seen_is_in_doubt_only_when_the_outcome_is(state: Phase, word: str) -> None:
    assert cell(in_phase(state), Column.STOP) == ("90,410.00", word)
