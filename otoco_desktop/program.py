"""One run of the program: the window first, then the adapters behind it, and everything closed in reverse."""

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
from otoco_desktop.app.front import DeskFront
from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble
from otoco_desktop.memory import WindowMemory
from otoco_desktop.settings import Places, make_private
from otoco_desktop.ui.shell.apart import Apart
from otoco_desktop.ui.shell.runtime import Runtime
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.ui.shell.window import MainWindow, Surface

if TYPE_CHECKING:
    from otoco_desktop.app.desk import DeskOptions
    from otoco_desktop.app.ports import Clock
    from otoco_desktop.exchange.gateway import Pace
    from otoco_desktop.journal.store import SqliteJournal
    from otoco_desktop.wiring import VenueSource

FINISH_S = 3.0
"""How long the end of the program waits for a request under way: an answer that came is better than none."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setup:
    """What one run stands on. ``venue`` brings up the exchange; ``None`` is the practice exchange in this program.

    ``rehearsal`` is the command that plays one from the Help menu; without it the menu does not offer one. ``pace``
    says how long the gateway's connections wait; ``None`` is what the exchange asks for.
    """

    places: Places
    clock: Clock = field(default_factory=SystemClock)
    venue: VenueSource | None = None
    options: DeskOptions | None = None
    rehearsal: Sequence[str] = ()
    pace: Pace | None = None


class Program:
    """The window and everything behind it, for one run."""

    def __init__(self, theme: Theme, setup: Setup) -> None:
        self.setup = setup
        self.memory = WindowMemory(setup.places.window_memory)
        self.memory.load()
        self.runtime = Runtime()
        self.desk = DeskFront(setup.places.environment.value, setup.clock)
        surface = Surface(self.runtime.spawn, self.memory, theme, offers_rehearsal=bool(setup.rehearsal))
        self.window = MainWindow(self.desk, surface)
        self._asked_to_close = asyncio.Event()
        self.window.closing.connect(self._asked_to_close.set)
        self._apart = Apart(self.window.toasts, setup.rehearsal)
        self.window.rehearsal_requested.connect(self._apart.play)
        self._venue: VenueSource | None = None
        self._journal: SqliteJournal | None = None
        self._wiring: ModuleType | None = None

    async def run(self) -> None:
        """Show the window, connect behind it, and come back when it has been closed."""
        await self.show()
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
        except OSError as trouble:
            self.desk.give_up(unusable(self.setup.places, trouble))

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
            parts.push_async_callback(self.desk.close)
            parts.push_async_callback(self.runtime.close)
            parts.push_async_callback(self.runtime.finish, FINISH_S)
            parts.callback(self.window.setEnabled, False)
            parts.callback(self._apart.stop)

    async def _open_desk(self) -> None:
        places, clock = self.setup.places, self.setup.clock
        wiring, store, desks = await asyncio.to_thread(_load_the_rest)
        await asyncio.to_thread(make_private, places.home)
        self._wiring = wiring
        self._venue = self.setup.venue or wiring.practice(places.practice_book)
        self._journal = await store.SqliteJournal.open(places.journal)
        venue = await self._venue.start()
        gateway = wiring.gateway(venue, clock, self.setup.pace)
        notices = (self._journal.notice, venue.notice, self.memory.notice)
        options = replace(
            self.setup.options or desks.DeskOptions(),
            account=gateway.account_fingerprint,
            notice=" ".join(filter(None, notices)),
            known=await asyncio.to_thread(wiring.known_instruments, places.instruments),
        )
        await self.desk.open(desks.Desk(gateway, self._journal, clock, places.environment.value, options))

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
    return [importlib.import_module(f"otoco_desktop.{name}") for name in ("wiring", "journal.store", "app.desk")]
