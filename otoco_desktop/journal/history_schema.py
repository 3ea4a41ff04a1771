"""The history's file: one row for each strategy, and how far into the journal it has read.

It holds nothing that the journal does not: a file that is missing, damaged or of another version is made anew.
"""

from __future__ import annotations

import logging
import sqlite3
import zlib
from pathlib import Path

from otoco_desktop.journal.files import create_private, remove
from otoco_desktop.journal.schema import Damaged

APPLICATION_ID = 0x4F54_4F48
"""``OTOH``."""

VERSION = 1
"""Any change to the tables, or to what a row says of a strategy, is another version."""

_TABLES = (
    """
    CREATE TABLE strategies (
        strategy_id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        list_id TEXT NOT NULL,
        at_hand INTEGER NOT NULL,
        groups INTEGER NOT NULL,
        instrument TEXT NOT NULL,
        tag TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        closed_ms INTEGER NOT NULL,
        r_millionths INTEGER,
        sought TEXT NOT NULL,
        body TEXT NOT NULL,
        check_sum INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX at_hand ON strategies (number) WHERE at_hand = 1",
    "CREATE INDEX by_number ON strategies (number)",
    "CREATE INDEX by_list ON strategies (list_id) WHERE list_id <> ''",
    "CREATE INDEX by_creation ON strategies (created_ms, number)",
    "CREATE INDEX by_closing ON strategies (closed_ms, number)",
    "CREATE INDEX by_instrument ON strategies (instrument, number)",
    "CREATE TABLE mark (sequence INTEGER NOT NULL, check_sum INTEGER NOT NULL) STRICT",
    "INSERT INTO mark VALUES (0, 0)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)
COLUMNS = (
    "strategy_id",
    "number",
    "list_id",
    "at_hand",
    "groups",
    "instrument",
    "tag",
    "created_ms",
    "closed_ms",
    "r_millionths",
    "sought",
    "body",
)
INSERT = f"INSERT OR REPLACE INTO strategies VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"  # noqa: S608 - fixed names
_UNSOUND = f"SELECT 1 FROM strategies WHERE check_sum IS NOT row_sum({', '.join(COLUMNS)}) LIMIT 1"  # noqa: S608 - fixed names

logger = logging.getLogger(__name__)


def row_sum(*columns: object) -> int:
    """The check sum of a row's other columns."""
    return zlib.crc32(repr(columns).encode("utf-8", "surrogatepass"))


def connect(path: Path) -> sqlite3.Connection:
    """Open the history, made anew where it cannot be used. Raises ``OSError`` and ``sqlite3.Error``."""
    create_private(path)
    try:
        return _checked(path)
    except (Damaged, sqlite3.DatabaseError) as error:
        logger.info("the history is made anew: %s", error)
        remove(path)
        create_private(path)
        return _checked(path)


def in_memory() -> sqlite3.Connection:
    """A history for one run, where no file can be kept."""
    connection = _opened(":memory:")
    _create(connection)
    return connection


def _checked(path: Path) -> sqlite3.Connection:
    connection = _opened(path)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(place: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, isolation_level=None, timeout=0.25, check_same_thread=False)
    connection.create_function("row_sum", -1, row_sum, deterministic=True)
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file; refuse one that is not sound. Raises ``Damaged``."""
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
        _create(connection)
    owner, version = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
    if owner != (APPLICATION_ID,) or version != (VERSION,):
        raise Damaged
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise Damaged
    if connection.execute(_UNSOUND).fetchone() is not None:
        raise Damaged


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("COMMIT")
