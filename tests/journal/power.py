"""A disk that loses what was not synced: a SQLite VFS that remembers each write until the sync that makes it last."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

VFS_NAME = "power-cut"


@dataclass
class Contents:
    """One file: what lasts, and what was written since the last sync, in order."""

    lasting: bytes | None = None
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def after_a_cut(self, keeps: Sequence[bool]) -> bytes | None:
        """What is found afterwards when of the unsynced writes only these came through; a file may be missing."""
        if self.lasting is None and not any(keeps):
            return None
        found = bytearray(self.lasting or b"")
        for (at, data), kept in zip(self.pending, keeps, strict=True):
            if kept:
                _apply(found, at, data)
        return bytes(found)

    def sync(self) -> None:
        self.lasting = self.after_a_cut([True] * len(self.pending)) or b""
        self.pending.clear()


def _apply(found: bytearray, at: int, data: bytes | None) -> None:
    """A write, or without data a cut to this length."""
    if data is None:
        del found[at:]
        return
    found.extend(b"\0" * (at - len(found)))
    found[at : at + len(data)] = data


@dataclass
class Disk:
    """Every file of one folder, and how it stood before each write and each sync: power may fail there."""

    files: dict[str, Contents] = field(default_factory=dict)
    images: list[dict[str, Contents]] = field(default_factory=list)

    def take(self, path: Path) -> None:
        """A file that lasts already."""
        self.files[path.name] = Contents(path.read_bytes())

    def note_moment(self) -> None:
        self.images.append({name: Contents(each.lasting, list(each.pending)) for name, each in self.files.items()})


def cut(image: dict[str, Contents], folder: Path, seed: int | None) -> None:
    """Lay a disk out as the power cut left it: without a seed nothing unsynced came through, with one some of it."""
    dice = random.Random(seed)  # noqa: S311 - which writes are lost, not a secret
    folder.mkdir()
    for name, each in image.items():
        keeps = [seed is not None and dice.random() < 0.5 for _ in each.pending]
        data = each.after_a_cut(keeps)
        if data is not None:
            (folder / name).write_bytes(data)


class PowerCutVFS(apsw.VFS):
    """The system's own, whose files report to a disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(VFS_NAME, base="")

    def xOpen(self, name: Any, flags: list[int]) -> PowerCutFile:  # noqa: N802 - SQLite's name
        return PowerCutFile(name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - SQLite's name
        super().xDelete(filename, syncdir)
        self._disk.files.pop(Path(filename).name, None)


class PowerCutFile(apsw.VFSFile):
    """One open file."""

    def __init__(self, name: Any, flags: list[int], disk: Disk) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk = disk
        self._contents = disk.files.setdefault(Path(path).name, Contents())

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note_moment()
        self._contents.pending.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note_moment()
        self._contents.pending.append((newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note_moment()
        super().xSync(flags)
        self._contents.sync()


class Connection:
    """apsw's connection by the names that the journal uses; ``weaken`` replaces what it sets for ``synchronous``."""

    def __init__(self, path: Path, weaken: str | None) -> None:
        self._connection = apsw.Connection(str(path), vfs=VFS_NAME)
        self._weaken = weaken

    def execute(self, statement: str, bindings: tuple[object, ...] = ()) -> Any:
        if self._weaken is not None and statement == "PRAGMA synchronous = FULL":
            statement = f"PRAGMA synchronous = {self._weaken}"
        try:
            return self._connection.execute(statement, bindings)
        except apsw.Error as error:
            raise sqlite3.OperationalError(str(error)) from error

    def executemany(self, statement: str, rows: Any) -> Any:
        return self._connection.executemany(statement, rows)

    def create_function(self, name: str, numargs: int, function: Any, *, deterministic: bool = False) -> None:
        self._connection.create_scalar_function(name, function, numargs, deterministic=deterministic)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def close(self) -> None:
        self._connection.close()
