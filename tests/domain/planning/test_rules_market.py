"""The instrument, the book, the mark price, ages, the clock, and what was sent before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Severity
from otoco_desktop.domain.market import MarkSource
from otoco_desktop.domain.rules import evaluate
from tests.domain.planning.plans import (
    AROUND,
    BTC_USD,
    BUY,
    EXAMPLE,
    OFFLINE,
    QUOTE,
    SELL,
    D,
    around,
    expect,
    finding,
    judged,
)

FAIL, WAIT, WARNING, NOTE, PASS = (
    Severity.FAIL,
    Severity.WAIT,
    Severity.WARNING,
    Severity.NOTE,
    Severity.PASS,
)


def outside(value: str, low: str, high: str, of: str) -> str:
    return f"{value} is outside {low} to {high}, the exchange's limits around {of}. It may be refused."


# The instrument


@pytest.mark.parametrize(
    ("instrument", "severity", "message"),
    [
        (BTC_USD, PASS, "BTC_USD is spot and open"),
        (
            replace(BTC_USD, symbol="BTCUSD-PERP", kind="PERPETUAL_SWAP"),
            FAIL,
            "BTCUSD-PERP is not a spot pair. OTOCO works for spot only.",
        ),
        (replace(BTC_USD, tradable=False), FAIL, "BTC_USD is not open for trading now. Choose another pair or wait."),
    ],
)
def test_market(instrument: Any, severity: Severity, message: str) -> None:
    found = expect(judged(BUY, around(instrument=instrument)), "market")
    assert (found.severity, found.message) == (severity, message)


def test_no_instrument_is_incomplete() -> None:
    verdict = judged(BUY, replace(AROUND, instrument=None))
    assert [(one.severity, one.message) for one in verdict.findings] == [(Severity.INCOMPLETE, "Choose an instrument.")]
    assert verdict.figures is None
    assert not verdict.submittable


def test_a_pair_on_margin_is_noted_for_a_buy() -> None:
    surroundings = around(margin_buy=True)
    assert expect(judged(BUY, surroundings), "market.margin").severity is NOTE
    assert finding(judged(SELL, surroundings), "market.margin") is None


def test_a_new_tick_while_editing_is_judged_by_the_new_tick() -> None:
    found = expect(judged(BUY, around(price_tick=D("0.5")), entry="92400.25"), "entry.tick")
    assert found.message == "92,400.25 is between ticks of 0.5."


def test_quotes_of_another_instrument_are_ignored() -> None:
    verdict = judged(BUY, around(quote=replace(QUOTE, instrument="ETH_USD")))
    assert expect(verdict, "data.age").severity is WAIT


# The empty ticket


def test_an_empty_ticket_is_incomplete_and_nothing_is_red() -> None:
    verdict = evaluate(OtocoDraft(), AROUND)
    assert [(one.field, one.message) for one in verdict.of(Severity.INCOMPLETE)] == [
        (Field.ENTRY, "Enter the price to buy at."),
        (Field.QUANTITY, "Enter how much BTC to buy."),
        (Field.STOP, "Enter the stop: a price, 2%, -500 or 1.5R."),
        (Field.TARGET, "Enter the target: a price, 5%, +500 or 2.5R."),
    ]
    assert verdict.of(FAIL) == ()
    assert verdict.figures is None


def test_empty_limits_are_asked_for() -> None:
    verdict = judged(EXAMPLE, stop_market=False, target_limit="")
    assert expect(verdict, "stop_limit.empty").message == "Enter the limit price of the stop."
    assert expect(verdict, "target_limit.empty").message == "Enter the limit price of the target."
    assert verdict.figures is None


# The entry and the book


@pytest.mark.parametrize(
    ("draft", "entry", "message"),
    [
        (BUY, "93200", "Above the best ask. It fills at once and pays the taker fee 0.50%."),
        (BUY, "93120.10", "At the best ask. It fills at once and pays the taker fee 0.50%."),
        (SELL, "93000", "Below the best bid. It fills at once and pays the taker fee 0.50%."),
        (SELL, "93119.50", "At the best bid. It fills at once and pays the taker fee 0.50%."),
    ],
)
def test_an_entry_that_crosses_pays_taker(draft: OtocoDraft, entry: str, message: str) -> None:
    verdict = judged(draft, entry=entry)
    found = expect(verdict, "entry.crosses")
    assert (found.severity, found.field, found.message) == (WARNING, Field.ENTRY, message)
    assert verdict.figures
    assert verdict.figures.entry_rate == D("0.005")


def test_an_entry_that_crosses_with_unknown_fees() -> None:
    found = expect(judged(BUY, around(fees=None), entry="93200"), "entry.crosses")
    assert found.message == "Above the best ask. It fills at once."


@pytest.mark.parametrize(
    ("draft", "surroundings", "entry"),
    [
        (BUY, AROUND, "93120.09"),
        (SELL, AROUND, "93119.51"),
        (BUY, around(ask=None), "94000"),
        (SELL, around(bid=None), "93000"),
    ],
)
def test_an_entry_that_rests(draft: OtocoDraft, surroundings: Any, entry: str) -> None:
    assert finding(judged(draft, surroundings, entry=entry), "entry.crosses") is None


@pytest.mark.parametrize(
    ("draft", "entry", "message"),
    [
        (BUY, "81944.20", "81,944.20 is 12.0% below mark. It may never fill."),
        (SELL, "104292.60", "104,292.60 is 12.0% above mark. It may never fill."),
        (BUY, "84000", None),
        (SELL, "102000", None),
        (BUY, "", None),
    ],
)
def test_an_entry_far_from_mark(draft: OtocoDraft, entry: str, message: str | None) -> None:
    found = finding(judged(draft, entry=entry), "entry.far")
    assert (found.message if found else None) == message
    assert found is None or (found.severity, found.field) == (WARNING, Field.ENTRY)


def test_ten_percent_from_mark_is_not_far_yet() -> None:
    assert finding(judged(BUY, around(mark=D(90_000)), entry="81000"), "entry.far") is None
    assert finding(judged(BUY, around(mark=D(90_000)), entry="80999.99"), "entry.far")


# Triggers and mark


@pytest.mark.parametrize(
    ("draft", "changes", "field", "message"),
    [
        (
            BUY,
            {"entry": "93500", "stop": "93200"},
            Field.STOP,
            "Mark 93,118.42 is already below the stop 93,200.00. It may fire as soon as the entry fills.",
        ),
        (
            BUY,
            {"entry": "93500", "stop": "93118.42"},
            Field.STOP,
            "Mark 93,118.42 is already at the stop 93,118.42. It may fire as soon as the entry fills.",
        ),
        (
            BUY,
            {"entry": "90000", "target": "92862"},
            Field.TARGET,
            "Mark 93,118.42 is already above the target 92,862.00. It may fire as soon as the entry fills.",
        ),
        (
            SELL,
            {"entry": "92000", "stop": "93000", "stop_limit": "93100", "target_limit": "87400"},
            Field.STOP,
            "Mark 93,118.42 is already above the stop 93,000.00. It may fire as soon as the entry fills.",
        ),
        (
            SELL,
            {"entry": "96000", "stop_limit": "98000", "target": "94000", "target_limit": "94000"},
            Field.TARGET,
            "Mark 93,118.42 is already below the target 94,000.00. It may fire as soon as the entry fills.",
        ),
    ],
)
def test_a_trigger_that_mark_has_passed(draft: OtocoDraft, changes: dict[str, Any], field: Field, message: str) -> None:
    verdict = judged(draft, **changes)
    found = expect(verdict, f"{field}.mark")
    assert (found.severity, found.field, found.message) == (WARNING, field, message)
    assert found.unproven
    assert verdict.submittable


def test_a_price_move_turns_the_verdict() -> None:
    draft = replace(BUY, entry="93100", stop="93000")
    assert finding(judged(draft), "stop.mark") is None
    assert finding(judged(draft, around(mark=D("92999.99"))), "stop.mark")


@pytest.mark.parametrize(
    ("draft", "changes", "field", "message"),
    [
        (
            BUY,
            {"entry": "9000"},
            Field.ENTRY,
            outside("9,000.00", "9,311.84", "107,086.18", "mark"),
        ),
        (
            BUY,
            {"entry": "108000"},
            Field.ENTRY,
            outside("108,000.00", "9,311.84", "107,086.18", "mark"),
        ),
        (
            SELL,
            {"entry": "79000"},
            Field.ENTRY,
            outside("79,000.00", "79,150.66", "931,184.20", "mark"),
        ),
        (
            BUY,
            {"stop_market": False, "stop_limit": "76000"},
            Field.STOP_LIMIT,
            outside("76,000.00", "76,969.20", "905,520.00", "its trigger"),
        ),
        (
            SELL,
            {"stop_limit": "111000"},
            Field.STOP_LIMIT,
            outside("111,000.00", "9,588.00", "110,262.00", "its trigger"),
        ),
        (
            BUY,
            {"target_market": False, "target_limit": "80000"},
            Field.TARGET_LIMIT,
            outside("80,000.00", "82,467.00", "970,200.00", "its trigger"),
        ),
        (
            BUY,
            {"target": "186236.84"},
            Field.TARGET,
            "Target 186,236.84 must be below 186,236.84, twice the mark price.",
        ),
        (BUY, {"stop": "0.01"}, Field.STOP, "Stop 0.01 must be more than one tick of 0.01."),
    ],
)
def test_price_bands_warn(draft: OtocoDraft, changes: dict[str, Any], field: Field, message: str) -> None:
    found = expect(judged(draft, **changes), f"{field}.band")
    assert (found.severity, found.title, found.field, found.message) == (WARNING, "Price band", field, message)
    assert "help centre" in found.source
    assert "exchange decides" in found.unproven


def test_price_bands_of_a_pair_on_margin_are_narrower() -> None:
    assert finding(judged(BUY, entry="98000"), "entry.band") is None
    found = expect(judged(BUY, around(margin_buy=True), entry="98000"), "entry.band")
    assert "9,311.84 to 97,774.34" in found.message


@pytest.mark.parametrize("changes", [{"entry": ""}, {"stop": "", "target": ""}])
def test_price_bands_say_nothing_while_they_know_nothing(changes: dict[str, Any]) -> None:
    found = [one for one in judged(BUY, **changes).findings if one.code.endswith(".band")]
    assert {one.severity for one in found} <= {PASS, Severity.IDLE}


def test_without_mark_only_limits_of_exits_are_banded() -> None:
    draft = replace(BUY, entry="9000", stop_market=False, stop_limit="1")
    verdict = judged(draft, around(mark=None))
    assert [one.code for one in verdict.findings if one.code.endswith(".band")] == ["stop_limit.band"]
    assert finding(verdict, "entry.far") is finding(verdict, "stop.mark") is None


def test_a_midpoint_in_place_of_mark_is_called_so() -> None:
    surroundings = around(mark_source=MarkSource.MIDPOINT)
    assert expect(judged(BUY, surroundings), "data.age").message == "midpoint 0.2 s, book 0.2 s of 8 s"
    told = expect(judged(BUY, surroundings, entry="90000", target="92862"), "target.mark").message
    assert told.startswith("Midpoint 93,118.42 is already above")
    assert "below midpoint" in expect(judged(BUY, surroundings, entry="80000"), "entry.far").message


# Ages and the clock


@pytest.mark.parametrize(
    ("surroundings", "severity", "message"),
    [
        (AROUND, PASS, "mark 0.2 s, book 0.2 s of 8 s"),
        (around(now_ms=7_400), PASS, "mark 6.4 s, book 6.4 s of 8 s"),
        (around(now_ms=9_000), PASS, "mark 8.0 s, book 8.0 s of 8 s"),
        (around(now_ms=9_001), WAIT, "Prices are 8.0 s old. Submit opens again when they are live."),
        (around(now_ms=13_000, book_ms=12_000), PASS, "mark 12.0 s, book 1.0 s of 8 s"),
        (around(mark_ms=None), PASS, "book 0.2 s of 8 s"),
        (around(mark_ms=None, book_ms=None), WAIT, "Not checked: offline"),
        (OFFLINE, WAIT, "Not checked: offline"),
    ],
)
def test_data_age(surroundings: Any, severity: Severity, message: str) -> None:
    verdict = judged(BUY, surroundings)
    found = expect(verdict, "data.age")
    assert (found.severity, found.message) == (severity, message)
    assert verdict.submittable is (severity is PASS)


@pytest.mark.parametrize(
    ("offset", "severity", "message"),
    [
        (-42, PASS, "+42 ms of 5,000 ms, 4,958 left"),
        (42, PASS, "−42 ms of 5,000 ms, 4,958 left"),
        (0, PASS, "0 ms of 5,000 ms, 5,000 left"),
        (-5_000, PASS, "+5,000 ms of 5,000 ms, 0 left"),
        (-6_300, WARNING, "Your clock is 6.3 s ahead of the exchange. Set it, then check again."),
        (30_000, WARNING, "Your clock is 30.0 s behind the exchange. Set it, then check again."),
        (30_001, FAIL, "Your clock is 30.0 s behind the exchange. Set it, then check again."),
        (None, WAIT, "Not checked: offline"),
    ],
)
def test_clock(offset: int | None, severity: Severity, message: str) -> None:
    found = expect(judged(BUY, around(clock_offset_ms=offset)), "clock")
    assert (found.severity, found.message) == (severity, message)


# All together


@pytest.mark.parametrize("draft", [BUY, SELL, EXAMPLE, OtocoDraft(), replace(BUY, stop="x", quantity="")])
@pytest.mark.parametrize("surroundings", [AROUND, OFFLINE])
def test_findings_are_sorted_sourced_and_said(draft: OtocoDraft, surroundings: Any) -> None:
    findings = evaluate(draft, surroundings).findings
    order = list(Severity)
    weights = [order.index(PASS if one.severity is Severity.IDLE else one.severity) for one in findings]
    assert weights == sorted(weights)
    assert all(one.message and one.title and one.source and one.code for one in findings)
    assert len({one.code for one in findings}) == len(findings)


def test_offline_planning_still_shows_where_it_can() -> None:
    verdict = evaluate(BUY, OFFLINE)
    assert verdict.plan.value(Field.STOP) == D("90552.00")
    assert {one.title for one in verdict.of(WAIT)} == {"Balance", "Fees", "Risk limit", "Data age", "Clock"}
    assert verdict.of(FAIL) == ()


@pytest.mark.parametrize(
    ("draft", "changes", "code"),
    [
        (BUY, {"entry": "115000.00"}, "entry.band"),
        (BUY, {"entry": "10000.00", "stop": "9000", "target": "12000"}, "entry.band"),
        (SELL, {"entry": "85000.00", "target": "80000", "target_limit": "80000", "stop": "90000"}, "entry.band"),
    ],
)
def test_a_price_on_the_edge_of_its_band_lies_in_it(draft: OtocoDraft, changes: dict[str, Any], code: str) -> None:
    round_mark = around(mark=D(100_000))
    assert finding(judged(draft, round_mark, **changes), code) is None
    way = D("0.01") if changes["entry"] == "115000.00" else D("-0.01")
    beyond = {**changes, "entry": f"{D(changes['entry']) + way}"}
    assert expect(judged(draft, round_mark, **beyond), code).severity is WARNING
