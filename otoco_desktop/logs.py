"""Logging to a rotated file in the data directory. Libraries that print whole frames or bodies are held at WARNING.

Another thread writes, so that a slow disk never stops the window.

``websockets`` prints the complete sign-in frame, key and signature included, at DEBUG; ``httpx`` prints every
URL at INFO.
"""

from __future__ import annotations

import logging
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Any

QUIET = ("websockets", "httpx", "httpcore", "uvicorn", "asyncio", "qasync")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up(directory: Path) -> None:
    """Log to ``otoco.log`` in the directory. The program's umask keeps it private. Raises ``OSError``."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(directory / "otoco.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(_Behind(handler))
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def shut_down() -> None:
    """Write what is left, then close and remove what ``set_up`` added."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Behind)]:
        root.removeHandler(handler)
        handler.close()


class _Behind(QueueHandler):
    """Hands every record to a thread that gives it to the file."""

    def __init__(self, file: logging.Handler) -> None:
        records: SimpleQueue[Any] = SimpleQueue()
        super().__init__(records)
        self._file = file
        self._writer = QueueListener(records, file)
        self._writer.start()

    def close(self) -> None:
        self._writer.stop()
        self._file.close()
        super().close()
