"""One plan and the reports about it, for tests of what is known of an order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    Intended,
    LegAnswered,
    LegCancelAsked,
    LegReport,
    LegReported,
    Looked,
    MoveAsked,
    Outcome,
    Planned,
    ReportSource,
    RequestStamp,
)
from otoco_desktop.domain.evidence import EvidenceSource, SourceAnswer
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid
from otoco_desktop.domain.strategy import Strategy

ID = "abcdefghijklmnopqrstuvwxyz"
LIST = "4611686018427705309"
START = 1_767_225_600_000
NONCE = START + 40
QUANTITY = Decimal("0.01000")
TYPES = {LegRole.ENTRY: "LIMIT", LegRole.STOP: "STOP_LOSS", LegRole.TARGET: "TAKE_PROFIT"}
TRIGGERS = {LegRole.ENTRY: None, LegRole.STOP: Decimal("80000.00"), LegRole.TARGET: Decimal("108000.00")}
BASE_SOURCES = (EvidenceSource.DETAIL, EvidenceSource.OPEN_ORDERS, EvidenceSource.HISTORY)


def order(strategy_id: str = ID, instrument: str = "BTC_USD") -> OtocoOrder:
    """Buy 0.01 at 93,000, stop at market below 80,000, target at market above 108,000."""
    legs = {
        role: Leg(
            role=role,
            side=Side.BUY if role is LegRole.ENTRY else Side.SELL,
            type=OrderType(TYPES[role]),
            quantity=QUANTITY,
            client_oid=client_oid(strategy_id, role),
            price=Decimal("93000.00") if role is LegRole.ENTRY else None,
            trigger=TRIGGERS[role],
        )
        for role in LegRole
    }
    return OtocoOrder(strategy_id, instrument, legs[LegRole.ENTRY], legs[LegRole.STOP], legs[LegRole.TARGET], "USD")


def intended(strategy_id: str = ID, **changes: Any) -> Intended:
    intent = Intended(
        strategy_id=strategy_id,
        at_ms=START,
        number=411,
        order=order(strategy_id),
        stamp=RequestStamp(request_id=7, nonce=NONCE, offset_ms=40),
        environment="practice",
        account="",
        transport="rest",
        params_sha256="0" * 64,
        monotonic_ms=1_000,
        app_version="0",
        planned=Planned(Decimal("-134.00"), Decimal("147.00"), Decimal("0.0025"), Decimal("0.0050")),
        tag="range",
    )
    return replace(intent, **changes)


def report(role: LegRole, status: str, at: int = 0, **changes: Any) -> LegReport:
    """What the exchange says about one leg, ``at`` milliseconds after the start."""
    row = LegReport(
        list_id=LIST,
        order_id=f"28998735227636739{6 + list(LegRole).index(role)}",
        client_oid=client_oid(ID, role),
        instrument="BTC_USD",
        order_type=TYPES[role],
        side="BUY" if role is LegRole.ENTRY else "SELL",
        status=status,
        quantity=QUANTITY,
        limit_price=Decimal("93000.00") if role is LegRole.ENTRY else None,
        trigger=TRIGGERS[role],
        fee_coin="USD",
        leg_id=str(1 + list(LegRole).index(role)),
        update_ms=START + at,
    )
    return replace(row, **changes)


def full(role: LegRole, price: str, at: int = 0, fee: str = "0.50", **changes: Any) -> LegReport:
    """A completely filled leg."""
    value = QUANTITY * Decimal(price)
    amounts = {"filled": QUANTITY, "filled_value": value, "average_price": Decimal(price), "fee": Decimal(fee)}
    return report(role, "FILLED", at, **{**amounts, **changes})


def part(role: LegRole, status: str, at: int = 0, amount: str = "0.00400", **changes: Any) -> LegReport:
    """A leg of which 0.004 has filled."""
    filled, price = Decimal(amount), Decimal("93000.00")
    amounts = {"filled": filled, "filled_value": filled * price, "average_price": price, "fee": Decimal("0.20")}
    return report(role, status, at, **{**amounts, **changes})


def told(row: LegReport, delay: int = 100, source: ReportSource = ReportSource.STREAM, of: str = ID) -> LegReported:
    return LegReported(of, row.update_ms + delay, source, row)


def checked(row: LegReport, asked: int) -> LegReported:
    """The answer to a question asked so many milliseconds after the start, 50 ms later."""
    return LegReported(ID, START + asked + 50, ReportSource.CHECK, row, START + asked)


def answered(outcome: Outcome, at: int = 90) -> Answered:
    return Answered(ID, START + at, outcome)


def acked() -> Answered:
    return answered(Acknowledged(LIST))


def looked(at: int, *, complete: bool = True, found: int = 0) -> Looked:
    answers = tuple(
        SourceAnswer(source, START + at, complete or source is not EvidenceSource.HISTORY, found, "none of ours")
        for source in BASE_SOURCES
    )
    return Looked(ID, START + at, START + at + 40, answers)


def strategy(*facts: Any) -> Strategy:
    """Facts, answers and bare reports folded onto the intent."""
    state = begin(intended())
    for fact in facts:
        state = evolve(state, told(fact) if isinstance(fact, LegReport) else fact)
    return state


E_, S_, T_ = LegRole.ENTRY, LegRole.STOP, LegRole.TARGET


def placed() -> tuple[LegReport, LegReport, LegReport]:
    """The three legs as first reported: entry on the book, exits dormant."""
    return (report(E_, "ACTIVE", 10), report(S_, "PENDING", 10), report(T_, "PENDING", 10))


def entered() -> tuple[LegReport, ...]:
    """The entry has filled; nothing was heard of the exits since."""
    return (*placed(), full(E_, "93000.00", 100))


def protected() -> tuple[LegReport, ...]:
    """The entry has filled, and both exits were reported after it."""
    return (*entered(), report(S_, "PENDING", 100), report(T_, "PENDING", 100))


STAMP = RequestStamp(request_id=9, nonce=START + 1_040, offset_ms=40)
"""Of a request about one exit, asked a second after the start."""

FENCE = 121_000
"""So many milliseconds after the start that request can no longer be admitted."""


def move_asked(role: LegRole, trigger: str, price: str | None = None, request: int = 9, **changes: Any) -> MoveAsked:
    """Asked a second after the start, over REST."""
    asked = MoveAsked(
        strategy_id=ID,
        at_ms=START + 1_000,
        role=role,
        order_id=report(role, "PENDING").order_id,
        trigger=Decimal(trigger),
        price=None if price is None else Decimal(price),
        stamp=replace(STAMP, request_id=request),
        transport="rest",
    )
    return replace(asked, **changes)


def removal_asked(role: LegRole, request: int = 9, **changes: Any) -> LegCancelAsked:
    order_id = report(role, "PENDING").order_id
    asked = LegCancelAsked(ID, START + 1_000, role, order_id, replace(STAMP, request_id=request), "rest")
    return replace(asked, **changes)


def exit_answered(role: LegRole, outcome: Outcome, request: int = 9, at: int = 1_100) -> LegAnswered:
    return LegAnswered(ID, START + at, role, request, outcome)
