"""Writes a text to a file that the trader has chosen: complete or not at all, for this user alone."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class NotSaved(Exception):
    """The file could not be written; the text is for the trader. What stood there before still stands there."""


def save(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write to a name beside it, then move it into place, mode 0600. Blocks. Raises ``NotSaved``.

    A character that the encoding does not have becomes a question mark.
    """
    try:
        _replace(path, text.encode(encoding, "replace"))
    except OSError as trouble:
        raise NotSaved(_sentence(path, trouble)) from None


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", suffix=".part", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _sentence(path: Path, trouble: OSError) -> str:
    """What is wrong, and what to do."""
    if trouble.errno in FULL:
        return f"{path.name} was not saved: the disk is full. Free some space or choose another folder."
    if trouble.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{path.name} was not saved: {path.parent} cannot be written. Choose another folder."
    why = trouble.strerror or type(trouble).__name__
    return f"{path.name} was not saved in {path.parent}: {why}. Choose another folder."
