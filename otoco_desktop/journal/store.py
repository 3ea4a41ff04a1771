"""The journal: append-only facts in SQLite, written by one thread so that a slow disk never stops the window."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import zlib
from collections import deque
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otoco_desktop.domain.errors import JournalHeld, JournalTrouble
from otoco_desktop.domain.events import Fact
from otoco_desktop.journal.codec import decode, encode, type_name
from otoco_desktop.journal.files import create_private, is_cut_to_nothing, set_aside
from otoco_desktop.journal.schema import Damaged, connect

_INSERT = "INSERT INTO facts (strategy_id, type, body, check_sum) VALUES (?, ?, ?, ?)"
_SELECT = "SELECT body, check_sum FROM facts ORDER BY sequence"
_Row = tuple[str, str, str, int]

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full.",
    sqlite3.SQLITE_READONLY: "The journal cannot be written: its file or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The journal cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk reported an error.",
    sqlite3.SQLITE_CONSTRAINT: "The journal already holds this.",
}
_DAMAGE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


@dataclass(frozen=True, slots=True)
class _Pending:
    rows: tuple[_Row, ...]
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
        rows = tuple(_row(fact) for fact in facts)
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
            if is_cut_to_nothing(self.path):
                raise Damaged
            create_private(self.path)
            self._connection = connect(self.path)
            _read_rows(self._connection)
        except (Damaged, sqlite3.DatabaseError) as error:
            if not _is_damage(error):
                raise _in_words(error) from error
            self._begin_anew()
        except OSError as error:
            raise JournalTrouble(_place_words(self.path, error)) from error

    def _begin_anew(self) -> None:
        """Set the damaged file aside, begin a new one, and carry over what can still be read."""
        self._let_go()
        try:
            aside = set_aside(self.path)
            create_private(self.path)
            self._connection = connect(self.path)
            saved = _salvage(aside)
            _commit(self._connection, saved)
        except (OSError, sqlite3.Error) as error:
            raise JournalTrouble(_place_words(self.path, error)) from error
        self.notice = (
            f"The journal was damaged. It is kept as {aside.name}; a new one was begun "
            f"with the {len(saved)} entries that could be read."
        )

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

    def _tried(self, rows: Sequence[_Row]) -> JournalTrouble | None:
        if self._connection is None:
            return JournalTrouble("The journal is closed.")
        try:
            _commit(self._connection, rows)
        except sqlite3.Error as error:
            return _in_words(error)
        return None

    def _read(self) -> tuple[Fact, ...]:
        if self._connection is None:
            raise JournalTrouble("The journal is closed.")
        try:
            return tuple(decode(body) for body in _read_rows(self._connection))
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


def _row(fact: Fact) -> _Row:
    body = encode(fact)
    return (fact.strategy_id, type_name(fact), body, zlib.crc32(body.encode()))


def _commit(connection: sqlite3.Connection, rows: Sequence[_Row]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(_INSERT, rows)
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _read_rows(connection: sqlite3.Connection) -> list[str]:
    """Every body, each compared with its check sum; SQLite itself does not notice a flipped bit in a text."""
    bodies = []
    for body, check_sum in connection.execute(_SELECT):
        if zlib.crc32(body.encode()) != check_sum:
            raise Damaged
        bodies.append(body)
    return bodies


def _salvage(aside: Path) -> list[_Row]:
    """The sound rows of a damaged file, as far as it can be read; it is opened without changing it."""
    saved: list[_Row] = []
    try:
        connection = sqlite3.connect(f"{aside.as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return saved
    try:
        for row in connection.execute("SELECT strategy_id, type, body, check_sum FROM facts ORDER BY sequence"):
            if _is_sound(row):
                saved.append(row)
    except sqlite3.Error:
        return saved
    finally:
        connection.close()
    return saved


def _is_sound(row: _Row) -> bool:
    if zlib.crc32(row[2].encode()) != row[3]:
        return False
    try:
        return decode(row[2]).strategy_id == row[0]
    except JournalTrouble:
        return False


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


def _is_damage(error: Exception) -> bool:
    undecodable = isinstance(error, sqlite3.OperationalError) and "decode" in str(error)
    return isinstance(error, Damaged) or undecodable or getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def _in_words(error: Exception) -> JournalTrouble:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalHeld("Another instance of this program holds the journal. Use that one.")
    return JournalTrouble(_SENTENCES.get(code, "The journal cannot be used."))


def _place_words(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be used"
    return f"The journal cannot be kept in {path.parent}: {reason}. Choose another folder with --data-dir."
