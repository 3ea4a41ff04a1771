"""What is typed and not sent, kept on disk behind the trader's back, and never sent by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from otoco_desktop.app.kit import Sleep
from otoco_desktop.app.tasks import Tasks
from otoco_desktop.domain.drafts import DraftBook, KeptDraft

COALESCE_S = 0.25
"""What is typed within this time is written together."""

AGAIN_S = 5.0
"""How long after a write that failed the next one is tried."""

AWAY = "The draft cannot be saved ({reason}). Typing goes on, but what is typed is lost when the program ends."


class Ticket(Protocol):
    """What stands in the ticket now: for the pair that is shown, and for the others."""

    def __call__(self) -> tuple[KeptDraft | None, tuple[KeptDraft, ...]]: ...


class DraftsPort(Protocol):
    """What the window asks for."""

    @property
    def book(self) -> DraftBook: ...

    @property
    def is_saved(self) -> bool:
        """Whether everything is on the disk, as far as the disk itself says."""

    @property
    def trouble(self) -> str:
        """What the trader should know: a file was set aside, or the last change could not be written."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Tell every change of the three, on the loop's own thread."""

    def follow(self, ticket: Ticket) -> None:
        """Ask this for what stands in the ticket, whenever something is written."""

    def touch(self) -> None:
        """What stands in the ticket has changed; costs next to nothing."""

    def change(self, change: Callable[[DraftBook], DraftBook]) -> None:
        """Change what was put away. Raises what ``change`` raises."""


class DraftsStore(Protocol):
    """Where they lie. Called in a thread, one call at a time."""

    @property
    def notice(self) -> str: ...

    def load(self) -> DraftBook:
        """Never raises."""

    def save(self, book: DraftBook) -> None:
        """Raises ``OSError``."""


class Drafts:
    """Satisfies ``DraftsPort``. Use it from one loop; ``load`` comes first."""

    def __init__(self, store: DraftsStore, sleep: Sleep = asyncio.sleep) -> None:
        self._store = store
        self._sleep = sleep
        self._book = DraftBook()
        self._ticket: Ticket | None = None
        self._unsaved = False
        self._saved = True
        self._trouble = ""
        self._listeners: list[Callable[[], None]] = []
        self._tasks = Tasks()
        self._writer: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @property
    def book(self) -> DraftBook:
        return self._book

    @property
    def is_saved(self) -> bool:
        return self._saved

    @property
    def trouble(self) -> str:
        return self._trouble

    def listen(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def follow(self, ticket: Ticket) -> None:
        self._ticket = ticket

    async def load(self) -> None:
        """Read what was typed earlier. Never raises."""
        self._book = await asyncio.to_thread(self._store.load)
        self._trouble = self._store.notice

    def touch(self) -> None:
        if self._unsaved:
            return
        self._unsaved = True
        if self._saved:
            self._saved = False
            self._tell()
        if self._writer is None or self._writer.done():
            self._writer = self._tasks.spawn(self._write_behind(), "writing the drafts")

    def change(self, change: Callable[[DraftBook], DraftBook]) -> None:
        changed = change(self._book)
        if changed != self._book:
            self._book = changed
            self.touch()
            self._tell()

    async def close(self) -> None:
        """Write what is left, at once; what cannot be written is lost, and that has been told."""
        self._closing.set()
        if self._writer is not None:
            await asyncio.wait([self._writer])
        await self._tasks.close()

    async def _write_behind(self) -> None:
        """One write at a time; what is typed meanwhile goes with the next one."""
        pause = COALESCE_S
        while self._unsaved:
            await self._pause(pause)
            self._unsaved = False
            self._take_ticket()
            trouble = await self._write()
            pause = AGAIN_S if trouble else COALESCE_S
            self._unsaved = self._unsaved or bool(trouble)
            now = (trouble, not self._unsaved)
            if now != (self._trouble, self._saved):
                self._trouble, self._saved = now
                self._tell()
            if trouble and self._closing.is_set():
                return

    async def _write(self) -> str:
        """Why it was not written; empty when it was."""
        try:
            await asyncio.to_thread(self._store.save, self._book)
        except OSError as error:
            return AWAY.format(reason=error.strerror or type(error).__name__)
        return ""

    async def _pause(self, seconds: float) -> None:
        """Wait for more to be typed, unless the program closes."""
        pausing = asyncio.ensure_future(self._sleep(seconds))
        closing = asyncio.ensure_future(self._closing.wait())
        await asyncio.wait((pausing, closing), return_when=asyncio.FIRST_COMPLETED)
        for waiting in (pausing, closing):
            waiting.cancel()
        await asyncio.gather(pausing, closing, return_exceptions=True)

    def _take_ticket(self) -> None:
        if self._ticket is not None:
            current, others = self._ticket()
            self._book = replace(self._book, current=current, others=others)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
