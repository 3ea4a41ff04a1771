"""What every use case of one desk shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from otoco_desktop.app.book import StrategyBook
from otoco_desktop.app.ports import Clock, Gateway
from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.transport import Transport, transport_for

Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Kit:
    """One account on one environment. ``account`` tells keys apart in the journal without revealing them.

    ``transport`` gives what the trader has chosen by now.
    """

    gateway: Gateway
    book: StrategyBook
    clock: Clock
    tasks: Tasks
    sleep: Sleep
    new_id: Callable[[], str]
    environment: str
    account: str
    transport: Callable[[], Transport] = lambda: Transport.AUTO

    def decide_transport(self, *, post_only: bool = False) -> str:
        """The way the next request goes, to be recorded with it: ``rest`` or ``websocket``."""
        return transport_for(self.transport(), self.gateway.transports(), post_only=post_only).value

    def can_post_only(self) -> bool:
        """Whether a post-only entry could leave now: it goes over the websocket and nowhere else."""
        return self.transport() is not Transport.REST and Transport.WEBSOCKET in self.gateway.transports()
