"""The drafts of one account on disk: a small versioned JSON file, written whole, never holding a secret.

One that cannot be read as ours, or that a later version of the program has written, is set aside under a name of its
own and told, never overwritten.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from otoco_desktop.domain.drafts import DraftBook
from otoco_desktop.kept_file import set_aside, write_whole

VERSION = 1
MOST_BYTES = 1_000_000
"""Far more than the most drafts with the longest texts take."""


class _File(msgspec.Struct, frozen=True):
    version: int
    drafts: DraftBook


class _Head(msgspec.Struct, frozen=True):
    version: int


class DraftsFile:
    """Use it from one thread at a time. ``notice`` is for people: what became of a file that could not be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notice = ""

    def load(self) -> DraftBook:
        """What was typed and not sent. Never raises: without drafts the ticket is empty."""
        try:
            if self._path.stat().st_size > MOST_BYTES:
                return self._set_aside("are too many to be read")
            data = self._path.read_bytes()
        except FileNotFoundError:
            return DraftBook()
        except OSError as error:
            self.notice = f"Your drafts cannot be read ({error.strerror})."
            return DraftBook()
        return self._read(data)

    def save(self, book: DraftBook) -> None:
        """Replace the file as a whole; it is on the disk when this returns. Raises ``OSError``."""
        write_whole(self._path, msgspec.json.format(msgspec.json.encode(_File(VERSION, book)), indent=1))

    def _read(self, data: bytes) -> DraftBook:
        try:
            version = msgspec.json.decode(data, type=_Head).version
            if version == VERSION:
                return msgspec.json.decode(data, type=_File).drafts
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return self._set_aside("were damaged")
        return self._set_aside("are of another version of this program")

    def _set_aside(self, reason: str) -> DraftBook:
        name = set_aside(self._path)
        self.notice = f"Your drafts {reason}{f' and are kept as {name}' if name else ''}. The list starts empty."
        return DraftBook()
