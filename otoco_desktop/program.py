"""One run of the program in one environment: the window first, then what stands behind it, closed in reverse."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.defects import Defects
from otoco_desktop.app.front import DeskFront
from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble, VaultTrouble
from otoco_desktop.memory import WindowMemory
from otoco_desktop.settings import Environment, LocalEndpoint, Places, make_private
from otoco_desktop.ui.shell.apart import Apart
from otoco_desktop.ui.shell.charting import ChartParts
from otoco_desktop.ui.shell.looks import Looks
from otoco_desktop.ui.shell.runtime import Runtime
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.ui.shell.window import MainWindow, Surface

if TYPE_CHECKING:
    from otoco_desktop.app.account_keeper import Accounts
    from otoco_desktop.app.desk import DeskOptions
    from otoco_desktop.app.drafts import Drafts
    from otoco_desktop.app.ports import Clock
    from otoco_desktop.app.real_prices import RealPrices
    from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
    from otoco_desktop.journal.store import SqliteJournal
    from otoco_desktop.tenancy import Tenancy
    from otoco_desktop.ui.practice.offer import ScenarioOffer
    from otoco_desktop.ui.practice.prices import RealPricesSwitch
    from otoco_desktop.ui.shell.drafting import Drafting
    from otoco_desktop.wiring import Hand, VenueSource

LAST_ENVIRONMENT, LAST_ACCOUNT = "environment", "account"
"""What is remembered across environments, by key."""

FINISH_S = 3.0
"""How long the end of a run waits for a request under way: an answer that came is better than none."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """Where to trade: an environment and the name of an account there (empty where there is none, or any)."""

    environment: Environment
    account: str = ""


@dataclass(slots=True)
class House:
    """What outlives one run: the keys held for this session, what is remembered across environments, the looks.

    ``plan`` is the text of a plan from the command line until the ticket has taken it.
    """

    memory: WindowMemory
    local: LocalEndpoint | None = None
    accounts: Accounts | None = None
    looks: Looks | None = None
    plan: str = ""

    def forget_plan(self) -> None:
        """The ticket has taken it."""
        self.plan = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """What one run stands on. ``venue`` brings up the exchange; ``None`` is the environment's own.

    ``rehearsal`` is the command that plays one from the Help menu; without it the menu does not offer one. ``pace``
    says how long the gateway's connections wait; ``None`` is what the exchange asks for. ``house`` has the accounts;
    without one there is only this environment. ``ask`` opens the environment page first, with this choice.
    """

    places: Places
    clock: Clock = field(default_factory=SystemClock)
    venue: VenueSource | None = None
    options: DeskOptions | None = None
    rehearsal: Sequence[str] = ()
    pace: Pace | None = None
    house: House | None = None
    account: str = ""
    ask: Choice | None = None


class Program:
    """The window and everything behind it, for one run. ``next`` is where to go on once it has ended."""

    def __init__(self, theme: Theme, setup: Setup) -> None:
        self.setup = setup
        self.memory = WindowMemory(setup.places.window_memory)
        self.memory.load()
        self.runtime = Runtime()
        self.desk = DeskFront(setup.places.environment.value, setup.clock)
        surface = Surface(
            self.runtime.spawn,
            self.memory,
            theme,
            offers_rehearsal=bool(setup.rehearsal),
            offers_environments=setup.house is not None,
            chart=ChartParts(self.desk, self._load_chart),
            looks=setup.house.looks if setup.house is not None else None,
        )
        self.window = MainWindow(self.desk, surface)
        self.defects = Defects(setup.clock.wall_ms)
        self.window.take_support(self.defects, self._report)
        self.window.top_bar.picker.ask_changes(self.desk.day_changes)
        if setup.house is not None and setup.house.plan:
            self.window.pages.pasting.hold(setup.house.plan, setup.house.forget_plan)
        self.next: Choice | None = None
        self._connected = asyncio.Event()
        self._asked_to_close = asyncio.Event()
        self.window.closing.connect(self._asked_to_close.set)
        self._apart = Apart(self.window.toasts, setup.rehearsal)
        self.window.rehearsal_requested.connect(self._apart.play)
        self._venue: VenueSource | None = None
        self._journal: SqliteJournal | None = None
        self._tenancy: Tenancy | None = None
        self._wiring: ModuleType | None = None
        self.scenarios: ScenarioOffer | None = None
        self.drafting: Drafting | None = None
        self._drafts: Drafts | None = None
        self.real_prices: RealPricesSwitch | None = None
        self._real_prices: RealPrices | None = None

    async def run(self, shown: Callable[[], None] = lambda: None) -> Choice | None:
        """Show the window, connect behind it, and come back when it has been closed, with where to go on.

        ``shown`` is called once the window has painted and before anything else is loaded.
        """
        await self.show()
        shown()
        _collect_garbage_again()
        connecting = asyncio.create_task(self.connect(), name="connecting")
        asked = asyncio.create_task(self._asked_to_close.wait(), name="waiting for the close")
        try:
            await asyncio.wait({connecting, asked}, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                await self._give_up(connecting)
            else:
                await connecting
                await asked
        finally:
            connecting.cancel()
            asked.cancel()
        await self.close()
        return self.next

    async def _give_up(self, connecting: asyncio.Task[None]) -> None:
        """Closed while connecting: let that come to its end, as what is half begun is hard to close; not for long."""
        self.window.setEnabled(False)
        await asyncio.wait({connecting}, timeout=FINISH_S)
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)

    async def show(self) -> None:
        """Show the window and wait for its first paint: from here on it answers keys."""
        shown = FirstPaint(self.window)
        self.window.show()
        await shown.wait()

    async def connect(self) -> None:
        """Build the adapters and open the desk. What cannot be had is said in the window, which stays usable."""
        try:
            await self._open_desk()
        except (ExchangeTrouble, JournalTrouble) as trouble:
            self.desk.give_up(str(trouble))
        except VaultTrouble as trouble:
            self.desk.give_up(str(trouble))
            if self._tenancy is not None:
                self._tenancy.ask_again()
        except OSError as trouble:
            self.desk.give_up(unusable(self.setup.places, trouble))
        finally:
            self._connected.set()

    async def _load_chart(self) -> ModuleType:
        """Import the chart and pyqtgraph under it, in a thread and after the desk, which is wanted sooner."""
        await self._connected.wait()
        return await asyncio.to_thread(importlib.import_module, "otoco_desktop.ui.chart.view")

    async def close(self) -> None:
        """Close in the reverse order of building, each part whatever became of the others.

        Orders on the exchange stay as they are. A request under way is given some time to be answered.
        """
        async with AsyncExitStack() as parts:
            parts.callback(self.window.close_now)
            parts.push_async_callback(asyncio.to_thread, self._save, self.memory.save)
            parts.push_async_callback(self._keep_instruments)
            if self._venue is not None:
                parts.push_async_callback(self._venue.stop)
            if self._journal is not None:
                parts.push_async_callback(self._journal.close)
            if self._drafts is not None:
                parts.push_async_callback(self._drafts.close)
            parts.push_async_callback(self.desk.close)
            if self._tenancy is not None:
                parts.push_async_callback(self._tenancy.close)
            if self._real_prices is not None:
                parts.push_async_callback(self._real_prices.close)
            parts.push_async_callback(self.runtime.close)
            parts.push_async_callback(self.runtime.finish, FINISH_S)
            parts.callback(self.window.setEnabled, False)
            parts.callback(self._apart.stop)

    def go_to(self, choice: Choice) -> None:
        """End this run and go on there."""
        self.next = choice
        self._asked_to_close.set()

    async def _open_desk(self) -> None:
        places = self.setup.places
        wiring, store, desks = await asyncio.to_thread(_load_the_rest)
        await asyncio.to_thread(make_private, places.home)
        self._wiring = wiring
        if self.setup.house is not None and not await self._settle_in(self.setup.house, wiring):
            return
        self._venue = self._source(wiring)
        await self._bring_drafts()
        self._journal = await store.SqliteJournal.open(places.journal)
        venue = await self._venue.start()
        gateway = wiring.gateway(venue, self.setup.clock, self.setup.pace)
        self.desk.take_tickers(gateway)
        notices = (self._journal.notice, venue.notice, self.memory.notice)
        options = replace(
            self._options(desks.DeskOptions, gateway),
            account=gateway.account_fingerprint,
            defects=self.defects,
            notice=" ".join(filter(None, notices)),
            known=await asyncio.to_thread(wiring.known_instruments, places.instruments),
        )
        desk = desks.Desk(gateway, self._journal, self.setup.clock, places.environment.value, options)
        await self.desk.open(desk)
        if self._tenancy is not None:
            self._tenancy.tell(desk.look_again)
        self._offer_scenarios(wiring)

    async def _bring_drafts(self) -> None:
        """From here on what is typed is kept; what was typed last comes back as soon as there are pairs."""
        file, app, shell = await asyncio.to_thread(_load, "drafts_file", "app.drafts", "ui.shell.drafting")
        path = self.setup.places.drafts(self._tenancy.account if self._tenancy is not None else "")
        self._drafts = app.Drafts(file.DraftsFile(path))
        await self._drafts.load()
        self.drafting = shell.Drafting(self.window, self._drafts)

    def _offer_scenarios(self, wiring: ModuleType) -> None:
        """Where the practice exchange is this program's own, the trader may play its ugly days."""
        hand = wiring.hand(self._venue)
        if hand is not None:
            from otoco_desktop.ui.practice.offer import ScenarioOffer  # noqa: PLC0415 - not for the start

            self.scenarios = ScenarioOffer(self.window, self.window.menus.bar, self.desk, hand, self.runtime.spawn)
            self._offer_real_prices(self.scenarios, hand)

    def _offer_real_prices(self, scenarios: ScenarioOffer, hand: Hand) -> None:
        """PRACTICE may take its prices from the exchange's public market data; nothing connects until it is chosen."""
        from otoco_desktop.outside_prices import Pairs, pairs_of, real_prices  # noqa: PLC0415 - not for the start
        from otoco_desktop.ui.practice.prices import RealPricesSwitch, SwitchNeeds  # noqa: PLC0415 - not for the start

        pairs = Pairs(self._shown_pair, lambda: pairs_of(self.desk.state.strategies))
        self._real_prices = real_prices(hand.server, pairs, self.setup.clock, self.setup.pace)
        preferences = self._tenancy.preferences if self._tenancy is not None else None
        needs = SwitchNeeds(self.desk, self._real_prices, self.runtime.spawn, preferences)
        self.real_prices = RealPricesSwitch(self.window, needs)
        scenarios.take_switch(self.real_prices)
        if self._tenancy is not None:
            self._tenancy.room.settings.form.take_switch(self.real_prices)

    def _shown_pair(self) -> str:
        instrument = self.desk.state.instrument
        return instrument.symbol if instrument is not None else ""

    async def _settle_in(self, house: House, wiring: ModuleType) -> bool:
        """Bring accounts, preferences and their screens; whether this run goes on here."""
        tenancy: Tenancy = await importlib.import_module("otoco_desktop.tenancy").move_in(self, house, wiring)
        self._tenancy = tenancy
        if self.setup.ask is None:
            return True
        asked = asyncio.ensure_future(tenancy.ask_first(self.setup.ask))
        closing = asyncio.ensure_future(self._asked_to_close.wait())
        await asyncio.wait({asked, closing}, return_when=asyncio.FIRST_COMPLETED)
        stays = asked.done() and not closing.done()
        for waiting in (asked, closing):
            waiting.cancel()
        return stays

    def _source(self, wiring: ModuleType) -> VenueSource:
        """What was handed in, the account's exchange, or the practice exchange."""
        if self.setup.venue is not None:
            return self.setup.venue
        places = self.setup.places
        if places.environment.needs_key:
            if self._tenancy is None:
                raise ExchangeTrouble(f"{places.environment.label} needs an account.")
            source: VenueSource = self._tenancy.venue(wiring)
        else:
            wished = self._tenancy is not None and self._tenancy.preferences.current.real_prices
            source = wiring.practice(places.practice_book, real_prices=wished)
        return source

    def _options(self, kind: type[DeskOptions], gateway: CryptoComGateway) -> DeskOptions:
        options = self.setup.options or kind()
        return options if self._tenancy is None else self._tenancy.options(options, gateway)

    async def _report(self) -> str:
        """The state of the program as text for whoever helps."""
        support = await asyncio.to_thread(importlib.import_module, "otoco_desktop.reporting")
        text: str = await support.reporter(self).text()
        return text

    async def _keep_instruments(self) -> None:
        if self._wiring is not None:
            keep, places = self._wiring.keep_instruments, self.setup.places
            await asyncio.to_thread(self._save, keep, places.instruments, self.desk.state.instruments)

    def _save(self, write: Callable[..., None], *what: object) -> None:
        """Write what can be had again: not worth more than a line in the log."""
        try:
            write(*what)
        except OSError as error:
            logger.warning("not saved: %s", error)


class FirstPaint(QObject):
    """Comes back once a widget has painted for the first time."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._painted = asyncio.Event()
        widget.installEventFilter(self)

    async def wait(self) -> None:
        await self._painted.wait()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._painted.set)
        return False


def unusable(places: Places, trouble: OSError) -> str:
    """The sentence for a data directory that cannot be read or written."""
    return (
        f"Nothing can be recorded, so nothing can be sent: {places.home} cannot be used "
        f"({trouble.strerror or type(trouble).__name__}). Choose another place with --data-dir."
    )


def _collect_garbage_again() -> None:
    """After a start that went without: what it has made stays, and is not looked through again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _load_the_rest() -> list[ModuleType]:
    """Import the desk, and what brings httpx, websockets and SQLite; in a thread, after the first paint."""
    return _load("wiring", "journal.store", "app.desk")


def _load(*names: str) -> list[ModuleType]:
    return [importlib.import_module(f"otoco_desktop.{name}") for name in names]
