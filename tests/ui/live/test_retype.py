"""What counts as the entry value typed again."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.ui.review.retype import Retype
from otoco_desktop.ui.shell.glyphs import Glyph

NINE_THOUSAND = Retype(Decimal("9123.57600"), 2, "USD")


@pytest.mark.parametrize("text", ["9123", "9124", "9123.58", "9123.576"])
def test_either_whole_number_beside_it_and_the_value_itself_match(text: str) -> None:
    answer = NINE_THOUSAND.judge(text)
    assert (answer.matches, answer.glyph) == (True, Glyph.PASS)
    assert answer.words == "Matches the entry value of 9,123.58 USD."


@pytest.mark.parametrize("text", ["", "9", "91", "912", "9123."])
def test_a_beginning_is_neither_right_nor_wrong(text: str) -> None:
    assert NINE_THOUSAND.judge(text) == NINE_THOUSAND.waiting


@pytest.mark.parametrize("text", ["91234", "9122", "9125", "912357.6", "9123.5", "0.9123", "8"])
def test_a_misplaced_digit_is_found(text: str) -> None:
    answer = NINE_THOUSAND.judge(text)
    if text != "9123.5":
        assert answer.words == f"{text} is not the entry value. Type 9123 or 9124."
    assert not answer.matches


STRANGE = [" 9123", "9123 ", "9,123", "+9123", "9.123e3", "\uff19\uff11\uff12\uff13", "09123", "nine", "1e400", "NaN"]


@pytest.mark.parametrize("text", STRANGE)
def test_nothing_but_plain_digits_is_a_number(text: str) -> None:
    answer = NINE_THOUSAND.judge(text)
    assert not answer.matches
    assert answer.words


@pytest.mark.parametrize(
    ("value", "right", "wrong"),
    [
        ("9.99", ["9.99"], ["9", "10"]),
        ("0.92400", ["0.92", "0.924"], ["0", "1"]),
        ("10", ["10", "10.00"], ["9", "11"]),
        ("10.01", ["10", "11", "10.01"], ["9", "12"]),
        ("5000", ["5000"], ["5001", "4999"]),
    ],
)
def test_below_ten_only_the_value_confirms(value: str, right: list[str], wrong: list[str]) -> None:
    asked = Retype(Decimal(value), 2, "USD")
    assert [asked.judge(text).matches for text in right] == [True] * len(right)
    assert [asked.judge(text).matches for text in wrong] == [False] * len(wrong)


def test_it_says_how_to_type_it() -> None:
    assert NINE_THOUSAND.prompt == "Type the entry value in whole USD to confirm"
    small = Retype(Decimal("0.00123400"), 8, "BTC")
    assert small.prompt == "Type the entry value in BTC, with its decimals, to confirm"
    assert small.judge("0.00123400").matches
    assert small.judge("7").words == "7 is not the entry value. Type 0.00123400."


@given(st.decimals(min_value="0.01", max_value="9999999", places=2), st.integers(0, 10_000_000))
def test_no_other_whole_number_confirms(value: Decimal, typed: int) -> None:
    asked = Retype(value, 2, "USD")
    beside = {int(value.to_integral_value(way)) for way in (ROUND_FLOOR, ROUND_CEILING)}
    allowed = typed in beside if value >= 10 else Decimal(typed) == value
    assert asked.judge(str(typed)).matches == allowed
