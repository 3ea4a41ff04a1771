"""The API key of this installation: random, in a file that only its owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec

from otoco_desktop.practice.dialect import Key
from otoco_desktop.practice.store import StoreError, private_folder

FILE_NAME = "practice-key.json"


class _KeyFile(msgspec.Struct, frozen=True):
    api_key: str
    secret: str


def load_or_make(folder: Path) -> tuple[Key, Path]:
    """The key in a folder, made at first use. Raises `StoreError` where it cannot be read or written."""
    path = folder / FILE_NAME
    private_folder(folder)
    try:
        if not path.exists():
            _write(path, _KeyFile(secrets.token_hex(11), f"practice_{secrets.token_urlsafe(32)}"))
        made = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
    except OSError as error:
        raise StoreError(f"The practice key cannot be used: {path} ({error.strerror})") from error
    except msgspec.MsgspecError:
        # The reason is not chained: it may quote the secret.
        raise StoreError(f"The practice key cannot be read: {path}. Delete it, a new one is made.") from None
    return Key(made.api_key, made.secret), path


def _write(path: Path, key: _KeyFile) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(key))
    fresh.replace(path)
