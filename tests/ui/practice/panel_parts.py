"""The practice panel beside a window without an exchange, and a hand that remembers what it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from otoco_desktop.app.hand import ScenarioCard
from otoco_desktop.app.real_prices import PricesState, Source
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.practice.scenarios import SCENARIOS
from otoco_desktop.ui.practice.offer import ScenarioOffer
from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.fakes import FakeDesk
from tests.ui.windows import Inline


class FakeHand:
    """Satisfies ``PracticeHand``; ``silent`` is an exchange that does not answer."""

    cards = tuple(
        ScenarioCard(one.name, one.title, one.watch, one.waits_for, moves_price=one.moves_price) for one in SCENARIOS
    )

    def __init__(self) -> None:
        self.waiting: frozenset[str] = frozenset()
        self.asked: list[object] = []
        self.silent = False
        self.broken = False

    async def start(self, name: str) -> None:
        self._take("start", name)
        self.waiting |= {name}

    async def stop(self, name: str) -> None:
        self._take("stop", name)
        self.waiting -= {name}

    async def move(self, symbol: str, price: Decimal) -> None:
        self._take("move", symbol, format(price, "f"))

    async def walk(self, symbol: str) -> None:
        self._take("walk", symbol)

    def _take(self, *what: str) -> None:
        if self.silent:
            raise ExchangeTrouble("The practice exchange does not answer.")
        if self.broken:
            raise RuntimeError("no such row")
        self.asked.append(what)

    def happens(self, name: str) -> None:
        """What waited for its moment has had it."""
        self.waiting -= {name}


class FakePrices:
    """Satisfies ``RealPricesPort``; it stands as it is told to."""

    def __init__(self) -> None:
        self.state = PricesState()
        self.wishes: list[bool] = []
        self._listeners: list[Callable[[PricesState], None]] = []

    def listen(self, listener: Callable[[PricesState], None]) -> None:
        self._listeners.append(listener)

    def wish(self, *, real: bool) -> None:
        self.wishes.append(real)

    def stand(self, source: Source, reason: str = "") -> None:
        self.state = PricesState(source, reason)
        for listener in self._listeners:
            listener(self.state)


class MarketDesk(FakeDesk):
    """A desk that counts how often it was told of another market."""

    changes = 0

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.held: list[str] = []

    async def market_changed(self) -> None:
        self.changes += 1

    def hold(self, reason: str) -> None:
        self.held.append(reason)


@contextmanager
def offered(window: MainWindow, desk: FakeDesk, hand: FakeHand) -> Iterator[ScenarioOffer]:
    """The panel in the Tools menu of this window; it is gone afterwards."""
    offer = ScenarioOffer(window, window.menus.bar, desk, hand, Inline())
    yield offer
    if offer.panel is not None:
        offer.panel.close()
