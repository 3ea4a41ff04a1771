"""Step, least value, balance, risk, and the coins that the exits will need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.instrument import Instrument
from tests.domain.planning.plans import (
    AROUND,
    BTC_USD,
    BUY,
    OFFLINE,
    QUOTE,
    SELL,
    D,
    around,
    expect,
    finding,
    holding,
    judged,
)

FAIL, WAIT, WARNING, NOTE, PASS = (
    Severity.FAIL,
    Severity.WAIT,
    Severity.WARNING,
    Severity.NOTE,
    Severity.PASS,
)
FEE_IN_BASE = "The entry fee may be taken in BTC. Then 0.00025 BTC less is left for the exits."
ETH_BTC = Instrument("ETH_BTC", "ETH", "BTC", D("0.00001"), D("0.0001"))


@pytest.mark.parametrize(
    ("quantity", "code", "message", "right"),
    [
        ("0.098745", "quantity.step", "0.098745 is not a multiple of 0.00001.", "0.09874"),
        ("0.000001", "quantity.minimum", "0.000001 is below the minimum of 0.00001.", "0.00001"),
        ("0", "quantity.minimum", "0 is below the minimum of 0.00001.", "0.00001"),
    ],
)
def test_off_step(quantity: str, code: str, message: str, right: str) -> None:
    found = expect(judged(BUY, quantity=quantity), code)
    assert (found.severity, found.title, found.field) == (FAIL, "Step 0.00001", Field.QUANTITY)
    assert (found.message, found.wrong, found.right) == (message, quantity, right)
    assert found.fix
    assert (found.fix.text, found.fix.label) == (right, f"Use {right}")
    assert finding(judged(BUY, quantity=found.fix.text), code) is None


@pytest.mark.parametrize(
    ("draft", "surroundings", "changes", "message"),
    [
        (BUY, AROUND, {}, "Costs 9,240.00 USD. Risks 253.18 of 50,000.00."),
        (SELL, AROUND, {}, "Brings 9,400.00 USD. Risks 271.50 of 50,000.00."),
        (BUY, around(value_usd=None), {}, "Costs 9,240.00 USD. Risks 253.18 USD."),
        (BUY, AROUND, {"stop": ""}, "Costs 9,240.00 USD."),
        (BUY, AROUND, {"entry": ""}, "0.10000, 9,999 steps over min"),
    ],
)
def test_on_step(draft: OtocoDraft, surroundings: Any, changes: dict[str, Any], message: str) -> None:
    found = expect(judged(draft, surroundings, **changes), "step")
    assert (found.severity, found.field, found.message) == (PASS, Field.QUANTITY, message)
    assert found.detail == "0.10000, 9,999 steps over min"


# The least value of a leg


@pytest.mark.parametrize(
    ("draft", "message", "right"),
    [
        (replace(BUY, quantity="0.00001"), "Stop is worth 0.90 USD, the exchange takes 1.00 or more.", "0.00002"),
        (replace(SELL, quantity="0.00001"), "Target is worth 0.89 USD, the exchange takes 1.00 or more.", "0.00002"),
        (
            replace(BUY, quantity="0.00001", stop=""),
            "Entry is worth 0.92 USD, the exchange takes 1.00 or more.",
            "0.00002",
        ),
    ],
)
def test_a_leg_below_one_dollar(draft: OtocoDraft, message: str, right: str) -> None:
    found = expect(judged(draft), "minimum.value")
    assert (found.severity, found.field, found.message, found.right) == (FAIL, Field.QUANTITY, message, right)
    assert found.wrong == "0.00001"
    assert found.fix
    assert finding(judged(draft, quantity=found.fix.text), "minimum.value") is None


def test_a_leg_just_below_one_dollar_is_not_shown_as_one_dollar() -> None:
    draft = replace(BUY, entry="125000", quantity="0.00001", stop="99999.99", target="130000")
    assert expect(judged(draft), "minimum.value").message.startswith("Stop is worth 0.99 USD")


def test_one_dollar_exactly_is_enough() -> None:
    draft = replace(BUY, entry="125000", quantity="0.00001", stop="100000", target="130000")
    assert finding(judged(draft), "minimum.value") is None


def test_the_least_value_in_another_mode_is_a_link_in_that_mode() -> None:
    draft = replace(BUY, quantity_mode=QuantityMode.SPEND, quantity="1")
    fix = expect(judged(draft), "minimum.value").fix
    assert fix
    assert (fix.text, fix.label) == ("1.86", "Use 1.86")
    assert judged(draft, quantity=fix.text).plan.value(Field.QUANTITY) == D("0.00002")


def test_the_least_value_of_a_risked_plan_is_a_link_in_percent() -> None:
    draft = replace(BUY, quantity_mode=QuantityMode.RISK, quantity="2%", stop="80%")
    small = around(value_usd=D(50))
    fix = expect(judged(draft, small), "minimum.value").fix
    assert fix
    assert fix.text.endswith("%")
    assert judged(draft, small, quantity=fix.text).plan.value(Field.QUANTITY) == D("0.00006")


@pytest.mark.parametrize(("rate", "severity"), [(None, NOTE), (D(0), NOTE), (D("90000"), None), (D("0.01"), FAIL)])
def test_dollars_per_quote_coin(rate: Any, severity: Severity | None) -> None:
    surroundings = around(
        instrument=ETH_BTC,
        quote=replace(QUOTE, instrument="ETH_BTC", bid=D("0.035"), ask=D("0.03501"), mark=D("0.035")),
        account=holding(BTC="10"),
        usd_per_quote=rate,
    )
    draft = replace(BUY, entry="0.03400", quantity="1", stop="2%", target="5%")
    found = finding(judged(draft, surroundings), "minimum.value")
    assert (found.severity if found else None) == severity


# Balance


@pytest.mark.parametrize(
    ("draft", "surroundings", "severity", "message", "detail", "fix"),
    [
        (BUY, AROUND, PASS, "uses 9,263.10, 15,047.12 left", "", None),
        (BUY, around(fee_in_quote=False), PASS, "uses 9,240.00, 15,070.22 left", "", None),
        (SELL, AROUND, PASS, "uses 0.10000, 0.31000 BTC left", "", None),
        (
            replace(BUY, quantity="0.5"),
            AROUND,
            FAIL,
            "Needs 46,315.50 USD with fee, you have 24,310.22.",
            "Needs 46,315.50 USD. Available 24,310.22. Short by 22,005.28.",
            "0.26243",
        ),
        (
            replace(BUY, quantity="0.5"),
            around(fee_in_quote=False),
            FAIL,
            "Needs 46,200.00 USD, you have 24,310.22.",
            "Needs 46,200.00 USD. Available 24,310.22. Short by 21,889.78.",
            "0.26308",
        ),
        (
            replace(SELL, quantity="0.5"),
            AROUND,
            FAIL,
            "Needs 0.50000 BTC, you have 0.41000.",
            "Needs 0.50000 BTC. Available 0.41000. Short by 0.09000.",
            "0.41000",
        ),
        (
            BUY,
            around(account=holding(USD="0.5")),
            FAIL,
            "Needs 9,263.10 USD with fee, you have 0.50.",
            "Needs 9,263.10 USD. Available 0.50. Short by 9,262.60.",
            None,
        ),
        (BUY, OFFLINE, WAIT, "Not checked: offline", "", None),
        (BUY, around(fees=None), WAIT, "Not checked: the exchange has not told the account's fee rates yet.", "", None),
    ],
)
def test_balance(
    draft: OtocoDraft, surroundings: Any, severity: Severity, message: str, detail: str, fix: str | None
) -> None:
    found = expect(judged(draft, surroundings), "balance")
    assert (found.severity, found.field, found.message, found.detail) == (severity, Field.QUANTITY, message, detail)
    assert (found.fix.text if found.fix else None) == fix
    if fix:
        assert expect(judged(draft, surroundings, quantity=fix), "balance").severity is PASS


@pytest.mark.parametrize(
    ("mode", "text"), [(QuantityMode.SPEND, "40000"), (QuantityMode.RISK, "3%")], ids=["spend", "risk"]
)
def test_the_balance_link_speaks_the_chosen_mode(mode: QuantityMode, text: str) -> None:
    draft = replace(BUY, quantity_mode=mode, quantity=text)
    fix = expect(judged(draft), "balance").fix
    assert fix
    verdict = judged(draft, quantity=fix.text)
    assert verdict.plan.value(Field.QUANTITY) == D("0.26243")
    assert expect(verdict, "balance").severity is PASS


def test_no_link_where_no_text_comes_to_the_quantity() -> None:
    draft = replace(BUY, quantity_mode=QuantityMode.RISK, quantity="0.000000000000000001")
    found = expect(judged(draft, around(value_usd=D(10) ** 30)), "balance")
    assert (found.severity, found.right, found.fix) == (FAIL, "0.26243", None)


@pytest.mark.parametrize("changes", [{"entry": ""}, {"quantity": ""}])
def test_balance_says_nothing_while_it_knows_nothing(changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, OFFLINE, **changes), "balance") is None


# Risk limit


@pytest.mark.parametrize(
    ("surroundings", "changes", "severity", "message"),
    [
        (AROUND, {}, PASS, "0.51% of 1.00%, 0.49% left"),
        (around(risk_limit=D("0.005")), {}, WARNING, "Risks 0.51% of the account, your limit is 0.50%."),
        (around(value_usd=None), {}, NOTE, "The account's value is not known, so its risk is not checked."),
        (OFFLINE, {}, WAIT, "Not checked: offline"),
    ],
)
def test_risk_limit(surroundings: Any, changes: dict[str, Any], severity: Severity, message: str) -> None:
    found = expect(judged(BUY, surroundings, **changes), "risk.limit")
    assert (found.severity, found.field, found.message) == (severity, Field.QUANTITY, message)


def test_risking_just_the_limit_passes() -> None:
    plan = judged(BUY).figures
    assert plan is not None
    assert plan.at_risk is not None
    assert expect(judged(BUY, around(risk_limit=plan.at_risk)), "risk.limit").severity is PASS
    assert expect(judged(BUY, around(risk_limit=plan.at_risk - D("1e-9"))), "risk.limit").severity is WARNING


@pytest.mark.parametrize(
    ("coin", "rate", "said"),
    [("USD", None, ""), ("USDT", None, "1 USDT is taken as 1 USD."), ("USDT", D("0.999"), "")],
)
def test_a_dollar_coin_taken_as_a_dollar_is_said(coin: str, rate: Any, said: str) -> None:
    pair = Instrument(f"BTC_{coin}", "BTC", coin, D("0.01"), D("0.00001"))
    account = holding(**{coin: "24310.22"})
    for limit in (D("0.01"), D("0.001")):
        surroundings = around(instrument=pair, account=account, usd_per_quote=rate, risk_limit=limit)
        assert expect(judged(BUY, surroundings), "risk.limit").unproven == said


def test_an_account_that_is_worth_nothing_can_risk_nothing() -> None:
    empty = replace(holding(), value_usd=D(0))
    found = expect(judged(BUY, around(account=empty)), "risk.limit")
    told = "The account is worth nothing, so any loss is more than your limit of 1.00%."
    assert (found.severity, found.message) == (WARNING, told)
    assert expect(judged(BUY, around(account=empty)), "balance").fix is None


@pytest.mark.parametrize(
    ("surroundings", "changes"),
    [(AROUND, {"stop": ""}), (AROUND, {"stop": "93000"}), (AROUND, {"quantity": ""}), (OFFLINE, {"quantity": ""})],
)
def test_risk_limit_says_nothing_while_it_knows_nothing(surroundings: Any, changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, surroundings, **changes), "risk.limit") is None


# The fee's coin, and coins for the exits


@pytest.mark.parametrize(
    ("draft", "surroundings", "severity", "message"),
    [
        (BUY, AROUND, PASS, "USD, so all BTC can be sold"),
        (SELL, AROUND, PASS, "USD on the sale, BTC on buying back"),
        (
            BUY,
            around(fee_in_quote=False),
            NOTE,
            "The entry fee is taken in BTC. Your 0.41000 BTC cover the 0.00025 missing.",
        ),
        (BUY, around(fee_in_quote=False, account=holding(USD="20000", BTC="0.00002")), NOTE, FEE_IN_BASE),
    ],
)
def test_fee_currency(draft: OtocoDraft, surroundings: Any, severity: Severity, message: str) -> None:
    found = expect(judged(draft, surroundings), "fee.currency")
    assert (found.severity, found.message) == (severity, message)


def test_what_is_unproven_about_the_fee_coin_is_said() -> None:
    assert "inside an OTOCO" in expect(judged(BUY), "fee.currency").unproven


@pytest.mark.parametrize("changes", [{"quantity": ""}, {"entry": ""}])
def test_a_fee_in_base_needs_a_quantity_and_an_entry(changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, around(fee_in_quote=False), **changes), "fee.currency") is None


def test_a_fee_in_base_with_no_account_known_warns_nobody_yet() -> None:
    assert finding(judged(BUY, replace(OFFLINE, settings=around(fee_in_quote=False).settings)), "fee.currency") is None


def test_instrument_names_are_those_of_the_pair() -> None:
    cro = Instrument("CRO_USD", "CRO", "USD", D("0.00001"), D(1))
    surroundings = around(
        instrument=cro, quote=replace(QUOTE, instrument="CRO_USD", bid=D("0.1"), ask=D("0.1001"), mark=D("0.1"))
    )
    verdict = judged(BUY, surroundings, entry="0.099", quantity="100")
    assert expect(verdict, "step").detail == "100, 99 steps over min"
    assert expect(verdict, "step").title == "Step 1"
    assert BTC_USD.symbol not in "".join(one.message for one in verdict.findings)
