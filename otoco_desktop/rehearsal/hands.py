"""Keys and mouse on a real window, finding every control by the name that a screen reader would say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from otoco_desktop.ui.widgets.sentence import Sentence

Control = TypeVar("Control", bound=QWidget)
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
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

    def says(self, words: str) -> bool:
        """Whether a visible sentence holds these words."""
        return any(words in each.text() for each in self.window.findChildren(Sentence) if each.isVisible())

    def write(self, name: str, text: str) -> None:
        """Click into the field, select what stands there, and type."""
        field = self.find(name, QLineEdit)
        self.click_on(field)
        QTest.keyClick(field, Qt.Key.Key_A, CTRL)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def read(self, name: str) -> str:
        """What stands in the field."""
        return self.find(name, QLineEdit).text()

    def take_fix(self, name: str) -> None:
        """Tab from the field to the link in its verdict, and press Enter. Raises ``NotThere`` without a link."""
        self.find(name, QLineEdit).setFocus(Qt.FocusReason.TabFocusReason)
        self.press(Qt.Key.Key_Tab)
        link = self.window.focusWidget()
        if not isinstance(link, Sentence):
            raise NotThere(f"no fix link follows {name!r}")
        self.press(Qt.Key.Key_Return)

    def click(self, name: str) -> None:
        """Press the button with the left mouse button; a closed one stays closed."""
        self.click_on(self.find(name, QAbstractButton))

    def is_open(self, name: str) -> bool:
        """Whether a button of this name is there and may be pressed."""
        buttons = self.window.findChildren(QAbstractButton)
        return any(each.accessibleName() == name and each.isVisible() and each.isEnabled() for each in buttons)

    def click_on(self, control: QWidget) -> None:
        QTest.mouseClick(control, Qt.MouseButton.LeftButton, NONE, control.rect().center())

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is."""
        focused = QApplication.focusWidget()
        QTest.keyClick(self.window if focused is None else focused, key, modifiers)


async def until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Come back when the condition holds. Raises ``NotThere`` with ``what`` when the time is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        if loop.time() > deadline:
            raise NotThere(f"waited {seconds:g} s for {what}")
        await asyncio.sleep(_STEP_S)
