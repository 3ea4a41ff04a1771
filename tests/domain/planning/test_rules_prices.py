"""How the prices of the legs lie to one another, and on the tick."""

from __future__ import annotations

from typing import Any

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Severity
from tests.domain.planning.plans import AROUND, BTC_USD, BUY, SELL, D, around, expect, finding, judged

FAIL, WARNING, PASS = Severity.FAIL, Severity.WARNING, Severity.PASS


@pytest.mark.parametrize(
    ("draft", "changes", "code", "field", "message", "detail"),
    [
        (
            BUY,
            {"stop": "93000"},
            "stop.side",
            Field.STOP,
            "Stop must be below entry for a buy. It is 600.00 above 92,400.00.",
            "Buy needs stop < entry < target. Now: stop 93,000.00, entry 92,400.00, target 97,020.00.",
        ),
        (
            BUY,
            {"stop": "92400.01"},
            "stop.side",
            Field.STOP,
            "Stop must be below entry for a buy. It is 0.01 above 92,400.00.",
            "Buy needs stop < entry < target. Now: stop 92,400.01, entry 92,400.00, target 97,020.00.",
        ),
        (
            BUY,
            {"stop": "92400", "target": ""},
            "stop.side",
            Field.STOP,
            "Stop must be below entry for a buy. It is equal to 92,400.00.",
            "Buy needs stop < entry < target. Now: stop 92,400.00, entry 92,400.00.",
        ),
        (
            BUY,
            {"target": "92260"},
            "target.side",
            Field.TARGET,
            "Target must be above entry for a buy. It is 140.00 below 92,400.00.",
            "Buy needs stop < entry < target. Now: stop 90,552.00, entry 92,400.00, target 92,260.00.",
        ),
        (
            SELL,
            {"stop": "93400"},
            "stop.side",
            Field.STOP,
            "Stop must be above entry for a sell. It is 600.00 below 94,000.00.",
            "Sell needs target < entry < stop. Now: target 89,300.00, entry 94,000.00, stop 93,400.00.",
        ),
        (
            SELL,
            {"target": "94140"},
            "target.side",
            Field.TARGET,
            "Target must be below entry for a sell. It is 140.00 above 94,000.00.",
            "Sell needs target < entry < stop. Now: target 94,140.00, entry 94,000.00, stop 95,880.00.",
        ),
    ],
)
def test_wrong_side(
    draft: OtocoDraft, changes: dict[str, Any], code: str, field: Field, message: str, detail: str
) -> None:
    verdict = judged(draft, **changes)
    found = expect(verdict, code)
    assert (found.severity, found.title, found.field) == (FAIL, "Price order", field)
    assert (found.message, found.detail) == (message, detail)
    assert found.source
    assert finding(verdict, "price.order") is None
    assert verdict.figures is None


@pytest.mark.parametrize(
    ("draft", "field", "text", "label"),
    [
        (BUY, Field.STOP, "2%", "Use −2%"),
        (SELL, Field.STOP, "2%", "Use +2%"),
        (BUY, Field.TARGET, "4%", "Use +4%"),
        (SELL, Field.TARGET, "4%", "Use −4%"),
    ],
)
def test_wrong_side_is_put_right_by_its_link(draft: OtocoDraft, field: Field, text: str, label: str) -> None:
    wrong = draft.with_text(field, draft.entry)
    fix = expect(judged(wrong), f"{field}.side").fix
    assert fix
    assert (fix.field, fix.text, fix.label) == (field, text, label)
    assert finding(judged(wrong.with_text(fix.field, fix.text)), f"{field}.side") is None


@pytest.mark.parametrize(
    ("draft", "changes", "field", "message", "detail"),
    [
        (BUY, {}, Field.STOP, "Below entry. 1R = 1,848.00 USD per BTC.", "90,552 < 92,400 < 97,020"),
        (SELL, {}, Field.STOP, "Above entry. 1R = 1,880.00 USD per BTC.", "89,300 < 94,000 < 95,880"),
        (BUY, {"target": ""}, Field.STOP, "Below entry. 1R = 1,848.00 USD per BTC.", "90,552 < 92,400"),
        (BUY, {"stop": ""}, Field.TARGET, "Above entry.", "92,400 < 97,020"),
        (SELL, {"stop": ""}, Field.TARGET, "Below entry.", "89,300 < 94,000"),
        (
            BUY,
            {"stop": "90552.10"},
            Field.STOP,
            "Below entry. 1R = 1,847.90 USD per BTC.",
            "90,552.1 < 92,400 < 97,020",
        ),
    ],
)
def test_right_order(draft: OtocoDraft, changes: dict[str, Any], field: Field, message: str, detail: str) -> None:
    found = expect(judged(draft, **changes), "price.order")
    assert (found.severity, found.field, found.message, found.detail) == (PASS, field, message, detail)


@pytest.mark.parametrize("changes", [{"entry": ""}, {"stop": "", "target": ""}])
def test_order_says_nothing_while_it_knows_nothing(changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, **changes), "price.order") is None


@pytest.mark.parametrize(
    ("draft", "limit", "code", "severity", "message"),
    [
        (BUY, "90600", "stop_limit.side", WARNING, "A sell stop's limit must be at or below its trigger 90,552.00."),
        (BUY, "90552", "stop_limit.gap", WARNING, "Limit equals trigger. In a fast fall it may not fill."),
        (SELL, "95800", "stop_limit.side", WARNING, "A buy stop's limit must be at or above its trigger 95,880.00."),
        (SELL, "95880", "stop_limit.gap", WARNING, "Limit equals trigger. In a fast rise it may not fill."),
    ],
)
def test_stop_limit(draft: OtocoDraft, limit: str, code: str, severity: Severity, message: str) -> None:
    found = expect(judged(draft, stop_market=False, stop_limit=limit), code)
    assert (found.severity, found.field, found.message) == (severity, Field.STOP_LIMIT, message)


def test_stop_limit_on_the_wrong_side_is_put_on_the_trigger_by_its_link() -> None:
    fix = expect(judged(BUY, stop_market=False, stop_limit="90600"), "stop_limit.side").fix
    assert fix
    assert (fix.field, fix.text, fix.label) == (Field.STOP_LIMIT, "90552.00", "Use 90,552.00")


@pytest.mark.parametrize(("draft", "limit"), [(BUY, "90500"), (SELL, "96000")])
def test_stop_limit_beyond_the_trigger_is_right(draft: OtocoDraft, limit: str) -> None:
    verdict = judged(draft, stop_market=False, stop_limit=limit)
    assert verdict.submittable
    assert finding(verdict, "stop_limit.side") is finding(verdict, "stop_limit.gap") is None


@pytest.mark.parametrize(
    ("draft", "limit", "message"),
    [
        (BUY, "97050", "Limit 97,050.00 is above trigger 97,020.00. It waits after the trigger and may not fill."),
        (SELL, "89000", "Limit 89,000.00 is below trigger 89,300.00. It waits after the trigger and may not fill."),
    ],
)
def test_target_limit_that_waits(draft: OtocoDraft, limit: str, message: str) -> None:
    verdict = judged(draft, target_market=False, target_limit=limit)
    found = expect(verdict, "target_limit.waits")
    assert (found.severity, found.field, found.message) == (WARNING, Field.TARGET_LIMIT, message)
    assert found.fix
    assert finding(judged(draft, target_market=False, target_limit=found.fix.text), "target_limit.waits") is None
    assert verdict.submittable


@pytest.mark.parametrize("changes", [{"target_limit": ""}, {"target": "", "target_limit": "97000"}])
def test_target_limit_says_nothing_while_it_knows_nothing(changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, target_market=False, **changes), "target_limit.waits") is None


@pytest.mark.parametrize(
    ("draft", "stop", "spread_bid", "message"),
    [
        (BUY, "92353.80", "93064.23", "Stop is 0.05% from entry, nearer than the spread of 0.06%."),
        (SELL, "94047", "93064.23", "Stop is 0.05% from entry, nearer than the spread of 0.06%."),
    ],
)
def test_stop_inside_the_spread(draft: OtocoDraft, stop: str, spread_bid: str, message: str) -> None:
    found = expect(judged(draft, around(bid=D(spread_bid)), stop=stop), "stop.near")
    assert (found.severity, found.field, found.message) == (WARNING, Field.STOP, message)


@pytest.mark.parametrize(
    ("surroundings", "changes"),
    [
        (AROUND, {}),
        (around(bid=None), {"stop": "92399"}),
        (around(ask=None), {"stop": "92399"}),
        (around(quote=None), {"stop": "92399"}),
        (around(bid=D(0), ask=D(0)), {"stop": "92399"}),
        (around(bid=D(1)), {"entry": ""}),
        (around(bid=D(1)), {"stop": ""}),
        (around(bid=D(1)), {"stop": "92401"}),
    ],
)
def test_stop_inside_the_spread_needs_both(surroundings: Any, changes: dict[str, Any]) -> None:
    assert finding(judged(BUY, surroundings, **changes), "stop.near") is None


@pytest.mark.parametrize(
    ("field", "text", "message", "detail", "fix"),
    [
        (
            Field.ENTRY,
            "92400.005",
            "92,400.005 is between ticks of 0.01.",
            "Entry 92,400.005 is not a multiple of 0.01. Nearest: 92,400.00 or 92,400.01.",
            "92400.00",
        ),
        (
            Field.STOP,
            "90552.019",
            "90,552.019 is between ticks of 0.01.",
            "Stop 90,552.019 is not a multiple of 0.01. Nearest: 90,552.01 or 90,552.02.",
            "90552.02",
        ),
        (
            Field.TARGET_LIMIT,
            "97000.001",
            "97,000.001 is between ticks of 0.01.",
            "Target limit 97,000.001 is not a multiple of 0.01. Nearest: 97,000.00 or 97,000.01.",
            "97000.00",
        ),
        (
            Field.STOP_LIMIT,
            "0.001",
            "0.001 is between ticks of 0.01.",
            "Stop limit 0.001 is not a multiple of 0.01. Nearest: 0.00 or 0.01.",
            "0.01",
        ),
    ],
)
def test_off_tick(field: Field, text: str, message: str, detail: str, fix: str) -> None:
    limits: dict[str, Any] = {
        "stop_market": False,
        "target_market": False,
        "stop_limit": "90000",
        "target_limit": "97000",
    }
    verdict = judged(BUY, **{**limits, field.value: text})
    found = expect(verdict, f"{field}.tick")
    assert (found.severity, found.title, found.field) == (FAIL, "Tick 0.01", field)
    assert (found.message, found.detail, found.wrong, found.right) == (message, detail, text, fix)
    assert found.fix
    assert (found.fix.field, found.fix.text) == (field, fix)
    assert finding(verdict, "tick") is None
    assert verdict.figures is None


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({}, "3 of 3 prices are exact"),
        ({"stop_market": False, "stop_limit": "90000"}, "4 of 4 prices are exact"),
        ({"stop": ""}, "2 prices are exact"),
        ({"stop": "", "target": ""}, "1 price is exact"),
    ],
)
def test_on_tick_counts_the_prices(changes: dict[str, Any], detail: str) -> None:
    assert expect(judged(BUY, **changes), "tick").detail == detail


def test_on_tick_without_an_entry_belongs_to_no_field() -> None:
    found = expect(judged(BUY, entry="", stop="90000"), "tick")
    assert (found.field, found.message) == (None, "1 price is exact")


@pytest.mark.parametrize(
    ("draft", "entry", "message"),
    [
        (BUY, "92400", "On tick. Rests 0.77% below the best bid."),
        (BUY, "93119.50", "On tick. Rests at the best bid."),
        (BUY, "93119.00", "On tick. Rests 0.00% below the best bid."),
        (BUY, "93119.60", "On tick. Rests inside the spread."),
        (SELL, "94000", "On tick. Rests 0.94% above the best ask."),
        (SELL, "93120.10", "On tick. Rests at the best ask."),
        (SELL, "93119.60", "On tick. Rests inside the spread."),
    ],
)
def test_where_the_entry_rests(draft: OtocoDraft, entry: str, message: str) -> None:
    assert expect(judged(draft, entry=entry), "tick").message == message


def test_without_a_book_the_entry_is_only_on_tick() -> None:
    assert expect(judged(BUY, around(bid=None)), "tick").message == "On tick."
    other = around(instrument=BTC_USD, quote=None)
    assert expect(judged(BUY, other), "tick").message == "On tick."
