"""One environment's preferences on disk: a small versioned JSON file, written whole, never holding a secret.

One that cannot be read as ours is set aside under a name of its own and told; the program goes on with what it
comes with, which is the careful choice everywhere.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from otoco_desktop.domain.preferences import Preferences

VERSION = 1
FILE_NAME = "preferences.json"


class _File(msgspec.Struct, frozen=True):
    version: int
    preferences: Preferences


class _Head(msgspec.Struct, frozen=True):
    version: int


class PreferencesFile:
    """Use it from one thread at a time. ``notice`` is for people: what became of a file that could not be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notice = ""

    def load(self) -> Preferences:
        """What was chosen, or what the program comes with. Never raises: without a file the program still trades."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return Preferences()
        except OSError as error:
            self.notice = f"The settings cannot be read ({error.strerror}). The program's own are used until they can."
            return Preferences()
        return self._read(data)

    def save(self, chosen: Preferences) -> None:
        """Replace the file as a whole; it is on the disk when this returns. Raises ``OSError``."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(_File(VERSION, chosen)), indent=1))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _read(self, data: bytes) -> Preferences:
        try:
            version = msgspec.json.decode(data, type=_Head).version
            if version == VERSION:
                return msgspec.json.decode(data, type=_File).preferences
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return self._set_aside("were damaged")
        return self._set_aside("are of another version of this program")

    def _set_aside(self, reason: str) -> Preferences:
        number = 1
        while (aside := self._path.with_name(f"{self._path.stem}.damaged-{number}{self._path.suffix}")).exists():
            number += 1
        try:
            self._path.rename(aside)
            kept = f" and are kept as {aside.name}"
        except OSError:
            kept = ""
        self.notice = f"The settings {reason}{kept}. The program's own are used: check your limits before you trade."
        return Preferences()
