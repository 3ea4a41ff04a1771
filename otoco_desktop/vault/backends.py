"""Which of the system's keyrings may be used: those known by name to encrypt, and no other.

``keyring`` by itself would take any installed backend, a plaintext one included, and one that stores nothing when an
environment variable says so. All of this runs on the vault's thread, since ``keyring`` takes a while to import.
"""

from __future__ import annotations

import configparser
import importlib
import os
import sys
from typing import TYPE_CHECKING

from otoco_desktop.domain.errors import NoKeyring, UnsafeKeyring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keyring.backend import KeyringBackend

_LINUX = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.libsecret.Keyring",
)
_OF_SYSTEM = {"win32": ("keyring.backends.Windows.WinVaultKeyring",), "darwin": ("keyring.backends.macOS.Keyring",)}
SAFE = (*_LINUX, *_OF_SYSTEM["win32"], *_OF_SYSTEM["darwin"])
# These stand for "none": one always fails, one stores nothing, one only asks the others.
_NONE = (
    "keyring.backends.fail.Keyring",
    "keyring.backends.null.Keyring",
    "keyring.backends.chainer.ChainerBackend",
)


def choose() -> KeyringBackend:
    """The best allowed backend of this computer. Raises ``NoKeyring`` or ``UnsafeKeyring``.

    A backend that was chosen by name for all of keyring's users is respected when it is allowed, and refused with
    its name when it is not: who disabled the keyring does not want entries in it.
    """
    wanted = configured()
    if wanted and wanted not in SAFE:
        raise UnsafeKeyring(wanted)
    # Another system's module is not even loaded: that of macOS starts programs to look for libraries.
    names = (wanted,) if wanted else _OF_SYSTEM.get(sys.platform, _LINUX)
    # A message bus that is slow to answer looks like none at all: it is asked once more.
    usable = _usable(names) or _usable(names)
    if not usable:
        raise _refusal()
    return max(usable, key=lambda backend: backend.priority)()


def _usable(names: Sequence[str]) -> list[type[KeyringBackend]]:
    return [backend for backend in map(_load, names) if backend.viable]


def configured() -> str:
    """The backend named in ``PYTHON_KEYRING_BACKEND`` or keyring's own configuration file; empty if none is."""
    from keyring.util import platform_  # noqa: PLC0415 - imported on the vault's thread

    named = os.environ.get("PYTHON_KEYRING_BACKEND", "").strip()
    if named:
        return named
    settings = configparser.RawConfigParser()
    try:
        settings.read(platform_.config_root() / "keyringrc.cfg", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return settings.get("backend", "default-keyring", fallback="").strip()


def name_of(backend: type[KeyringBackend]) -> str:
    return f"{backend.__module__}.{backend.__qualname__}"


def _load(name: str) -> type[KeyringBackend]:
    module, _, qualified = name.rpartition(".")
    backend: type[KeyringBackend] = getattr(importlib.import_module(module), qualified)
    return backend


def _refusal() -> NoKeyring | UnsafeKeyring:
    """Name the backend that other programs would use here, if there is one."""
    from keyring.backend import get_all_keyring  # noqa: PLC0415 - imported on the vault's thread

    others = [each for each in get_all_keyring() if name_of(type(each)) not in (*SAFE, *_NONE)]
    if not others:
        return NoKeyring()
    return UnsafeKeyring(name_of(type(max(others, key=lambda each: each.priority))))
