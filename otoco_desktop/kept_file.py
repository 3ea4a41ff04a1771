"""A small file of the program's own: replaced as a whole, readable by its owner alone, set aside when it is no use."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from errno import EEXIST
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Manner(Generic[Kept]):
    """What is in a file, under which name and version, and what is said when it cannot be had.

    ``lost`` follows the reason and the name the file was given: ``Your presets {reason}{kept}.``
    """

    name: str
    version: int
    kind: type[Kept]
    fresh: Callable[[], Kept]
    unreadable: str
    lost: str
    most_bytes: int = 1_000_000


class KeptFile(Generic[Kept]):
    """A versioned JSON file. Use it from one thread at a time.

    ``notice`` is for people: what became of a file that could not be used. One that cannot be read as ours, or that a
    later version of the program has written, is set aside under a name of its own, never overwritten.
    """

    def __init__(self, path: Path, manner: Manner[Kept]) -> None:
        self._path = path
        self._manner = manner
        self._unread = False
        self.notice = ""

    def load(self) -> Kept:
        """What was kept, or what there is without a file. Never raises."""
        try:
            if self._path.stat().st_size > self._manner.most_bytes:
                return self._set_aside("are too many to be read")
            data = self._path.read_bytes()
        except FileNotFoundError:
            return self._manner.fresh()
        except OSError as error:
            self._unread = True
            self.notice = self._manner.unreadable.format(reason=error.strerror or type(error).__name__)
            return self._manner.fresh()
        return self._read(data)

    def save(self, kept: Kept) -> None:
        """Replace the file as a whole; it is on the disk when this returns. Raises ``OSError``.

        One that was there and could not be read, which may pass, is not replaced: it gets a name of its own first.
        """
        if self._unread and self._path.is_file() and not set_aside(self._path):
            raise OSError(EEXIST, "the one that could not be read is in its place")
        self._unread = False
        whole = {"version": self._manner.version, self._manner.name: kept}
        write_whole(self._path, msgspec.json.format(msgspec.json.encode(whole), indent=1))

    def _read(self, data: bytes) -> Kept:
        try:
            parts = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
            if msgspec.json.decode(parts["version"], type=int) == self._manner.version:
                return msgspec.json.decode(parts[self._manner.name], type=self._manner.kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, RecursionError):
            return self._set_aside("were damaged")
        return self._set_aside("are of another version of this program")

    def _set_aside(self, reason: str) -> Kept:
        name = set_aside(self._path)
        self.notice = self._manner.lost.format(reason=reason, kept=f" and are kept as {name}" if name else "")
        return self._manner.fresh()


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file; it is on the disk when this returns, the old one or the new one. Raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def set_aside(path: Path) -> str:
    """Give the file a name that no other has, and tell it; empty when that cannot be done."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError:
        return ""
    return aside.name
