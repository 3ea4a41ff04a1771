"""The list of checks, the sentence over the button, and the way F8 goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otoco_desktop.app.state import Gate
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import PricedPlan, Verdict
from otoco_desktop.ui.checks import state as checks
from otoco_desktop.ui.checks.state import Look
from otoco_desktop.ui.checks.words import first_error
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui import plan_examples as plans

OPEN = Gate(open=True)
CLOSED = Gate(open=False, reason="Checking S-0416 first.")


def judged(draft: OtocoDraft) -> Verdict:
    return evaluate(draft, plans.around())


def test_the_drawn_plan_passes_with_one_note() -> None:
    state = checks.build(judged(plans.BUY))
    passes = sum(row.look is Look.PASS for row in state.rows)
    assert [chip.text for chip in state.chips] == [f"{passes} pass", "1 note"]
    assert state.summary == f"Checks: {passes} pass, 1 note"
    assert [row.look for row in state.rows if row.look is not Look.IDLE] == [Look.NOTE, *[Look.PASS] * passes]


def test_the_rows_of_the_drawing_stand_first_and_in_its_order() -> None:
    titles = [row.title for row in checks.build(judged(plans.BUY)).rows]
    assert titles[:13] == [
        "Partial fill", "Legs", "Market", "Price order", "Tick 0.01", "Step 0.00001", "Balance", "Post-only", "Fees",
        "Risk limit", "Fee currency", "Data age", "Clock",
    ]  # fmt: skip
    assert "Price band" in titles[13:]


def test_a_row_keeps_its_place_when_it_has_nothing_to_judge() -> None:
    market = [row.title for row in checks.build(judged(plans.BUY)).rows]
    limit = [row.title for row in checks.build(judged(replace(plans.BUY, target_market=True))).rows]
    assert market == limit


def test_a_row_tells_its_source_what_is_unproven_and_its_fix() -> None:
    rows = {row.code: row for row in checks.build(judged(plans.BROKEN)).rows}
    assert rows["entry.tick"].origin == "Rests on: exchange docs, public/get-instruments. Shift+Enter: Use 92,400.00."
    assert rows["fee.currency"].told.startswith("USD, so all BTC can be sold Not proven: That the exchange honours")
    assert rows["fee.currency"].told.endswith("\nRests on: exchange docs, private/create-order: fee_instrument_name.")
    assert rows["limit.cap"].spoken == "Hard cap, Not judged: no limit set in Settings"


def test_fails_come_first_and_hide_the_count_of_passes() -> None:
    state = checks.build(judged(plans.BROKEN))
    assert [row.look for row in state.rows[:4]] == [Look.FAIL, Look.FAIL, Look.FAIL, Look.WARNING]
    assert all(not row.soft for row in state.rows[4:])
    assert [chip.text for chip in state.chips] == ["3 fail", "1 warning"]
    assert state.rows[0].spoken.startswith("Price order, Fail: Buy needs stop < entry < target.")


def test_only_fail_warning_and_note_take_the_soft_fill() -> None:
    looks = {look: checks.CheckRow("c", look, "t", "x", None).soft for look in Look}
    assert [look for look, soft in looks.items() if soft] == [Look.FAIL, Look.WARNING, Look.NOTE]


@pytest.mark.parametrize(
    ("verdict", "gate", "words", "enabled"),
    [
        (plans.ready(), OPEN, "Ready. 11 checks pass, 1 note to read.", True),
        (
            plans.ready(plans.FEE_WARNING),
            OPEN,
            "Ready. 10 checks pass, 1 warning to confirm, 1 note to read.",
            True,
        ),
        (
            judged(plans.BROKEN),
            OPEN,
            "Can't submit: 3 errors. First: the entry price is between ticks. Go to first error",
            False,
        ),
        (judged(OtocoDraft()), OPEN, "Not ready. Fill in the entry price, quantity, stop and target.", False),
        (
            plans.ready(),
            CLOSED,
            "Can't submit. Checking S-0416 first.",
            False,
        ),
        (
            judged(plans.BROKEN),
            CLOSED,
            "Can't submit: 3 errors. First: the entry price is between ticks. Go to first error",
            False,
        ),
    ],
)
def test_the_sentence_over_the_button(verdict: Verdict, gate: Gate, words: str, enabled: bool) -> None:
    state = checks.submit(verdict, gate)
    assert text_of(state.sentence) == words
    assert state.enabled is enabled
    assert state.offers_first_error is words.endswith("Go to first error")


def test_stale_prices_close_the_button_and_say_so() -> None:
    around = plans.around()
    verdict = evaluate(plans.BUY, replace(around, now_ms=around.now_ms + 20_000))
    state = checks.submit(verdict, OPEN)
    assert text_of(state.sentence).startswith("Can't submit. Prices are 20.2 s old.")
    assert state.reason.startswith("Can't submit. Prices are 20.2 s old.")


def test_one_error_is_one_error() -> None:
    state = checks.submit(judged(replace(plans.BUY, entry="92400.005")), OPEN)
    assert text_of(state.sentence).startswith("Can't submit: 1 error. First: the entry price is between ticks.")


def test_f8_walks_the_failing_fields_in_tab_order_and_round() -> None:
    verdict = judged(plans.BROKEN)
    assert checks.failing_fields(verdict) == (Field.ENTRY, Field.QUANTITY, Field.STOP)
    walk = [checks.next_failing(verdict, current) for current in (None, Field.ENTRY, Field.QUANTITY, Field.STOP)]
    assert walk == [Field.ENTRY, Field.QUANTITY, Field.STOP, Field.ENTRY]
    assert checks.next_failing(verdict, Field.TARGET) is Field.ENTRY


def test_shift_f8_walks_back() -> None:
    verdict = judged(plans.BROKEN)
    walk = [checks.next_failing(verdict, current, -1) for current in (None, Field.STOP, Field.QUANTITY, Field.ENTRY)]
    assert walk == [Field.STOP, Field.QUANTITY, Field.ENTRY, Field.STOP]
    assert checks.next_failing(verdict, Field.STOP_LIMIT, -1) is Field.STOP


def test_without_errors_f8_leads_to_what_is_empty_and_then_nowhere() -> None:
    assert checks.next_failing(judged(replace(plans.BUY, target="")), None) is Field.TARGET
    assert checks.next_failing(judged(plans.BUY), None) is None


@pytest.mark.parametrize(
    ("code", "field", "words"),
    [
        ("entry.tick", Field.ENTRY, "the entry price is between ticks."),
        ("target_limit.tick", Field.TARGET_LIMIT, "the target limit price is between ticks."),
        ("quantity.step", Field.QUANTITY, "the quantity is between steps."),
        ("quantity.minimum", Field.QUANTITY, "the quantity is below the minimum."),
        ("stop.side", Field.STOP, "the stop is on the wrong side of the entry."),
        ("exits.quantity", Field.QUANTITY, "the exits' quantity cannot be sent."),
        ("plan.locked", None, "an earlier outcome is unknown."),
        ("stop.text", Field.STOP, "the stop is not understood."),
        ("balance", Field.QUANTITY, "the balance does not cover it."),
        ("clock", None, "this computer's clock is wrong."),
        ("new.rule", Field.STOP, "What the rule says."),
    ],
)
def test_the_first_error_in_half_a_sentence(code: str, field: Field | None, words: str) -> None:
    assert first_error(Finding(code, Severity.FAIL, "Title", "What the rule says.", field)) == words


def test_text_from_outside_stays_short_and_on_one_line() -> None:
    finding = Finding("x", Severity.WARNING, "T\nitle", "a" * 500 + "\u202e", None)
    row = checks.build(Verdict(OtocoDraft(), plans.BUY_PLAN, (finding,), None)).rows[0]
    assert len(row.text) == 300
    assert row.title == "T itle"


def test_what_is_not_proven_is_said_with_the_check() -> None:
    finding = Finding("fee.currency", Severity.PASS, "Fee currency", "USD.", unproven="That it is honoured.")
    row = checks.build(Verdict(OtocoDraft(), PricedPlan({}), (finding,), None)).rows[0]
    assert row.whole == "USD. Not proven: That it is honoured."
    assert row.spoken.endswith(row.whole)
