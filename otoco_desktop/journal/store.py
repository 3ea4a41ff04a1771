"""The journal: append-only facts in SQLite, written by one thread so that a slow disk never stops the window."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otoco_desktop.domain.errors import JournalHeld, JournalTrouble
from otoco_desktop.domain.events import Fact
from otoco_desktop.journal import rows as table
from otoco_desktop.journal.codec import decode
from otoco_desktop.journal.opening import open_journal
from otoco_desktop.journal.schema import Damaged

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full.",
    sqlite3.SQLITE_READONLY: "The journal cannot be written: its file or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The journal cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk reported an error.",
    sqlite3.SQLITE_CONSTRAINT: "The journal already holds this.",
}


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

    @classmethod
    async def open(cls, path: Path) -> SqliteJournal:
        """Open or begin the journal. Raises ``JournalHeld``, ``JournalNewer`` or ``JournalTrouble``."""
        journal = cls(path)
        try:
            await asyncio.get_running_loop().run_in_executor(journal._executor, journal._open)
        except BaseException:
            journal._executor.shutdown(wait=False)
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

    async def close(self) -> None:
        """Write what is queued, then let go of the file."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._close)
        self._executor.shutdown(wait=False)

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
