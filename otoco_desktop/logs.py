"""Logging to a rotated file in the data directory, without anything secret in it.

Another thread writes, so that a slow disk never stops the window. Libraries that print whole frames or bodies are
held at WARNING: ``websockets`` prints the complete sign-in frame, key and signature included, at DEBUG; ``httpx``
prints every URL at INFO. Behind that stands a second wall: whatever is written has the values of secret fields taken
out, and every piece that is a key in use.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Any

QUIET = ("websockets", "httpx", "httpcore", "uvicorn", "asyncio", "qasync", "keyring", "secretstorage", "jeepney")
REDACTED = "[hidden]"
LONGEST_WORD = 2_000
NAME = "otoco.log"
TAIL_LINES = 200
_TAIL_BYTES = 64 * 1024
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# A field of JSON, of a Python dict, of a repr or of a query; quotes may be escaped where text is quoted in text.
_FIELD = re.compile(
    r"""(?P<head>\b(?:api_?key|sig|signature|secret(?:_?key)?|password|passphrase)(?:\\*["'])?\s*[:=]\s*)"""
    r"""(?P<value>\\*"(?:[^"\\]|\\.)*\\*"|\\*'(?:[^'\\]|\\.)*\\*'|[^\s,;&})\]"']+)""",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s\"'\\,;:&(){}\[\]<>=]{8,}")


class Redactor:
    """Takes secrets out of text. Keeps no secret itself, only a keyed hash of each, so it can be asked of a dump."""

    def __init__(self) -> None:
        self._salt = os.urandom(16)
        self._hidden: dict[bytes, int] = {}

    def hide(self, *words: str) -> None:
        """From now on these are taken out wherever they stand; anything under eight characters is too common."""
        for word in words:
            if len(word) >= 8:
                self._hidden[self._mark(word)] = len(word)

    def clean(self, text: str) -> str:
        """The text without the values of secret fields and without what was hidden."""
        text = _FIELD.sub(lambda found: found["head"] + REDACTED, text)
        return _WORD.sub(lambda found: self._clean_word(found[0]), text) if self._hidden else text

    def _clean_word(self, word: str) -> str:
        """Looks at every stretch of the word that is as long as something hidden; a very long one is left out."""
        if len(word) > LONGEST_WORD:
            return f"[{len(word)} characters]"
        for length in sorted(set(self._hidden.values()), reverse=True):
            for start in range(len(word) - length + 1):
                if self._mark(word[start : start + length]) in self._hidden:
                    return self._clean_word(word[:start]) + REDACTED + self._clean_word(word[start + length :])
        return word

    def _mark(self, word: str) -> bytes:
        return hmac.digest(self._salt, word.encode(errors="surrogatepass"), hashlib.sha256)


class RedactingFormatter(logging.Formatter):
    """Cleans the finished line, so that arguments, tracebacks and what exceptions say pass through it too."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


redactor = Redactor()
"""The one of this process: tell it every key that is loaded, and clean with it what a person may send to others."""


def set_up(directory: Path, level: int = logging.INFO) -> None:
    """Log to ``otoco.log`` in the directory. The program's umask keeps it private. Raises ``OSError``."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(directory / NAME, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(RedactingFormatter(redactor))
    root = logging.getLogger()
    root.addHandler(_Behind(handler))
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def tail(directory: Path, lines: int = TAIL_LINES) -> list[str]:
    """The newest lines that were written, without secrets as everything there; none where there is no log. Blocks."""
    try:
        with (directory / NAME).open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES)
            file.seek(start)
            found = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return found[1 if start else 0 :][-lines:]


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
