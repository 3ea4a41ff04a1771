"""Reads pictures of the window as an onlooker does: by their pixels, with an independent reader of print.

Only what no earlier picture of the same window showed at the same place is read. A reader mixes up letters that look
alike, so those count as one, and a part of the secret is enough.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

TILE = 32
MARGIN, WORD = 12, 240
SCALE = 2
PART = 10
"""So many characters in a row are no accident."""

LOOK_ALIKE = str.maketrans("oqdilj|!szgb", "000111115298")


class Album:
    """Pictures of every open window, taken in turn. Only the changed stripes of each are kept."""

    def __init__(self) -> None:
        self._known: set[tuple[str, int, int, bytes]] = set()
        self._stripes: list[tuple[str, QImage]] = []
        self._texts: dict[str, str] = {}

    def take(self, name: str) -> None:
        """Look at every visible window now."""
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.width() > 1 and window.height() > 1:
                self.add(f"{name}: {type(window).__name__}", _grey(window))

    def add(self, name: str, picture: QImage) -> None:
        """Keep what no earlier picture of this kind of window has shown there."""
        kind = name.partition(": ")[2]
        stripes: list[QRect] = []
        for tile in _tiles(picture):
            mark = (kind, tile.x(), tile.y(), _bytes(picture.copy(tile)))
            if mark not in self._known:
                self._known.add(mark)
                _extend(stripes, tile)
        self._stripes += [(name, picture.copy(stripe & picture.rect())) for stripe in stripes]

    def find(self, secrets: Iterable[str], folder: Path) -> list[str]:
        """The names of the pictures that show a part of a secret. ``folder`` takes what is given to the reader."""
        parts = set().union(*(_parts(plain(secret)) for secret in secrets))
        return [name for name, shown in self.texts(folder).items() if any(part in shown for part in parts)]

    def texts(self, folder: Path) -> dict[str, str]:
        """What each picture shows that the one before did not; letters and digits alone. Read once."""
        by_name: dict[str, list[QImage]] = {}
        for name, stripe in self._stripes:
            by_name.setdefault(name, []).append(stripe)
        for name, stripes in by_name.items():
            if name not in self._texts:
                self._texts[name] = plain(_read(_stacked(stripes), folder))
        return self._texts


def _grey(window: QWidget) -> QImage:
    return window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def _tiles(picture: QImage) -> Iterator[QRect]:
    for y in range(0, picture.height(), TILE):
        for x in range(0, picture.width(), TILE):
            yield QRect(x, y, TILE, TILE) & picture.rect()


def _bytes(tile: QImage) -> bytes:
    return hashlib.sha256(bytes(tile.constBits())).digest()


def _extend(stripes: list[QRect], tile: QRect) -> None:
    """Around what is new, wide and high enough for the words and lines that its edges cut."""
    room = tile.adjusted(-WORD, -MARGIN, WORD, MARGIN)
    if stripes and stripes[-1].bottom() >= room.top():
        stripes[-1] = stripes[-1].united(room)
    else:
        stripes.append(room)


def _stacked(stripes: list[QImage]) -> QImage:
    """All in one picture, one below the other, dark on light."""
    size = QPoint(max(each.width() for each in stripes), sum(each.height() + MARGIN for each in stripes))
    sheet = QImage(size.x(), size.y(), QImage.Format.Format_Grayscale8)
    sheet.fill(QColor("white"))
    painter, top = QPainter(sheet), 0
    for each in stripes:
        light = QImage(each)
        if _is_dark(each):
            light.invertPixels()
        painter.drawImage(0, top, light)
        top += each.height() + MARGIN
    painter.end()
    return sheet.scaled(sheet.size() * SCALE, mode=Qt.TransformationMode.SmoothTransformation)


def _is_dark(picture: QImage) -> bool:
    dot = picture.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    return dot.pixelColor(0, 0).lightness() < 128


def _read(picture: QImage, folder: Path) -> str:
    at = folder / "seen.png"
    assert picture.save(str(at))
    # One thread: on a small machine more of them wait for each other.
    done = subprocess.run(
        ["tesseract", str(at), "-", "--psm", "11", "--dpi", "150"],
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    at.unlink()
    return done.stdout


def plain(text: str) -> str:
    """Letters and digits alone, and one for all that look alike."""
    return "".join(each for each in text.lower().translate(LOOK_ALIKE) if each.isalnum())


def _parts(secret: str) -> set[str]:
    assert len(secret) >= PART
    return {secret[start : start + PART] for start in range(len(secret) - PART + 1)}
