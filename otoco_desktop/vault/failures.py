"""What a keyring's errors mean. Their own text is never passed on; it may be in any language and hold anything."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from otoco_desktop.domain.errors import KeyringCancelled, KeyringFailed, KeyringLocked, NoKeyring, VaultTrouble

# A keyring says "locked" alike when nothing could ask and when the person declined. Nobody declines this fast.
_FASTEST_PERSON_S = 0.5
# What the allowed backends let through besides keyring's own errors; looked up only where they are in use.
_DRIVER_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("jeepney.io.common", "RouterClosed"),
    ("dbus.exceptions", "DBusException"),
    ("gi.repository.GLib", "Error"),
    ("win32ctypes.pywin32.pywintypes", "error"),
    ("keyring.backends.macOS.api", "Error"),
)

# Of the Secret Service's client, whose errors keyring partly wraps: the service left the bus; it would not open.
_GONE = {"SecretServiceNotAvailableException"}
_LOCKED = {"LockedException", "PromptDismissedException"}


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a backend raises into a ``VaultTrouble``; the original goes no further."""
    began = time.monotonic()
    try:
        yield
    except _known_errors() as error:
        raise _meaning(error, time.monotonic() - began) from None


def _known_errors() -> tuple[type[Exception], ...]:
    from keyring.errors import KeyringError  # noqa: PLC0415 - imported on the vault's thread

    # ValueError: an entry that is no text, or a sign-in to the bus that went wrong.
    return (KeyringError, OSError, ValueError, *_driver_errors())


def _driver_errors() -> Iterator[type[Exception]]:
    for module, name in _DRIVER_ERRORS:
        error = getattr(sys.modules.get(module), name, None)
        if isinstance(error, type) and issubclass(error, Exception):
            yield error


def _meaning(error: Exception, seconds: float) -> VaultTrouble:
    from keyring import errors  # noqa: PLC0415 - imported on the vault's thread

    kinds = {type(each).__name__ for each in (error, error.__cause__)}
    if isinstance(error, errors.NoKeyringError) or kinds & _GONE:
        return NoKeyring()
    if isinstance(error, errors.KeyringLocked) or kinds & _LOCKED:
        return KeyringCancelled() if seconds >= _FASTEST_PERSON_S else KeyringLocked()
    return KeyringFailed(type(error).__name__)
