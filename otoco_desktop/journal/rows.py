"""Facts as rows of the journal's table: stored in one transaction, and compared with their check sums when read."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path

from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import Fact
from otoco_desktop.journal.codec import decode, encode, type_name
from otoco_desktop.journal.schema import Damaged

_INSERT = "INSERT INTO facts (strategy_id, type, body, check_sum) VALUES (?, ?, ?, ?)"
_SELECT = "SELECT body, check_sum FROM facts ORDER BY sequence"
_SELECT_UNSOUND = """
    SELECT 1 FROM facts
    WHERE check_sum IS NOT crc32(CAST(body AS BLOB)) OR instr(body, '"' || strategy_id || '"') = 0
    LIMIT 1
"""
_SELECT_WHOLE = "SELECT strategy_id, type, body, check_sum FROM facts ORDER BY sequence"

Row = tuple[str, str, str, int]
"""Strategy id, type, body and the body's check sum."""


def row_of(fact: Fact) -> Row:
    body = encode(fact)
    return (fact.strategy_id, type_name(fact), body, zlib.crc32(body.encode()))


def commit(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Store all or none; durable when it returns. Raises ``sqlite3.Error``."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(_INSERT, rows)
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def verify(connection: sqlite3.Connection) -> None:
    """Compare every body with its check sum, and with whom it is filed under; keeps none. Raises ``Damaged``.

    SQLite itself does not notice a flipped bit in a text.
    """
    connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
    if connection.execute(_SELECT_UNSOUND).fetchone() is not None:
        raise Damaged


def read_bodies(connection: sqlite3.Connection) -> list[str]:
    """Every body, each compared with its check sum. Raises ``Damaged``."""
    bodies = []
    for body, check_sum in connection.execute(_SELECT):
        if zlib.crc32(body.encode()) != check_sum:
            raise Damaged
        bodies.append(body)
    return bodies


def salvage(path: Path) -> list[Row]:
    """The sound rows of a damaged file, as far as it can be read; it is opened without changing it."""
    saved: list[Row] = []
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return saved
    try:
        saved.extend(row for row in connection.execute(_SELECT_WHOLE) if _is_sound(row))
    except sqlite3.Error:
        return saved
    finally:
        connection.close()
    return saved


def _is_sound(row: Row) -> bool:
    if zlib.crc32(row[2].encode()) != row[3]:
        return False
    try:
        return decode(row[2]).strategy_id == row[0]
    except JournalTrouble:
        return False
