"""The names of an environment's stored accounts, in a small file without any secret.

A keyring cannot list its entries on every system, and asking it may open a question; so the names lie beside the
journal, where the window can show them at once. Versioned JSON, written whole; one that cannot be read is set aside
under another name and told. A lost list loses no key: an entry is listed again when it is next read.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import msgspec

from otoco_desktop.domain.credentials import KnownKey
from otoco_desktop.domain.errors import AccountListFailed

VERSION = 1


class _File(msgspec.Struct, frozen=True):
    version: int
    accounts: tuple[KnownKey, ...]


class AccountList:
    """The list on disk. Safe to use from two threads; each call reads or writes the file. ``notice`` is for people."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.notice = ""

    def all(self) -> tuple[KnownKey, ...]:
        """By name, the unnamed account first. Raises ``AccountListFailed``."""
        with self._lock:
            return self._read()

    def find(self, name: str) -> KnownKey | None:
        """Raises ``AccountListFailed``."""
        return next((known for known in self.all() if known.name == name), None)

    def put(self, known: KnownKey) -> None:
        """Add it, or replace the one of its name. Raises ``AccountListFailed``."""
        with self._lock:
            before = self._read()
            others = [each for each in before if each.name != known.name]
            self._write_if_new(before, (*others, known))

    def drop(self, name: str) -> None:
        """Raises ``AccountListFailed``."""
        with self._lock:
            before = self._read()
            self._write_if_new(before, tuple(each for each in before if each.name != name))

    def _read(self) -> tuple[KnownKey, ...]:
        try:
            held = msgspec.json.decode(self._path.read_bytes(), type=_File)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise AccountListFailed(f"The list of accounts cannot be read ({error.strerror}).") from error
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return self._set_aside("was damaged")
        if held.version != VERSION:
            return self._set_aside("is of another version of this program")
        return held.accounts

    def _set_aside(self, reason: str) -> tuple[KnownKey, ...]:
        number = 1
        while (aside := self._path.with_name(f"{self._path.stem}.damaged-{number}{self._path.suffix}")).exists():
            number += 1
        try:
            self._path.rename(aside)
        except OSError as error:
            raise AccountListFailed(f"The list of accounts {reason}, and cannot be set aside.") from error
        self.notice = (
            f"The list of accounts {reason} and is kept as {aside.name}. Your keys are still in the OS keyring; "
            "an account appears here again when you open it by its name."
        )
        return ()

    def _write_if_new(self, before: tuple[KnownKey, ...], after: tuple[KnownKey, ...]) -> None:
        ordered = tuple(sorted(after, key=lambda known: known.name))
        if ordered == before:
            return
        try:
            self._write(msgspec.json.format(msgspec.json.encode(_File(VERSION, ordered)), indent=1))
        except OSError as error:
            raise AccountListFailed(f"The list of accounts cannot be written ({error.strerror}).") from error

    def _write(self, body: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
