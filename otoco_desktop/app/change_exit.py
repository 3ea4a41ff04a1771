"""Removing and moving one exit: recorded first, asked once, and done only when an event or a query says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial

from otoco_desktop.app.cancel import ask_once
from otoco_desktop.app.fresh import EXPIRED, is_expired
from otoco_desktop.app.kit import Kit
from otoco_desktop.app.recover import Recovery
from otoco_desktop.domain.changing import may_change_exit, why_not_standing
from otoco_desktop.domain.events import (
    Amendment,
    ExitAsked,
    LegCancelAsked,
    LegReport,
    MoveAsked,
    NotSent,
    Outcome,
    Refused,
)
from otoco_desktop.domain.exits import answer_to
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.strategy import Strategy


class ExitChanger:
    """One request about an exit at a time; it stays as it is until the exchange reports otherwise."""

    def __init__(self, kit: Kit, recovery: Recovery) -> None:
        self._kit = kit
        self._recovery = recovery
        self._asking: set[tuple[str, LegRole]] = set()

    async def remove(self, strategy_id: str, role: LegRole) -> None:
        """Ask to cancel this exit; does nothing where it cannot be changed. Raises ``JournalTrouble``."""
        await self._one_at_a_time(strategy_id, role, self._remove)

    async def move(self, strategy_id: str, role: LegRole, trigger: Decimal, price: Decimal | None) -> None:
        """Ask for this trigger and limit; does nothing where the exit cannot be changed. Raises ``JournalTrouble``.

        An exit at market has no limit, the other kind always one: a move never turns one into the other.
        """
        planned = self._kit.book.get(strategy_id).intent.order.leg(role)
        prices = (trigger, trigger if price is None else price)
        if (planned.price is None) is (price is None) and all(each.is_finite() and each > 0 for each in prices):
            await self._one_at_a_time(strategy_id, role, partial(self._move, trigger, price))

    async def _one_at_a_time(
        self, strategy_id: str, role: LegRole, ask: Callable[[Strategy, LegReport, LegRole], Awaitable[None]]
    ) -> None:
        strategy = self._kit.book.get(strategy_id)
        report, key = latest(strategy, role), (strategy_id, role)
        if report is None or key in self._asking or not may_change_exit(strategy, role):
            return
        self._asking.add(key)
        try:
            await ask(strategy, report, role)
        finally:
            self._asking.discard(key)

    async def _remove(self, strategy: Strategy, report: LegReport, role: LegRole) -> None:
        kit = self._kit
        stamp, way = kit.gateway.stamp(), kit.decide_transport()
        asked = LegCancelAsked(strategy.strategy_id, kit.clock.wall_ms(), role, report.order_id, stamp, way)
        await self._ask("removal", asked, partial(kit.gateway.cancel_order, report.order_id, stamp, way))

    async def _move(
        self, trigger: Decimal, price: Decimal | None, strategy: Strategy, report: LegReport, role: LegRole
    ) -> None:
        kit = self._kit
        stamp, way = kit.gateway.stamp(), kit.decide_transport()
        asked = MoveAsked(strategy.strategy_id, kit.clock.wall_ms(), role, report.order_id, trigger, price, stamp, way)
        amendment = Amendment(report.order_id, strategy.intent.order.leg(role).quantity, trigger, price)
        await self._ask("move", asked, partial(kit.gateway.amend_order, amendment, stamp, way))

    async def _ask(self, name: str, asked: ExitAsked, send: Callable[[], Awaitable[Outcome]]) -> None:
        last_gate = partial(self._send_fresh, asked, self._kit.clock.monotonic_ms(), send)
        outcome = await ask_once(self._kit, name, asked, last_gate, partial(answer_to, asked))
        if isinstance(outcome, Refused):
            self._recovery.confirm(asked.strategy_id)
        elif not isinstance(outcome, NotSent):
            self._recovery.watch(asked.strategy_id)

    async def _send_fresh(self, asked: ExitAsked, since_ms: int, send: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """The last gate: what held when it was confirmed must hold when it leaves."""
        if is_expired(self._kit.clock, asked.at_ms, since_ms):
            return NotSent(EXPIRED)
        strategy = self._kit.book.get(asked.strategy_id)
        report, reason = latest(strategy, asked.role), why_not_standing(strategy, asked.role)
        if not reason and (report is None or report.order_id != asked.order_id):
            reason = f"The {asked.role} has another order id by now."
        return NotSent(reason.rstrip(".")) if reason else await send()
