"""Opening the journal: begun apart and put in place whole, looked at before it is changed, set aside when damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from otoco_desktop.journal.files import (
    beginning_of,
    copy_aside,
    create_private,
    is_cut_to_nothing,
    put_in_place,
    remove,
    set_aside,
    wal_of,
)
from otoco_desktop.journal.rows import Row, commit, salvage, verify
from otoco_desktop.journal.schema import Damaged, connect, look_at
from otoco_desktop.journal.wal import is_whole

_ELSEWHERE = "What the exchange has open beyond them is listed as placed elsewhere."
_DAMAGE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal ready for its one writer. ``notice`` tells what had to be set aside, in words."""

    connection: sqlite3.Connection
    notice: str = ""


def open_journal(path: Path) -> Opened:
    """Open or begin the journal, overwriting nothing. Raises ``JournalTrouble``, ``sqlite3.Error`` or ``OSError``."""
    if not path.exists():
        return Opened(_begun(path))
    try:
        return _opened(path)
    except (Damaged, sqlite3.DatabaseError) as error:
        if not is_damage(error):
            raise
    return _begun_anew(path)


def is_damage(error: Exception) -> bool:
    """Whether the file itself is at fault, and not what stands around it."""
    undecodable = isinstance(error, sqlite3.OperationalError) and "decode" in str(error)
    return isinstance(error, Damaged) or undecodable or getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def _opened(path: Path) -> Opened:
    """What a program that was ended has left is looked at first: closing a database changes it."""
    if is_cut_to_nothing(path):
        raise Damaged
    remove(beginning_of(path))
    notice = _look_after_a_crash(path) if _has_wal(path) else ""
    connection = connect(path)
    try:
        verify(connection)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, notice)


def _look_after_a_crash(path: Path) -> str:
    """Raises ``Damaged`` before anything was changed; keeps a copy where the end of the log cannot be read."""
    look_at(path, verify)
    if is_whole(wal_of(path)):
        return ""
    return (
        f"The newest entries of the journal were not whole and are left out. A copy as it was found is kept as "
        f"{copy_aside(path).name}. {_ELSEWHERE}"
    )


def _begun(path: Path) -> sqlite3.Connection:
    """What a start that was killed has begun is finished; where it cannot be, it is made again."""
    made = beginning_of(path)
    try:
        _make(made, ())
    except (Damaged, sqlite3.DatabaseError) as error:
        if not is_damage(error):
            raise
        remove(made)
        _make(made, ())
    put_in_place(made, path)
    return connect(path)


def _begun_anew(path: Path) -> Opened:
    """Begin a new journal with what can still be read, and only then set the damaged one aside."""
    made = beginning_of(path)
    saved = [] if is_cut_to_nothing(path) else salvage(path)  # SQLite deletes the log of an empty database
    remove(made)
    _make(made, saved)
    aside = set_aside(path)
    put_in_place(made, path)
    notice = (
        f"The journal was damaged. It is kept as {aside.name}; a new one was begun "
        f"with the {len(saved)} entries that could be read. {_ELSEWHERE}"
    )
    return Opened(connect(path), notice)


def _make(made: Path, rows: Sequence[Row]) -> None:
    create_private(made)
    connection = connect(made)
    try:
        if rows:
            commit(connection, rows)
    finally:
        connection.close()


def _has_wal(path: Path) -> bool:
    wal = wal_of(path)
    return wal.exists() and wal.stat().st_size > 0
