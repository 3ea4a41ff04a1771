"""One environment's preferences on disk: a small versioned JSON file, written whole, never holding a secret.

One that cannot be read as ours is set aside under a name of its own and told; the program goes on with what it
comes with, which is the careful choice everywhere.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.kept_file import set_aside, write_whole

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
        write_whole(self._path, msgspec.json.format(msgspec.json.encode(_File(VERSION, chosen)), indent=1))

    def _read(self, data: bytes) -> Preferences:
        try:
            version = msgspec.json.decode(data, type=_Head).version
            if version == VERSION:
                return msgspec.json.decode(data, type=_File).preferences
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return self._set_aside("were damaged")
        return self._set_aside("are of another version of this program")

    def _set_aside(self, reason: str) -> Preferences:
        name = set_aside(self._path)
        kept = f" and are kept as {name}" if name else ""
        self.notice = f"The settings {reason}{kept}. The program's own are used: check your limits before you trade."
        return Preferences()
