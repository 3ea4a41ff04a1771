"""Cancelling a strategy: recorded first, asked once, and done only when an event or a query says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from otoco_desktop.app.kit import Kit
from otoco_desktop.app.recover import Recovery
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import CancelAnswered, CancelAsked, Fact, Outcome, Unknown
from otoco_desktop.domain.lifecycle import may_cancel
from otoco_desktop.domain.strategy import Strategy

STOPPED = Unknown("the program stopped while the request was being sent")


class Canceller:
    """One cancel per strategy at a time; the legs stay live until the exchange reports otherwise."""

    def __init__(self, kit: Kit, recovery: Recovery) -> None:
        self._kit = kit
        self._recovery = recovery
        self._asking: set[str] = set()

    async def cancel(self, strategy_id: str) -> None:
        """Ask to cancel the whole list; does nothing where nothing can be cancelled. Raises ``JournalTrouble``."""
        strategy = self._kit.book.get(strategy_id)
        if strategy_id in self._asking or strategy.list_id is None or not may_cancel(strategy):
            return
        self._asking.add(strategy_id)
        try:
            await self._ask(strategy, strategy.list_id)
        finally:
            self._asking.discard(strategy_id)

    async def _ask(self, strategy: Strategy, list_id: str) -> None:
        kit = self._kit
        stamp, transport = kit.gateway.stamp(), kit.decide_transport()
        asked = CancelAsked(strategy.strategy_id, kit.clock.wall_ms(), list_id, stamp, transport)
        send = partial(kit.gateway.cancel, list_id, stamp, transport)
        await ask_once(kit, "cancel", asked, send, partial(CancelAnswered, strategy.strategy_id))
        self._recovery.watch(strategy.strategy_id)


async def ask_once(
    kit: Kit, name: str, asked: Fact, send: Callable[[], Awaitable[Outcome]], answered: Callable[[int, Outcome], Fact]
) -> Outcome:
    """Record what was ``asked``, send it, and note what became of it, whatever that is. Raises ``JournalTrouble``.

    Nothing was sent where it raises; nothing is ever sent a second time. People know the request by its ``name``.
    """
    try:
        await kit.book.commit(asked)
    except JournalTrouble as error:
        raise JournalTrouble(f"Cannot record. The {name} was not sent. {error}") from error
    outcome: Outcome = STOPPED
    try:
        outcome = await send()
    finally:
        kit.book.note(answered(kit.clock.wall_ms(), outcome))
    return outcome
