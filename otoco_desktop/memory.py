"""What the window remembers between starts: sizes, splitters, the last instrument. Never an order, never a secret.

A small versioned JSON file. One that cannot be read is set aside under another name and told, never overwritten.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

VERSION = 1


class WindowMemory:
    """Values by key, kept in memory and written when asked. ``notice`` tells of a damaged file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, str] = {}
        self._changed = False
        self.notice = ""

    def load(self) -> None:
        """Read the file, once, before the window is shown. Never raises: without memory the window opens as new."""
        try:
            self._values = _read(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except OSError as error:
            self.notice = f"The window's memory cannot be read ({error.strerror}); it opens as new."
        except ValueError:
            self._set_aside()

    def get(self, key: str) -> str | None:
        return self._values.get(key)

    def put(self, key: str, value: str) -> None:
        if self._values.get(key) != value:
            self._values[key] = value
            self._changed = True

    def save(self) -> None:
        """Write the file if anything changed; call it off the window's thread. Raises ``OSError``."""
        if not self._changed:
            return
        write_private(self._path, json.dumps({"version": VERSION, "values": self._values}, indent=1, sort_keys=True))
        self._changed = False

    def _set_aside(self) -> None:
        aside = self._path.with_suffix(".damaged.json")
        try:
            self._path.replace(aside)
        except OSError:
            aside = self._path
        self.notice = f"The window's memory was damaged and is kept as {aside.name}; it opens as new."


def write_private(path: Path, text: str) -> None:
    """Replace the file by one that only its owner may read; it is the old one or the new one. Raises ``OSError``."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def _read(text: str) -> dict[str, str]:
    """The values of a file. Raises ``ValueError`` when it is not one of ours."""
    held = json.loads(text)
    if not isinstance(held, dict) or held.get("version") != VERSION:
        raise ValueError("not a memory of this version")
    values = held.get("values")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise ValueError("values are not texts")
    return values
