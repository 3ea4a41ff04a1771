"""Which keys do what in a window, and which the trader has changed. Read off its menus, so that nothing is missed.

A command is known by its words in the menu, in small letters with hyphens: ``duplicate-as-new-plan``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from otoco_desktop.app.chosen_keys import KeysPort
from otoco_desktop.ui.keys import LOCAL
from otoco_desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from otoco_desktop.ui.shell.window import MainWindow

NATIVE, PORTABLE = QKeySequence.SequenceFormat.NativeText, QKeySequence.SequenceFormat.PortableText
HINTED = {"Fit": "fit-chart", "Check now": "check-with-the-exchange-now"}
"""Buttons that show the key of a command, by their words."""

FIXED = {"review-and-submit": "Ctrl+Enter submits and nothing else does, so that it is never pressed by habit."}
"""Commands whose keys stay, and why."""

ALT, SHIFT, CTRL, META = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.MetaModifier,
)
RESERVED: Mapping[Qt.Key, str] = {
    **dict.fromkeys((Qt.Key.Key_Return, Qt.Key.Key_Enter), "Enter alone never submits, and Ctrl+Enter only submits."),
    Qt.Key.Key_Escape: "Esc closes what is open and sends nothing.",
    **dict.fromkeys((Qt.Key.Key_Tab, Qt.Key.Key_Backtab), "Tab goes from control to control."),
    **dict.fromkeys((Qt.Key.Key_Space, Qt.Key.Key_Backspace), "It is for pressing buttons and writing."),
    **dict.fromkeys(
        (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End),
        "Arrows, Home and End move in fields, prices and lists.",
    ),
    **dict.fromkeys((Qt.Key.Key_PageUp, Qt.Key.Key_PageDown), "It turns the pages of lists."),
    **dict.fromkeys((Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Meta), "That is half a key."),
}
WRITING = "It writes in fields. Add Ctrl, or take an F key."
EDITING = "It is for writing: copy, cut, paste, select all, undo, redo."
LETTERS = "Alt with a letter goes to what has that letter underlined."
ALT_GR = "On Windows Ctrl+Alt is the AltGr key, which writes letters and signs. Take Ctrl+Shift instead."
NOT_ONE = "One combination at a time."
_STANDARD = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)
_MARK = "own keys"


@dataclass(frozen=True, slots=True)
class Command:
    """What can be asked for by a key. ``keys`` is empty where it has none; ``fixed`` says why its keys stay."""

    name: str
    where: str
    title: str
    keys: str
    is_changed: bool
    fixed: str = ""


class Bindings(QObject):
    """Belongs to one window. ``changed`` follows every change, the trader's and that of what there is."""

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._port: KeysPort | None = None
        self._chosen: dict[str, str] = {}
        self._own: dict[str, tuple[str, ...]] = {}
        self._in_force: dict[str, list[QKeySequence]] = {}
        self._unseen: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.apply)
        self._watch()
        self.apply()

    def take(self, port: KeysPort) -> None:
        """Go by what is kept there from now on."""
        self._port = port
        port.listen(self._heard)
        self._heard(port.current)

    @property
    def trouble(self) -> str:
        return "" if self._port is None else self._port.trouble

    # What there is

    def commands(self) -> tuple[Command, ...]:
        """Every command in sight, menu by menu, and then those of parts of the window."""
        return tuple(self._commands(hidden=False))

    def _commands(self, *, hidden: bool) -> Iterator[Command]:
        local = {each.name for each in LOCAL}
        for menu, action in self._actions():
            name = named(action)
            if name not in local and (hidden or action.isVisible()):
                yield self._command(name, plain(menu.title()), plain(action.text()).rstrip("…"))
        for each in LOCAL:
            yield self._command(each.name, each.where, each.title)

    def _command(self, name: str, where: str, title: str) -> Command:
        return Command(name, where, title, self.text(name), name in self._chosen, FIXED.get(name, ""))

    def text(self, name: str) -> str:
        """What to press for it, as this system writes it; empty for nothing."""
        found = self.sequences(name)
        return written(found[0]) if found else ""

    def sequences(self, name: str) -> list[QKeySequence]:
        """What to press for it."""
        return self._in_force.get(name, [])

    def holder(self, sequence: QKeySequence, but: str) -> Command | None:
        """Another command that has these keys already, also one that is out of sight in this environment."""
        others = (each for each in self._commands(hidden=True) if each.name != but)
        return next((each for each in others if sequence in self.sequences(each.name)), None)

    # What the trader changes

    def assign(self, name: str, sequence: QKeySequence) -> None:
        """Press this for it from now on, or nothing; whoever had it before has none. The keys have been judged."""
        chosen = dict(self._chosen)
        other = None if sequence.isEmpty() else self.holder(sequence, name)
        if other is not None:
            chosen[other.name] = ""
        chosen[name] = sequence.toString(PORTABLE)
        self._change(chosen)

    def reset(self, name: str) -> None:
        """Its own keys again, taken back from whoever has them now."""
        chosen = {key: value for key, value in self._chosen.items() if key != name}
        own = self._own.get(name, ())
        for other, text in list(chosen.items()):
            if text and QKeySequence(text) in [QKeySequence(each) for each in own]:
                del chosen[other]
        self._change(chosen)

    def reset_all(self) -> None:
        """The program's own keys everywhere."""
        self._change({})

    def _change(self, chosen: dict[str, str]) -> None:
        if self._port is None:
            self._heard(chosen)
        else:
            self._port.change(chosen)

    def _heard(self, chosen: Mapping[str, str]) -> None:
        self._chosen = {name: text for name, text in chosen.items() if _is_usable(name, text)}
        self.apply()

    # Bringing it about

    def apply(self) -> None:
        """Give every command its keys. The trader's come first; no key has two commands."""
        actions = [(named(action), action) for _menu, action in self._actions()]
        self._own = {name: _own_keys(action) for name, action in actions}
        self._own |= {each.name: (each.keys,) for each in LOCAL}
        self._unseen = {name for name, action in actions if not action.isVisible()}
        self._in_force = self._settle()
        for name, action in actions:
            self._give(name, action)
        for each in LOCAL:
            for shortcut in self._window.findChildren(QShortcut, each.name):
                shortcut.setKey(self.sequences(each.name)[0] if self.sequences(each.name) else QKeySequence())
        self._show_hints()
        self.changed.emit()

    def _settle(self) -> dict[str, list[QKeySequence]]:
        taken: list[QKeySequence] = []
        found: dict[str, list[QKeySequence]] = {}
        for name in sorted(self._own, key=lambda name: name not in self._chosen):
            texts = (self._chosen[name],) if name in self._chosen else self._own[name]
            wanted = [QKeySequence(text) for text in texts if text]
            found[name] = [sequence for sequence in wanted if sequence not in taken]
            taken += found[name]
        return found

    def _give(self, name: str, action: QAction) -> None:
        sequences = self.sequences(name)
        head, tab, _tail = action.text().partition("\t")
        if name in {each.name for each in LOCAL}:
            text = f"{head}\t{self.text(name)}" if sequences else head
            if text != action.text():
                action.setText(text)
        elif not tab and action.shortcuts() != sequences:
            action.setShortcuts(sequences)

    def _show_hints(self) -> None:
        for button in self._window.findChildren(Button):
            name = HINTED.get(button.words)
            if name is not None:
                button.set_key_hint(self.text(name))
                if not button.shortcut().isEmpty() and self.sequences(name):
                    button.setShortcut(self.sequences(name)[0])
                button.updateGeometry()

    def _actions(self) -> Iterator[tuple[QMenu, QAction]]:
        for top in self._window.menus.bar.actions():
            menu = top.menu()
            if isinstance(menu, QMenu):
                for action in menu.actions():
                    keyless = "\t" in action.text() and named(action) not in {each.name for each in LOCAL}
                    if not action.isSeparator() and action.menu() is None and not keyless:
                        yield menu, action

    # What comes later: tools, the chart

    def _watch(self) -> None:
        bar = self._window.menus.bar
        for watched in (bar, *(menu for top in bar.actions() if isinstance(menu := top.menu(), QMenu))):
            watched.removeEventFilter(self)
            watched.installEventFilter(self)

    def _changed(self, action: QAction) -> None:
        """A command that comes into sight may bring buttons that show its key."""
        if action.isVisible() and named(action) in self._unseen:
            self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.ActionAdded:
            self._watch()
            self._soon.start()
        elif isinstance(event, QActionEvent) and event.type() == QEvent.Type.ActionChanged:
            self._changed(event.action())
        return super().eventFilter(watched, event)


def pressed(widget: QWidget, event: QKeyEvent, name: str) -> bool:
    """Whether this is the key of a command that a part of the window answers to by itself."""
    bindings = getattr(getattr(widget.window(), "help", None), "bindings", None)
    if isinstance(bindings, Bindings):
        wanted = bindings.sequences(name)
    else:
        wanted = [QKeySequence(each.keys) for each in LOCAL if each.name == name]
    return QKeySequence(event.keyCombination()) in wanted


def refusal(sequence: QKeySequence) -> str:
    """Why these keys cannot be anybody's; empty when they can."""
    if sequence.count() != 1:
        return NOT_ONE
    combination: QKeyCombination = sequence[0]  # type: ignore[index]  # PySide's stub has no __getitem__
    key, held = combination.key(), combination.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key in RESERVED:
        return RESERVED[key]
    if any(sequence in QKeySequence.keyBindings(standard) for standard in _STANDARD) and key != Qt.Key.Key_Delete:
        return EDITING
    if held & CTRL and held & ALT and key < Qt.Key.Key_Escape:
        return ALT_GR
    if held == ALT and _is_letter(key):
        return LETTERS
    is_function = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35
    needs_more = not held & (CTRL | ALT | META)
    return WRITING if needs_more and not is_function and not (key == Qt.Key.Key_Delete and held == SHIFT) else ""


def named(action: QAction) -> str:
    """The name that a command is kept under."""
    return re.sub(r"[^a-z0-9]+", "-", plain(action.text()).lower()).strip("-")


def plain(words: str) -> str:
    """Words of a menu without marks and keys."""
    return words.replace("&", "").partition("\t")[0]


def written(sequence: QKeySequence) -> str:
    """The keys as this system writes them."""
    return sequence.toString(NATIVE).replace("Return", "Enter")


def _own_keys(action: QAction) -> tuple[str, ...]:
    """The keys that it came with, noted when it is first seen."""
    noted = action.property(_MARK)
    if noted is None:
        noted = "\n".join(each.toString(PORTABLE) for each in action.shortcuts())
        action.setProperty(_MARK, noted)
    return tuple(filter(None, str(noted).split("\n")))


def _is_letter(key: Qt.Key) -> bool:
    return Qt.Key.Key_A <= key <= Qt.Key.Key_Z


def _is_usable(name: str, text: str) -> bool:
    """Whether what is kept can be in force: a file may have been written by hand."""
    sequence = QKeySequence(text, PORTABLE)
    return name not in FIXED and (not text or (not sequence.isEmpty() and not refusal(sequence)))
