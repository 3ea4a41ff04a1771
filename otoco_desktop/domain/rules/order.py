"""Rules about the plan as an order: its legs, its instrument, and what was sent before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.rules.case import Case
from otoco_desktop.domain.verdict import Figures, RecentPlan

OTOCO_SOURCE = "exchange docs, private/advanced/create-otoco"
INSTRUMENTS_SOURCE = "exchange docs, public/get-instruments"
PARTIAL_SOURCE = "help centre: attached take-profit and stop-loss orders"
OWN_SOURCE = "rule of this program"
DUPLICATE, LOCK, MARGIN, MARKET_EXITS = "Duplicate", "Unknown lock", "Margin", "Market exits"
EXITS_SOURCE = "exchange docs: create-otoco and create-order-list disagree"
DUPLICATE_WINDOW_MS = 3_600_000
_PARTIAL = Finding(
    "partial.fill",
    Severity.NOTE,
    "Partial fill",
    "If the entry fills only in part, neither exit is active. The filled part has no stop until the rest fills.",
    source=PARTIAL_SOURCE,
)
_LEGS = Finding("legs", Severity.PASS, "Legs", "1 entry, 1 stop, 1 target", source=OTOCO_SOURCE)
_NEW = Finding("plan.new", Severity.PASS, DUPLICATE, "none sent in the last hour", source=OWN_SOURCE)
_FREE = Finding("plan.free", Severity.PASS, LOCK, "no outcome is unknown here", source=OWN_SOURCE)


def partial_fill(_case: Case, figures: Figures | None) -> Iterator[Finding]:
    """Exits arm only after the entry has filled completely."""
    if figures is not None:
        yield _PARTIAL


def legs(_case: Case) -> Iterator[Finding]:
    """A ticket always has the three legs; their shape is checked again on the frozen order."""
    yield _LEGS


def market(case: Case) -> Iterator[Finding]:
    """Spot only, and open."""
    instrument = case.instrument
    if not instrument.is_spot:
        message = f"{instrument.symbol} is not a spot pair. OTOCO works for spot only."
        yield _market(Severity.FAIL, message, OTOCO_SOURCE)
    elif not instrument.tradable:
        message = f"{instrument.symbol} is not open for trading now. Choose another pair or wait."
        yield _market(Severity.FAIL, message, INSTRUMENTS_SOURCE)
    else:
        yield _market(Severity.PASS, f"{instrument.symbol} is spot and open", INSTRUMENTS_SOURCE)


def margin(case: Case) -> Iterator[Finding]:
    """A pair that can be bought on margin may borrow by surprise."""
    if case.instrument.margin_buy and case.buys:
        message = f"{case.instrument.symbol} can be bought on margin. If the account allows it, a fill may borrow."
        yield Finding("market.margin", Severity.NOTE, MARGIN, message, source=INSTRUMENTS_SOURCE)


def market_exits(case: Case) -> Iterator[Finding]:
    """Market exits of a sell plan are buys, which the documents size in two ways."""
    if case.buys or not (case.draft.stop_market or case.draft.target_market):
        return
    yield Finding(
        "exits.market",
        Severity.WARNING,
        MARKET_EXITS,
        "The exchange may refuse a market exit that buys back by quantity. Limit exits are safe.",
        Field.STOP if case.draft.stop_market else Field.TARGET,
        source=EXITS_SOURCE,
        unproven="Whether a buying market exit takes a quantity; some documents ask for a notional.",
    )


def duplicate(case: Case) -> Iterator[Finding]:
    """The same plan, sent a short while ago."""
    for plan in case.around.recent:
        if plan.age_ms <= DUPLICATE_WINDOW_MS and _same(case, plan):
            message = f"You sent the same plan {_ago(plan.age_ms)} ago ({plan.label})."
            yield Finding("plan.duplicate", Severity.WARNING, DUPLICATE, message, source=OWN_SOURCE)
            return
    yield _NEW


def lock(case: Case) -> Iterator[Finding]:
    """While an outcome is unknown, nothing more is sent on its instrument, unless the trader says in words what may
    exist: a sell beside a buy that may be there changes what its exits can sell."""
    labels = [
        plan.label for plan in case.around.recent if plan.unresolved and plan.instrument == case.instrument.symbol
    ]
    if not labels:
        yield _FREE
        return
    names, is_or_are = " and ".join(labels), "is" if len(labels) == 1 else "are"
    what = f"New {case.instrument.symbol} {case.words.plan}s"
    message = f"{what} are locked until {names} {is_or_are} settled."
    words = f"{names} may exist"
    yield Finding("plan.locked", Severity.FAIL, LOCK, message, source=OWN_SOURCE, override=words)


@lru_cache(maxsize=64)
def _market(severity: Severity, message: str, source: str) -> Finding:
    return Finding("market", severity, "Market", message, source=source)


def _same(case: Case, plan: RecentPlan) -> bool:
    sent = (plan.instrument, plan.side, plan.quantity, plan.entry, plan.stop, plan.target)
    now = (case.instrument.symbol, case.draft.side, case.quantity, case.entry, case.stop, case.target)
    return sent == now


def _ago(age_ms: int) -> str:
    seconds = Decimal(age_ms) / 1000
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
