"""A risk typed as an amount of the quote coin, and what is said of the part that rounding down has left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Fix, Severity
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import WIDE
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import retext
from otoco_desktop.domain.sizing import Size, parse_quantity
from tests.domain.planning.plans import AROUND, BTC_USD, EXAMPLE, SELL, around, expect, judged

D = Decimal
RISK, SPEND = QuantityMode.RISK, QuantityMode.SPEND
TOO_MUCH = "50,000.01 USD is more than the whole account. Enter a share such as 0.5%."
COARSE = replace(BTC_USD, quantity_step=D("0.01"))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("250 USD", Size(D(250), "USD")),
        ("250usd", Size(D(250), "USD")),
        ("250.50 Usd", Size(D("250.50"), "USD")),
        ("1%", Size(D(1))),
        ("1 %", Size(D(1))),
        ("1", Size(D(1))),
    ],
)
def test_read(text: str, size: Size) -> None:
    assert parse_quantity(RISK, text) == size


def test_an_amount_sizes_like_the_share_it_is() -> None:
    """0.5 % of 50,000.00 is 250 USD."""
    share, amount = (judged(EXAMPLE, quantity=text) for text in ("0.5 %", "250 USD"))
    assert share.figures == amount.figures
    assert share.figures
    assert share.figures.loss >= -250


def test_an_amount_needs_no_account_value() -> None:
    assert judged(EXAMPLE, around(value_usd=None), quantity="250 USD").plan.value(Field.QUANTITY) == D("0.09874")


@pytest.mark.parametrize(
    ("text", "severity", "message", "right"),
    [
        ("250 EUR", Severity.FAIL, "The risk is in percent of the account or in USD, not in EUR.", ""),
        ("250 USDT", Severity.FAIL, "The risk is in percent of the account or in USD, not in USDT.", "250 USD"),
        ("250 us", Severity.INCOMPLETE, "Type the coin out: USD.", ""),
        ("250 ", Severity.INCOMPLETE, "250 has a space after it.", "250"),
        ("50000.01 USD", Severity.FAIL, TOO_MUCH, ""),
        ("0.001 USD", Severity.FAIL, "0.001 USD sizes less than the minimum of 0.00001 BTC.", ""),
        ("0 USD", Severity.FAIL, "0 USD sizes less than the minimum of 0.00001 BTC.", ""),
        ("-250 USD", Severity.FAIL, "-250 USD is negative. Enter a number above zero.", ""),
    ],
)
def test_what_is_no_risk_is_said(text: str, severity: Severity, message: str, right: str) -> None:
    found = judged(EXAMPLE, quantity=text).worst(Field.QUANTITY)
    assert found
    assert (found.severity, found.message) == (severity, message)
    assert found.fix == (Fix(Field.QUANTITY, right, f"Use {right}") if right else None)


@pytest.mark.parametrize("mode", [QuantityMode.QUANTITY, SPEND])
def test_an_amount_is_a_risk_only(mode: QuantityMode) -> None:
    assert isinstance(parse_quantity(mode, "250 USD"), Refusal)


@pytest.mark.parametrize(
    ("instrument", "text", "sentence"),
    [
        (BTC_USD, "0.5 %", "Costs 9,123.58 USD. Risks 249.99 of 50,000.00."),
        (BTC_USD, "250 USD", "Costs 9,123.58 USD. Asked 250.00, actual 249.99 USD incl. fees."),
        (COARSE, "0.5 %", "Costs 8,316.00 USD. Asked 0.50%, actual 0.46% incl. fees."),
        (COARSE, "0.50637%", "Costs 9,240.00 USD. Risks 253.18 of 50,000.00."),
        (COARSE, "250 USD", "Costs 8,316.00 USD. Asked 250.00, actual 227.86 USD incl. fees."),
    ],
)
def test_what_rounding_down_has_left_is_said(instrument: Instrument, text: str, sentence: str) -> None:
    assert expect(judged(EXAMPLE, around(instrument=instrument), quantity=text), "step").message == sentence


def test_without_the_accounts_value_the_loss_is_said() -> None:
    found = expect(judged(EXAMPLE, around(value_usd=None), quantity_mode=QuantityMode.QUANTITY, quantity="0.1"), "step")
    assert found.message == "Costs 9,240.00 USD. Risks 253.18 USD."


def test_an_amount_is_not_compared_in_another_mode() -> None:
    found = expect(judged(EXAMPLE, quantity_mode=SPEND, quantity="9200"), "step")
    assert "Risks" in found.message


def test_switching_mode_keeps_the_quantity_of_an_amount() -> None:
    draft = replace(EXAMPLE, quantity="250 USD")
    spent = retext(draft, AROUND, SPEND)
    assert judged(spent).plan.value(Field.QUANTITY) == D("0.09874")
    assert retext(retext(draft, AROUND, QuantityMode.QUANTITY), AROUND, RISK).quantity == "0.5%"


def test_a_fix_stays_an_amount() -> None:
    found = expect(judged(EXAMPLE, quantity="2500 USD"), "balance")
    assert found.fix
    assert found.fix.text == "664.41 USD"
    assert judged(EXAMPLE, quantity=found.fix.text).plan.value(Field.QUANTITY) == D("0.26243")


def test_without_the_accounts_value_a_risk_is_an_amount() -> None:
    unknown = around(value_usd=None)
    draft = replace(EXAMPLE, quantity_mode=SPEND, quantity="9200")
    risked = retext(draft, unknown, RISK)
    assert risked.quantity.endswith(" USD")
    assert judged(risked, unknown).plan.value(Field.QUANTITY) == judged(draft, unknown).plan.value(Field.QUANTITY)


def _loss(draft: OtocoDraft, quantity: Decimal) -> Fraction:
    """What the plan loses at its stop, fees included, counted without the program's own arithmetic."""
    plan = judged(draft).plan
    entry, stop = plan.value(Field.ENTRY), plan.value(Field.STOP)
    assert entry
    assert stop
    away = 1 if draft.side is Side.BUY else -1
    crosses = entry >= D("93120.10") if draft.side is Side.BUY else entry <= D("93119.50")
    paid = Fraction(entry) * Fraction(1, 200 if crosses else 400) + Fraction(stop) * Fraction(1, 200)
    return Fraction(quantity) * (away * (Fraction(entry) - Fraction(stop)) + paid)


AMOUNTS = st.decimals("0.01", "50000", places=2)
PLANS = st.sampled_from([EXAMPLE, replace(SELL, stop_market=True)])


@given(PLANS, AMOUNTS, st.decimals("0.1", "9", places=2))
def test_never_risks_more_than_asked_and_one_step_more_would(plan: OtocoDraft, amount: Decimal, away: Decimal) -> None:
    draft = replace(plan, quantity_mode=RISK, quantity=f"{amount} USD", stop=f"{away}%")
    with localcontext(WIDE):
        quantity = judged(draft).plan.value(Field.QUANTITY)
        assume(quantity is not None)
        assert quantity
        assert _loss(draft, quantity) <= Fraction(amount) < _loss(draft, quantity + BTC_USD.quantity_step)


@given(st.text(max_size=60) | st.from_regex(r"[0-9.]{1,41} ?[A-Za-z%\u202e\u200f]{0,5}"))
def test_no_text_raises(text: str) -> None:
    found = parse_quantity(RISK, text)
    assert isinstance(found, Size | Refusal)
    judged(EXAMPLE, quantity=text)
