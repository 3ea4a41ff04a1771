"""Figures computed a second time, in fractions and from the frozen order alone, for random right plans."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Fees, Quote
from otoco_desktop.domain.order import Leg, OtocoOrder, Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Figures, PlanSettings, Surroundings
from tests.domain.planning.plans import AROUND, D, holding

ID = "abcdefghijklmnopqrstuvwxyz"
ACCOUNT_VALUE = 10**9
INSTRUMENTS = (
    Instrument("BTC_USD", "BTC", "USD", D("0.01"), D("0.00001")),
    Instrument("CRO_USD", "CRO", "USD", D("0.00001"), D(1)),
    Instrument("SOL_USD", "SOL", "USD", D("0.05"), D("0.001")),
)


def random_plan(seed: int) -> tuple[OtocoDraft, Surroundings]:
    """A right plan on a market around it, with fees of any tier."""
    dice = random.Random(seed)  # noqa: S311 - the same plans on every run
    instrument = dice.choice(INSTRUMENTS)
    ticks = dice.randint(10**5, 10**7)
    mark = ticks * instrument.price_tick
    quote = Quote(instrument.symbol, mark * D("0.9999"), mark * D("1.0001"), mark, mark, mark_ms=0, book_ms=0)
    side = dice.choice(list(Side))
    entry = (ticks + dice.randint(-ticks // 50, ticks // 50)) * instrument.price_tick
    draft = OtocoDraft(
        side=side,
        entry=f"{entry:f}",
        quantity=f"{dice.randint(10**5, 10**6) * instrument.quantity_step:f}",
        stop=f"{dice.randint(1, 2_000) / 100:.2f}%",
        stop_market=dice.random() < 0.5,
        target=f"{dice.randint(1, 4_000) / 100:.2f}%",
        target_market=dice.random() < 0.5,
        stop_limit=f"{dice.randint(2_001, 2_500) / 100:.2f}%",
        target_limit="0.01%",
    )
    fees = Fees(D(dice.randint(0, 40)) / 10_000, D(dice.randint(40, 90)) / 10_000)
    account = replace(
        holding(**{instrument.base: "1e9", instrument.quote: "1e15"}), fees=fees, value_usd=D(ACCOUNT_VALUE)
    )
    settings = PlanSettings(fee_in_quote=dice.random() < 0.5)
    return draft, replace(AROUND, instrument=instrument, quote=quote, account=account, settings=settings, now_ms=0)


def price_of(leg: Leg) -> Fraction:
    return Fraction(leg.price if leg.price is not None else leg.trigger or Decimal(0))


def taken(order: OtocoOrder, quote: Quote) -> bool:
    assert quote.ask is not None
    assert quote.bid is not None
    entry = price_of(order.entry)
    return entry >= quote.ask if order.side is Side.BUY else entry <= quote.bid


def recalculated(order: OtocoOrder, around: Surroundings) -> dict[str, Fraction]:
    """What goes out and what comes in, coin by coin, with no formula of the program."""
    assert around.account
    assert around.account.fees
    assert around.quote
    fees, buys = around.account.fees, order.side is Side.BUY
    entry_rate = Fraction(fees.taker if taken(order, around.quote) else fees.maker)
    exit_rate, quantity, entry = Fraction(fees.taker), Fraction(order.quantity), price_of(order.entry)
    entry_value = quantity * entry
    fee_coins = quantity * entry_rate if buys and order.fee_instrument is None else Fraction(0)
    entry_fee = Fraction(0) if fee_coins else entry_value * entry_rate

    def result(leg: Leg) -> Fraction:
        exit_value = quantity * price_of(leg)
        flow = exit_value - entry_value if buys else entry_value - exit_value
        return flow - entry_fee - exit_value * exit_rate - fee_coins * max(entry, price_of(leg))

    loss, gain = result(order.stop), result(order.target)
    return {
        "cost": entry_value + entry_fee if buys else entry_value - entry_fee,
        "loss": loss,
        "gain": gain,
        "net_rr": gain / -loss,
        "at_risk": -loss / ACCOUNT_VALUE,
        "held": quantity - fee_coins if buys else Fraction(0),
        "gross_loss": -quantity * abs(price_of(order.stop) - entry),
        "gross_gain": quantity * (price_of(order.target) - entry) * (1 if buys else -1),
        "entry_fee": entry_value * entry_rate,
        "stop_fee": quantity * price_of(order.stop) * exit_rate,
        "target_fee": quantity * price_of(order.target) * exit_rate,
    }


def as_shown(figures: Figures) -> dict[str, Fraction]:
    assert figures.net_rr is not None
    assert figures.at_risk is not None
    found = {
        name: Fraction(getattr(figures, name))
        for name in ("cost", "loss", "gain", "net_rr", "at_risk", "held", "gross_loss", "gross_gain")
    }
    legs = {"entry_fee": figures.entry.fee, "stop_fee": figures.stop.fee, "target_fee": figures.target.fee}
    return {**found, **{name: Fraction(fee) for name, fee in legs.items()}}


@pytest.mark.parametrize("seed", range(40))
def test_figures_agree_with_a_second_calculation(seed: int) -> None:
    draft, around = random_plan(seed)
    verdict = evaluate(draft, around)
    assert verdict.submittable, [one for one in verdict.findings if one.severity.blocks]
    assert verdict.figures
    expected = recalculated(to_order(verdict, ID, around), around)
    shown = as_shown(verdict.figures)
    ratios = {"net_rr", "at_risk"}
    assert {name: value for name, value in shown.items() if name not in ratios} == {
        name: value for name, value in expected.items() if name not in ratios
    }
    for name in ratios:
        assert abs(shown[name] - expected[name]) < Fraction(1, 10**60)


@pytest.mark.parametrize("seed", range(40))
def test_break_even_is_the_first_tick_that_no_longer_loses(seed: int) -> None:
    draft, around = random_plan(seed)
    figures = evaluate(draft, around).figures
    assert figures
    assert figures.break_even_price is not None
    assert around.instrument
    away = around.instrument.price_tick * (1 if draft.side is Side.BUY else -1)
    exit_at = replace(draft, target_market=True, target=f"{figures.break_even_price:f}")
    before = replace(draft, target_market=True, target=f"{figures.break_even_price - away:f}")
    at = evaluate(exit_at, around).figures
    assert at
    assert at.gain >= 0
    short = evaluate(before, around).figures
    assert short is None or short.gain < 0
