"""Sending a plan: confirmed once, recorded first, sent once, and never sent again by itself."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from otoco_desktop import __version__
from otoco_desktop.app.fresh import EXPIRED, is_expired
from otoco_desktop.app.kit import Kit
from otoco_desktop.app.recover import Recovery
from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Acknowledged, Answered, Intended, NotSent, Outcome, Planned, Refused, Unknown
from otoco_desktop.domain.finding import Finding, Severity, says
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.order import OtocoOrder, chosen_exits
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.reading import newest_quote
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Surroundings, Verdict

MOMENT_MS = 100
"""For so long a judgement is good while nothing else changes: as long as one on screen stands."""

CHANGED = "the plan's numbers changed after you reviewed it"
DEFECT = "a part of the program failed before anything was sent"
STOPPED = Unknown("the program stopped while this was being sent")


class Conditions(Protocol):
    """What the last gate looks at."""

    def gate(self) -> Gate: ...

    def surroundings_without(self, strategy_id: str) -> Surroundings:
        """What a verdict depends on, as if this strategy had not been recorded."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    token: str
    order: OtocoOrder
    draft: OtocoDraft
    verdict: Verdict
    planned: Planned
    warned: frozenset[str]
    lifted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Judged:
    """Why a plan must not leave in these surroundings, or nothing."""

    around: Surroundings
    reason: str

    def holds(self, now: Surroundings) -> bool:
        """Whether nothing has changed since but a moment of time."""
        then = self.around
        same = replace(now, now_ms=then.now_ms, recent=then.recent) == then
        return same and 0 <= now.now_ms - then.now_ms <= MOMENT_MS and _untimed(now) == _untimed(then)


def _untimed(around: Surroundings) -> list[tuple[str, bool]]:
    return [(plan.label, plan.unresolved) for plan in around.recent]


class Submitter:
    """Holds at most one confirmation. Spending it is the first thing that happens, before anything can wait."""

    def __init__(self, kit: Kit, conditions: Conditions, recovery: Recovery) -> None:
        self._kit = kit
        self._conditions = conditions
        self._recovery = recovery
        self._prepared: _Prepared | None = None

    def prepare(self, draft: OtocoDraft) -> Confirmed | None:
        """Evaluate with the newest prices and freeze the order; ``None`` when something blocks that no words lift."""
        strategy_id = self._kit.new_id()
        around = self._conditions.surroundings_without(strategy_id)
        verdict = evaluate(draft, around)
        if not (verdict.submittable or verdict.override) or not self._conditions.gate().open:
            return None
        order = to_order(verdict, strategy_id, around)
        token = self._kit.new_id()
        numbers = as_numbers(draft, order)
        warned = _warnings(verdict) | _warnings(evaluate(numbers, around))
        planned, lifted = _planned(verdict, around), frozenset(item.message for item in _blocking(verdict))
        self._prepared = _Prepared(token, order, numbers, verdict, planned, frozenset(warned), lifted)
        way = self._kit.decide_transport(post_only=order.post_only)
        gateway = self._kit.gateway
        return Confirmed(token, verdict, gateway.preview(order, way), address=gateway.address(way))

    def submit(self, confirmed: Confirmed) -> Coroutine[Any, Any, str | None]:
        """Spend the confirmation and begin to record in this call; the coroutine then sends once.

        It returns ``None`` when the confirmation was spent before, and raises ``JournalTrouble``.
        """
        prepared = self._take(confirmed.token)
        if prepared is None:
            return _spent()
        if not says(confirmed.typed, prepared.verdict.override):
            return _locked(prepared.verdict.override)
        intent = self._intent(prepared)
        return self._send_when(self._kit.book.commit(intent), prepared, intent)

    async def _send_when(self, recorded: Coroutine[Any, Any, None], prepared: _Prepared, intent: Intended) -> str:
        reason = DEFECT
        try:
            early = await self._judge_while(recorded, prepared, intent)
            reason = self._last_gate(prepared, intent, early)
        except JournalTrouble as error:
            raise JournalTrouble(f"Cannot record. Nothing was sent. {error}") from error
        finally:
            if reason and self._kit.book.holds(intent.strategy_id):
                self._answer(intent, NotSent(reason))
        if not reason:
            await self._send(intent)
        return intent.strategy_id

    async def _judge_while(self, recorded: Coroutine[Any, Any, None], prepared: _Prepared, intent: Intended) -> _Judged:
        """Judge while the disk writes, which has begun: whatever becomes of the judgement, what is stored is known."""
        try:
            self._kit.gateway.make_ready(intent)
            return self._judge(prepared, self._conditions.surroundings_without(intent.strategy_id))
        finally:
            await recorded

    def _take(self, token: str) -> _Prepared | None:
        prepared = self._prepared
        if prepared is None or prepared.token != token:
            return None
        self._prepared = None
        return prepared

    def _intent(self, prepared: _Prepared) -> Intended:
        kit = self._kit
        return Intended(
            strategy_id=prepared.order.strategy_id,
            at_ms=kit.clock.wall_ms(),
            number=kit.book.take_number(),
            order=prepared.order,
            stamp=kit.gateway.stamp(),
            environment=kit.environment,
            account=kit.account,
            transport=kit.decide_transport(post_only=prepared.order.post_only),
            params_sha256=kit.gateway.params_digest(prepared.order),
            monotonic_ms=kit.clock.monotonic_ms(),
            app_version=__version__,
            planned=prepared.planned,
            tag=prepared.draft.tag,
            override=prepared.verdict.override,
        )

    def _last_gate(self, prepared: _Prepared, intent: Intended, early: _Judged) -> str:
        """Why the intent must not leave after all, or nothing."""
        gate = self._conditions.gate()
        if not gate.open:
            return gate.reason.rstrip(".")
        if is_expired(self._kit.clock, intent.at_ms, intent.monotonic_ms):
            return EXPIRED
        around = self._conditions.surroundings_without(intent.strategy_id)
        judged = early if early.holds(around) else self._judge(prepared, around)
        return judged.reason

    def _judge(self, prepared: _Prepared, around: Surroundings) -> _Judged:
        """Judge what was reviewed in other surroundings; done once while the disk writes, so that it costs no time."""
        verdict = evaluate(prepared.draft, around)
        blocking = [item for item in _blocking(verdict) if item.message not in prepared.lifted or not item.override]
        if verdict.figures is None or blocking:
            return _Judged(around, blocking[0].message.rstrip(".") if blocking else CHANGED)
        unread = [message for code, message in _warnings(verdict).items() if code not in prepared.warned]
        if unread:
            return _Judged(around, unread[0].rstrip("."))
        same = to_order(verdict, prepared.order.strategy_id, around) == prepared.order
        return _Judged(around, "" if same else CHANGED)

    async def _send(self, intent: Intended) -> None:
        """The only place that sends a create request. Whatever happens in between, its outcome is recorded."""
        outcome: Outcome = STOPPED
        try:
            outcome = await self._kit.gateway.create(intent)
        finally:
            self._answer(intent, outcome)
            self._look_after(intent, outcome)

    def _look_after(self, intent: Intended, outcome: Outcome) -> None:
        """Ask on schedule, or once; also where a defect of ours left the outcome unknown."""
        if isinstance(outcome, Unknown | Acknowledged):
            self._recovery.watch(intent.strategy_id)
        if isinstance(outcome, Refused) or (isinstance(outcome, Acknowledged) and outcome.warning):
            self._recovery.confirm(intent.strategy_id)

    def _answer(self, intent: Intended, outcome: Outcome) -> None:
        self._kit.book.note(Answered(intent.strategy_id, self._kit.clock.wall_ms(), outcome))


def _warnings(verdict: Verdict) -> dict[str, str]:
    """Each warning's code and sentence."""
    return {item.code: item.message for item in verdict.findings if item.severity is Severity.WARNING}


def _blocking(verdict: Verdict) -> list[Finding]:
    return [item for item in verdict.findings if item.severity.blocks]


async def _locked(wanted: str) -> str | None:
    raise JournalTrouble(f"Nothing was sent. Type {wanted} to send it all the same.")


async def _spent() -> None:
    """There is nothing left to send."""


def as_numbers(draft: OtocoDraft, order: OtocoOrder) -> OtocoDraft:
    """The draft with the frozen values in place of its expressions: what is judged again is what will be sent."""
    return OtocoDraft(
        side=draft.side,
        entry=_text(order.entry.price),
        quantity_mode=QuantityMode.QUANTITY,
        quantity=_text(order.quantity),
        stop_market=draft.stop_market,
        stop=_text(order.stop.trigger),
        stop_limit=_text(order.stop.price),
        target_market=draft.target_market,
        target=_text(order.target.trigger),
        target_limit=_text(order.target.price),
        tag=draft.tag,
        post_only=draft.post_only,
        fee_in_quote=draft.fee_in_quote,
        exit_quantity=chosen_exits(order),
    )


def _text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _planned(verdict: Verdict, around: Surroundings) -> Planned:
    figures = verdict.figures
    if figures is None:
        raise ValueError("a plan without figures is not submittable")
    fees = around.account.fees if around.account else None
    maker, taker = (fees.maker, fees.taker) if fees else (figures.entry_rate, figures.stop_rate)
    quote, draft = newest_quote(around), verdict.draft
    mark = quote.mark if quote else None
    return Planned(figures.loss, figures.gain, maker, taker, mark, draft.quantity_mode.value, draft.quantity)
