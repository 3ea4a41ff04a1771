"""The list of a pair's presets: use one, name it, let new plans begin with it, delete it, keep the ticket as one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from otoco_desktop.domain.presets import LONGEST_NAME, Preset, Shelf
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.presets import words
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.naming_sheet import NamingSheet
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.options import TickChoice
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.field_edit import FieldEdit
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, RowsModel

LEAST = QSize(480, 168)
ROW, LINE, INSET = 42, 18, 8
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A preset, and whether new plans begin with it."""

    preset: Preset
    begins: bool


class PresetPainter(QStyledItemDelegate):
    """Two lines: its name, and what it holds."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color(Token.SEL))
        first = QRectF(rect.left() + INSET, rect.top() + 3, rect.width() - 2 * INSET, LINE)
        mark = words.NEW_PLANS if row.begins else ""
        paint.text(painter, first, mark, Role.SECONDARY, Token.TEXT2, paint.RIGHT)
        room = first.adjusted(0, 0, -paint.width(mark, Role.SECONDARY) - 12, 0)
        name = paint.elided(foreign(row.preset.name), Role.STRONG, room.width())
        paint.text(painter, room, name, Role.STRONG, Token.TEXT)
        held = paint.elided(words.summary(row.preset), Role.SECONDARY, first.width())
        paint.text(painter, first.adjusted(0, LINE, 0, LINE), held, Role.SECONDARY, Token.TEXT2)


class PresetsSheet(NamingSheet):
    """Stays beside the ticket and stops nothing. ``renamed`` carries a preset and a name, ``begun`` one or nothing."""

    used = Signal(object)
    deleted = Signal(object)
    renamed = Signal(object, str)
    begun = Signal(object)
    kept = Signal(str)
    undone = Signal()

    def __init__(self, window: QWidget, symbol: str) -> None:
        super().__init__(words.TITLE.format(symbol=foreign(symbol)), window)
        self.symbol = symbol
        self._shelf = Shelf()
        spoken: Column[Row] = Column("Preset", lambda row: row.preset.name, self._spoken)
        self.model: RowsModel[Row] = RowsModel([spoken], lambda row: row.preset.name.casefold(), self)
        self.list = RowTable(words.TITLE.format(symbol=foreign(symbol)), ROW)
        self.said = label("", Role.SECONDARY, Token.TEXT2, wrap=True)
        self.name = FieldEdit("Name of the preset", LONGEST_NAME)
        self.begins = TickChoice("New &plans begin with it", "New plans begin with this preset")
        self.new_name = FieldEdit("Keep the ticket as", LONGEST_NAME)
        self.keep_button = Button("Keep")
        self.use_button, self.close_button = Button("Use", Kind.PRIMARY), Button("Close")
        self.delete_button, self.undo_button = Button("Delete"), Button("Undo")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(PresetPainter(self.list))
        self.add_list(self.list, LEAST)
        self.add_name(buddy("&Name", self.name, Role.SECONDARY, Token.TEXT2), self.name, self.begins)
        keep = buddy("&Keep the ticket as", self.new_name, Role.SECONDARY, Token.TEXT2)
        self.add_row(keep, self.new_name, self.keep_button)
        self.add_row(self.said, self.undo_button, wide=0)
        self.undo_button.hide()
        self.add_buttons(self.use_button, self.delete_button, self.close_button)
        for button in (self.delete_button, self.close_button, self.undo_button, self.keep_button):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self.use_button.clicked.connect(lambda: self._emit(self.used))
        self.delete_button.clicked.connect(lambda: self._emit(self.deleted))
        self.close_button.clicked.connect(self.reject)
        self.undo_button.clicked.connect(self.undone)
        self.list.doubleClicked.connect(lambda _index: self._emit(self.used))
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_current())
        self.begins.clicked.connect(lambda on: self.begun.emit(self.current if on else None))
        self.name.editingFinished.connect(self._rename)
        self.keep_button.clicked.connect(self._keep)
        self.new_name.returnPressed.connect(self._keep)
        self.delete_pressed.connect(lambda: self._emit(self.deleted))
        self.undo_pressed.connect(self.undone)

    # Showing

    @property
    def current(self) -> Preset | None:
        """The preset that is selected."""
        row: Row | None = self.list.currentIndex().data(ROW_ROLE)
        return row.preset if row is not None else None

    def show_shelf(self, shelf: Shelf, selected: str = "") -> None:
        """List these, with this one selected, or the one that was, or the one that takes its place."""
        at = max(self.list.currentIndex().row(), 0)
        name = (selected or (self.current.name if self.current else "")).casefold()
        self._shelf = shelf
        self.model.show_rows(tuple(Row(preset, preset.name == shelf.first) for preset in shelf.presets))
        found = self.model.row_of(name)
        self.list.setCurrentIndex(self.model.index(found if found >= 0 else min(at, len(shelf.presets) - 1), 0))
        self._show_current()
        if not shelf.presets and not self.said.text():
            self.tell(words.NONE_YET)

    def tell(self, sentence: str, *, wrong: bool = False, undo: bool = False) -> None:
        """Say this under the list, and to whoever cannot see it."""
        self.said.set_token(Token.NEG if wrong else Token.TEXT2)
        self.said.show_text(sentence)
        self.list.setAccessibleDescription(sentence)
        self.undo_button.setVisible(undo)

    def ask_name(self) -> None:
        """Put the keyboard where the ticket's name as a preset is typed."""
        self.new_name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_current(self) -> None:
        preset = self.current
        for widget in (self.use_button, self.delete_button, self.name, self.begins):
            widget.setEnabled(preset is not None)
        self.begins.setChecked(preset is not None and preset.name == self._shelf.first)
        if not self.name.hasFocus() or preset is None:
            self.name.show_text(preset.name if preset else "")

    def _spoken(self, row: Row) -> str:
        return words.spoken(row.preset, self._shelf)

    # Asked for by keys and presses

    def _emit(self, signal: SignalInstance) -> None:
        if self.current is not None:
            signal.emit(self.current)

    def _rename(self) -> None:
        if self.current is not None and self.name.text() != self.current.name:
            self.renamed.emit(self.current, self.name.text())

    def _keep(self) -> None:
        self.kept.emit(self.new_name.text())
