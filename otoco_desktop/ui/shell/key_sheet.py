"""The sheet on which the trader chooses keys: every command, what it has, and what is pressed for it from now on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QKeySequenceEdit,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from otoco_desktop.ui.shell import bindings as binding
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.bindings import Bindings, Command
from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint, panel
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import buddy, label
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.row_table import RowTable
from otoco_desktop.ui.widgets.rows_model import ROW_ROLE, Column, RowsModel

TITLE = "Change keys"
WHAT = "Choose a command, go to New keys with Tab or F2, and press them. They apply at once, in every environment."
NEW = "New keys"
NONE = "no keys"
CHANGED = "changed"
TAKEN = "{keys} is {title}. Take it from there?"
DONE = "{title}: {keys}."
REFUSED = "{keys} cannot be used. {reason}"
STAYS = "The keys of {title} stay. {reason}"
ALL_OWN = "All commands have the program's own keys again."
LEAST = QSize(520, 300)
ROW, INSET, TALL = 26, 8, 30
Index = QModelIndex | QPersistentModelIndex


class CommandPainter(QStyledItemDelegate):
    """Where it is, what it is, and its keys at the right end."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        command: Command = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color(Token.SEL))
        rect.adjust(INSET, 0, -INSET, 0)
        token = Token.ACCENT if command.is_changed else Token.TEXT if command.keys else Token.TEXT3
        paint.text(painter, rect, command.keys or NONE, Role.STRONG, token, paint.RIGHT)
        where = f"{command.where}: "
        paint.text(painter, rect, where, Role.BODY, Token.TEXT3)
        room = rect.adjusted(paint.width(where, Role.BODY), 0, -paint.width(command.keys or NONE, Role.STRONG) - 12, 0)
        paint.text(painter, room, paint.elided(command.title, Role.BODY, room.width()), Role.BODY, Token.TEXT)


class Recorder(QKeySequenceEdit):
    """Takes one combination, also those that the window has shortcuts for."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self.setAccessibleName(NEW)
        self.setMinimumWidth(160)
        self.setFixedHeight(TALL)
        inside = self.findChild(QLineEdit)
        if inside is not None:
            inside.setAccessibleName(NEW)
            inside.setFrame(False)
            inside.setTextMargins(INSET, 0, INSET, 0)
            inside.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            ready = self.isEnabled()
            look = Box(Token.BG2, Token.EDGE) if ready else Box(Token.DIS_BG, Token.LINE)
            paint.box(painter, QRectF(self.rect()), look)
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()))


class KeySheet(Sheet):
    """Works by keyboard alone: the list, the box that records, and the buttons, in the order of Tab."""

    def __init__(self, window: QWidget, bindings: Bindings) -> None:
        super().__init__(TITLE, window)
        self._bindings = bindings
        self._wanted = QKeySequence()
        column: Column[Command] = Column("Command", lambda row: row.title, _spoken)
        self.model: RowsModel[Command] = RowsModel([column], lambda row: row.name, self)
        self.list = RowTable("Commands and their keys", ROW)
        self.recorder = Recorder()
        self.said = label("", Role.SECONDARY, Token.TEXT2, wrap=True)
        self.use = Button("Use", Kind.PRIMARY)
        self.none = Button("No keys")
        self.reset = Button("Reset")
        self.reset_all = Button("Reset all")
        self.leave = Button("Close")
        self._build()
        self._connect()
        self._show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def current(self) -> Command | None:
        """The command that is chosen."""
        found: Command | None = self.list.currentIndex().data(ROW_ROLE)
        return found

    def _build(self) -> None:
        self.say(WHAT)
        self._build_list()
        line, row = QWidget(), panel.row(8)
        row.addWidget(buddy("&New keys", self.recorder, Role.SECONDARY_STRONG))
        row.addWidget(self.recorder)
        for button in (self.use, self.none, self.reset):
            row.addWidget(button)
        row.addStretch(1)
        line.setLayout(row)
        self.add_fixed(line)
        self.said.setMinimumHeight(34)
        self.add_fixed(self.said)
        self.add_buttons(self.leave, self.reset_all)
        self.leave.setDefault(False)  # Enter in the list begins to record

    def _build_list(self) -> None:
        table = self.list
        table.setModel(self.model)
        table.setItemDelegate(CommandPainter(table))
        table.setMinimumSize(LEAST)
        table.horizontalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        self.add(table)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_current())
        self.list.activated.connect(lambda _index: self._record())
        QShortcut(QKeySequence("F2"), self).activated.connect(self._record)
        self.recorder.keySequenceChanged.connect(self._recorded)
        self.use.clicked.connect(self._use)
        self.none.clicked.connect(lambda: self._assign(QKeySequence()))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        self.leave.clicked.connect(self.accept)
        self._bindings.changed.connect(self._show)

    # Showing

    def _show(self) -> None:
        at = max(0, self.list.currentIndex().row())
        self.model.show_rows(self._bindings.commands())
        self.list.setCurrentIndex(self.model.index(min(at, len(self.model.rows) - 1), 0))
        self.reset_all.setEnabled(any(row.is_changed for row in self.model.rows))
        self._show_buttons()

    def _show_current(self) -> None:
        """Another command was chosen: what was recorded for the one before is let go."""
        self._wanted = QKeySequence()
        self.recorder.blockSignals(True)
        self.recorder.clear()
        self.recorder.blockSignals(False)
        command = self.current
        fixed = command is not None and command.fixed
        self.tell(STAYS.format(title=command.title, reason=command.fixed) if command and fixed else "")
        self._show_buttons()

    def _show_buttons(self) -> None:
        command = self.current
        free = command is not None and not command.fixed
        self.recorder.setEnabled(free)
        self.use.setEnabled(free and not self._wanted.isEmpty())
        self.none.setEnabled(free and command is not None and bool(command.keys))
        self.reset.setEnabled(free and command is not None and command.is_changed)

    def tell(self, sentence: str, *, wrong: bool = False) -> None:
        """Say this under the list, and to whoever cannot see it."""
        self.said.set_token(Token.NEG if wrong else Token.TEXT2)
        self.said.show_text(sentence)
        for widget in (self.list, self.recorder, self.use):
            widget.setAccessibleDescription(sentence)

    # Choosing

    def _record(self) -> None:
        if self.recorder.isEnabled():
            self.recorder.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _recorded(self, sequence: QKeySequence) -> None:
        """Judge what was pressed; what is nobody's applies at once, what is somebody's waits for a yes."""
        command = self.current
        self._wanted = QKeySequence()
        if command is None or sequence.isEmpty():
            self._show_buttons()
            return
        reason = binding.refusal(sequence)
        holder = None if reason else self._bindings.holder(sequence, command.name)
        if reason or (holder is not None and holder.fixed):
            why = reason or (holder.fixed if holder is not None else "")
            self.tell(REFUSED.format(keys=binding.written(sequence), reason=why), wrong=True)
        elif holder is not None:
            self._wanted = sequence
            self.tell(TAKEN.format(keys=binding.written(sequence), title=holder.title))
        else:
            self._assign(sequence)
            return
        self._show_buttons()
        if self.use.isEnabled():
            self.use.setFocus(Qt.FocusReason.OtherFocusReason)

    def _use(self) -> None:
        if not self._wanted.isEmpty():
            self._assign(self._wanted)

    def _assign(self, sequence: QKeySequence) -> None:
        command = self.current
        if command is None:
            return
        self._bindings.assign(command.name, sequence)
        self._said_done(command.name)

    def _reset(self) -> None:
        command = self.current
        if command is not None:
            self._bindings.reset(command.name)
            self._said_done(command.name)

    def _said_done(self, name: str) -> None:
        self._show_current()
        now = next((row for row in self.model.rows if row.name == name), None)
        if now is not None:
            done = DONE.format(title=now.title, keys=now.keys or NONE)
            self.tell(" ".join(filter(None, (done, self._bindings.trouble))))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reset_all(self) -> None:
        self._bindings.reset_all()
        self._show_current()
        self.tell(ALL_OWN)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def _spoken(row: Command) -> str:
    return ", ".join(filter(None, (row.where, row.title, row.keys or NONE, CHANGED if row.is_changed else "")))
