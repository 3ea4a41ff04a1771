"""The desk as the window sees it from its first paint: starting, then the real one, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from otoco_desktop.app.candle_port import CandleListener, CandlePort
from otoco_desktop.app.state import Confirmed, DeskListener, DeskPort, DeskState, Gate
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.verdict import Surroundings

if TYPE_CHECKING:
    from otoco_desktop.app.ports import Clock, Tickers
    from otoco_desktop.domain.candles import Timeframe
    from otoco_desktop.domain.history import HistoryPage, HistoryQuery
    from otoco_desktop.domain.order import LegRole
    from otoco_desktop.domain.strategy import Strategy


class OpenableDesk(DeskPort, CandlePort, Protocol):
    """A desk that still has to be opened."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def hold(self, reason: str) -> None: ...


class DeskFront:
    """Satisfies ``DeskPort`` before, without and with a desk behind it; planning works in all three."""

    def __init__(self, environment: str, clock: Clock) -> None:
        self._clock = clock
        self._state = DeskState(environment=environment)
        self._desk: OpenableDesk | None = None
        self._listeners: list[DeskListener] = []
        self._wanted = ""
        self._tickers: Tickers | None = None
        self._shown: tuple[Timeframe, CandleListener] | None = None

    async def open(self, desk: OpenableDesk) -> None:
        """Stand in front of this desk from now on. Raises ``JournalTrouble`` when it cannot be opened."""
        for listener in self._listeners:
            desk.listen(listener)
        await desk.open()
        self._desk = desk
        if self._wanted:
            desk.select(self._wanted)
        if self._shown is not None:
            desk.show_candles(*self._shown)
        self._tell()

    def give_up(self, reason: str) -> None:
        """There will be no desk; ``reason`` is a sentence for people."""
        self._state = replace(self._state, gate=Gate(open=False, reason=reason), trouble=reason)
        self._tell()

    async def close(self) -> None:
        if self._desk is not None:
            await self._desk.close()

    @property
    def state(self) -> DeskState:
        return self._desk.state if self._desk else self._state

    def listen(self, listener: DeskListener) -> None:
        self._listeners.append(listener)
        if self._desk:
            self._desk.listen(listener)

    def surroundings(self) -> Surroundings:
        if self._desk:
            return self._desk.surroundings()
        return Surroundings(instrument=None, quote=None, account=None, now_ms=self._clock.monotonic_ms())

    def now_ms(self) -> int:
        return self._clock.wall_ms()

    def exchange_ms(self) -> int | None:
        return self._desk.exchange_ms() if self._desk else None

    def select(self, symbol: str) -> None:
        self._wanted = symbol
        if self._desk:
            self._desk.select(symbol)

    def show_candles(self, timeframe: Timeframe, listener: CandleListener) -> None:
        """Tell this listener candles as soon as there is a desk, and from then on."""
        self._shown = (timeframe, listener)
        if self._desk:
            self._desk.show_candles(timeframe, listener)

    def hold(self, reason: str) -> None:
        """Send nothing for this reason, a sentence; the empty one ends it."""
        if self._desk is not None:
            self._desk.hold(reason)

    async def market_changed(self) -> None:
        """Another market is behind the same exchange: ask anew for instruments, balances and candles."""
        if self._desk is not None:
            if self._shown is not None:
                self._desk.show_candles(*self._shown)
            await self._desk.check()

    def take_tickers(self, tickers: Tickers) -> None:
        """Ask these for the market as a whole from now on."""
        self._tickers = tickers

    async def day_changes(self) -> Mapping[str, Decimal]:
        """The 24 h change of each pair, as a ratio; none before there is an exchange. Raises ``ExchangeTrouble``."""
        return await self._tickers.day_changes() if self._tickers is not None else {}

    def prepare(self, draft: OtocoDraft) -> Confirmed | None:
        return self._desk.prepare(draft) if self._desk else None

    def submit(self, confirmed: Confirmed) -> Coroutine[Any, Any, str | None]:
        return self._desk.submit(confirmed) if self._desk else self._nothing_sent()

    async def _nothing_sent(self) -> str | None:
        raise self._without_desk()

    async def cancel(self, strategy_id: str) -> None:
        await self._behind().cancel(strategy_id)

    async def cancel_leg(self, strategy_id: str, role: LegRole) -> None:
        await self._behind().cancel_leg(strategy_id, role)

    async def move(self, strategy_id: str, role: LegRole, trigger: Decimal, price: Decimal | None) -> None:
        await self._behind().move(strategy_id, role, trigger, price)

    async def check(self) -> bool:
        return await self._desk.check() if self._desk else False

    async def note(self, strategy_id: str, tag: str, note: str) -> None:
        await self._behind().note(strategy_id, tag, note)

    async def history(self, query: HistoryQuery) -> HistoryPage:
        return await self._behind().history(query)

    async def strategy(self, strategy_id: str) -> Strategy:
        return await self._behind().strategy(strategy_id)

    async def settle(self, strategy_id: str, words: str) -> None:
        await self._behind().settle(strategy_id, words)

    def _behind(self) -> OpenableDesk:
        if self._desk is None:
            raise self._without_desk()
        return self._desk

    def _without_desk(self) -> JournalTrouble:
        return JournalTrouble(f"Nothing was sent. {self._state.gate.reason}")

    def _tell(self) -> None:
        for listener in self._listeners:
            listener.desk_changed(self.state)
