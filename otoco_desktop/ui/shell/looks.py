"""How the program looks, chosen in Settings or in the View menu: light or dark, and how large.

One place holds the choice, whoever asks; it is the same in every environment.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication

from otoco_desktop.ui.shell.memory import MINIMUM_SIZE, UiStore
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.ui.shell.tokens import Scheme

THEME = "theme"
SIZE = "text size"
SIZES = (100, 125, 150)
SCALE_VARIABLE = "QT_SCALE_FACTOR"


class Reader(Protocol):
    """Small texts by key."""

    def get(self, key: str) -> str | None: ...


class Looks(QObject):
    """``changed`` follows every choice. A theme applies at once, a text size when the program starts again.

    Make one when the program starts, after ``enlarge`` with the same store: ``applied`` is the size drawn now, percent.
    """

    changed = Signal()

    def __init__(self, theme: Theme, store: UiStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._store = store
        self.applied = chosen_size(store)
        if store.get(THEME) is not None:
            theme.choose(theme_choice(store))

    @property
    def theme(self) -> Scheme | None:
        """The scheme that was chosen; ``None`` follows the system."""
        return theme_choice(self._store)

    def choose_theme(self, choice: Scheme | None) -> None:
        """Use a scheme from now on, or follow the system; remembered."""
        self._store.put(THEME, choice.value if choice else "")
        self._theme.choose(choice)
        self.changed.emit()

    @property
    def size(self) -> int:
        """The text size that was chosen, percent."""
        return chosen_size(self._store)

    def choose_size(self, percent: int) -> None:
        """Take this text size at the next start. Raises ``ValueError`` for one that is not offered."""
        if percent not in SIZES:
            raise ValueError(f"there is no text size of {percent}%")
        self._store.put(SIZE, str(percent))
        self.changed.emit()

    def lacking(self, percent: int) -> str:
        """Why no screen here has room for the smallest window at this size; empty where one has."""
        needed = _at_full(MINIMUM_SIZE, percent)
        rooms = [_at_full(screen.availableSize(), self.applied) for screen in QGuiApplication.screens()]
        if not rooms or any(needed.boundedTo(room) == needed for room in rooms):
            return ""
        widest = max(rooms, key=lambda room: room.width() * room.height())
        return f"{percent}% needs room for {_said(needed)} pixels, this screen has {_said(widest)}."


def theme_choice(store: Reader) -> Scheme | None:
    """The scheme that was chosen; ``None`` follows the system."""
    kept = store.get(THEME)
    return Scheme(kept) if kept in tuple(Scheme) else None


def chosen_size(store: Reader) -> int:
    """The text size that was chosen, percent; 100 where none or one that is not offered was."""
    return next((size for size in SIZES if store.get(SIZE) == str(size)), SIZES[0])


def enlarge(store: Reader, environment: MutableMapping[str, str] = os.environ) -> None:
    """Let Qt draw everything in the chosen size, on top of the system's own scaling; before Qt's application exists.

    Rows, fields and icons grow together with their texts, so whatever fits at 100% fits at every size.
    """
    size = chosen_size(store)
    if size != SIZES[0]:
        environment[SCALE_VARIABLE] = f"{_given(environment) * size / 100:g}"


def _given(environment: MutableMapping[str, str]) -> float:
    """The factor Qt was started with; 1 where there is none that Qt would take."""
    try:
        return max(float(environment.get(SCALE_VARIABLE, "1")), 0) or 1
    except ValueError:
        return 1


def _at_full(size: QSize, percent: int) -> QSize:
    """A size drawn at this percentage, in the pixels of 100%."""
    return QSize(size.width() * percent // 100, size.height() * percent // 100)


def _said(size: QSize) -> str:
    return f"{size.width():,} x {size.height():,}"
