"""Numbers of the settings sheet: the strict grammar, and a sentence for each."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.choices import DISTANCES, STARTS, Limit, limits_for, read, text_of

CAPPED = Preferences(hard_cap=Decimal("5000"))


@pytest.mark.parametrize(
    ("limit", "text", "field", "value", "sentence"),
    [
        (
            Limit.TRADE,
            "1000",
            "trade_limit",
            Decimal(1000),
            "Above 1,000.00 USD, the review asks again with the number.",
        ),
        (Limit.TRADE, "", "trade_limit", None, "No limit."),
        (
            Limit.OPEN_RISK,
            "250.5",
            "open_risk_limit",
            Decimal("250.5"),
            "Above 250.50 USD on all live strategies together, the review asks again.",
        ),
        (Limit.CAP, "20000", "hard_cap", Decimal(20000), "A trade that costs more than 20,000.00 USD is refused."),
        (
            Limit.RISK,
            "0.5%",
            "risk_limit",
            Decimal("0.005"),
            "Warns when one trade risks more than 0.5% of the account.",
        ),
        (Limit.AUTO_LOCK, "1", "auto_lock_minutes", 1, "Locks after 1 minute without use."),
        (Limit.STOP_START, "2%", "stop_start", "2%", "A new plan starts with 2%, counted from its entry."),
        (Limit.STOP_START, "", "stop_start", "", "A new plan's stop is empty."),
        (Limit.TARGET_START, "2.5R", "target_start", "2.5R", "A new plan starts with 2.5R, counted from its entry."),
        (
            Limit.RISK_UNIT,
            "250",
            "risk_unit",
            Decimal(250),
            "A stop of 1R lies where the quantity loses 250.00 USD, before fees.",
        ),
        (Limit.RISK_UNIT, "", "risk_unit", None, "A stop cannot be typed in R."),
        (Limit.AUTO_LOCK, "0", "auto_lock_minutes", 0, "Never locks by itself, only when the computer slept."),
    ],
)
def test_read(limit: Limit, text: str, field: str, value: object, sentence: str) -> None:
    reading = read(limit, text, CAPPED)
    assert reading.chosen is not None
    assert getattr(reading.chosen, field) == value
    assert reading.sentence == sentence


@pytest.mark.parametrize(
    ("limit", "text", "sentence", "fix"),
    [
        (Limit.TRADE, "1,000.50", "1,000.50 has a comma.", "1000.50"),
        (Limit.TRADE, "6000", "The limit per trade 6000 is above the hard cap 5000. Lower it.", ""),
        (Limit.TRADE, "0", "The limit per trade must be above 0. Leave it empty for no limit.", ""),
        (Limit.CAP, "-5", "-5 is negative. Enter a number above zero.", ""),
        (Limit.RISK, "", "Enter a number.", ""),
        (Limit.RISK, "101", "The risk limit must be above 0% and at most 100%.", ""),
        (Limit.RISK, "٣", "٣ (U+0663) is not one of the digits 0 to 9.", "3"),
        (Limit.AUTO_LOCK, "1.5", "1.5 is not a whole number of minutes.", "2"),
        (Limit.AUTO_LOCK, "2000", "Auto-lock takes 0 (never) to 1440 minutes.", ""),
        (Limit.STOP_START, "2", "A new plan's stop starts with a percentage such as 2%, counted from the entry.", "2%"),
        (
            Limit.STOP_START,
            "90552.00",
            "A new plan's stop starts with a percentage such as 2%, counted from the entry.",
            "",
        ),
        (
            Limit.STOP_START,
            "1R",
            "A new plan's stop starts with a percentage such as 2%, counted from the entry.",
            "",
        ),
        (
            Limit.TARGET_START,
            "+500",
            "A new plan's target starts with a percentage or R such as 5% or 2.5R, counted from the entry.",
            "",
        ),
        (Limit.STOP_START, "1,5%", "1,5 has a comma.", "1.5%"),
        (Limit.STOP_START, "0%", "0% would put the stop on the entry. Enter more than 0.", ""),
        (Limit.STOP_START, "100%", "100% is the whole entry price or more. Enter less than 100%.", ""),
        (Limit.RISK_UNIT, "0", "The unit of R must be above 0. Leave it empty for none.", ""),
        (Limit.OPEN_RISK, "1e3", '"1e3" has the letter e. Write it in digits, such as 92400.00.', ""),
    ],
)
def test_refused(limit: Limit, text: str, sentence: str, fix: str) -> None:
    reading = read(limit, text, CAPPED)
    assert (reading.chosen, reading.sentence, reading.fix) == (None, sentence, fix)


@given(st.sampled_from(list(Limit)), st.text(max_size=12))
def test_whatever_is_typed_is_applied_exactly_or_refused_in_words(limit: Limit, text: str) -> None:
    reading = read(limit, text, CAPPED)
    assert reading.sentence
    if reading.chosen is not None and text:
        shown = text_of(limit, reading.chosen)
        same = shown == text or Decimal(shown) == Decimal(text.removesuffix("%"))
        assert same if limit not in DISTANCES else shown == text


@given(st.decimals(min_value="0.01", max_value="999999999", places=2))
def test_what_is_kept_comes_back_as_it_was_typed(amount: Decimal) -> None:
    chosen = Preferences(trade_limit=amount)
    assert read(Limit.TRADE, text_of(Limit.TRADE, chosen), Preferences()).chosen == chosen


def test_where_there_is_no_key_there_is_nothing_to_lock() -> None:
    assert Limit.AUTO_LOCK not in limits_for(Environment.PRACTICE)
    assert limits_for(Environment.LIVE) == tuple(limit for limit in Limit if limit not in STARTS)
