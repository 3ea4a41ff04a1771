"""The trader's own limits: asked again when one is broken, refused above the cap, silent where there is none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.verdict import OpenRisk
from tests.domain.planning.plans import BUY, OFFLINE, QUOTE, SELL, D, around, expect, finding, judged

CODES = ("limit.cap", "limit.trade", "limit.open_risk")
ETH_BTC = Instrument("ETH_BTC", "ETH", "BTC", D("0.00001"), D("0.0001"))
ETH_PLAN = OtocoDraft(entry="0.05", quantity="1", stop="2%", target="5%")
LIMITS = {"hard_cap": D(9_000), "trade_limit": D(5_000), "open_risk_limit": D(200)}


def test_without_limits_nothing_is_said() -> None:
    verdict = judged(BUY)
    assert [finding(verdict, code) for code in CODES] == [None, None, None]


@pytest.mark.parametrize("draft", [BUY, SELL])
def test_kept_limits_pass(draft: OtocoDraft) -> None:
    limits = {"hard_cap": D(20_000), "trade_limit": D(10_000), "open_risk_limit": D(1_000)}
    verdict = judged(draft, around(**limits))
    assert {expect(verdict, code).severity for code in CODES} == {Severity.PASS}


@pytest.mark.parametrize(
    ("draft", "code", "severity", "message", "fix"),
    [
        (BUY, "limit.cap", Severity.FAIL, "Costs 9,263.10 USD, your hard cap is 9,000.00.", "0.09715"),
        (BUY, "limit.trade", Severity.WARNING, "Costs 9,263.10 USD, your limit per trade is 5,000.00.", "0.05397"),
        (
            BUY,
            "limit.open_risk",
            Severity.WARNING,
            "With this plan 253.18 USD are at risk, your limit is 200.00.",
            "0.07899",
        ),
        (SELL, "limit.cap", Severity.FAIL, "Costs 9,400.00 USD, your hard cap is 9,000.00.", "0.09574"),
        (SELL, "limit.trade", Severity.WARNING, "Costs 9,400.00 USD, your limit per trade is 5,000.00.", "0.05319"),
    ],
)
def test_a_broken_limit(draft: OtocoDraft, code: str, severity: Severity, message: str, fix: str) -> None:
    surroundings = around(**LIMITS)
    found = expect(judged(draft, surroundings), code)
    assert (found.severity, found.message, found.field) == (severity, message, Field.QUANTITY)
    assert found.fix
    assert (found.fix.field, found.fix.text) == (Field.QUANTITY, fix)
    assert expect(judged(draft, surroundings, quantity=fix), code).severity is Severity.PASS


def test_the_cap_refuses_and_the_limits_only_ask() -> None:
    assert not judged(BUY, around(hard_cap=D(9_000))).submittable
    assert judged(BUY, around(trade_limit=D(5_000), open_risk_limit=D(200))).submittable


def test_open_strategies_count() -> None:
    before = OpenRisk(D("150.00"), count=2)
    found = expect(judged(BUY, around(open_risk_limit=D(400), open_risk=before)), "limit.open_risk")
    assert found.message == "With this plan 403.18 USD are at risk in 3 strategies, your limit is 400.00."
    assert (found.wrong, found.right) == ("403.17600000000", "400")
    kept = expect(judged(BUY, around(open_risk_limit=D(500), open_risk=before)), "limit.open_risk")
    assert (kept.severity, kept.message) == (Severity.PASS, "403.18 of 500.00 USD, 96.82 left in 3 strategies")


def test_no_quantity_fits_when_the_limit_is_spent() -> None:
    found = expect(judged(BUY, around(open_risk_limit=D(100), open_risk=OpenRisk(D(120), 1))), "limit.open_risk")
    assert (found.severity, found.fix) == (Severity.WARNING, None)


def test_what_is_not_known_is_not_passed() -> None:
    before = OpenRisk(D(0), count=0, uncounted=1)
    found = expect(judged(BUY, around(open_risk_limit=D(1_000), open_risk=before)), "limit.open_risk")
    assert found.severity is Severity.WARNING
    assert found.message == "At least 253.18 of 1,000.00 USD; 1 more of unknown risk."


def test_a_pair_without_a_value_in_dollars() -> None:
    prices = replace(QUOTE, instrument="ETH_BTC", bid=D("0.0501"), ask=D("0.0502"), last=D("0.0502"), mark=D("0.0502"))
    verdict = judged(ETH_PLAN, around(instrument=ETH_BTC, quote=prices, **LIMITS))
    assert expect(verdict, "limit.cap").severity is Severity.FAIL
    assert "BTC in USD is not known" in expect(verdict, "limit.cap").message
    assert {expect(verdict, code).severity for code in CODES[1:]} == {Severity.WARNING}
    known = judged(ETH_PLAN, around(instrument=ETH_BTC, quote=prices, usd_per_quote=D(100_000), **LIMITS))
    assert expect(known, "limit.trade").message == "Costs 0.05012500 BTC, your limit per trade is 0.05000000."


def test_the_cap_holds_while_nothing_is_known_of_the_account() -> None:
    surroundings = replace(OFFLINE, settings=around(hard_cap=D(9_000)).settings)
    assert expect(judged(BUY, surroundings), "limit.cap").severity is Severity.FAIL


def test_a_plan_without_numbers_is_not_judged() -> None:
    verdict = judged(OtocoDraft(), around(**LIMITS))
    assert [finding(verdict, code) for code in CODES] == [None, None, None]


amounts = st.decimals("0.01", "100000", places=2)


@given(quantity=st.integers(1, 200_000), limit=amounts, spend=st.booleans())
def test_what_the_fix_fills_in_keeps_to_the_limit(quantity: int, limit: Decimal, spend: bool) -> None:
    draft = replace(BUY, quantity=f"{quantity * 10}" if spend else f"{Decimal(quantity).scaleb(-5):f}")
    draft = replace(draft, quantity_mode=QuantityMode.SPEND if spend else QuantityMode.QUANTITY)
    surroundings = around(trade_limit=limit, hard_cap=limit, open_risk_limit=limit)
    verdict = judged(draft, surroundings)
    for code in CODES:
        found = finding(verdict, code)
        if found is not None and found.fix is not None:
            again = finding(judged(draft, surroundings, quantity=found.fix.text), code)
            assert again is not None
            assert again.severity is Severity.PASS


@given(quantity=st.integers(1, 100_000), limit=amounts, open_now=amounts)
def test_a_limit_breaks_exactly_above_it(quantity: int, limit: Decimal, open_now: Decimal) -> None:
    draft = replace(BUY, quantity=f"{Decimal(quantity).scaleb(-5):f}")
    verdict = judged(draft, around(hard_cap=limit, open_risk_limit=limit, open_risk=OpenRisk(open_now, 1)))
    held = Decimal(quantity).scaleb(-5)
    cost, loss = held * D("92400") * D("1.0025"), held * (D("92400") * D("1.0025") - D("90552") * D("0.995"))
    assert (expect(verdict, "limit.cap").severity is Severity.FAIL) is (cost > limit)
    assert (expect(verdict, "limit.open_risk").severity is Severity.PASS) is (open_now + loss <= limit)
