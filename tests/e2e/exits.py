"""What a person does to one exit of the newest strategy, and what the exchange then has."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.changing import Change, pending_change, why_no_change
from otoco_desktop.domain.events import Outcome
from otoco_desktop.domain.exits import exit_requests, standing_leg
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.practice.model import Leg, Status
from tests.e2e.stage import BUY, Plan, Stage

PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)
REMOVE, MOVE = "private/advanced/cancel-order", "private/advanced/amend-order"
TO_ENTRY = "92390.00"
NEW_STOP = Decimal("91500.00")
"""Nearer to the market than the plan's stop."""


@dataclass(frozen=True, slots=True)
class Exits:
    """The exits of the newest strategy on a stage."""

    stage: Stage

    async def protected(self, plan: Plan = BUY) -> None:
        """Send a plan and let its entry fill."""
        await self.stage.send(plan)
        await self.stage.reaches(Phase.WORKING)
        await self.stage.moved(TO_ENTRY)
        await self.stage.shows_legs(*PROTECTED)

    async def may_change(self, role: LegRole) -> None:
        """Wait until the exchange can be asked about this exit."""
        await self.stage.see(lambda: not why_no_change(self.stage.strategy, role), f"a {role} that may be changed")

    async def remove(self, role: LegRole) -> None:
        await self.stage.program.desk.cancel_leg(self.stage.strategy.strategy_id, role)

    async def move(self, role: LegRole, trigger: Decimal, price: Decimal | None = None) -> None:
        await self.stage.program.desk.move(self.stage.strategy.strategy_id, role, trigger, price)

    async def there(self, role: LegRole) -> Leg:
        """The exit as the exchange has it."""
        return (await self.stage.legs_there())[list(LegRole).index(role)]

    def is_changed(self, role: LegRole) -> bool:
        """Whether the exchange has cancelled it, or has it elsewhere than in the plan."""
        planned = self.stage.strategy.intent.order.leg(role)
        there = self.stage.controls.ledger().leg(planned.client_oid)
        return there.status is Status.CANCELED or there.ref_price != planned.trigger

    async def requests(self) -> list[str]:
        """Each request about one exit that the exchange has seen."""
        return [seen.method for seen in (await self.stage.ledger()).exits]

    def outcome(self, role: LegRole) -> Outcome | None:
        """What became of the newest request about this exit."""
        return exit_requests(self.stage.strategy, role)[-1].outcome

    def pending(self, role: LegRole) -> Change | None:
        return pending_change(self.stage.strategy, role)

    def trigger(self, role: LegRole) -> Decimal | None:
        """Where the program believes this exit to stand."""
        return standing_leg(self.stage.strategy, role).trigger

    async def stands_at(self, role: LegRole, trigger: Decimal) -> None:
        """Wait until the program says that the exit stands there, and nothing is under way."""
        await self.stage.see(
            lambda: (self.trigger(role), self.pending(role)) == (trigger, None), f"the {role} at {trigger}"
        )
