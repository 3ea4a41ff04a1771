"""The journal: append-only facts in SQLite, written by one thread so that a slow disk never stops the window."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from otoco_desktop.domain.errors import JournalHeld, JournalTrouble
from otoco_desktop.domain.events import Fact
from otoco_desktop.domain.history import HistoryPage, HistoryQuery, Standing
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.journal import rows as table
from otoco_desktop.journal.codec import decode
from otoco_desktop.journal.files import history_of
from otoco_desktop.journal.history import History
from otoco_desktop.journal.opening import open_journal
from otoco_desktop.journal.schema import Damaged

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full.",
    sqlite3.SQLITE_READONLY: "The journal cannot be written: its file or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The journal cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk reported an error.",
    sqlite3.SQLITE_CONSTRAINT: "The journal already holds this.",
}

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Pending:
    rows: tuple[table.Row, ...]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class SqliteJournal:
    """Facts on disk. ``notice`` tells, in words, when a damaged file had to be set aside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice = ""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._queue: deque[_Pending] = deque()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._history = History(history_of(path), self._ask)

    @classmethod
    async def open(cls, path: Path) -> SqliteJournal:
        """Open or begin the journal. Raises ``JournalHeld``, ``JournalNewer`` or ``JournalTrouble``."""
        journal = cls(path)
        try:
            await asyncio.get_running_loop().run_in_executor(journal._executor, journal._open)
        except BaseException:
            journal._history.close()
            journal._executor.submit(journal._close)  # who gave up waiting must not find it held at the next try
            journal._executor.shutdown(wait=False)
            journal._reader.shutdown(wait=False)
            raise
        return journal

    def append(self, facts: Sequence[Fact]) -> Coroutine[Any, Any, None]:
        """Begin to store in this call; the coroutine returns when all are durable, or raises ``JournalTrouble``.

        What is queued while the disk is busy goes into one commit.
        """
        rows = tuple(table.row_of(fact) for fact in facts)
        loop = asyncio.get_running_loop()
        pending = _Pending(rows, loop, loop.create_future())
        with self._lock:
            self._queue.append(pending)
        self._submit(pending)
        return _stored(pending)

    async def read_all(self) -> tuple[Fact, ...]:
        """Every fact in the order it was stored. Raises ``JournalTrouble``."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._read)

    async def standing(self, latest: int, since_ms: int) -> Standing:
        """What a start needs, after the history has been brought up to date. Raises ``JournalTrouble``."""
        return await self._on_history(lambda: self._opened_history().standing(latest, since_ms))

    async def strategies(self, strategy_ids: Sequence[str]) -> tuple[Strategy, ...]:
        """These, folded; unknown ones are left out. Raises ``JournalTrouble``."""
        return await self._on_history(lambda: self._history.strategies(strategy_ids))

    async def owners(self, list_ids: Sequence[str]) -> dict[str, str]:
        """The strategy id behind each of these list ids that is ours. Raises ``JournalTrouble``."""
        return await self._on_history(lambda: self._opened_history().owners(list_ids))

    async def history(self, query: HistoryQuery) -> HistoryPage:
        """A page of all strategies as they are stored. Raises ``JournalTrouble``."""
        return await self._on_history(lambda: self._opened_history().page(query))

    async def close(self) -> None:
        """Write what is queued, bring the history up to date, then let go of the files."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, self._write_queued)
        await loop.run_in_executor(self._reader, self._close_history)
        self._reader.shutdown(wait=False)
        await asyncio.get_running_loop().run_in_executor(self._executor, self._close)
        self._executor.shutdown(wait=False)

    # On the history's thread

    async def _on_history(self, work: Callable[[], Answer]) -> Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader, work)
        except RuntimeError as error:
            raise JournalTrouble("The journal is closed.") from error
        except (Damaged, sqlite3.Error) as error:
            raise _in_words(error) from error

    def _opened_history(self) -> History:
        if not self._history.is_open:
            self._history.open()
        return self._history

    def _close_history(self) -> None:
        try:
            if self._history.is_open:
                self._history.catch_up()
        except (JournalTrouble, sqlite3.Error) as error:
            logger.warning("the history is read on at the next start: %s", error)
        finally:
            self._history.close()

    def _ask(self, question: Callable[..., Any], *about: object) -> Any:
        """Put a question to the journal's tables on its own thread, from the history's."""

        def asked() -> Any:
            if self._connection is None:
                raise JournalTrouble("The journal is closed.")
            return question(self._connection, *about)

        return self._executor.submit(asked).result()

    # On the journal's own thread

    def _submit(self, pending: _Pending) -> None:
        try:
            self._executor.submit(self._write_queued)
        except RuntimeError:
            pending.done.set_exception(JournalTrouble("The journal is closed."))

    def _open(self) -> None:
        try:
            opened = open_journal(self.path)
        except sqlite3.Error as error:
            raise _in_words(error) from error
        except OSError as error:
            raise JournalTrouble(_place_words(self.path, error)) from error
        self._connection, self.notice = opened.connection, opened.notice

    def _write_queued(self) -> None:
        with self._lock:
            batch = list(self._queue)
            self._queue.clear()
        if len(batch) > 1 and self._tried([row for pending in batch for row in pending.rows]) is None:
            for pending in batch:
                _settle(pending, None)
            return
        for pending in batch:
            _settle(pending, self._tried(pending.rows))

    def _tried(self, rows: Sequence[table.Row]) -> JournalTrouble | None:
        if self._connection is None:
            return JournalTrouble("The journal is closed.")
        try:
            table.commit(self._connection, rows)
        except sqlite3.Error as error:
            return _in_words(error)
        return None

    def _read(self) -> tuple[Fact, ...]:
        if self._connection is None:
            raise JournalTrouble("The journal is closed.")
        try:
            return tuple(decode(body) for body in table.read_bodies(self._connection))
        except (Damaged, sqlite3.Error) as error:
            raise JournalTrouble("The journal cannot be read.") from error

    def _close(self) -> None:
        self._write_queued()
        self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


async def _stored(pending: _Pending) -> None:
    await pending.done


def _settle(pending: _Pending, trouble: JournalTrouble | None) -> None:
    """Tell the waiting coroutine on its own loop; a loop that is gone has nobody waiting."""

    def tell() -> None:
        if pending.done.done():
            return
        if trouble is None:
            pending.done.set_result(None)
        else:
            pending.done.set_exception(trouble)

    if not pending.loop.is_closed():
        pending.loop.call_soon_threadsafe(tell)


def _in_words(error: Exception) -> JournalTrouble:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalHeld("Another instance of this program holds the journal. Use that one.")
    return JournalTrouble(_SENTENCES.get(code, "The journal cannot be used."))


def _place_words(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be used"
    return f"The journal cannot be kept in {path.parent}: {reason}. Choose another folder with --data-dir."
