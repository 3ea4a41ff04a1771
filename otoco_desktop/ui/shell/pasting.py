"""Plans that come as text: from the clipboard, a file, a drop onto the ticket or the command line.

Each fills the ticket as if it were typed, and sends nothing. What stood in the ticket can be brought back once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.pasting import LONGEST, TOO_LONG, format_plan, read_plan
from otoco_desktop.domain.written_out import in_numbers
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell import pasted as words
from otoco_desktop.ui.shell.menus import add_to_plan
from otoco_desktop.ui.shell.pages import Name
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from otoco_desktop.domain.pasted_plan import Pasted
    from otoco_desktop.ui.shell.dialogs import Sheet
    from otoco_desktop.ui.shell.runtime import Spawn
    from otoco_desktop.ui.shell.window import MainWindow

MOST_BYTES = 4 * LONGEST
DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


@dataclass(frozen=True, slots=True)
class Before:
    """What stood where a plan was typed in: the pair that was shown, and the plan's pair with its draft."""

    shown: str
    symbol: str
    draft: OtocoDraft


class Pasting(QObject):
    """Belongs to one window. ``hold`` keeps a text until there is a list of pairs to read it by."""

    def __init__(self, window: MainWindow, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._spawn = spawn
        self._before: Before | None = None
        self._held: tuple[str, Callable[[], None]] | None = None
        self.sheet: Sheet | None = None
        bar = window.menus.bar
        add_to_plan(bar, "P&aste a plan", self.paste, "Ctrl+Shift+V")
        add_to_plan(bar, "Open a pla&n…", self.open_file)
        add_to_plan(bar, "&Copy plan as text", self.copy)
        self.back = add_to_plan(bar, f"&{words.BRING_BACK}", self.bring_back)
        self.back.setEnabled(False)
        self._take_drops()

    # Where a text comes from

    def paste(self) -> None:
        """Read the clipboard."""
        text = QGuiApplication.clipboard().text()
        if text:
            self.take(text)
        else:
            self._window.toasts.complain(words.NO_TEXT)

    def open_file(self) -> None:
        """Ask for a file; what is chosen is read by a task."""
        dialog = QFileDialog(self._window, "Open a plan", str(Path.home()), "Text (*.txt);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.read_file(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Read a plan from this file, off the window's thread."""
        self._spawn(self._read(path), self._window.support.failed)

    async def _read(self, path: Path) -> None:
        try:
            self.take(await asyncio.to_thread(text_of, path))
        except ValueError as trouble:
            self._window.toasts.complain(str(trouble))

    def hold(self, text: str, taken: Callable[[], None]) -> None:
        """Take this text as soon as there are pairs; ``taken`` is called then."""
        self._held = (text, taken)
        self._window.bridge.state.connect(self._take_held)
        self._take_held()

    @property
    def is_holding(self) -> bool:
        """Whether a plan waits to be typed in."""
        return self._held is not None

    def _take_held(self) -> None:
        if self._held is None or not self._window.desk.state.instruments:
            return
        (text, taken), self._held = self._held, None
        taken()
        self.take(text)

    def copy(self) -> None:
        """Put the ticket's plan on the clipboard, as a line that can be pasted again."""
        presenter = self._window.presenter
        draft = in_numbers(presenter.draft, presenter.verdict.plan)
        QGuiApplication.clipboard().setText(format_plan(draft, self._standing))
        self._window.toasts.say(words.COPIED)

    # What becomes of it

    def take(self, text: str) -> None:
        """Type in what the text says, and tell what was taken and what was not."""
        plan = read_plan(text, self._window.desk.state.instruments, self._standing)
        if not plan.refused:
            self._type_in(plan)
        if plan.refused or plan.missed:
            self._open_sheet(plan)
        else:
            self._window.toasts.say(words.outcome(plan, self._standing))

    @property
    def _standing(self) -> str:
        instrument = self._window.desk.state.instrument
        return instrument.symbol if instrument else ""

    def _type_in(self, plan: Pasted) -> None:
        window, shown = self._window, self._standing
        window.pages.show(Name.PLAN)
        self._choose(plan.symbol or shown)
        self._before = Before(shown, self._standing, window.presenter.draft)
        window.presenter.type_in(plan)
        self.back.setEnabled(True)

    def _choose(self, symbol: str) -> None:
        if symbol and symbol != self._standing:
            self._window.choose_instrument(symbol)
        self._window.presenter.refresh()

    def remember(self) -> None:
        """What stands in the ticket can be brought back, once."""
        self._before = Before(self._standing, self._standing, self._window.presenter.draft)
        self.back.setEnabled(True)

    def bring_back(self) -> None:
        """Show again what stood in the ticket before the last plan was typed in."""
        before, self._before = self._before, None
        self.back.setEnabled(False)
        if before is None:
            return
        self._choose(before.symbol)
        self._window.presenter.load(before.draft)
        self._choose(before.shown)
        self._window.toasts.say(words.BROUGHT_BACK)

    def _open_sheet(self, plan: Pasted) -> None:
        from otoco_desktop.ui.shell.dialogs import Sheet  # noqa: PLC0415 - its import is not for the start

        sheet = Sheet(words.TITLE, self._window)
        sheet.say(words.outcome(plan, self._standing), Token.TEXT)
        for sentence in words.missed(plan):
            sheet.say(sentence)
        sheet.add_buttons(*self._buttons(sheet, brought=not plan.refused))
        self.sheet = sheet
        sheet.destroyed.connect(self._forget_sheet)
        sheet.open()

    def _buttons(self, sheet: Sheet, *, brought: bool) -> list[Button]:
        close = Button("Close")
        close.clicked.connect(sheet.accept)
        if not brought:
            return [close]
        back = Button(words.BRING_BACK)
        back.setAutoDefault(False)
        back.clicked.connect(sheet.accept)
        back.clicked.connect(self.bring_back)
        return [close, back]

    def _forget_sheet(self) -> None:
        self.sheet = None

    # Drops

    def _take_drops(self) -> None:
        ticket = self._window.page.ticket
        ticket.setAcceptDrops(True)
        for widget in (ticket, ticket.tag, *ticket.boxes().values()):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() in DRAGS and isinstance(event, QDragMoveEvent):
            return self._drag(watched, event)
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            return self._drop(watched, event)
        return False

    def _drag(self, watched: QObject, event: QDragMoveEvent) -> bool:
        if not self._offers_plan(watched, event.mimeData()):
            return False
        event.acceptProposedAction()
        return True

    def _drop(self, watched: QObject, event: QDropEvent) -> bool:
        mime = event.mimeData()
        if not self._offers_plan(watched, mime):
            return False
        event.acceptProposedAction()
        paths = _files(mime)
        if len(paths) > 1:
            self._window.toasts.complain(words.ONE_FILE.format(count=len(paths)))
        elif paths:
            self.read_file(paths[0])
        else:
            self.take(mime.text())
        return True

    def _offers_plan(self, watched: QObject, mime: QMimeData) -> bool:
        """A file anywhere on the ticket; text beside the boxes, which take text themselves."""
        return bool(_files(mime)) or (watched is self._window.page.ticket and mime.hasText())


def _files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def text_of(path: Path) -> str:
    """The text of a small file. Raises ``ValueError`` with a sentence for a person; reads no more than a plan needs."""
    name = foreign(path.name)
    try:
        if not path.is_file():
            raise ValueError(f"{name} is not a file.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(TOO_LONG.format(count=path.stat().st_size, most=LONGEST))
        return content.decode("utf-8")
    except UnicodeDecodeError as trouble:
        raise ValueError(f"{name} is not a text in UTF-8: byte {trouble.start + 1} does not fit.") from trouble
    except OSError as trouble:
        raise ValueError(f"{name} cannot be read ({trouble.strerror or type(trouble).__name__}).") from trouble
