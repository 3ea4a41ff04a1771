"""What every use case of one desk shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from otoco_desktop.app.book import StrategyBook
from otoco_desktop.app.ports import Clock, Gateway
from otoco_desktop.app.tasks import Tasks

Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Kit:
    """One account on one environment. ``account`` tells keys apart in the journal without revealing them."""

    gateway: Gateway
    book: StrategyBook
    clock: Clock
    tasks: Tasks
    sleep: Sleep
    new_id: Callable[[], str]
    environment: str
    account: str
