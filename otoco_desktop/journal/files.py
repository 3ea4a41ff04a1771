"""The journal's files on disk: private from their creation, put in place whole, and set aside, never overwritten."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_COMPANIONS = ("-wal", "-shm", "-journal")


def create_private(path: Path) -> None:
    """Make the folder (0700) and an empty file (0600) where there is none. Raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


def beginning_of(path: Path) -> Path:
    """The name under which a journal is made before it is put in place."""
    return path.with_name(f"{path.stem}.beginning{path.suffix}")


def history_of(path: Path) -> Path:
    """Where the journal's history is kept, which can be made anew from the journal."""
    return path.with_name(f"{path.stem}.history{path.suffix}")


def wal_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(f"{path.name}-wal")


def put_in_place(made: Path, path: Path) -> None:
    """Give a finished file its name, durably, where that name is not taken. Raises ``OSError``."""
    sync(made)
    if os.name == "posix":
        os.link(made, path)
        made.unlink()
    else:
        made.rename(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Return when the file's content survives power loss. Raises ``OSError``."""
    opened = os.open(path, os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder survive power loss, where the system has a call for it."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_cut_to_nothing(path: Path) -> bool:
    """Whether a journal that was there is empty now."""
    return path.exists() and path.stat().st_size == 0


def remove(path: Path) -> None:
    """Remove a database that holds nothing of its own, and what belongs to it."""
    for each in (path, *_companions(path)):
        each.unlink(missing_ok=True)


def free_name(path: Path, what: str) -> Path:
    """``journal.<what>-1.sqlite3``, or the first number after it that is not taken."""
    number = 1
    while (name := path.with_name(f"{path.stem}.{what}-{number}{path.suffix}")).exists():
        number += 1
    return name


def set_aside(path: Path) -> Path:
    """Give the file, and what belongs to it, a name that is not taken yet. Raises ``OSError``."""
    aside = free_name(path, "damaged")
    path.rename(aside)
    for companion in _companions(path):
        if companion.exists():
            companion.rename(aside.with_name(companion.name.replace(path.name, aside.name, 1)))
    sync_folder(path.parent)
    return aside


def copy_aside(path: Path) -> Path:
    """A copy of the file and its write-ahead log, byte for byte, before SQLite touches them. Raises ``OSError``."""
    aside = free_name(path, "damaged")
    for source, copy in ((path, aside), (wal_of(path), wal_of(aside))):
        create_private(copy)
        shutil.copyfile(source, copy)
        sync(copy)
    sync_folder(path.parent)
    return aside


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in _COMPANIONS]
