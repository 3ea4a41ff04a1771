"""What this computer offers the program, in a few lines: for support, and for whoever packages it."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from otoco_desktop import __version__
from otoco_desktop.domain.errors import VaultTrouble
from otoco_desktop.settings import APP_NAME, Places, make_private

LACKING_EXIT = 1


class LackingError(Exception):
    """Something the program needs is not there; the text is a sentence for a person."""


def run(places: Places) -> int:
    """Print what was found; the exit code is 0 when nothing is lacking, 1 otherwise. Reads no key."""
    results = [_line(*each) for each in (("Window", _window), ("Data", lambda: _data(places)), ("Keyring", _keyring))]
    print(f"{APP_NAME} {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for _, text in results:
        print(text)
    return 0 if all(fine for fine, _ in results) else LACKING_EXIT


def _line(title: str, look: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, f"{title}: {look()}"
    except LackingError as lacking:
        return False, f"{title}: lacking. {lacking}"


def _window() -> str:
    """Qt's version, and that fonts and icons are there."""
    from PySide6.QtCore import qVersion  # noqa: PLC0415 - only when asked for

    from otoco_desktop.ui.shell.resources import resources  # noqa: PLC0415 - only when asked for

    try:
        icons = len(list((resources() / "icons").glob("*.svg")))
    except FileNotFoundError as error:
        raise LackingError(str(error)) from error
    return f"Qt {qVersion()}, {icons} icons"


def _data(places: Places) -> str:
    try:
        make_private(places.home)
        with tempfile.NamedTemporaryFile(dir=places.home) as trial:
            trial.write(b"trial")
            os.fsync(trial.fileno())
    except OSError as error:
        raise LackingError(f"{places.home} cannot be written ({error.strerror}).") from error
    return f"{Path(places.home)} can be written"


def _keyring() -> str:
    """The backend that keys would be kept in; the keyring itself is not opened."""
    from otoco_desktop.vault import backends  # noqa: PLC0415 - only when asked for

    try:
        return backends.name_of(type(backends.choose()))
    except VaultTrouble as trouble:
        raise LackingError(str(trouble)) from trouble
