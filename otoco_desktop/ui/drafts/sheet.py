"""The list of drafts: open one, name one, delete one and take that back. Nothing in it sends anything."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from otoco_desktop.domain.drafts import LONGEST_NAME, KeptDraft
from otoco_desktop.domain.order import Side
from otoco_desktop.ui.drafts import words
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell import icons, theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.naming_sheet import NamingSheet
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, RowsModel

LEAST = QSize(520, 260)
ROW, LINE = 42, 18
ICON, INSET = 10, 8
Index = QModelIndex | QPersistentModelIndex


class DraftPainter(QStyledItemDelegate):
    """Two lines: side, pair, entry and when; then its name and what else was typed."""

    def __init__(self, parent: QWidget, now_ms: Callable[[], int]) -> None:
        super().__init__(parent)
        self._now_ms = now_ms

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        kept: KeptDraft = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color(Token.SEL))
        first = QRectF(rect.left() + INSET, rect.top() + 3, rect.width() - 2 * INSET, LINE)
        buys = kept.draft.side is Side.BUY
        glyph, tone = (Glyph.UP, Token.POS) if buys else (Glyph.DOWN, Token.NEG)
        icons.paint(painter, glyph, tone, QRectF(first.left(), first.top() + 4, ICON, ICON))
        time = words.when(kept.at_ms, self._now_ms())
        paint.text(painter, first, time, Role.SECONDARY, Token.TEXT2, paint.RIGHT)
        room = first.adjusted(ICON + 6, 0, -paint.width(time, Role.SECONDARY) - 12, 0)
        title = f"{foreign(kept.instrument)}  {words.plan(kept.draft)}"
        paint.text(painter, room, paint.elided(title, Role.STRONG, room.width()), Role.STRONG, Token.TEXT)
        second = first.adjusted(ICON + 6, LINE, 0, LINE)
        rest = paint.elided(words.rest(kept), Role.SECONDARY, second.width())
        paint.text(painter, second, rest, Role.SECONDARY, Token.TEXT2)


class DraftsSheet(NamingSheet):
    """``opened``, ``deleted`` and ``undone`` carry a draft, ``named`` its number and a name."""

    opened = Signal(object)
    deleted = Signal(object)
    named = Signal(int, str)
    undone = Signal(object)

    def __init__(self, window: QWidget, now_ms: Callable[[], int]) -> None:
        super().__init__(words.TITLE, window)
        self._gone: KeptDraft | None = None
        spoken: Column[KeptDraft] = Column("Draft", words.named, lambda kept: words.spoken(kept, now_ms()))
        self.model: RowsModel[KeptDraft] = RowsModel([spoken], lambda kept: str(kept.number), self)
        self.list = RowTable(words.TITLE, ROW)
        self.said = label("", Role.SECONDARY, Token.TEXT2, wrap=True)
        self.name = FieldEdit("Name of the draft", LONGEST_NAME)
        self.open_button, self.close_button = Button("Open", Kind.PRIMARY), Button("Close")
        self.delete_button, self.undo_button = Button("Delete"), Button("Undo")
        self._build(DraftPainter(self.list, now_ms))
        self._connect()

    def _build(self, painter: DraftPainter) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(painter)
        self.add_list(self.list, LEAST)
        self.add_name(buddy("&Name", self.name, Role.SECONDARY, Token.TEXT2), self.name)
        self.add_row(self.said, self.undo_button, wide=0)
        self.undo_button.hide()
        self.add_buttons(self.open_button, self.delete_button, self.close_button)
        for button in (self.delete_button, self.close_button, self.undo_button):
            button.setAutoDefault(False)
        self.list.setFocus()

    def _connect(self) -> None:
        self.open_button.clicked.connect(self._open)
        self.delete_button.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.reject)
        self.undo_button.clicked.connect(self._undo)
        self.list.doubleClicked.connect(lambda _index: self._open())
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_current())
        self.name.textEdited.connect(self._rename)
        self.delete_pressed.connect(self._delete)
        self.undo_pressed.connect(self._undo)

    @property
    def current(self) -> KeptDraft | None:
        """The row that is selected."""
        found: KeptDraft | None = self.list.currentIndex().data(ROW_ROLE)
        return found

    def show_drafts(self, drafts: tuple[KeptDraft, ...]) -> None:
        """List these; the row that was selected stays so, or the one that takes its place."""
        at, number = self.list.currentIndex().row(), self.current.number if self.current else 0
        self.model.show_rows(drafts)
        found = self.model.row_of(str(number))
        self.list.setCurrentIndex(self.model.index(found if found >= 0 else min(max(at, 0), len(drafts) - 1), 0))
        self._show_current()
        if not drafts and self._gone is None:
            self.tell(words.NONE_YET)

    def tell(self, sentence: str) -> None:
        """Say this under the list, and to whoever cannot see it."""
        self.said.show_text(sentence)
        self.list.setAccessibleDescription(sentence)

    def _show_current(self) -> None:
        kept = self.current
        for widget in (self.open_button, self.delete_button, self.name):
            widget.setEnabled(kept is not None)
        if not self.name.hasFocus():
            self.name.show_text(kept.name if kept else "")

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current)

    def _rename(self, text: str) -> None:
        if self.current is not None:
            self.named.emit(self.current.number, text)

    def _delete(self) -> None:
        if self.current is None:
            return
        self._gone = self.current
        self.tell(words.DELETED.format(what=words.named(self._gone)))
        self.undo_button.show()
        self.deleted.emit(self._gone)
        self.list.setFocus()

    def _undo(self) -> None:
        gone, self._gone = self._gone, None
        self.undo_button.hide()
        if gone is not None:
            self.tell("")
            self.undone.emit(gone)
            self.list.setFocus()
