"""What the window says about itself: help on the focused field, every key that works, and whose program it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QMenuBar, QWidget

from otoco_desktop import __version__
from otoco_desktop.ui import keys
from otoco_desktop.ui.keys import Key, Section
from otoco_desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from otoco_desktop.app.chosen_keys import KeysPort
    from otoco_desktop.ui.shell.bindings import Bindings
    from otoco_desktop.ui.shell.key_sheet import KeySheet
    from otoco_desktop.ui.shell.window import MainWindow

LETTERS = "Letters on this page"
KEYS_TITLE = "Keys"
CHANGE = "Change keys…"


class Help(QObject):
    """Belongs to one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bindings: Bindings | None = None
        self.key_sheet: KeySheet | None = None

    @property
    def bindings(self) -> Bindings:
        """Which keys do what; built when it is first asked for."""
        if self._bindings is None:
            from otoco_desktop.ui.shell.bindings import Bindings  # noqa: PLC0415 - its import is not for the start

            self._bindings = Bindings(self._window)
        return self._bindings

    def take_keys(self, port: KeysPort) -> None:
        """Go by the keys that the trader has chosen, and say what became of a file that was no use."""
        self.bindings.take(port)
        if port.trouble:
            self._window.toasts.complain(port.trouble)

    def show_field(self) -> None:
        """What the focused field takes and what is said of it now."""
        from otoco_desktop.ui.shell import dialogs  # noqa: PLC0415 - its import is not for the start

        ticket = self._window.page.ticket
        field, widget = ticket.focused_field(), _spoken(QApplication.focusWidget())
        if widget is None:
            self.show_keys()
            return
        said = keys.FIELD_HELP[field] if field is not None else (keys.ELSEWHERE,)
        now = widget.accessibleDescription()
        dialogs.explain(self._window, widget.accessibleName(), (*((now,) if now else ()), *said))

    def show_keys(self) -> None:
        """Every key that works in this window now."""
        from otoco_desktop.ui.shell import dialogs  # noqa: PLC0415 - its import is not for the start

        change = Button(CHANGE)
        sheet = dialogs.reading(self._window, KEYS_TITLE, keys.as_text(sections(self._window)), change)
        change.clicked.connect(sheet.accept)
        change.clicked.connect(self.change_keys)

    def change_keys(self) -> None:
        """Choose other keys."""
        from otoco_desktop.ui.shell.key_sheet import KeySheet  # noqa: PLC0415 - its import is not for the start

        self.key_sheet = KeySheet(self._window, self.bindings)
        self.key_sheet.open()

    def show_about(self) -> None:
        """Name, version, and whose program this is not."""
        from otoco_desktop.ui.shell import dialogs  # noqa: PLC0415 - its import is not for the start

        dialogs.about(self._window, __version__)


def _spoken(widget: QWidget | None) -> QWidget | None:
    """The widget, or the nearest around it that has a name."""
    while widget is not None and not widget.accessibleName():
        widget = widget.parentWidget()
    return widget


# Read off the window, so that the list cannot differ from what works


def sections(window: MainWindow) -> tuple[Section, ...]:
    """The menus' keys, the letters that are underlined on the page in sight, and the keys of its parts."""
    menus = [Section(_plain(menu.title()), tuple(_keys_of(menu))) for menu in _menus(window.menus.bar)]
    letters = Section(LETTERS, tuple(_letters(window)))
    return tuple(section for section in (*menus, letters, *_parts(window)) if section.keys)


def _parts(window: MainWindow) -> Iterator[Section]:
    """The parts' keys, those that were changed as they are now."""
    text = window.help.bindings.text
    for part in keys.PARTS:
        found = [replace(key, keys=text(key.command)) if key.command else key for key in part.keys]
        yield Section(part.title, tuple(key for key in found if key.keys))


def _menus(bar: QMenuBar) -> Iterator[QMenu]:
    for action in bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield menu


def _keys_of(menu: QMenu) -> Iterator[Key]:
    """A menu's commands that have a key; the underlined letters are told apart, where their fields are."""
    for action in menu.actions():
        if action.isVisible() and not action.shortcut().isEmpty():
            yield Key(_written(action), _plain(action.text()).rstrip("…"))


def _written(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")


def _letters(window: QWidget) -> Iterator[Key]:
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton) and widget.isVisible() and widget.window() is window:
            letter = QKeySequence.mnemonic(widget.text())
            if not letter.isEmpty():
                yield Key(letter.toString(QKeySequence.SequenceFormat.NativeText), _leads_to(widget))


def _leads_to(widget: QLabel | QAbstractButton) -> str:
    """What has the letter: the button, or the field that the label stands beside."""
    named = widget.buddy() if isinstance(widget, QLabel) else widget
    return named.accessibleName()


def _plain(words: str) -> str:
    return words.replace("&", "").partition("\t")[0]
