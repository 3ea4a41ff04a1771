"""Instruments, balances and fee rates: fetched, kept for a while, fetched again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from otoco_desktop.app.kit import Kit
from otoco_desktop.app.market_watch import MarketWatch
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Balance, Quote

FIRST_CHOICE = "BTC_USD"
REFRESH_S = 300.0
LOOK_S = 5.0
"""How soon a fetch that was asked for in between, and failed, is tried again."""

GONE = "{symbol} is not on the exchange's list any more. What you typed stays; choose another pair."
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


class Supply:
    """What a plan is made of. ``trouble`` is a sentence while the exchange does not provide it.

    ``known`` are the instruments of an earlier run: they let plans be made, not sent, until ``is_current``.
    """

    def __init__(self, kit: Kit, on_changed: Callable[[], None], known: tuple[Instrument, ...] = ()) -> None:
        self.instruments = known
        self.is_current = False
        self.account: AccountSnapshot | None = None
        self.trouble = ""
        self._kit = kit
        self._on_changed = on_changed
        self._market = MarketWatch(kit.clock)
        self._symbol = ""
        self._watched = ""

    @property
    def instrument(self) -> Instrument | None:
        return next((item for item in self.instruments if item.symbol == self._symbol), None)

    @property
    def quote(self) -> Quote | None:
        return self._market.quote

    def select(self, symbol: str) -> None:
        """Take this instrument; before the list has come, remember the wish."""
        if symbol == self._symbol:
            return
        self._turn_to(symbol)
        if self.instrument is not None:
            self._kit.tasks.spawn(self._fetch_account(), "reading the account")
        self._on_changed()

    def take_quote(self, quote: Quote) -> bool:
        return self._market.take(quote)

    def take_account(self, account: AccountSnapshot) -> None:
        """Pushed balances may come without fee rates or value: the known ones stay."""
        known = self.account
        if known is not None:
            fees = account.fees or known.fees
            value = account.value_usd if account.value_usd is not None else known.value_usd
            account = replace(account, fees=fees, value_usd=value)
        self.account = account
        self._on_changed()

    async def keep_fresh(self) -> None:
        """For ever: fetch, with growing pauses while the exchange cannot be reached."""
        failures = 0
        if self.instruments:
            self._turn_to(self._symbol or self._first_choice())
        while True:
            failures = 0 if await self.refresh() else failures + 1
            if failures:
                await self._kit.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1])
            else:
                await self._rest()

    async def _rest(self) -> None:
        """Until what was fetched is old; no longer than until a fetch in between has failed."""
        for _ in range(int(REFRESH_S / LOOK_S)):
            await self._kit.sleep(LOOK_S)
            if self.trouble:
                return

    async def refresh(self) -> bool:
        """Fetch the list of instruments and the account once. Whether both came."""
        try:
            self.instruments = await self._kit.gateway.instruments()
        except ExchangeTrouble as error:
            self._tell(str(error))
            return False
        self.is_current = True
        self._turn_to(self._symbol or self._first_choice())
        return await self._fetch_account()

    async def fresh_balances(self) -> Mapping[str, Balance]:
        """Ask for the balances now. Raises ``ExchangeTrouble``."""
        symbol = self._symbol or FIRST_CHOICE
        account = await self._kit.gateway.account(symbol)
        if symbol == self._symbol:
            self.take_account(account)
        return account.balances

    def _first_choice(self) -> str:
        offered = [item.symbol for item in self.instruments if item.is_spot and item.tradable]
        return FIRST_CHOICE if FIRST_CHOICE in offered else "".join(offered[:1])

    def _turn_to(self, symbol: str) -> None:
        """Follow this instrument's prices, as soon as the list knows it."""
        if symbol != self._symbol:
            self._symbol = symbol
            self._market.turn_to(symbol)
        if self.instrument is not None and symbol != self._watched:
            self._watched = symbol
            self._kit.gateway.watch(symbol)

    async def _fetch_account(self) -> bool:
        """Whether it came. Fee rates of an instrument that was left meanwhile are not those of the one in use."""
        if self.instrument is None:
            self._tell(GONE.format(symbol=self._symbol) if self._symbol else "")
            return True
        symbol = self._symbol
        try:
            account = await self._kit.gateway.account(symbol)
        except ExchangeTrouble as error:
            self._tell(str(error))
            return False
        self.trouble = ""
        if symbol != self._symbol:
            return True
        self.take_account(account)
        return True

    def _tell(self, trouble: str) -> None:
        self.trouble = trouble
        self._on_changed()
