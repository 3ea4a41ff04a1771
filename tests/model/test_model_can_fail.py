"""Programs broken on purpose: the model finds each of them out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from otoco_desktop.app import recover, submit
from otoco_desktop.app.book import StrategyBook
from otoco_desktop.app.recover import Recovery
from otoco_desktop.app.submit import Submitter
from otoco_desktop.domain import exits, lifecycle, phases
from otoco_desktop.domain.events import Answered, Fact, Intended, Outcome, Refused, Unknown
from otoco_desktop.domain.legs import Status
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.reconcile import is_unresolved
from otoco_desktop.domain.strategy import LegState, SeenReport, Strategy
from otoco_desktop.exchange import requests
from otoco_desktop.exchange.commands import Commands
from otoco_desktop.exchange.signing import Params
from tests.model.machine import DeskModel

Patch = pytest.MonkeyPatch


def resend_on_timeout(patch: Patch) -> None:
    """A create without an answer is simply sent again."""

    async def send(self: Submitter, intent: Intended) -> None:
        outcome = await self._kit.gateway.create(intent)
        if isinstance(outcome, Unknown):
            outcome = await self._kit.gateway.create(replace(intent, stamp=self._kit.gateway.stamp()))
        self._answer(intent, outcome)
        self._look_after(intent, outcome)

    patch.setattr(submit.Submitter, "_send", send)


def rejected_by_timer(patch: Patch) -> None:
    """What was not found at once is called rejected."""
    look = recover.Recovery.look

    async def give_up(self: Recovery, strategy_id: str) -> bool:
        answered = await look(self, strategy_id)
        if is_unresolved(self._kit.book.get(strategy_id)):
            refused = Refused("0", "GIVEN_UP", "not found")
            self._kit.book.note(Answered(strategy_id, self._kit.clock.wall_ms(), refused))
        return answered

    patch.setattr(recover.Recovery, "look", give_up)


def protected_by_the_entry_alone(patch: Patch) -> None:
    """A filled entry counts as protected whatever is known of the exits."""
    patch.setattr(phases, "unproven_exits", lambda _strategy: ())


def nothing_asked_at_reconnect(patch: Patch) -> None:
    """What the stream lost is lost."""

    async def catch_up(self: Recovery) -> bool:
        return True

    patch.setattr(recover.Recovery, "catch_up", catch_up)
    patch.setattr(recover.Recovery, "verify", catch_up)


def newest_arrival_wins(patch: Patch) -> None:
    """A leg is what was heard of it last, in the order of hearing."""

    def join(leg: LegState, seen: SeenReport) -> LegState:
        return LegState(leg.role, seen.report, (*leg.seen, seen), "", leg.checks)

    patch.setattr(lifecycle, "join", join)


def sent_before_it_is_stored(patch: Patch) -> None:
    """The journal is written once the exchange has answered."""

    def commit(self: StrategyBook, fact: Fact) -> Any:
        if not isinstance(fact, Intended):
            return asyncio.sleep(0)
        self._fold(fact)
        return asyncio.sleep(0)

    patch.setattr(StrategyBook, "commit", commit)


def shown_with_fewer_digits(patch: Patch) -> None:
    """What is shown for the last look is rounded once more."""

    def preview_text(params: Params) -> str:
        orders = [{**leg, "quantity": str(Decimal(leg["quantity"]).normalize())} for leg in params["order_list"]]
        return requests.preview_text({"order_list": orders})

    patch.setattr("tests.model.exchange.preview_text", preview_text)


def exit_asked_again_after_silence(patch: Patch) -> None:
    """A request about an exit without an answer is simply sent again."""
    amend, cancel = Commands.amend_order, Commands.cancel_order

    def twice(once: Callable[..., Awaitable[Outcome]]) -> Callable[..., Awaitable[Outcome]]:
        async def send(*told: Any) -> Outcome:
            outcome = await once(*told)
            return await once(*told) if isinstance(outcome, Unknown) else outcome

        return send

    patch.setattr(Commands, "amend_order", twice(amend))
    patch.setattr(Commands, "cancel_order", twice(cancel))


def moved_when_it_is_asked(patch: Patch) -> None:
    """An exit stands where the newest move has asked for it."""

    def standing_leg(strategy: Strategy, role: LegRole) -> Leg:
        leg, asked = strategy.intent.order.leg(role), exits.moves(strategy, role)
        return replace(leg, trigger=asked[-1].trigger, price=asked[-1].price) if asked else leg

    patch.setattr(exits, "standing_leg", standing_leg)


def renamed_is_ended(patch: Patch) -> None:
    """An exit that comes back under another order id counts as over."""
    patch.setattr(lifecycle, "replaced_orders", lambda _strategy, _leg: frozenset())


def nobody_needs_a_target(patch: Patch) -> None:
    """A target that is gone counts as removed by the trader, whoever did it."""
    patch.setattr(phases, "removed_here", lambda strategy, role: phases.word(strategy, role) is Status.CANCELED)


BROKEN: list[Callable[[Patch], None]] = [
    resend_on_timeout,
    rejected_by_timer,
    protected_by_the_entry_alone,
    nothing_asked_at_reconnect,
    newest_arrival_wins,
    sent_before_it_is_stored,
    shown_with_fewer_digits,
    exit_asked_again_after_silence,
    moved_when_it_is_asked,
    renamed_is_ended,
    nobody_needs_a_target,
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
def test_broken_program_is_found_out(broken: Callable[[Patch], None], monkeypatch: Patch) -> None:
    broken(monkeypatch)
    model = seed(1)(type("BrokenModel", (DeskModel,), {}))
    sought = settings(max_examples=200, stateful_step_count=25, phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(model, settings=sought)
