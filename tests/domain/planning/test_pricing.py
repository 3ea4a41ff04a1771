"""The grammar of prices, what relative prices come to, and to whose disadvantage they are rounded."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.money import WIDE, is_multiple, plain
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.pricing import (
    Origin,
    PriceKind,
    PriceText,
    computed_value,
    neighbours,
    parse_price,
    resolve,
)
from tests.domain.planning.plans import BTC_USD, BUY, SELL, around, expect, finding, judged

D = Decimal
NOT_UNDERSTOOD = "is not understood. Try 2%, -500, 1.5R or a price."
EXITS = st.sampled_from([Field.STOP, Field.STOP_LIMIT, Field.TARGET, Field.TARGET_LIMIT])


@pytest.mark.parametrize(
    ("text", "kind", "amount", "sign"),
    [
        ("90552", PriceKind.ABSOLUTE, "90552", 0),
        ("2%", PriceKind.PERCENT, "2", 0),
        ("2 %", PriceKind.PERCENT, "2", 0),
        ("-2%", PriceKind.PERCENT, "2", -1),
        ("+5%", PriceKind.PERCENT, "5", 1),
        ("-500", PriceKind.OFFSET, "500", -1),
        ("+500.25", PriceKind.OFFSET, "500.25", 1),
        ("2.5R", PriceKind.R, "2.5", 0),
        ("1 r", PriceKind.R, "1", 0),
    ],
)
def test_understood(text: str, kind: PriceKind, amount: str, sign: int) -> None:
    assert parse_price(text) == PriceText(kind, D(amount), sign)


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        ("2 percent", f'"2 percent" {NOT_UNDERSTOOD}', ""),
        ("abc", f'"abc" {NOT_UNDERSTOOD}', ""),
        ("1e5", f'"1e5" {NOT_UNDERSTOOD}', ""),
        ("+2R", f'"+2R" {NOT_UNDERSTOOD}', ""),
        ("%", f'"%" {NOT_UNDERSTOOD}', ""),
        ("1,5%", "1,5 has a comma.", "1.5%"),
        ("1,500%", "1,500 has a comma. Type 1500 or 1.500", ""),
        ("-1,5", "1,5 has a comma.", "-1.5"),
        ("−500", "− (U+2212) is not the keyboard's minus sign.", "-500"),
        ("−2,5", "− (U+2212) is not the keyboard's minus sign.", ""),
        ("92,400.00", "92,400.00 has a comma.", "92400.00"),
        (" 2%", "There is a space before 2.", "2%"),
        ("2% ", "% (U+0025) does not belong in a number.", "2%"),
        ("2.%", "2. ends with a point. Type its decimals.", "2%"),
        ("\u202e2%", "There is an invisible character (U+202E) in [U+202E]2. Type it again.", ""),
        ("2\u200b%", "There is an invisible character (U+200B) in 2[U+200B]. Type it again.", "2%"),
    ],
)
def test_refused(text: str, reason: str, suggestion: str) -> None:
    refusal = parse_price(text)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.suggestion, refusal.unfinished) == (reason, suggestion, False)


@pytest.mark.parametrize("text", ["+", "-", "2.", "-2."])
def test_the_beginning_of_a_price_is_not_wrong_yet(text: str) -> None:
    assert expect(judged(BUY, stop=text), "stop.text").severity is Severity.INCOMPLETE


@given(st.text("0123456789.,%Rr+- −'", max_size=12))
def test_any_text_is_understood_or_refused_and_no_suggestion_is_refused(text: str) -> None:
    if not text:
        return
    parsed = parse_price(text)
    if isinstance(parsed, Refusal) and parsed.suggestion:
        assert isinstance(parse_price(parsed.suggestion), PriceText)


@pytest.mark.parametrize(
    ("side", "field", "text", "price"),
    [
        (Side.BUY, Field.STOP, "2%", "90552.00"),
        (Side.BUY, Field.TARGET, "2%", "94248.00"),
        (Side.SELL, Field.STOP, "2%", "94248.00"),
        (Side.SELL, Field.TARGET, "2%", "90552.00"),
        (Side.BUY, Field.STOP, "+2%", "94248.00"),
        (Side.SELL, Field.STOP, "-2%", "90552.00"),
        (Side.BUY, Field.STOP, "-500", "91900.00"),
        (Side.SELL, Field.STOP, "+500", "92900.00"),
        (Side.BUY, Field.STOP_LIMIT, "3%", "89628.00"),
        (Side.BUY, Field.TARGET_LIMIT, "+400", "92800.00"),
    ],
)
def test_directions(side: Side, field: Field, text: str, price: str) -> None:
    parsed = parse_price(text)
    assert isinstance(parsed, PriceText)
    with localcontext(WIDE):
        typed = resolve(parsed, field, Origin(D(92_400), side))
        assert computed_value(typed, field, BTC_USD, D(92_400)).value == D(price)


def test_target_in_r_counts_from_the_stop() -> None:
    assert judged(BUY, stop="91400", target="2.5R").plan.value(Field.TARGET) == D(94_900)
    assert judged(SELL, stop="95000", target="2.5R").plan.value(Field.TARGET) == D(91_500)
    limits = judged(BUY, stop="91400", target="2.5R", target_market=False, target_limit="2R")
    assert limits.plan.value(Field.TARGET_LIMIT) == D(94_400)


def test_stop_in_r_is_the_risk_unit_over_the_quantity() -> None:
    surroundings = around(risk_unit=D(100))
    assert judged(BUY, surroundings, stop="1.5R").plan.value(Field.STOP) == D(90_900)
    assert judged(SELL, surroundings, stop="1.5R", stop_limit="1.6R").plan.value(Field.STOP) == D(95_500)
    assert judged(BUY, surroundings, quantity="0.3", stop="1R").plan.value(Field.STOP) == D("92066.66")


@pytest.mark.parametrize(
    ("changes", "severity", "message"),
    [
        (
            {"stop": "1R"},
            Severity.FAIL,
            "1R has no value for a stop yet. Set the unit of R in Settings, or use a price, % or offset.",
        ),
        (
            {"stop": "1R", "quantity_mode": QuantityMode.RISK, "quantity": "1"},
            Severity.FAIL,
            "R can't size the stop in Risk % mode. Use a price, % or offset.",
        ),
        (
            {"stop": "2%", "entry": ""},
            Severity.INCOMPLETE,
            "2% is counted from the entry price. Enter the entry first.",
        ),
        (
            {"stop": "-500", "entry": "x"},
            Severity.INCOMPLETE,
            "-500 is counted from the entry price. Enter the entry first.",
        ),
        ({"stop": "100%"}, Severity.FAIL, "100% comes to 0.00. A price must be above zero."),
        ({"stop": "-100000"}, Severity.FAIL, "-100000 comes to −7,600.00. A price must be above zero."),
        ({"stop": "0.00"}, Severity.FAIL, "0.00 is not a price. It must be above zero."),
        ({"stop": ""}, Severity.INCOMPLETE, "Enter the stop: a price, 2%, -500 or 1.5R."),
    ],
)
def test_a_stop_that_comes_to_nothing(changes: dict[str, Any], severity: Severity, message: str) -> None:
    worst = judged(BUY, **changes).worst(Field.STOP)
    assert worst
    assert (worst.severity, worst.message) == (severity, message)


@pytest.mark.parametrize("text", ["+999999999999999999", "999999999999999999%", "999999999999999999R"])
def test_no_distance_comes_to_more_digits_than_can_be_typed(text: str) -> None:
    verdict = judged(BUY, target=text)
    assert verdict.plan.value(Field.TARGET) is None
    assert expect(verdict, "target.large").message == f"{text} comes to a number of more than 18 digits."


def test_a_stop_in_r_waits_for_the_quantity() -> None:
    verdict = judged(BUY, around(risk_unit=D(100)), stop="1R", quantity="")
    assert expect(verdict, "stop.waits").message == "1R is counted from the quantity. Enter the quantity first."


def test_a_target_in_r_waits_for_the_stop() -> None:
    verdict = judged(BUY, stop="", target="2R")
    assert expect(verdict, "target.waits").message == "2R is counted from the stop. Enter the stop first."


def test_absolute_prices_are_never_rounded() -> None:
    verdict = judged(BUY, stop="90552.005")
    assert verdict.plan.value(Field.STOP) == D("90552.005")
    assert expect(verdict, "stop.tick").severity is Severity.FAIL
    assert finding(verdict, "tick") is None


def test_an_absolute_price_takes_the_decimals_of_the_tick() -> None:
    value = judged(BUY, stop="90552.000").plan.value(Field.STOP)
    assert value is not None
    assert plain(value) == "90552.00"


@given(
    entry=st.decimals(1, 200_000, places=2),
    ratio=st.decimals("0.01", 50, places=3),
    side=st.sampled_from(Side),
    field=EXITS,
)
def test_rounding_never_flatters(entry: Decimal, ratio: Decimal, side: Side, field: Field) -> None:
    with localcontext(WIDE):
        typed = resolve(PriceText(PriceKind.PERCENT, ratio), field, Origin(entry, side))
        found = computed_value(typed, field, BTC_USD, entry)
    assert found.value is not None
    assert is_multiple(found.value, BTC_USD.price_tick)
    exact, rounded = abs(typed - entry), abs(found.value - entry)
    assert abs(found.value - typed) < BTC_USD.price_tick
    if field in (Field.STOP, Field.STOP_LIMIT):
        assert rounded >= exact
    else:
        assert rounded <= exact


@given(value=st.decimals("0.001", 10**6, places=5))
def test_neighbours_enclose(value: Decimal) -> None:
    low, high = neighbours(value, BTC_USD.price_tick)
    assert low <= value <= high
    assert high - low in (D(0), BTC_USD.price_tick)


def test_a_computed_price_at_the_entry_itself_is_rounded_down_outwards() -> None:
    at_entry = computed_value(D("92400.005"), Field.STOP, BTC_USD, D("92400.005"))
    assert (at_entry.value, computed_value(D("92400.005"), Field.TARGET, BTC_USD, D("92400.005")).value) == (
        D("92400.00"),
        D("92400.01"),
    )


@pytest.mark.parametrize("text", ["X-5", "X+5", "X5"])
def test_a_letter_before_a_sign_is_not_understood(text: str) -> None:
    refused = parse_price(text)
    assert isinstance(refused, Refusal)
    assert refused.reason.startswith(f'"{text}" is not understood.')
