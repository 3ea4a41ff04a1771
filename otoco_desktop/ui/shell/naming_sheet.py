"""A sheet that lists rows which can be named, deleted and taken back by keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from otoco_desktop.ui.shell.dialogs import Sheet
from otoco_desktop.ui.widgets import panel
from otoco_desktop.ui.widgets.row_table import RowTable


class NamingSheet(Sheet):
    """Del and Ctrl+Z in the list are told by ``delete_pressed`` and ``undo_pressed``; F2 leads to the name.

    Enter in a box ends what is typed there and presses no button; in the list it presses the first one.
    """

    delete_pressed = Signal()
    undo_pressed = Signal()

    def add_list(self, table: RowTable, least: QSize) -> None:
        """The rows, in one column without a header."""
        table.setMinimumSize(least)
        table.horizontalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        self.add(table)

    def add_name(self, before: QWidget, name: QLineEdit, *after: QWidget) -> None:
        """The box for the name of the row that is selected."""
        self._name = name
        self.add_row(before, name, *after)

    def add_row(self, *widgets: QWidget, wide: int = 1) -> None:
        """Widgets beside one another; the one at ``wide`` takes the room that is left."""
        holder, row = QWidget(), panel.row(8)
        for at, widget in enumerate(widgets):
            row.addWidget(widget, int(at == wide))
        holder.setLayout(row)
        self.add_fixed(holder)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """What the widget that has the keyboard leaves over."""
        at = self.focusWidget()
        if event.key() == Qt.Key.Key_F2:
            self._name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif isinstance(at, RowTable) and event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        elif isinstance(at, RowTable) and event.matches(QKeySequence.StandardKey.Undo):
            self.undo_pressed.emit()
        elif not (isinstance(at, QLineEdit) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            super().keyPressEvent(event)
