"""Quantity typed, spent or risked; and the same quantity rewritten for another mode."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.money import is_multiple
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import retext
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Surroundings
from tests.domain.planning.plans import (
    ACCOUNT,
    AROUND,
    BTC_USD,
    BUY,
    EXAMPLE,
    OFFLINE,
    SELL,
    around,
    expect,
    finding,
    holding,
    judged,
)

D = Decimal
RISK, SPEND, QUANTITY = QuantityMode.RISK, QuantityMode.SPEND, QuantityMode.QUANTITY


@pytest.mark.parametrize("text", ["0.5", "0.5%", "0.5 %"])
def test_risk_reads_all_three_spellings(text: str) -> None:
    assert judged(EXAMPLE, quantity=text).plan.value(Field.QUANTITY) == D("0.09874")


def test_risk_never_exceeds_what_was_asked() -> None:
    figures = judged(EXAMPLE).figures
    assert figures
    assert figures.at_risk is not None
    assert figures.at_risk <= D("0.005")


def test_risk_counts_a_limit_stop_at_its_limit() -> None:
    wide = judged(EXAMPLE, stop_market=False, stop_limit="90000").plan.value(Field.QUANTITY)
    near = judged(EXAMPLE, stop_market=False, stop_limit="90500").plan.value(Field.QUANTITY)
    assert wide is not None
    assert near is not None
    assert wide < near < D("0.09874")


@pytest.mark.parametrize(("draft", "limit"), [(EXAMPLE, "92000"), (replace(SELL, stop="95880"), "94100")])
def test_a_limit_stop_on_the_wrong_side_of_its_trigger_makes_no_plan_larger(draft: OtocoDraft, limit: str) -> None:
    """The loss is counted at the trigger then, and so is what it sizes."""
    risked = replace(draft, quantity_mode=RISK, quantity="0.1%", stop_market=False, stop_limit=limit)
    verdict = judged(risked, around(account=replace(holding(USD="99999", BTC="9"), value_usd=D(50_000))))
    assert verdict.figures
    assert verdict.figures.at_risk is not None
    assert D("0.00099") < verdict.figures.at_risk <= D("0.001")


def test_an_account_worth_less_than_nothing_sizes_nothing() -> None:
    found = judged(EXAMPLE, around(value_usd=D(-3)), quantity="0.5%")
    assert found.plan.value(Field.QUANTITY) is None
    assert expect(found, "quantity.minimum").message == "0.5% sizes less than the minimum of 0.00001 BTC."
    assert retext(BUY, around(value_usd=D(-3)), RISK).quantity == ""


def test_no_more_digits_are_sized_than_can_be_typed() -> None:
    tiny = replace(BUY, entry="0.01", stop="50%", quantity_mode=SPEND, quantity="9" * 18)
    assert expect(judged(tiny), "quantity.large").message == f"{'9' * 18} comes to a number of more than 18 digits."


def test_spend_includes_the_fee_of_a_buy() -> None:
    found = judged(BUY, quantity_mode=SPEND, quantity="9263.10").plan.fields[Field.QUANTITY]
    assert (found.value, found.typed, found.computed) == (D("0.10000"), D("9263.10"), True)
    assert judged(BUY, quantity_mode=SPEND, quantity="9263.09").plan.value(Field.QUANTITY) == D("0.09999")


def test_spend_without_a_fee_in_quote_buys_more() -> None:
    verdict = judged(BUY, around(fee_in_quote=False), quantity_mode=SPEND, quantity="9240")
    assert verdict.plan.value(Field.QUANTITY) == D("0.10000")


def test_spend_of_a_sell_is_the_value_sold() -> None:
    assert judged(SELL, quantity_mode=SPEND, quantity="9400").plan.value(Field.QUANTITY) == D("0.10000")


@pytest.mark.parametrize(
    ("changes", "surroundings", "severity", "message"),
    [
        ({"quantity": ""}, AROUND, Severity.INCOMPLETE, "Enter how much BTC to buy."),
        ({"quantity": "", "quantity_mode": SPEND}, AROUND, Severity.INCOMPLETE, "Enter how much USD to spend."),
        (
            {"quantity": "", "quantity_mode": RISK},
            AROUND,
            Severity.INCOMPLETE,
            "Enter the share of the account to risk, such as 0.5%, or an amount: 250 USD.",
        ),
        ({"quantity": "0"}, AROUND, Severity.FAIL, "0 is below the minimum of 0.00001."),
        (
            {"quantity": "0", "quantity_mode": SPEND},
            AROUND,
            Severity.FAIL,
            "0 buys less than the minimum of 0.00001 BTC.",
        ),
        (
            {"quantity": "0.5", "quantity_mode": SPEND},
            AROUND,
            Severity.FAIL,
            "0.5 buys less than the minimum of 0.00001 BTC.",
        ),
        (
            {"quantity": "0.00001%", "quantity_mode": RISK},
            AROUND,
            Severity.FAIL,
            "0.00001% sizes less than the minimum of 0.00001 BTC.",
        ),
        (
            {"quantity": "150", "quantity_mode": RISK},
            AROUND,
            Severity.FAIL,
            "150% is more than the whole account. Enter a share such as 0.5%.",
        ),
        ({"quantity": "0,5%", "quantity_mode": RISK}, AROUND, Severity.FAIL, "0,5 has a comma."),
        (
            {"quantity": "%", "quantity_mode": RISK},
            AROUND,
            Severity.FAIL,
            "% (U+0025) does not belong in a number.",
        ),
        (
            {"quantity": "100", "quantity_mode": SPEND},
            OFFLINE,
            Severity.WAIT,
            "Not checked: offline. Spend needs the fee rates.",
        ),
        (
            {"quantity": "0.5", "quantity_mode": RISK},
            around(value_usd=None),
            Severity.WAIT,
            "Risk % needs the account value, not told by the exchange yet.",
        ),
    ],
)
def test_a_quantity_that_comes_to_nothing(
    changes: dict[str, Any], surroundings: Surroundings, severity: Severity, message: str
) -> None:
    worst = judged(BUY, surroundings, **changes).worst(Field.QUANTITY)
    assert worst
    assert (worst.severity, worst.message) == (severity, message)


def test_a_sell_is_asked_in_its_own_words() -> None:
    assert expect(judged(SELL, quantity=""), "quantity.empty").message == "Enter how much BTC to sell."
    told = expect(judged(SELL, quantity="", quantity_mode=SPEND), "quantity.empty").message
    assert told == "Enter for how much USD to sell."
    least = expect(judged(SELL, quantity="0.5", quantity_mode=SPEND), "quantity.minimum").message
    assert least == "0.5 sells less than the minimum of 0.00001 BTC."
    assert expect(judged(SELL, entry=""), "entry.empty").message == "Enter the price to sell at."


@pytest.mark.parametrize("stop", ["", "93000", "x"])
def test_risk_without_a_right_stop_has_no_quantity_and_no_second_complaint(stop: str) -> None:
    verdict = judged(BUY, quantity_mode=RISK, quantity="0.5", stop=stop)
    assert verdict.plan.value(Field.QUANTITY) is None
    assert verdict.worst(Field.QUANTITY) is None


def test_spend_without_an_entry_has_no_quantity_and_no_second_complaint() -> None:
    verdict = judged(BUY, quantity_mode=SPEND, quantity="100", entry="")
    assert verdict.plan.value(Field.QUANTITY) is None
    assert verdict.worst(Field.QUANTITY) is None


# Another mode


@pytest.mark.parametrize(
    ("mode", "text"), [(QUANTITY, "0.09874"), (SPEND, "9146.39"), (RISK, "0.5 %")], ids=["quantity", "spend", "risk"]
)
def test_switching_keeps_the_quantity_of_the_example(mode: QuantityMode, text: str) -> None:
    switched = retext(EXAMPLE, AROUND, mode)
    assert (switched.quantity_mode, switched.quantity) == (mode, text)
    assert evaluate(switched, AROUND).plan.value(Field.QUANTITY) == D("0.09874")


def test_switching_back_to_risk_writes_the_shortest_text() -> None:
    assert retext(retext(EXAMPLE, AROUND, SPEND), AROUND, RISK).quantity == "0.5%"


@pytest.mark.parametrize(
    ("draft", "surroundings", "mode"),
    [
        (replace(BUY, quantity=""), AROUND, SPEND),
        (replace(BUY, entry=""), AROUND, SPEND),
        (replace(BUY, stop=""), AROUND, RISK),
        (BUY, around(value_usd=D(0)), RISK),
        (BUY, OFFLINE, SPEND),
        (BUY, replace(AROUND, instrument=None), RISK),
        (replace(BUY, quantity="0.100005"), AROUND, SPEND),
    ],
)
def test_switching_an_unknown_quantity_leaves_the_text_empty(
    draft: OtocoDraft, surroundings: Surroundings, mode: QuantityMode
) -> None:
    switched = retext(draft, surroundings, mode)
    assert (switched.quantity_mode, switched.quantity) == (mode, "")


@given(
    count=st.integers(1, 10**7),
    entry=st.decimals("0.01", 200_000, places=2),
    stop=st.decimals("0.1", 40, places=2),
    side=st.sampled_from(Side),
)
def test_switching_there_and_back_keeps_the_quantity(count: int, entry: Decimal, stop: Decimal, side: Side) -> None:
    quantity = count * BTC_USD.quantity_step
    draft = OtocoDraft(side=side, entry=str(entry), quantity=str(quantity.normalize()), stop=f"{stop}%", target="5%")
    assume("E" not in draft.quantity)
    rich = around(value_usd=D(10) ** 12)
    assume(finding(evaluate(draft, rich), "stop.positive") is None)
    for mode in (SPEND, RISK):
        there = retext(draft, rich, mode)
        assert there.quantity
        assert evaluate(there, rich).plan.value(Field.QUANTITY) == quantity
        assert retext(there, rich, QUANTITY).quantity == f"{quantity:.5f}"


@given(ratio=st.decimals("0.001", 100, places=3), stop=st.decimals("0.05", 60, places=2), side=st.sampled_from(Side))
def test_risk_is_the_largest_quantity_that_stays_within(ratio: Decimal, stop: Decimal, side: Side) -> None:
    draft = OtocoDraft(side=side, entry="92400", quantity_mode=RISK, quantity=f"{ratio}%", stop=f"{stop}%", target="5%")
    verdict = evaluate(draft, AROUND)
    quantity = verdict.plan.value(Field.QUANTITY)
    if quantity is None:
        assert expect(verdict, "quantity.minimum").severity is Severity.FAIL
        return
    assert is_multiple(quantity, BTC_USD.quantity_step)
    assert ACCOUNT.value_usd is not None
    allowed = ACCOUNT.value_usd * ratio / 100
    one_more = replace(draft, quantity_mode=QUANTITY, quantity=f"{quantity + BTC_USD.quantity_step}")
    assert _loss(replace(draft, quantity_mode=QUANTITY, quantity=f"{quantity}")) <= allowed < _loss(one_more)


def _loss(draft: OtocoDraft) -> Decimal:
    """The loss of a plan on an account that can afford it."""
    rich = around(account=holding(USD="1000000000", BTC="1000000"), value_usd=D(10) ** 9, usd_per_quote=D(10) ** 6)
    figures = evaluate(draft, rich).figures
    assert figures
    return -figures.loss
