"""Keys and mouse on a real window, finding every control by the name that a screen reader would say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

Control = TypeVar("Control", bound=QWidget)
_STEP_S = 0.01


class NotThere(AssertionError):
    """A control or a state that should have been there was not; the text says which."""


class Hands:
    """One person at one window."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    def find(self, name: str, kind: type[Control]) -> Control:
        """The visible control with this accessible name. Raises ``NotThere``."""
        for control in self.window.findChildren(kind):
            if control.accessibleName() == name and control.isVisible():
                return control
        raise NotThere(f"no visible {kind.__name__} is called {name!r}")

    def write(self, name: str, text: str) -> None:
        """Click into the field, select what stands there, and type."""
        field = self.find(name, QLineEdit)
        self.click_on(field)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def click(self, name: str) -> None:
        """Press the button with the left mouse button; a closed one stays closed."""
        self.click_on(self.find(name, QAbstractButton))

    def click_on(self, control: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(
            control, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or control.rect().center()
        )

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)


async def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Come back when the condition holds. Raises ``NotThere`` with ``what`` when the time is over."""
    async with asyncio.timeout(seconds + 1):
        for _ in range(int(seconds / _STEP_S)):
            if condition():
                return
            await asyncio.sleep(_STEP_S)
    raise NotThere(f"waited {seconds:g} s for {what}")
