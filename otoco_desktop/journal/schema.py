"""The journal's tables, how the file is opened, and the numbered steps from one version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from otoco_desktop.domain.errors import JournalNewer, JournalTrouble
from otoco_desktop.journal.files import create_private, free_name, put_in_place, remove

APPLICATION_ID = 0x4F54_4F43
"""``OTOC``: tells this program's journals from any other SQLite file."""

BUSY_MS = 250

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE facts (
            sequence INTEGER PRIMARY KEY,
            strategy_id TEXT NOT NULL,
            type TEXT NOT NULL,
            body TEXT NOT NULL,
            check_sum INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX one_intent ON facts (strategy_id) WHERE type = 'intended'",
        """
        CREATE TRIGGER facts_stay BEFORE UPDATE ON facts
        BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END
        """,
        """
        CREATE TRIGGER facts_remain BEFORE DELETE ON facts
        BEGIN SELECT RAISE(ABORT, 'facts are never deleted'); END
        """,
    ),
    ("CREATE INDEX facts_of_strategy ON facts (strategy_id)",),
)
"""Step n brings a file from version n to n + 1; a released step is never edited."""

VERSION = len(STEPS)


class Damaged(Exception):
    """The file is not a sound database."""


def connect(path: Path) -> sqlite3.Connection:
    """Open for one exclusive writer whose commits survive power loss. Raises ``sqlite3.Error``, ``Damaged``."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
    try:
        for pragma in (
            "locking_mode = EXCLUSIVE",
            "cache_size = -512",
            "journal_mode = WAL",
            "synchronous = FULL",
            "fullfsync = ON",
            "checkpoint_fullfsync = ON",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
        _keep_older(connection, path)
        prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def look_at(path: Path, read: Callable[[sqlite3.Connection], object]) -> None:
    """Check a journal without changing a byte of it. Raises like ``connect``, and whatever ``read`` raises."""
    place = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=BUSY_MS / 1000)
    try:
        _check(connection)
        read(connection)
    finally:
        connection.close()


def prepare(connection: sqlite3.Connection) -> None:
    """Take the lock, check the file, bring it to this version. Raises ``JournalNewer``, ``JournalTrouble``."""
    connection.execute("BEGIN IMMEDIATE")
    _check(connection)
    _upgrade(connection)
    connection.execute("COMMIT")


def _check(connection: sqlite3.Connection) -> None:
    _refuse_strangers(connection)
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise Damaged


def _keep_older(connection: sqlite3.Connection, path: Path) -> None:
    """Before a file of an older version is changed, copy it beside itself under a name that tells the version."""
    found = _number(connection, "user_version")
    if not 0 < found < VERSION or _number(connection, "application_id") != APPLICATION_ID:
        return
    copy = free_name(path, f"version-{found}")
    making = copy.with_name(f"{copy.name}.making")
    remove(making)
    create_private(making)
    connection.execute("VACUUM INTO ?", (str(making),))
    put_in_place(making, copy)


def _upgrade(connection: sqlite3.Connection) -> None:
    """Run the missing steps; a file of this version is not touched."""
    for number in range(_number(connection, "user_version"), VERSION):
        for statement in STEPS[number]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number + 1}")


def _refuse_strangers(connection: sqlite3.Connection) -> None:
    found, owner = _number(connection, "user_version"), _number(connection, "application_id")
    if owner == APPLICATION_ID and found > VERSION:
        raise JournalNewer("The journal was written by a newer version of this program. Start that version.")
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    if owner != APPLICATION_ID and not is_empty:
        raise JournalTrouble("The journal file belongs to another program. Move it away and start again.")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
