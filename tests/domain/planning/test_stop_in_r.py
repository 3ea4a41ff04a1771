"""A stop typed in R: the unit of R over the quantity, whatever the side, the pair, and the way the plan is sized."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.order import Side
from tests.domain.planning.plans import BTC_USD, BUY, SELL, around, expect, judged

TICK = Fraction(BTC_USD.price_tick)
UNITS = st.decimals("0.01", "5000", places=2)
MULTIPLES = st.decimals("0.1", "9", places=1)
CIRCULAR = "R can't size the stop in Risk % mode. Use a price, % or offset."


@given(
    side=st.sampled_from(Side),
    unit=UNITS,
    multiple=MULTIPLES,
    steps=st.integers(20_000, 5_000_000),
    rate=st.none() | st.decimals("0.5", "2", places=4),
)
def test_a_stop_in_r_risks_that_many_units_and_less_than_a_tick_more(
    side: Side, unit: Decimal, multiple: Decimal, steps: int, rate: Decimal | None
) -> None:
    quantity = steps * BTC_USD.quantity_step
    base = BUY if side is Side.BUY else SELL
    surroundings = around(risk_unit=unit, usd_per_quote=rate)
    verdict = judged(base, surroundings, stop=f"{multiple}R", stop_market=True, quantity=str(quantity))
    entry, stop = verdict.plan.value(Field.ENTRY), verdict.plan.value(Field.STOP)
    wanted = Fraction(multiple) * Fraction(unit) / Fraction(rate or 1) / Fraction(quantity)
    assert entry is not None
    if stop is None:
        assert side is Side.BUY
        assert wanted > Fraction(entry) - TICK
        return
    assert (stop < entry) is (side is Side.BUY)
    assert 0 <= abs(Fraction(entry) - Fraction(stop)) - wanted < TICK


@given(unit=UNITS, multiple=MULTIPLES, spend=st.integers(5_000, 50_000))
def test_spending_sizes_the_stop_in_r_too(unit: Decimal, multiple: Decimal, spend: int) -> None:
    sized = {"quantity_mode": QuantityMode.SPEND, "quantity": str(spend), "stop": f"{multiple}R"}
    verdict = judged(BUY, around(risk_unit=unit), **sized)
    entry, stop, quantity = (verdict.plan.value(field) for field in (Field.ENTRY, Field.STOP, Field.QUANTITY))
    assert entry is not None
    assert quantity is not None
    wanted = Fraction(multiple) * Fraction(unit) / Fraction(quantity)
    if stop is None:
        assert wanted > Fraction(entry) - TICK
    else:
        assert 0 <= Fraction(entry) - Fraction(stop) - wanted < TICK


@given(side=st.sampled_from(Side), unit=st.none() | UNITS, multiple=MULTIPLES)
def test_risk_percent_always_refuses_r_for_the_stop(side: Side, unit: Decimal | None, multiple: Decimal) -> None:
    base = BUY if side is Side.BUY else SELL
    sized = {"quantity_mode": QuantityMode.RISK, "quantity": "0.5%", "stop": f"{multiple}R"}
    verdict = judged(base, around(risk_unit=unit), **sized)
    found = expect(verdict, "stop.circular")
    assert (found.severity, found.message) == (Severity.FAIL, CIRCULAR)
    assert verdict.plan.value(Field.STOP) is None


def test_without_a_rate_to_the_dollar_r_waits() -> None:
    pair = Instrument("BTC_CRO", "BTC", "CRO", BTC_USD.price_tick, BTC_USD.quantity_step)
    verdict = judged(BUY, around(instrument=pair, quote=None, risk_unit=Decimal(100)), stop="1R")
    found = expect(verdict, "stop.rate")
    assert found.severity is Severity.WAIT
    assert found.message == "1R is 100.00 USD, and what one CRO is worth in USD is not known. Use a price, % or offset."
