"""What the window remembers between starts: its place and the splitters."""

from __future__ import annotations

import base64
import binascii
from typing import Protocol

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

GEOMETRY = "geometry"
DEFAULT_SIZE = QSize(1360, 860)
MINIMUM_SIZE = QSize(1024, 680)
GRASP = QSize(160, 40)


class UiStore(Protocol):
    """Small texts by key, kept per environment. ``put`` may fail silently to disk; it never raises."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str) -> None: ...


def remember(store: UiStore, window: QMainWindow, splitters: tuple[QSplitter, ...]) -> None:
    """Keep the window's place and the splitters."""
    store.put(GEOMETRY, _to_text(window.saveGeometry()))
    for splitter in splitters:
        remember_splitter(store, splitter)


def remember_splitter(store: UiStore, splitter: QSplitter) -> None:
    """Keep where one splitter stands."""
    store.put(splitter.objectName(), _to_text(splitter.saveState()))


def recall(store: UiStore, window: QMainWindow, splitters: tuple[QSplitter, ...]) -> None:
    """Put everything back where it was; what cannot be read or seen is left at its default."""
    window.setMinimumSize(MINIMUM_SIZE)
    window.resize(DEFAULT_SIZE)
    kept = _from_text(store.get(GEOMETRY))
    if kept is not None:
        window.restoreGeometry(kept)
    rescue(window)
    for splitter in splitters:
        recall_splitter(store, splitter)


def recall_splitter(store: UiStore, splitter: QSplitter) -> None:
    """Put one splitter back where it was."""
    state = _from_text(store.get(splitter.objectName()))
    if state is not None:
        splitter.restoreState(state)


def rescue(window: QMainWindow) -> None:
    """Bring a window back whose title no screen shows, as after a monitor was unplugged."""
    title = QRect(window.pos(), QSize(window.width(), GRASP.height()))
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if any(_is_graspable(screen.intersected(title)) for screen in screens) or not screens:
        return
    primary = QGuiApplication.primaryScreen().availableGeometry()
    size = window.size().boundedTo(primary.size()).expandedTo(MINIMUM_SIZE)
    window.resize(size)
    window.move(primary.center() - QRect(primary.topLeft(), size).center() + primary.topLeft())


def _is_graspable(visible: QRect) -> bool:
    return visible.width() >= GRASP.width() and visible.height() >= GRASP.height() // 2


def _to_text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _from_text(text: str | None) -> QByteArray | None:
    if not text:
        return None
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return None
