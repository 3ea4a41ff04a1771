"""The list of checks: each row leads to its field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from otoco_desktop.domain.finding import Field, Fix
from otoco_desktop.ui.checks.row_picture import ONE_LINE, Frame, fix_places, height_for, picture
from otoco_desktop.ui.checks.state import CheckRow, ChecksState, Look
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.chip import Chip
from otoco_desktop.ui.widgets.panel import Panel, PanelHeader, ScrollArea, column
from otoco_desktop.ui.widgets.tips import tip
from otoco_desktop.ui.widgets.tones import Tone

TOP_GAP = 4
CHIPS = 5
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, *ENTERS)
DIGITS = ("1", "2", "3")
CHIP_TONES = {
    Look.FAIL: Tone.NEG,
    Look.WARNING: Tone.WARN,
    Look.NOTE: Tone.ACCENT,
    Look.MISSING: Tone.MUTED,
    Look.WAIT: Tone.MUTED,
    Look.PASS: Tone.POS,
}


class CheckButton(QAbstractButton):
    """One check. Where it ``leads``, pressing it asks for the field it is about."""

    def __init__(self, parent: QWidget, *, leads: bool = True) -> None:
        super().__init__(parent)
        self._leads = leads
        self._row: CheckRow | None = None
        self._points = False
        self.on_fix: Fix | None = None
        self.place = (0, 0, 0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def row(self) -> CheckRow | None:
        return self._row

    def show_row(self, shown: CheckRow) -> None:
        """Show this; nothing happens when it already stands there."""
        before = self._row
        if shown is before or shown == before:
            return
        self._row = shown
        self.setAccessibleName(shown.spoken)
        if before is None or (shown.source, shown.fix, shown.more) != (before.source, before.fix, before.more):
            self.setAccessibleDescription(shown.origin)
        if self.underMouse():
            self._show_tip(shown)
        self._point(self._leads and shown.field is not None)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:  # Qt's name
        """The tip is made when it can be asked for, and not at every key."""
        if self._row is not None:
            self._show_tip(self._row)
        super().enterEvent(event)

    def _show_tip(self, shown: CheckRow) -> None:
        self.setToolTip(tip(shown.origin if shown.soft else shown.told))

    def _point(self, points: bool) -> None:
        if points is not self._points:
            self._points = points
            self.setCursor(Qt.CursorShape.PointingHandCursor if points else Qt.CursorShape.ArrowCursor)

    def height_for(self, width: int) -> int:
        """How high the row is at this width."""
        return ONE_LINE if self._row is None else height_for(self._row, width, leads=self._leads)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self.width(), self.height_for(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Arrows and Enter belong to the list; a button would move the focus by itself."""
        if event.key() in LIST_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """A press on a link means its fix; anywhere else it means the field."""
        places = fix_places(self._row, self.width()) if self._row is not None and self._leads else ()
        self.on_fix = next((fix for fix, place in places if place.contains(event.position())), None)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._row is None:
            return
        with QPainter(self) as painter:
            hovered = self._leads and self.underMouse()
            frame = Frame(self.width(), self.height(), self.devicePixelRatioF(), hovered, self._leads)
            painter.drawPixmap(0, 0, picture(self._row, frame))
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()).adjusted(1, 0, -1, 0))


class CheckList(QWidget):
    """Rows under each other: one tab stop, arrows move, Enter or a click asks for the field.

    Shift+Enter, or a click on the row's link, asks for its fix; where there are several, their numbers do.

    With ``leads`` off it is only to be read.
    """

    field_requested = Signal(object)
    fix_requested = Signal(object)

    def __init__(self, *, leads: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._leads = leads
        self._buttons: list[CheckButton] = []
        self._shown = 0
        self._current = 0
        self._placed: tuple[int, list[int]] | None = None

    @property
    def rows(self) -> tuple[CheckButton, ...]:
        """The rows on screen, from the top."""
        return tuple(self._buttons[: self._shown])

    def show_rows(self, shown: tuple[CheckRow, ...]) -> None:
        """Show these rows, touching only those that differ."""
        while len(self._buttons) < len(shown):
            self._buttons.append(self._made())
        for button, found in zip(self._buttons, shown, strict=False):
            button.show_row(found)
        if self._shown != len(shown):
            self._shown = len(shown)
            self._stop_at(min(self._current, max(0, self._shown - 1)))
        self._place()

    def _made(self) -> CheckButton:
        button = CheckButton(self, leads=self._leads)
        button.clicked.connect(lambda: self._activate(button))
        return button

    def _activate(self, button: CheckButton) -> None:
        self._stop_at(self._buttons.index(button))
        if button.on_fix is not None:
            fix, button.on_fix = button.on_fix, None
            self.fix_requested.emit(fix)
        elif self._leads and button.row is not None and button.row.field is not None:
            self.field_requested.emit(button.row.field)

    def _ask_fix(self, button: CheckButton, at: int = 0) -> None:
        fixes = button.row.fixes if self._leads and button.row is not None else ()
        if at < len(fixes):
            self.fix_requested.emit(fixes[at])

    def _stop_at(self, current: int) -> None:
        """Make this row the list's one tab stop."""
        self._current = current
        for at, button in enumerate(self._buttons):
            policy = Qt.FocusPolicy.StrongFocus if at == current else Qt.FocusPolicy.NoFocus
            if button.focusPolicy() != policy:
                button.setFocusPolicy(policy)

    def _place(self) -> None:
        """Put the rows under each other; nothing is done while each is as high as it was."""
        width = self.width()
        heights = [button.height_for(width) for button in self._buttons[: self._shown]]
        if (width, heights) == self._placed:
            return
        self._placed = (width, heights)
        top = TOP_GAP
        for at, button in enumerate(self._buttons):
            if at < self._shown:
                place = (0, top, width, heights[at])
                if button.place != place:
                    button.place = place
                    button.setGeometry(*place)
                top += place[3]
            if button.isHidden() == (at < self._shown):
                button.setVisible(at < self._shown)
        if self.minimumHeight() != top + TOP_GAP:
            self.setMinimumHeight(top + TOP_GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        self._place()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and self._shown:
            self._stop_at(max(0, min(self._shown - 1, self._current + step)))
            self._buttons[self._current].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in ENTERS and self._shown:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self._ask_fix if shift else self._activate)(self._buttons[self._current])
        elif event.text() in DIGITS and self._shown:
            self._ask_fix(self._buttons[self._current], DIGITS.index(event.text()))
        else:
            super().keyPressEvent(event)


class ChecksPanel(Panel):
    """Every check of the plan with counts in the header; ``field_requested`` carries a ``Field``, ``fix_requested`` a
    ``Fix``."""

    field_requested = Signal(object)
    fix_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.BG1, parent)
        self._state: ChecksState | None = None
        self._chips = tuple(Chip() for _ in range(CHIPS))
        self.list = CheckList()
        self.list.field_requested.connect(self._ask)
        self.list.fix_requested.connect(self.fix_requested)
        header = PanelHeader("Checks")
        for chip in self._chips:
            header.add(chip)
        box = column(self)
        box.addWidget(header)
        self._scroll = ScrollArea(self.list)
        box.addWidget(self._scroll, 1)
        self.setAccessibleName("Checks")

    def _ask(self, field: Field) -> None:
        self.field_requested.emit(field)

    def render(self, state: ChecksState) -> None:  # type: ignore[override]  # Qt draws into a device by it
        """Show this state, touching only what differs."""
        if state == self._state:
            return
        self._state = state
        for at, chip in enumerate(self._chips):
            if at < len(state.chips):
                shown = state.chips[at]
                chip.show_words(shown.text, CHIP_TONES[shown.look], shown.glyph)
            else:
                chip.show_words("", Tone.MUTED)
        self.list.show_rows(state.rows)
        if self.accessibleName() != state.summary:
            self.setAccessibleName(state.summary)

    @property
    def chip_words(self) -> tuple[str, ...]:
        """The counts in the header, from the left."""
        return tuple(chip.words for chip in self._chips if chip.words)
