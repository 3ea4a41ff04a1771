"""Logging to a rotated file in the data directory. Libraries that print whole frames or bodies are held at WARNING.

``websockets`` prints the complete sign-in frame, key and signature included, at DEBUG; ``httpx`` prints every
URL at INFO.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

QUIET = ("websockets", "httpx", "httpcore", "uvicorn", "asyncio", "qasync")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up(directory: Path) -> None:
    """Log to ``otoco.log`` in the directory. The program's umask keeps it private. Raises ``OSError``."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(directory / "otoco.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def shut_down() -> None:
    """Close and remove what ``set_up`` added."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()
