"""The account: balances as they are now, what exits count on, fee rates with their source, the venue."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from otoco_desktop.domain.market import AccountSnapshot
from otoco_desktop.domain.probing import VenueKnowledge
from otoco_desktop.domain.promised import Promise
from otoco_desktop.ui.accounts.layer import Layer
from otoco_desktop.ui.accounts.rows import AccountState, BalanceRow, Fact, account_state
from otoco_desktop.ui.accounts.sheet import SheetFrame
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button
from otoco_desktop.ui.widgets.labels import figure, label
from otoco_desktop.ui.widgets.panel import Rule, column, row
from otoco_desktop.ui.widgets.rows_model import Column, Index, RowsModel
from otoco_desktop.ui.widgets.scroll_bar import ThinScrollBar
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain

ROW = 27
CELL = 8
MOST_ROWS = 12
CAPTION_WIDTH = 200
RESERVED_NOTE = (
    "Promised to exits: what your active and waiting stops and targets need. The exchange does not reserve it."
)
COLUMNS: tuple[Column[BalanceRow], ...] = (
    Column("Coin", lambda row: row.coin),
    Column("Total", lambda row: row.total, lambda row: f"{row.coin} total {row.total}", align_right=True),
    Column("Reserved", lambda row: row.reserved, lambda row: f"{row.coin} reserved {row.reserved}", align_right=True),
    Column(
        "Available", lambda row: row.available, lambda row: f"{row.coin} available {row.available}", align_right=True
    ),
    Column(
        "Promised to exits",
        lambda row: row.promised,
        lambda row: f"{row.coin} promised to exits {row.promised}",
        align_right=True,
    ),
    Column(
        "When entries fill",
        lambda row: row.waiting,
        lambda row: f"{row.coin} promised to exits when entries fill {row.waiting}",
        align_right=True,
    ),
)


class Cells(QStyledItemDelegate):
    """One line per cell, digits never cut: the columns follow their contents."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # Qt's name
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        return QSize(round(paint.width(words, Role.FIELD)) + 2 * CELL + 2, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRectF(option.rect)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color(Token.LINE))
        align = paint.RIGHT if index.column() else paint.LEFT
        token = Token.TEXT if index.column() in (0, 3) else Token.TEXT2
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        paint.text(painter, rect.adjusted(CELL, 0, -CELL, 0), words, Role.FIELD, token, align)
        view = self.parent()
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex() == index:
            paint.focus_ring(painter, rect)


class Captions(QHeaderView):
    """Captions on the sheet's own ground."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(ROW)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's name
        return QSize(round(paint.width(self._words(section), Role.CAPTION)) + 2 * CELL + 2, ROW)

    def _words(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:  # noqa: N802 - Qt's name
        room = QRectF(rect)  # type: ignore[call-overload]
        painter.fillRect(room, theme.color(Token.BG1))
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), theme.color(Token.LINE))
        align = paint.RIGHT if section else paint.LEFT
        paint.text(painter, room.adjusted(CELL, 0, -CELL, -1), self._words(section), Role.CAPTION, Token.TEXT2, align)


class BalanceTable(QTableView):
    """One row per coin."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: RowsModel[BalanceRow] = RowsModel(COLUMNS, lambda row: row.coin, self)
        self.setModel(self.rows)
        self.setItemDelegate(Cells(self))
        self.setHorizontalHeader(Captions(self))
        self.setAccessibleName("Balances")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.viewport().setAutoFillBackground(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBar(ThinScrollBar(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().hide()
        captions = self.horizontalHeader()
        captions.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        captions.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: tuple[BalanceRow, ...]) -> None:
        self.rows.show_rows(rows)
        self.setFixedHeight(ROW * (1 + min(len(rows), MOST_ROWS)))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self.viewport().update()


class FactList(QWidget):
    """Captions with what is known."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._facts: tuple[Fact, ...] | None = None
        self._column = column(self, 4)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        if facts == self._facts:
            return
        self._facts = facts
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for fact in facts:
            self._column.addWidget(_fact_line(fact))


def _fact_line(fact: Fact) -> QWidget:
    line = QWidget()
    line.setAccessibleName(f"{fact.caption}: {fact.value}")
    box = row(8)
    caption = label(fact.caption, Role.SECONDARY, Token.TEXT2)
    caption.setFixedWidth(CAPTION_WIDTH)
    box.addWidget(caption)
    box.addWidget(figure(fact.value, Role.SECONDARY), 1)
    line.setLayout(box)
    return line


class AccountPanel(SheetFrame):
    """Renders an account; ``close_clicked`` by its cross, its button and Esc of the layer that carries it."""

    WIDTH = 760

    def __init__(self) -> None:
        super().__init__("Account", banded=False)
        self._shown: AccountState | None = None
        self.who = label("", Role.TITLE)
        self.table = BalanceTable()
        self.empty = label("", Role.BODY, Token.TEXT2)
        self.warnings = Sentence(Role.SECONDARY)
        self.fees = FactList("Fee rates")
        self.venue = FactList("What the last connection test learned")
        self.venue_title = label("The exchange, as last tested", Role.TITLE)
        self.copy = Button("Copy report", glyph=Glyph.COPY)
        self.leave = Button("Close", key_hint="Esc")
        self.copy.clicked.connect(self._copy)
        self.leave.clicked.connect(self.close_clicked)
        self._build(self.body)
        self.footer.addWidget(self.copy)
        self.footer.addStretch(1)
        self.footer.addWidget(self.leave)

    def _build(self, body: QVBoxLayout) -> None:
        note = label(RESERVED_NOTE, Role.CAPTION, Token.TEXT3)
        body.addWidget(self.who)
        body.addSpacing(8)
        for part in (self.table, self.empty, self.warnings):
            body.addWidget(part)
            body.addSpacing(3)
        body.addSpacing(3)
        body.addWidget(note)
        body.addSpacing(12)
        body.addWidget(Rule())
        body.addSpacing(12)
        body.addWidget(label("Fees", Role.TITLE))
        body.addSpacing(6)
        body.addWidget(self.fees)
        body.addSpacing(12)
        body.addWidget(self.venue_title)
        body.addSpacing(6)
        body.addWidget(self.venue)
        body.addStretch(1)

    def show_owner(self, words: str) -> None:
        """Whose account it is: ``LIVE  Main account (…k3F9)``."""
        self.who.show_text(words)

    def show_account(
        self, account: AccountSnapshot | None, promises: Sequence[Promise], knowledge: VenueKnowledge | None
    ) -> None:
        """Show these; cheap when nothing changed."""
        shown = account_state(account, promises, knowledge)
        if shown == self._shown:
            return
        self._shown = shown
        self.table.show_rows(shown.balances)
        self.table.setVisible(bool(shown.balances))
        self.empty.show_text(shown.empty)
        self.empty.setVisible(bool(shown.empty))
        self.warnings.set_spans((plain(" ".join(shown.warnings)),), Glyph.WARNING, Token.WARN)
        self.warnings.setVisible(bool(shown.warnings))
        self.fees.show_facts(shown.fees)
        self.venue.show_facts(shown.venue)
        for part in (self.venue, self.venue_title):
            part.setVisible(bool(shown.venue))

    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(self._shown.text)


class AccountSheet(Layer):
    """The account over the window. Feed ``panel`` while it is open."""

    def __init__(self, window: QWidget) -> None:
        self.panel = AccountPanel()
        super().__init__(window, self.panel, self.panel)
        self.panel.close_clicked.connect(self.close_layer)
        self.panel.wants_room.connect(self._make_room)

    def open_sheet(self) -> None:
        """Show it; the keyboard goes to the button that closes it."""
        self.open_layer(self.panel.leave)

    def _make_room(self) -> None:
        if self.is_open:
            self.cover()
