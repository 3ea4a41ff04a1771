"""Only what the exchange is certain to refuse blocks a plan, or what the trader has forbidden, or what is no plan yet.

Each failing rule stands here with the reason why it may block; a new one has to be decided on before it can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

import pytest

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Surroundings
from tests.domain.planning.plans import AROUND, BUY, SELL, D, around, judged
from tests.domain.planning.whole import CASES, DRAFTS, PLACES


class Why(StrEnum):
    """Why a rule may close the submit button."""

    REFUSED = "the documents say that the exchange refuses it"
    NO_ORDER = "no order can be made of it"
    OWN_LIMIT = "the trader has forbidden it in Settings"
    SAFETY = "a decision of this program, told with its reason"


BLOCKS = {
    "market": (Why.REFUSED, "create-otoco takes spot pairs; a pair that is not tradable answers MARKET_IS_NOT_OPEN"),
    "tick": (Why.REFUSED, "prices are multiples of the tick: INVALID_PRICE"),
    "step": (Why.REFUSED, "quantities are multiples of the step: INVALID_ORDERQTY"),
    "minimum": (Why.REFUSED, "the step is the least quantity: BELOW_MIN_ORDER_SIZE"),
    "value": (Why.REFUSED, "each leg is an order, and one below the least worth answers BELOW_MIN_ORDER_SIZE"),
    "balance": (Why.REFUSED, "what the entry takes must be free: INSUFFICIENT_AVAILABLE_BALANCE"),
    "side": (Why.REFUSED, "the documents put a sell trigger below, a take-profit above the price it is counted from"),
    "post_only": (Why.REFUSED, "a post-only entry that would take is cancelled"),
    "quantity": (
        Why.REFUSED,
        "an exit is an order too: on the step, worth sending, and for coins that the entry brings",
    ),
    "clock": (Why.REFUSED, "a nonce far from the exchange's time answers INVALID_NONCE"),
    "text": (Why.NO_ORDER, "the field's text is no number"),
    "positive": (Why.NO_ORDER, "a price is above zero"),
    "risk": (Why.NO_ORDER, "more than the whole account cannot be risked"),
    "circular": (Why.NO_ORDER, "the stop would be counted from the quantity, and that from the stop"),
    "unit": (Why.NO_ORDER, "1R of a stop has no value"),
    "cap": (Why.OWN_LIMIT, "the hard cap refuses"),
    "locked": (Why.SAFETY, "an earlier outcome is unknown; words lift it"),
}
"""By what stands after the last dot of a code."""

WARNS = ("stop_limit.side", "stop_limit.gap", "target_limit.waits", "exits.market", "entry.band", "stop.band", "reward")
"""Looked at and left to the trader: no document says that the exchange refuses it."""


def _plans() -> Iterator[tuple[OtocoDraft, Surroundings]]:
    for name, where in CASES.values():
        yield DRAFTS[name], PLACES[where]
    yield BUY, around(clock_offset_ms=30_001)
    yield replace(BUY, quantity_mode=QuantityMode.RISK, quantity="101%"), AROUND
    yield replace(BUY, quantity_mode=QuantityMode.RISK, quantity="1%", stop="1R"), AROUND
    yield replace(BUY, stop="1R"), AROUND
    yield replace(BUY, entry="0"), AROUND
    yield from ((replace(BUY, exit_quantity=exits), AROUND) for exits in ("0.2", "0.000001", "0.00001", "a"))
    yield replace(BUY, target_market=False, target_limit="98000"), AROUND
    yield replace(SELL, stop_market=True), AROUND


@lru_cache(maxsize=1)
def _found() -> tuple[Finding, ...]:
    """Everything that is said of those plans, without the lines that have nothing to judge."""
    found = [one for draft, place in _plans() for one in evaluate(draft, place).findings]
    return tuple(one for one in found if one.severity is not Severity.IDLE)


def _kind(found: Finding) -> str:
    return found.code.rpartition(".")[2]


def test_every_rule_that_blocks_has_been_decided_on() -> None:
    failing = {_kind(found) for found in _found() if found.severity is Severity.FAIL}
    assert failing <= BLOCKS.keys()
    assert BLOCKS.keys() - failing <= {"locked"}, "a rule that no longer fails needs no reason"


@pytest.mark.parametrize("code", WARNS)
def test_what_no_document_refuses_is_a_warning(code: str) -> None:
    severities = {found.severity for found in _found() if found.code == code}
    assert severities == {Severity.WARNING}


@pytest.mark.parametrize("kind", [kind for kind, (why, _) in BLOCKS.items() if why is Why.REFUSED])
def test_a_refusal_rests_on_a_document(kind: str) -> None:
    sources = {found.source for found in _found() if _kind(found) == kind and found.severity is Severity.FAIL}
    assert sources
    assert all("exchange docs" in source or "help centre" in source for source in sources)


def test_a_warning_never_closes_the_button() -> None:
    verdict = judged(BUY, around(risk_limit=D("0.001")), stop_market=False, stop_limit="91000")
    assert {found.code for found in verdict.of(Severity.WARNING)} >= {"stop_limit.side", "risk.limit"}
    assert verdict.submittable


# Every rule has its line, whatever is typed

EMPTY = OtocoDraft()


@pytest.mark.parametrize("case", CASES)
def test_the_sheet_lists_every_rule_always(case: str) -> None:
    name, where = CASES[case]
    if PLACES[where].instrument is None:
        return
    titles = {found.title.split(" 0.")[0].split(" 1")[0] for found in evaluate(DRAFTS[name], PLACES[where]).findings}
    assert titles >= TITLES


TITLES = {
    "Partial fill", "Legs", "Market", "Price order", "Tick", "Step", "Balance", "Post-only", "Fees", "Risk limit",
    "Fee currency", "Data age", "Clock", "Exit coverage", "Stop limit", "Target limit", "Stop distance", "Market exits",
    "Minimum", "Entry price", "Entry distance", "Trigger", "Price band", "Reward", "Hard cap", "Trade limit",
    "Open risk", "Duplicate", "Unknown lock", "Margin",
}  # fmt: skip


def lines(draft: OtocoDraft, surroundings: Surroundings = AROUND) -> dict[str, str]:
    """Every calm line by its title."""
    found = evaluate(draft, surroundings).findings
    return {one.title: one.detail or one.message for one in found if one.severity.is_calm}


@pytest.mark.parametrize(
    ("draft", "title", "words"),
    [
        (EMPTY, "Balance", "needs a quantity"),
        (replace(EMPTY, quantity="0.1"), "Balance", "needs an entry price"),
        (EMPTY, "Price order", "needs an entry price"),
        (replace(EMPTY, entry="92400"), "Price order", "needs a stop"),
        (replace(BUY, target=""), "Partial fill", "needs a target"),
        (replace(BUY, stop="93000"), "Partial fill", "needs prices in order"),
        (replace(BUY, stop="93000"), "Stop distance", "needs a stop on its side"),
        (replace(BUY, stop=""), "Stop distance", "needs a stop"),
        (replace(BUY, target=""), "Fees", "needs a target"),
        (replace(BUY, target="90000"), "Fees", "needs a target on its side"),
        (replace(BUY, target_market=False), "Fees", "needs a limit price"),
        (BUY, "Stop limit", "not for a market stop"),
        (replace(BUY, stop_market=False), "Stop limit", "needs trigger and limit"),
        (BUY, "Target limit", "not for a market target"),
        (replace(BUY, target_market=False), "Target limit", "needs trigger and limit"),
        (BUY, "Post-only", "off"),
        (BUY, "Market exits", "only for a sell"),
        (BUY, "Margin", "not bought on margin"),
        (BUY, "Hard cap", "no limit set in Settings"),
        (replace(BUY, quantity=""), "Risk limit", "needs a quantity"),
        (replace(BUY, stop=""), "Risk limit", "needs a stop"),
    ],
)
def test_a_line_says_what_it_needs(draft: OtocoDraft, title: str, words: str) -> None:
    assert lines(draft)[title] == words
