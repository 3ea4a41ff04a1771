"""Steps are counted exactly, and only text for people is ever shortened."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_UP, Decimal, Inexact
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.money import (
    grouped,
    is_multiple,
    money_places,
    on_grid,
    percent,
    places_of,
    plain,
    round_to_step,
    signed,
    signed_percent,
    trimmed,
)

D = Decimal
VALUES = st.decimals(-(10**12), 10**12, places=12, allow_nan=False, allow_infinity=False)
STEPS = st.sampled_from([D("0.01"), D("0.00001"), D("0.5"), D("0.25"), D(1), D(10), D("0.0000000001")])


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("92400", 2, "92,400.00"),
        ("92400.005", None, "92,400.005"),
        ("-0.001", 2, "0.00"),
        ("-1234.5", 2, "−1,234.50"),
        ("0.00001", None, "0.00001"),
        ("1E+3", None, "1,000"),
        ("92400.005", 2, "92,400.00"),
        ("599.995", 2, "600.00"),
    ],
)
def test_grouped(value: str, places: int | None, text: str) -> None:
    assert grouped(D(value), places) == text


@pytest.mark.parametrize(
    ("value", "text"), [("383.50616", "+383.51"), ("-249.98598", "−249.99"), ("0", "0.00"), ("-0.004", "0.00")]
)
def test_signed(value: str, text: str) -> None:
    assert signed(D(value), 2) == text


def test_percentages() -> None:
    assert percent(D("0.0025"), 2) == "0.25%"
    assert percent(D("-0.0124"), 2) == "−1.24%"
    assert signed_percent(D("0.0498"), 2) == "+4.98%"
    assert signed_percent(D("0"), 2) == "0.00%"


@pytest.mark.parametrize(
    ("value", "plain_text", "trimmed_text"),
    [("0.50000", "0.50000", "0.5"), ("1E+2", "100", "100"), ("1E-8", "0.00000001", "0.00000001"), ("5.0", "5.0", "5")],
)
def test_wire_text_has_no_exponent(value: str, plain_text: str, trimmed_text: str) -> None:
    assert plain(D(value)) == plain_text
    assert trimmed(D(value)) == trimmed_text


@pytest.mark.parametrize(("step", "places"), [("0.01", 2), ("0.010", 2), ("1", 0), ("10", 0), ("1E-8", 8)])
def test_places_of_a_step(step: str, places: int) -> None:
    assert places_of(D(step)) == places


def test_money_places() -> None:
    assert money_places("USD") == 2
    assert money_places("USDT") == 2
    assert money_places("BTC") == 8


def test_off_the_grid_is_an_error_and_never_rounded() -> None:
    with pytest.raises(Inexact):
        on_grid(D("92400.005"), D("0.01"))


@given(value=VALUES, step=STEPS)
def test_multiples_agree_with_fractions(value: Decimal, step: Decimal) -> None:
    assert is_multiple(value, step) == ((Fraction(value) / Fraction(step)).denominator == 1)


@given(value=VALUES, step=STEPS)
def test_rounding_agrees_with_fractions(value: Decimal, step: Decimal) -> None:
    exact = Fraction(value) / Fraction(step)
    expected = {
        ROUND_FLOOR: floor(exact),
        ROUND_CEILING: ceil(exact),
        ROUND_HALF_EVEN: round(exact),
        ROUND_DOWN: int(exact),
        ROUND_UP: floor(exact) if exact < 0 else ceil(exact),
    }
    for rounding, count in expected.items():
        rounded = round_to_step(value, step, rounding)
        assert Fraction(rounded) == count * Fraction(step)
        assert rounded.as_tuple().exponent == -places_of(step)


@given(count=st.integers(1, 10**15), step=STEPS)
def test_what_lies_on_the_grid_stays(count: int, step: Decimal) -> None:
    value = count * step
    assert is_multiple(value, step)
    assert on_grid(value, step) == round_to_step(value, step, ROUND_CEILING) == value


@given(value=VALUES)
def test_grouping_only_adds_commas_and_a_true_minus(value: Decimal) -> None:
    assert D(grouped(value).replace(",", "").replace("−", "-")) == value
