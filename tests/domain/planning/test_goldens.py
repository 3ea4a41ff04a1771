"""The two plans of the design's pictures, figure by figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.money import grouped, percent, plain, signed
from otoco_desktop.domain.order import LegRole, OrderType, Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.rules import evaluate
from tests.domain.planning.plans import AROUND, EXAMPLE, WRONG_EXAMPLE, D, expect

PARTIAL_FILL = (
    "If the entry fills only in part, neither exit is active. The filled part has no stop until the rest fills."
)
ID = "abcdefghijklmnopqrstuvwxyz"


def test_example_figures_are_those_of_the_picture() -> None:
    figures = evaluate(EXAMPLE, AROUND).figures
    assert figures
    assert figures.net_rr is not None
    assert figures.break_even_rate is not None
    assert figures.at_risk is not None
    assert figures.slip_step is not None
    shown = {
        "cost": grouped(figures.cost, 2),
        "loss": signed(figures.loss, 2),
        "gain": signed(figures.gain, 2),
        "net R:R": grouped(figures.net_rr, 2),
        "break-even win rate": percent(figures.break_even_rate, 1),
        "account at risk": percent(figures.at_risk, 2),
        "entry value": grouped(figures.entry.value, 2),
        "slip": grouped(figures.slip_step, 2),
        "fees": [grouped(leg.fee, 2) for leg in (figures.entry, figures.stop, figures.target)],
        "rates": [percent(rate, 2) for rate in (figures.entry_rate, figures.stop_rate, figures.target_rate)],
    }
    assert shown == {
        "cost": "9,146.38",
        "loss": "−249.99",
        "gain": "+383.51",
        "net R:R": "1.53",
        "break-even win rate": "39.5%",
        "account at risk": "0.50%",
        "entry value": "9,123.58",
        "slip": "8.94",
        "fees": ["22.81", "44.71", "47.89"],
        "rates": ["0.25%", "0.50%", "0.50%"],
    }


def test_example_checks_read_as_in_the_picture() -> None:
    verdict = evaluate(EXAMPLE, AROUND)
    listed = [(one.severity.value, one.title, one.detail or one.message) for one in verdict.findings]
    assert listed[:13] == [
        (
            "note",
            "Partial fill",
            PARTIAL_FILL,
        ),
        ("pass", "Legs", "1 entry, 1 stop, 1 target"),
        ("pass", "Market", "BTC_USD is spot and open"),
        ("pass", "Price order", "90,552 < 92,400 < 97,020"),
        ("pass", "Tick 0.01", "4 of 4 prices are exact"),
        ("pass", "Step 0.00001", "0.09874, 9,873 steps over min"),
        ("pass", "Balance", "uses 9,146.38, 15,163.84 left"),
        ("idle", "Post-only", "off"),
        ("pass", "Fees", "limit +4.98%, 4.23% above fees"),
        ("pass", "Risk limit", "0.50% of 1.00%, 0.50% left"),
        ("pass", "Fee currency", "USD, so all BTC can be sold"),
        ("pass", "Data age", "mark 0.2 s, book 0.2 s of 8 s"),
        ("pass", "Clock", "+42 ms of 5,000 ms, 4,958 left"),
    ]
    assert verdict.submittable


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (Field.ENTRY, "On tick. Rests 0.77% below the best bid."),
        (Field.QUANTITY, "Costs 9,123.58 USD. Risks 249.99 of 50,000.00."),
        (Field.STOP, "Below entry. 1R = 1,848.00 USD per BTC."),
        (Field.TARGET, "Limit is +4.98%, well above fees of 0.75%."),
    ],
)
def test_example_field_sentences(field: Field, sentence: str) -> None:
    worst = evaluate(EXAMPLE, AROUND).worst(field)
    assert worst
    assert (worst.severity, worst.message) == (Severity.PASS, sentence)


@pytest.mark.parametrize(
    ("field", "value", "distance", "ratio", "ticks"),
    [
        (Field.STOP, "90552.00", "−1,848.00", "−2.00%", 184_800),
        (Field.TARGET, "97020.00", "+4,620.00", "+5.00%", 462_000),
        (Field.TARGET_LIMIT, "97000.00", "+4,600.00", "+4.98%", 460_000),
    ],
)
def test_example_distances(field: Field, value: str, distance: str, ratio: str, ticks: int) -> None:
    found = evaluate(EXAMPLE, AROUND).plan.fields[field]
    assert found.value is not None
    assert found.distance is not None
    assert found.distance_ratio is not None
    assert plain(found.value) == value
    assert signed(found.distance, 2) == distance
    assert signed(found.distance_ratio * 100, 2) + "%" == ratio
    assert found.ticks == ticks
    assert found.computed is (field is not Field.TARGET_LIMIT)


def test_example_order_is_exact() -> None:
    order = to_order(evaluate(EXAMPLE, AROUND), ID, AROUND)
    sent = [
        (leg.role, leg.side, leg.type, plain(leg.quantity), leg.client_oid, leg.price, leg.trigger)
        for leg in order.legs
    ]
    assert sent == [
        (LegRole.ENTRY, Side.BUY, OrderType.LIMIT, "0.09874", f"od1-{ID}-e", D("92400.00"), None),
        (LegRole.STOP, Side.SELL, OrderType.STOP_LOSS, "0.09874", f"od1-{ID}-s", None, D("90552.00")),
        (
            LegRole.TARGET,
            Side.SELL,
            OrderType.TAKE_PROFIT_LIMIT,
            "0.09874",
            f"od1-{ID}-t",
            D("97000.00"),
            D("97020.00"),
        ),
    ]
    exact = [plain(value) for leg in order.legs for value in (leg.price, leg.trigger) if value is not None]
    assert exact == ["92400.00", "90552.00", "97000.00", "97020.00"]
    assert (order.instrument, order.fee_instrument) == ("BTC_USD", "USD")


def test_wrong_example_reads_as_in_the_picture() -> None:
    verdict = evaluate(WRONG_EXAMPLE, AROUND)
    told = [(one.title, one.detail, one.fix.text, one.fix.label) for one in verdict.findings if one.fix]
    assert told == [
        (
            "Price order",
            "Buy needs stop < entry < target. Now: stop 93,000.00, entry 92,400.00, target 92,862.00.",
            "2%",
            "Use −2%",
        ),
        (
            "Tick 0.01",
            "Entry 92,400.005 is not a multiple of 0.01. Nearest: 92,400.00 or 92,400.01.",
            "92400.00",
            "Use 92,400.00",
        ),
        ("Balance", "Needs 46,315.50 USD. Available 24,310.22. Short by 22,005.28.", "0.26243", "Use 0.26243"),
        (
            "Fees",
            "Target +0.50%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −116.66 USD.",
            "0.76%",
            "Use +0.76%",
        ),
    ]
    assert [one.title for one in verdict.of(Severity.FAIL)] == ["Price order", "Tick 0.01", "Balance"]
    assert [one.title for one in verdict.of(Severity.WARNING)] == ["Fees"]
    assert [one.title for one in verdict.of(Severity.PASS)][:6] == [
        "Legs",
        "Market",
        "Step 0.00001",
        "Fee currency",
        "Data age",
        "Clock",
    ]
    assert verdict.figures is None
    assert not verdict.submittable


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (Field.ENTRY, "92,400.005 is between ticks of 0.01."),
        (Field.QUANTITY, "Needs 46,315.50 USD with fee, you have 24,310.22."),
        (Field.STOP, "Stop must be below entry for a buy. It is 600.00 above 92,400.00."),
        (Field.TARGET, "+0.50% is less than fees of 0.75%. Hitting it loses money."),
    ],
)
def test_wrong_example_field_sentences(field: Field, sentence: str) -> None:
    worst = evaluate(WRONG_EXAMPLE, AROUND).worst(field)
    assert worst
    assert worst.message == sentence


def test_wrong_example_is_right_once_every_link_was_used() -> None:
    draft = WRONG_EXAMPLE.with_text(Field.STOP_LIMIT, "90500")
    for _ in range(len(Field)):
        fixes = [one.fix for one in evaluate(draft, AROUND).findings if one.fix]
        if not fixes:
            break
        draft = draft.with_text(fixes[0].field, fixes[0].text)
    verdict = evaluate(draft, AROUND)
    assert not any(one.severity is Severity.FAIL for one in verdict.findings)
    assert verdict.figures
    assert verdict.figures.gain > Decimal(0)
    assert expect(verdict, "fees").severity is Severity.PASS
