"""Strategies in every state, folded from facts as the exchange would cause them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    Fact,
    Intended,
    LegReport,
    LegReported,
    Looked,
    NotSent,
    Outcome,
    Planned,
    Refused,
    ReportSource,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.evidence import EvidenceSource, SourceAnswer
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid
from otoco_desktop.domain.strategy import Phase, Strategy

NOON = 1_795_348_800_000  # 22 Nov 2026, 12:00:00 UTC
LIST_ID = "6498090546073120100"
OFFSET_MS = 42


def moment(clock: str) -> int:
    """A time of the drawings' day such as 11:26:47.122, ms."""
    hour, minute, second = clock.split(":")
    return NOON + round(((int(hour) - 12) * 60 + int(minute)) * 60_000 + float(second) * 1000)


@dataclass(frozen=True, slots=True)
class Prices:
    """The plan's numbers as text."""

    instrument: str = "BTC_USD"
    quantity: str = "0.08120"
    entry: str = "91880.00"
    stop: str = "90410.00"
    target: str = "95600.00"
    target_limit: str | None = None
    side: Side = Side.BUY
    loss: str = "-119.76"
    gain: str = "302.06"


@dataclass(slots=True)
class Story:
    """A strategy under way: each method adds what the exchange or the trader does next."""

    prices: Prices = field(default_factory=Prices)
    number: int = 415
    tag: str = "range-retest"
    at_ms: int = NOON
    saved_ms: int = NOON
    sent_ms: int = NOON
    facts: list[Fact] = field(default_factory=list)

    @property
    def strategy_id(self) -> str:
        return f"strategy{self.number:018d}"

    @property
    def order(self) -> OtocoOrder:
        prices = self.prices
        target_type = OrderType.TAKE_PROFIT_LIMIT if prices.target_limit else OrderType.TAKE_PROFIT
        return OtocoOrder(
            self.strategy_id,
            prices.instrument,
            self._leg(LegRole.ENTRY, OrderType.LIMIT, price=prices.entry),
            self._leg(LegRole.STOP, OrderType.STOP_LOSS, trigger=prices.stop),
            self._leg(LegRole.TARGET, target_type, price=prices.target_limit, trigger=prices.target),
        )

    def _leg(
        self, role: LegRole, order_type: OrderType, *, price: str | None = None, trigger: str | None = None
    ) -> Leg:
        side = self.prices.side if role is LegRole.ENTRY else self.prices.side.opposite
        values = [None if text is None else Decimal(text) for text in (price, trigger)]
        oid = client_oid(self.strategy_id, role)
        return Leg(role, side, order_type, Decimal(self.prices.quantity), oid, *values)

    @property
    def intent(self) -> Intended:
        planned = Planned(Decimal(self.prices.loss), Decimal(self.prices.gain), Decimal("0.0025"), Decimal("0.0050"))
        return Intended(
            self.strategy_id,
            self.saved_ms,
            self.number,
            self.order,
            RequestStamp(7, self.sent_ms, OFFSET_MS),
            "PRACTICE",
            "account",
            "rest",
            "0" * 64,
            0,
            "0.1",
            planned,
            self.tag,
        )

    def until(self, clock: str) -> Story:
        """The next report arrives at this time of the day."""
        self.at_ms = moment(clock) - 84
        return self

    def later(self, ms: int) -> Story:
        self.at_ms += ms
        return self

    def answer(self, outcome: Outcome) -> Story:
        self.later(92).facts.append(Answered(self.strategy_id, self.at_ms, outcome))
        return self

    def accepted(self) -> Story:
        return self.answer(Acknowledged(LIST_ID))

    def leg(
        self,
        role: LegRole,
        status: str,
        filled: str = "0",
        price: str = "",
        *,
        fee: str = "0",
        reason: str = "",
        source: ReportSource = ReportSource.STREAM,
        delay_ms: int = 62,
    ) -> Story:
        """One report about one leg, that long under way once the clock's offset is taken off."""
        plan = self.order.leg(role)
        self.later(84)
        average = Decimal(price) if price else None
        report = LegReport(
            LIST_ID,
            f"51{self.number}{role.suffix}",
            plan.client_oid,
            self.prices.instrument,
            plan.type.value,
            plan.side.value,
            status,
            plan.quantity,
            Decimal(filled),
            Decimal(filled) * (average or Decimal(0)),
            average,
            plan.price,
            plan.trigger,
            Decimal(fee),
            self.prices.instrument.partition("_")[2],
            reason=reason,
            update_ms=self.at_ms - (delay_ms - OFFSET_MS),
        )
        self.facts.append(LegReported(self.strategy_id, self.at_ms, source, report))
        return self

    def resting(self) -> Story:
        """Accepted, the entry on the book, both exits waiting."""
        self.accepted().leg(LegRole.ENTRY, "ACTIVE")
        return self.leg(LegRole.STOP, "PENDING").leg(LegRole.TARGET, "PENDING")

    def protected(self) -> Story:
        """The entry filled at its price, both exits live."""
        self.resting().leg(LegRole.ENTRY, "FILLED", self.prices.quantity, self.prices.entry, fee="18.65")
        return self.leg(LegRole.STOP, "ACTIVE").leg(LegRole.TARGET, "ACTIVE")

    def target_filled(self, price: str, fee: str = "0") -> Story:
        quantity = self.prices.quantity
        self.protected().leg(LegRole.TARGET, "FILLED", quantity, price, fee=fee)
        return self.leg(LegRole.STOP, "CANCELED")

    def stopped(self, price: str, fee: str = "0") -> Story:
        self.protected().leg(LegRole.STOP, "FILLED", self.prices.quantity, price, fee=fee)
        return self.leg(LegRole.TARGET, "CANCELED")

    def cancel_asked(self) -> Story:
        self.later(1000).facts.append(
            CancelAsked(self.strategy_id, self.at_ms, LIST_ID, RequestStamp(8, self.at_ms, OFFSET_MS))
        )
        return self

    def cancel_answered(self, outcome: Outcome) -> Story:
        self.later(50).facts.append(CancelAnswered(self.strategy_id, self.at_ms, outcome))
        return self

    def looked(self, rounds: int, every_ms: int = 30_000) -> Story:
        for _ in range(rounds):
            self.later(every_ms)
            answers = tuple(
                SourceAnswer(source, self.at_ms, answered=True, found=0, words="none of ours")
                for source in (EvidenceSource.DETAIL, EvidenceSource.OPEN_ORDERS, EvidenceSource.HISTORY)
            )
            self.facts.append(Looked(self.strategy_id, self.at_ms, self.at_ms, answers))
        return self

    def fold(self) -> Strategy:
        strategy = begin(self.intent)
        for fact in self.facts:
            strategy = evolve(strategy, fact)
        return strategy


def entry(status: str, filled: str = "0", price: str = "", reason: str = "") -> Strategy:
    """Accepted, exits waiting, and the entry in this state."""
    return Story().resting().leg(LegRole.ENTRY, status, filled, price, reason=reason).fold()


def in_phase(phase: Phase) -> Strategy:
    """An example of each state."""
    return _EXAMPLES[phase]()


def _decided() -> Strategy:
    story = Story().answer(Unknown("No reply in 10 s.")).looked(5)
    story.facts.append(
        Decided(story.strategy_id, story.later(1000).at_ms, Decision.NOT_PLACED, "checked on the website")
    )
    return story.fold()


def _diverged() -> Strategy:
    """Stop and target both filled."""
    story = Story().protected().leg(LegRole.STOP, "FILLED", "0.08120", "90410.00")
    return story.leg(LegRole.TARGET, "FILLED", "0.08120", "95600.00").fold()


_EXAMPLES: dict[Phase, Callable[[], Strategy]] = {
    Phase.INTENT: lambda: Story().fold(),
    Phase.NOT_SENT: lambda: Story().answer(NotSent("the exchange could not be reached.")).fold(),
    Phase.UNKNOWN: lambda: Story().answer(Unknown("No reply in 10 s.")).fold(),
    Phase.UNRESOLVED: lambda: Story().answer(Unknown("No reply in 10 s.")).looked(5).fold(),
    Phase.RESOLVED_NOT_PLACED: _decided,
    Phase.ACKED: lambda: Story().accepted().fold(),
    Phase.WORKING: lambda: Story().resting().fold(),
    Phase.PARTIAL: lambda: entry("ACTIVE", "0.05070", "91880.00"),
    Phase.PROTECTED: lambda: Story().protected().fold(),
    Phase.UNPROTECTED: lambda: Story().protected().leg(LegRole.STOP, "REJECTED", reason="306").fold(),
    Phase.TRIGGERED: lambda: Story().protected().leg(LegRole.STOP, "ACTIVE", "0.01000", "90405.00").fold(),
    Phase.CANCELLING: lambda: Story().resting().cancel_asked().fold(),
    Phase.CLOSED: lambda: Story().target_filled("95600.00", "38.81").fold(),
    Phase.REJECTED: lambda: Story().answer(Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "")).fold(),
    Phase.DIVERGED: _diverged,
}


def as_drawn() -> tuple[Strategy, ...]:
    """The four rows of the plan page's drawing, newest first."""
    eth = Prices("ETH_USD", "2.40000", "3041.20", "2968.00", "3214.00")
    sol = Prices("SOL_USD", "41.500", "138.42", "134.10", "149.00", loss="-191.43")
    won = Prices("BTC_USD", "0.10000", "90120.00", "88760.00", "93010.00", loss="-203.68")
    partly = Story(sol, 413, "fade-open").resting().leg(LegRole.ENTRY, "ACTIVE", "25.730", "138.42", fee="8.90")
    return (
        Story(number=415).protected().fold(),
        Story(eth, 414, "dip-ladder").resting().fold(),
        partly.fold(),
        Story(won, 412).target_filled("93010.00", "46.51").fold(),
    )


MARKS = {"BTC_USD": Decimal("93118.42"), "SOL_USD": Decimal("138.245")}


def drawn_story() -> Strategy:
    """The finished strategy of the strategies drawing."""
    prices = Prices("BTC_USD", "0.09874", "92400.00", "90552.00", "97020.00", "97000.00", loss="-250.66", gain="383.51")
    saved, sent = moment("09:58:12.004"), moment("09:58:14.310")
    story = Story(prices, 411, at_ms=sent, saved_ms=saved, sent_ms=sent).accepted()
    story.leg(LegRole.STOP, "PENDING").leg(LegRole.TARGET, "PENDING")
    story.until("09:58:14.455").leg(LegRole.ENTRY, "ACTIVE", delay_ms=84)
    story.until("10:21:40.118").leg(LegRole.ENTRY, "FILLED", "0.09874", "92400.00", fee="22.81", delay_ms=57)
    story.until("10:21:40.203").leg(LegRole.STOP, "ACTIVE", delay_ms=105)
    story.until("10:21:40.204").leg(LegRole.TARGET, "ACTIVE", delay_ms=106)
    story.until("11:26:47.122").leg(LegRole.TARGET, "FILLED", "0.09874", "97000.00", fee="47.89", delay_ms=64)
    return story.until("11:26:47.140").leg(LegRole.STOP, "CANCELED", delay_ms=79).fold()


def in_doubt() -> Strategy:
    """The strategy of the drawing whose reply was lost, after a first look that not every source answered."""
    prices = Prices("BTC_USD", "0.09874", "92400.00", "90552.00", "97020.00", "97000.00", loss="-249.99", gain="383.51")
    sent = moment("15:26:41.310")
    story = Story(prices, 416, at_ms=sent, saved_ms=sent, sent_ms=sent)
    story.later(10_000 - 92).answer(Unknown("No reply in 10 s."))
    words = {
        EvidenceSource.OPEN_ORDERS: ("15:26:53.118", "5 orders, none of ours"),
        EvidenceSource.HISTORY: ("15:26:53.640", "0 orders of ours since 15:26:36"),
        EvidenceSource.DETAIL: ("15:26:53.402", "No reply in 5 s"),
    }
    answers = tuple(
        SourceAnswer(source, moment(clock), answered=source is not EvidenceSource.DETAIL, found=0, words=said)
        for source, (clock, said) in words.items()
    )
    began = moment("15:26:53.118")
    story.facts.append(Looked(story.strategy_id, moment("15:26:58.402"), began, answers))
    return story.fold()
