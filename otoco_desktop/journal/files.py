"""The journal's file on disk: private from its creation, and set aside rather than ever overwritten."""

from __future__ import annotations

import os
from pathlib import Path

_COMPANIONS = ("-wal", "-shm", "-journal")


def create_private(path: Path) -> None:
    """Make the folder (0700) and an empty file (0600) where there is none. Raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


def is_cut_to_nothing(path: Path) -> bool:
    """Whether a journal that was there is empty now."""
    return path.exists() and path.stat().st_size == 0


def set_aside(path: Path) -> Path:
    """Give the file, and what belongs to it, a name that is not taken yet. Raises ``OSError``."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    for ending in _COMPANIONS:
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + ending))
    return aside
