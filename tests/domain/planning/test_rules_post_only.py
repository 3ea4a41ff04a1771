"""An entry that may only rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Fix, Severity
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.verdict import Surroundings, Verdict
from tests.domain.planning import plans
from tests.domain.planning.plans import BUY, OFFLINE, SELL, D, expect, finding

CODE = "entry.post_only"
AROUND = replace(plans.AROUND, post_only_usable=True)


def around(**changes: Any) -> Surroundings:
    return replace(plans.around(**changes), post_only_usable=True)


def judged(draft: OtocoDraft, surroundings: Surroundings = AROUND, **changes: Any) -> Verdict:
    return plans.judged(draft, surroundings, **changes)


def test_without_the_choice_nothing_is_said() -> None:
    assert finding(judged(BUY), CODE) is None
    assert not to_order(judged(BUY), "0" * 26, AROUND).post_only


@pytest.mark.parametrize(
    ("draft", "message"),
    [(BUY, "will rest, best ask 93,120.10"), (SELL, "will rest, best bid 93,119.50")],
)
def test_an_entry_that_rests_passes_and_is_frozen(draft: OtocoDraft, message: str) -> None:
    verdict = judged(draft, post_only=True)
    found = expect(verdict, CODE)
    assert (found.severity, found.title, found.message) == (Severity.PASS, "Post-only", message)
    assert to_order(verdict, "0" * 26, AROUND).post_only


@pytest.mark.parametrize(
    ("draft", "entry", "best"),
    [
        (BUY, "93200.00", "93119.50"),
        (BUY, "93120.10", "93119.50"),
        (SELL, "93119.50", "93120.10"),
        (SELL, "93000.00", "93120.10"),
    ],
)
def test_an_entry_that_would_take_is_refused_with_the_best_price_that_rests(
    draft: OtocoDraft, entry: str, best: str
) -> None:
    verdict = judged(draft, entry=entry, post_only=True)
    found = expect(verdict, CODE)
    assert found.severity is Severity.FAIL
    assert found.message == f"At {D(entry):,.2f} this would take at once. Post-only cancels it."
    assert (found.field, found.wrong, found.right) == (Field.ENTRY, entry, best)
    assert found.fix == Fix(Field.ENTRY, best, f"Use {D(best):,.2f}")
    assert finding(verdict, "entry.crosses") is None
    assert not verdict.submittable
    assert expect(judged(draft, entry=best, post_only=True), CODE).severity is Severity.PASS


@pytest.mark.parametrize(("draft", "missing", "entry"), [(BUY, "bid", "93200.00"), (SELL, "ask", "93000.00")])
def test_with_one_side_of_the_book_empty_no_price_is_suggested(draft: OtocoDraft, missing: str, entry: str) -> None:
    found = expect(judged(draft, around(**{missing: None}), entry=entry, post_only=True), CODE)
    assert (found.severity, found.fix, found.right) == (Severity.FAIL, None, "")


@pytest.mark.parametrize(("draft", "missing"), [(BUY, "ask"), (SELL, "bid")])
def test_nothing_is_said_of_a_book_that_is_not_known(draft: OtocoDraft, missing: str) -> None:
    assert finding(judged(draft, around(**{missing: None}), post_only=True), CODE) is None
    assert finding(judged(draft, replace(OFFLINE, post_only_usable=True), post_only=True), CODE) is None
    assert finding(judged(draft, entry="", post_only=True), CODE) is None


def test_without_the_websocket_it_waits() -> None:
    verdict = judged(BUY, replace(AROUND, post_only_usable=False), post_only=True)
    found = expect(verdict, CODE)
    assert found.severity is Severity.WAIT
    assert "websocket" in found.message
    assert not verdict.submittable
    assert judged(BUY, replace(AROUND, post_only_usable=False)).submittable
