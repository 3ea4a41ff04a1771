"""What the trader may make happen on the practice exchange; no other environment has this."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    """One thing that may go wrong: its name, a title, and one sentence on what to watch.

    ``waits_for`` says to what it happens, once; it is empty for those that last until they are switched off.
    ``moves_price`` is for those that cannot happen while prices are real.
    """

    name: str
    title: str
    watch: str
    waits_for: str
    moves_price: bool = False


class PracticeHand(Protocol):
    """Moves prices and starts scenarios. Everything that takes time raises ``ExchangeTrouble`` with a sentence."""

    @property
    def cards(self) -> tuple[ScenarioCard, ...]: ...

    @property
    def waiting(self) -> frozenset[str]:
        """The names of the scenarios that are still to happen, and of those that last; answered at once."""

    async def start(self, name: str) -> None: ...

    async def stop(self, name: str) -> None: ...

    async def move(self, symbol: str, price: Decimal) -> None:
        """Jump to this mark price, a multiple of the tick, and stay there."""

    async def walk(self, symbol: str) -> None:
        """Let the price move by itself again."""
