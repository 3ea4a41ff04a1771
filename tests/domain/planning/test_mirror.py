"""A buy turned over at a pivot is a sell: the same findings, and without fees the same money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.parse import retext, to_order
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Surroundings, Verdict
from tests.domain.planning.plans import AROUND, QUOTE, D, around

PIVOT = D(100_000)
RICH: Mapping[str, Balance] = MappingProxyType({"USD": Balance(D(10) ** 9), "BTC": Balance(D(10) ** 6)})
ONE_SIDED = {"exits.market", "market.margin"}
CENTS = st.integers(-400_000, 400_000).map(lambda cents: D(cents) / 100)


def turned(price: Decimal) -> Decimal:
    return 2 * PIVOT - price


def market(bid: Decimal, ask: Decimal, mark: Decimal) -> Surroundings:
    account = AccountSnapshot(RICH, Fees(D(0), D(0)), D(50_000))
    return replace(AROUND, quote=replace(QUOTE, bid=bid, ask=ask, mark=mark), account=account)


def written(shape: OtocoDraft, side: Side, prices: Mapping[str, Decimal]) -> OtocoDraft:
    draft = replace(shape, side=side)
    for name, value in prices.items():
        draft = draft.with_text(Field(name), f"{value:f}")
    return draft


def told(verdict: Verdict) -> list[tuple[str, Severity]]:
    return [(one.code, one.severity) for one in verdict.findings if one.code not in ONE_SIDED]


@given(
    entry=CENTS,
    stop=CENTS,
    target=CENTS,
    limits=st.none() | st.tuples(CENTS, CENTS),
    mark=CENTS,
    half_spread=st.integers(1, 200).map(lambda cents: D(cents) / 100),
    count=st.integers(100, 10**6),
)
def test_mirror(
    entry: Decimal,
    stop: Decimal,
    target: Decimal,
    limits: tuple[Decimal, Decimal] | None,
    mark: Decimal,
    half_spread: Decimal,
    count: int,
) -> None:
    """All prices lie within 4 % of the pivot, where rules that measure in percent cannot tell the sides apart."""
    exits = {"stop": stop, "target": target}
    if limits:
        exits |= {"stop_limit": limits[0], "target_limit": limits[1]}
    quantity = f"{count * D('0.00001'):f}"
    centre = PIVOT + mark
    shape = OtocoDraft(quantity=quantity, stop_market=limits is None, target_market=limits is None)
    texts = {name: PIVOT + value for name, value in {"entry": entry, **exits}.items()}
    buy = written(shape, Side.BUY, texts)
    sell = written(shape, Side.SELL, {name: turned(value) for name, value in texts.items()})
    bought = evaluate(buy, market(centre - half_spread, centre + half_spread, centre))
    sold = evaluate(sell, market(turned(centre + half_spread), turned(centre - half_spread), turned(centre)))
    near_edges = {"stop.near", "risk.limit", "minimum.value"}
    assert [one for one in told(bought) if one[0] not in near_edges] == [
        one for one in told(sold) if one[0] not in near_edges
    ]
    assert (bought.figures is None) == (sold.figures is None)
    if bought.figures and sold.figures:
        for name in ("loss", "gain", "gross_loss", "gross_gain", "net_rr", "break_even_rate", "at_risk"):
            assert getattr(bought.figures, name) == getattr(sold.figures, name), name


TYPED = st.text("0123456789.,%Rr+- \u2212e", max_size=10) | st.sampled_from(
    [
        "92400",
        "2%",
        "2.5R",
        "0.1+0.05",
        "25% of free",
        "-500",
        "0",
        "100%",
        "0%",
        "+0",
        "1" * 18,
        "0." + "0" * 17 + "1",
        "999999999999999999.999999",
    ]
)
RATES = st.sampled_from([D(0), D("0.0025"), D("0.5"), D(1)])
OPTIONAL = st.none() | st.sampled_from([D(0), D("0.01"), D(50_000), D(10) ** 18])


@given(
    texts=st.tuples(TYPED, TYPED, TYPED, TYPED, TYPED, TYPED),
    side=st.sampled_from(Side),
    mode=st.sampled_from(QuantityMode),
    market_exits=st.tuples(st.booleans(), st.booleans()),
    fees=st.none() | st.builds(Fees, RATES, RATES),
    value=OPTIONAL,
    unit=OPTIONAL,
    mark=OPTIONAL,
    fee_in_quote=st.booleans(),
)
def test_no_text_and_no_account_makes_the_rules_fall_over(
    texts: tuple[str, ...],
    side: Side,
    mode: QuantityMode,
    market_exits: tuple[bool, bool],
    fees: Fees | None,
    value: Decimal | None,
    unit: Decimal | None,
    mark: Decimal | None,
    fee_in_quote: bool,
) -> None:
    entry, quantity, stop, stop_limit, target, target_limit = texts
    stop_market, target_market = market_exits
    draft = OtocoDraft(
        side,
        entry,
        mode,
        quantity,
        stop_market=stop_market,
        stop=stop,
        stop_limit=stop_limit,
        target_market=target_market,
        target=target,
        target_limit=target_limit,
    )
    surroundings = around(
        fees=fees, value_usd=value, risk_unit=unit, fee_in_quote=fee_in_quote, bid=mark, ask=mark, mark=mark
    )
    verdict = evaluate(draft, surroundings)
    assert verdict.draft == draft
    assert all(one.message.isprintable() and one.detail.isprintable() for one in verdict.findings)
    assert all(one.fix.text.isascii() for one in verdict.findings if one.fix)
    assert verdict.figures is None or verdict.figures.loss < 0
    for other in QuantityMode:
        assert retext(draft, surroundings, other).quantity_mode is other
    if verdict.submittable:
        to_order(verdict, "a" * 26, surroundings)


@given(price=st.text("0123456789.", min_size=1, max_size=12), quantity=st.text("0123456789.", min_size=1, max_size=9))
def test_nothing_typed_is_ever_rounded_into_an_order(price: str, quantity: str) -> None:
    verdict = evaluate(OtocoDraft(entry=price, quantity=quantity, stop="2%", target="5%"), AROUND)
    if verdict.submittable:
        fields = {field.value: found.value for field, found in verdict.plan.fields.items()}
        assert fields["entry"] == D(price)
        assert fields["quantity"] == D(quantity)
