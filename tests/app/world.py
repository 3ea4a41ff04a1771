"""A desk in a world that a test controls."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.ports import Gateway, Journal
from otoco_desktop.app.state import Confirmed, DeskPort
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.events import Fact
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.transport import Transport
from tests.app.fakes import DRAFT, LIVE, FakeGateway, Heard, MemoryJournal, Time, quote, settle


@dataclass
class World:
    """Everything around one desk."""

    time: Time
    gateway: FakeGateway
    journal: MemoryJournal
    heard: Heard
    desk: Desk
    transport: Transport = Transport.AUTO
    preferences: Preferences = field(default_factory=Preferences)
    locked: bool = False

    async def connect(self) -> None:
        """The exchange answers, prices come, the order channel is confirmed."""
        self.gateway.tell_connection(LIVE)
        self.gateway.tell_subscribed()
        await settle()
        self.fresh_prices()

    def fresh_prices(self) -> None:
        self.gateway.tell_quote(quote(self.time))

    def confirmed(self, draft: OtocoDraft = DRAFT) -> Confirmed:
        found = self.desk.prepare(draft)
        assert found is not None, (self.desk.gate(), draft)
        return found

    async def submit(self, draft: OtocoDraft = DRAFT) -> str:
        self.fresh_prices()
        strategy_id = await self.desk.submit(self.confirmed(draft))
        assert strategy_id is not None
        await settle()
        return strategy_id

    def strategy(self, strategy_id: str) -> Strategy:
        return next(item for item in self.desk.state.strategies if item.strategy_id == strategy_id)

    def phase(self, strategy_id: str) -> Phase:
        return phase(self.strategy(strategy_id))

    async def pass_time(self, seconds: int) -> None:
        """Second by second, with prices that stay fresh."""
        for _ in range(seconds):
            await self.time.advance(1)


def ids() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"{next(numbers):0>26}".translate(str.maketrans("0123456789", "abcdefghij"))


@asynccontextmanager
async def world(facts: list[Fact] | None = None, *, connected: bool = True) -> AsyncIterator[World]:
    """An open desk; the exchange is reachable and nothing is subscribed yet unless ``connected``."""
    time = Time()
    gateway, journal = FakeGateway(time), MemoryJournal(facts)
    port: tuple[Gateway, Journal] = (gateway, journal)
    new_id = ids() if facts is None else _other_ids()
    options = DeskOptions(
        account="k3F9",
        sleep=time.sleep,
        new_id=new_id,
        transport=lambda: made.transport,
        preferences=lambda: made.preferences,
        is_locked=lambda: made.locked,
    )
    desk = Desk(*port, time, "practice", options)
    seen: DeskPort = desk
    made = World(time, gateway, journal, Heard(), desk)
    seen.listen(made.heard)
    await desk.open()
    await settle()
    if connected:
        await made.connect()
    try:
        yield made
    finally:
        await desk.close()


def _other_ids() -> Callable[[], str]:
    made = ids()
    return lambda: "z" + made()[1:]
