"""The protection audit: after a round of questions, and again whenever events have told more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from otoco_desktop.app.kit import Kit
from otoco_desktop.app.recover import Recovery, Round
from otoco_desktop.app.state import AuditState
from otoco_desktop.domain.audit import Listing, audit, not_checked, told_since
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.lifecycle import is_live
from otoco_desktop.domain.market import Balance
from otoco_desktop.domain.strategy import Strategy

STRATEGIES_A_TURN = 50
"""How many are looked at before the window gets its turn."""

UNANSWERED = "not every question was answered."


class Auditor:
    """Keeps the newest result. ``balances`` asks for them anew; ``on_changed`` is told of each change."""

    def __init__(
        self,
        kit: Kit,
        recovery: Recovery,
        balances: Callable[[], Awaitable[Mapping[str, Balance]]],
        on_changed: Callable[[], None],
    ) -> None:
        self._kit = kit
        self._recovery = recovery
        self._balances = balances
        self._on_changed = on_changed
        self._state = AuditState()
        self._live: dict[str, Strategy] | None = None
        self._news: dict[str, Strategy] = {}

    @property
    def state(self) -> AuditState:
        """Now; what events have told since the last result is taken in here."""
        result = self._state.result
        if self._news and result is not None and not self._state.trouble:
            news, self._news = self._news, {}
            self._state = replace(self._state, result=told_since(result, news.values(), self._kit.clock.wall_ms()))
        return self._state

    def follow(self, strategy: Strategy) -> None:
        """A strategy is new or different."""
        self._news[strategy.strategy_id] = strategy
        if self._live is None:
            return
        if is_live(strategy):
            self._live[strategy.strategy_id] = strategy
        else:
            self._live.pop(strategy.strategy_id, None)

    def break_off(self) -> None:
        """The round ended by a defect."""
        self._failed(UNANSWERED)

    def begin(self) -> None:
        """A round of questions starts."""
        self._change(checking=True)

    async def judge(self) -> None:
        """Judge what the newest round found, asking for what it left out."""
        try:
            listing = await self._listing(self._recovery.newest)
        except ExchangeTrouble as trouble:
            self._failed(str(trouble))
            return
        live = await self._live_ones()
        self._news.clear()
        self._change(result=audit(live, listing), checking=False, trouble="")

    async def _listing(self, round_: Round) -> Listing:
        """Raises ``ExchangeTrouble``."""
        if not round_.answered:
            raise ExchangeTrouble(round_.trouble or UNANSWERED)
        asked_ms = round_.asked_ms
        orders = round_.open_orders
        if orders is None:
            asked_ms, orders = self._kit.clock.wall_ms(), await self._recovery.open_orders()
        return Listing(orders, await self._balances(), asked_ms, self._recovery.others_ids)

    def _failed(self, why: str) -> None:
        result = self.state.result
        self._change(result=not_checked(result) if result else None, checking=False, trouble=why)

    async def _live_ones(self) -> list[Strategy]:
        """Every live strategy. The history is searched once, in turns with the window."""
        if self._live is None:
            found: dict[str, Strategy] = {}
            for count, strategy in enumerate(self._kit.book.newest_first, 1):
                if is_live(strategy):
                    found[strategy.strategy_id] = strategy
                if count % STRATEGIES_A_TURN == 0:
                    await asyncio.sleep(0)
            self._live = {**found, **{key: item for key, item in self._news.items() if is_live(item)}}
        return list(self._live.values())

    def _change(self, **changes: object) -> None:
        before, self._state = self._state, replace(self._state, **changes)  # type: ignore[arg-type]
        if self._state != before:
            self._on_changed()
