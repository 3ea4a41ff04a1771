"""Keeps the practice book on disk, so that account and orders outlive the program.

One SQLite file; each save is one transaction of the rows that changed. WAL with `synchronous=NORMAL`
survives the end of the process at any moment; only a power cut may take back the last moments, which
practice money allows and which keeps a save far below a millisecond.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from otoco_desktop.practice.accounts import Account
from otoco_desktop.practice.book import Book, Changes
from otoco_desktop.practice.model import Fill, Leg

FILE_NAME = "practice.sqlite3"
_VERSION = 1
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE coins (coin TEXT PRIMARY KEY, quantity TEXT NOT NULL);
CREATE TABLE legs (order_id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE fills (trade_id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE marks (symbol TEXT PRIMARY KEY, price TEXT NOT NULL);
"""
_UPSERT = {
    "coins": "INSERT INTO coins VALUES (?, ?) ON CONFLICT (coin) DO UPDATE SET quantity = excluded.quantity",
    "legs": "INSERT INTO legs VALUES (?, ?) ON CONFLICT (order_id) DO UPDATE SET body = excluded.body",
    "fills": "INSERT INTO fills VALUES (?, ?) ON CONFLICT (trade_id) DO NOTHING",
    "marks": "INSERT INTO marks VALUES (?, ?) ON CONFLICT (symbol) DO UPDATE SET price = excluded.price",
    "meta": "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
}


class StoreError(Exception):
    """The practice book cannot be used; the text is a sentence for a person."""


class _Damaged(Exception):
    """The file is not a book of this program's making."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file held. `notice` is a sentence for a person where something was set aside."""

    book: Book
    marks: dict[str, Decimal]
    notice: str = ""


class Store:
    """The book on disk. One process at a time; used from one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.closed = False

    @classmethod
    def open(cls, folder: Path, start: Mapping[str, Decimal]) -> tuple[Store, Loaded]:
        """Open the book in a folder, or begin one with the starting balances.

        A file that cannot be read is renamed, never overwritten. Raises `StoreError` where the folder cannot
        be written or another process has the book open.
        """
        path = folder / FILE_NAME
        notice = ""
        try:
            return cls._try(path, start, "")
        except _Damaged:
            aside = _set_aside(path)
            notice = f"The practice book could not be read. It was set aside as {aside.name}; a new one begins."
        return cls._try(path, start, notice)

    def save(self, book: Book, changes: Changes) -> None:
        """Write what changed, all or nothing."""
        encode = msgspec.json.encode
        account = book.account
        with self._connection:
            self._put("coins", [(coin, str(account.quantity(coin))) for coin in changes.coins])
            self._put("legs", [(leg.order_id, encode(leg)) for leg in changes.kept.values()])
            self._put("fills", [(fill.trade_id, encode(fill)) for fill in changes.fills])
            self._put("meta", [("serial", str(book.serial))])

    def save_marks(self, marks: Mapping[str, Decimal]) -> None:
        """Write the newest prices, so that the next start goes on from them."""
        with self._connection:
            self._put("marks", [(symbol, str(price)) for symbol, price in marks.items()])

    def close(self) -> None:
        """Close the file."""
        self.closed = True
        self._connection.close()

    @classmethod
    def _try(cls, path: Path, start: Mapping[str, Decimal], notice: str) -> tuple[Store, Loaded]:
        connection = _connect(path)
        try:
            _prepare(connection, start)
            book, marks = _read(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            if "locked" in str(error):
                raise StoreError(f"Another program has the practice book open: {path}") from error
            raise StoreError(f"The practice book cannot be written: {path} ({error})") from error
        except (sqlite3.DatabaseError, msgspec.MsgspecError, ArithmeticError, _Damaged) as error:
            connection.close()
            raise _Damaged from error
        return cls(connection), Loaded(book, marks, notice)

    def _put(self, table: str, rows: list[tuple[str, str]] | list[tuple[str, bytes]]) -> None:
        if rows:
            self._connection.executemany(_UPSERT[table], rows)


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter. Raises `StoreError` where that fails."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreError(f"The practice folder cannot be used: {folder} ({error.strerror})") from error


def _connect(path: Path) -> sqlite3.Connection:
    private_folder(path.parent)
    try:
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=0.2, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The practice book cannot be opened: {path} ({error})") from error
    return connection


def _prepare(connection: sqlite3.Connection, start: Mapping[str, Decimal]) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA cache_size = -256")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, _VERSION):
        raise _Damaged
    if version == 0:
        rows = "".join(f"INSERT INTO coins VALUES ('{coin}', '{amount}');" for coin, amount in start.items())  # noqa: S608 - our own words
        connection.executescript(f"BEGIN;{_SCHEMA}{rows}PRAGMA user_version = {_VERSION};COMMIT;")
    if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise _Damaged


def _read(connection: sqlite3.Connection) -> tuple[Book, dict[str, Decimal]]:
    coins = {coin: Decimal(text) for coin, text in connection.execute("SELECT coin, quantity FROM coins")}
    decode_leg, decode_fill = msgspec.json.Decoder(Leg).decode, msgspec.json.Decoder(Fill).decode
    legs = [decode_leg(body) for (body,) in connection.execute("SELECT body FROM legs ORDER BY rowid")]
    fills = [decode_fill(body) for (body,) in connection.execute("SELECT body FROM fills ORDER BY rowid")]
    found = connection.execute("SELECT value FROM meta WHERE name = 'serial'").fetchone()
    marks = {s: Decimal(text) for s, text in connection.execute("SELECT symbol, price FROM marks")}
    book = Book(Account(coins), legs, fills, int(found[0]) if found else 0)
    if any(len(orders) != 3 for orders in book.lists.values()):
        raise _Damaged
    return book, marks


def _set_aside(path: Path) -> Path:
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
    number, target = 1, path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}")
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(target.with_name(target.name + ending))
    return target
