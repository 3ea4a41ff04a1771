"""The layer over the window that carries the review sheet: keeps keys and focus inside, and never blocks the loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.review.presenter import ReviewPresenter
from otoco_desktop.ui.review.sheet import Sheet
from otoco_desktop.ui.review.state import Stage
from otoco_desktop.ui.shell.live_band import LiveBand
from otoco_desktop.ui.widgets.cover import Cover

SHEET_WIDTH = 688
MOST_PERCENT = 90
REFRESH_MS = 250
HELD_MS = 30
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ReviewSheet(Cover):
    """Opened with a confirmation. ``submit_requested`` carries the ``Confirmed`` once; ``closed`` says a sentence.

    ``now_ms`` is the monotonic clock that quotes are stamped with; ``wall_ms`` is the one that announcements go by,
    where other parts of the window announce as well.
    """

    submit_requested = Signal(object)
    check_again_requested = Signal()
    closed = Signal(str)

    def __init__(self, window: QWidget, now_ms: Callable[[], int], wall_ms: Callable[[], int] | None = None) -> None:
        super().__init__(window)
        self._now_ms = now_ms
        self._presenter: ReviewPresenter | None = None
        self.account = ""
        self.sheet = Sheet(wall_ms or now_ms)
        self.sheet.setParent(self)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._held = QTimer(self, interval=HELD_MS, singleShot=True)
        self._held.timeout.connect(self._show_sending)
        self.sheet.back_requested.connect(self.close_sheet)
        self.sheet.submit_clicked.connect(self._clicked)
        self.sheet.check_again_requested.connect(self.check_again_requested)
        self.sheet.ticked.connect(self._ticked)
        self.sheet.retype.typed.connect(self._typed)
        self.sheet.override.typed.connect(self._typed_words)
        self.sheet.retype.paste_refused.connect(self._paste_refused)

    @property
    def is_open(self) -> bool:
        return self._presenter is not None

    @property
    def is_sending(self) -> bool:
        """Whether the plan is on its way."""
        return self.stage is Stage.SENDING

    @property
    def stage(self) -> Stage | None:
        """How far the review has come; ``None`` while it is closed."""
        return self._presenter.stage if self._presenter else None

    def open_with(self, confirmed: Confirmed, instrument: Instrument, environment: str, quote: Quote | None) -> None:
        """Show a freshly confirmed plan. The keyboard goes to the button that changes nothing, in LIVE to the field."""
        self._presenter = ReviewPresenter(confirmed, instrument, environment, quote, self._now_ms())
        self.sheet.show_content(self._presenter.content, frozenset(), self.account)
        self.sheet.tabs.choose(0)
        self.lie_over()
        self.sheet.first_stop().setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()
        self._refresh()

    def renew(self, confirmed: Confirmed, quote: Quote | None) -> None:
        """The plan has been checked again; ticks stay where the warning is the same."""
        if self._presenter is None or self._presenter.stage is not Stage.REVIEW:
            return
        self._presenter.renew(confirmed, quote, self._now_ms())
        ticked = self._presenter.status(self._now_ms()).ticked
        self.sheet.show_content(self._presenter.content, ticked, self.account)
        self.sheet.first_stop().setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def observe(self, verdict: Verdict, quote: Quote | None, gate: Gate) -> None:
        """The market, a check or the gate changed."""
        if self._presenter is not None and self._presenter.stage is Stage.REVIEW:
            self._presenter.observe(verdict, quote, gate)
            self._refresh()

    def follow(self, strategy: Strategy) -> None:
        """A strategy changed; the one that was sent from here ends the wait."""
        if self._presenter is not None:
            self._presenter.follow(strategy)
            self._show_news()

    def is_about_to_send(self, strategy: Strategy) -> bool:
        """Whether this is recorded and no more, while its confirmation is being spent."""
        return self.stage is Stage.SENDING and phase(strategy) is Phase.INTENT

    def failed(self, sentence: str) -> None:
        """The plan could not be recorded, so nothing was sent."""
        if self._presenter is not None:
            self._presenter.failed(sentence)
            self._show_news()

    def close_sheet(self) -> None:
        """Close; what is being sent goes on."""
        if self._presenter is None:
            return
        words = self._presenter.closing_words()
        self._presenter = None
        self._timer.stop()
        self._let_go()
        self.take_away()
        self.closed.emit(words)

    # What the person does

    def _clicked(self) -> None:
        self._submit(repeated=False)

    def _submit(self, *, repeated: bool) -> None:
        if self._presenter is None:
            return
        confirmed = self._presenter.confirm(self._now_ms(), repeated=repeated)
        if confirmed is not None:
            self.submit_requested.emit(confirmed)
            self._hold()

    def _hold(self) -> None:
        """Nothing is shown between the click and the sent bytes, unless it takes longer than anybody sees."""
        self.sheet.setUpdatesEnabled(False)
        self._held.start()

    def _show_news(self) -> None:
        """What became of the click, now; or as before where nothing was held."""
        if self._held.isActive():
            self._let_go()
        self._refresh()

    def _show_sending(self) -> None:
        self._let_go()
        self._refresh()

    def _let_go(self) -> None:
        """From here on what changes is shown; the button that was pressed gives the keyboard away before it is shut."""
        if self._presenter is not None and self._presenter.stage is not Stage.REVIEW:
            self.sheet.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._held.stop()
        self.sheet.setUpdatesEnabled(True)

    def _ticked(self, code: str, on: bool) -> None:
        if self._presenter is not None:
            self._presenter.tick(code, on=on)
            self._refresh()

    def _typed(self, text: str) -> None:
        if self._presenter is not None:
            self._presenter.type(text)
            self._refresh()

    def _typed_words(self, text: str) -> None:
        if self._presenter is not None:
            self._presenter.type_words(text)
            self._refresh()

    def _paste_refused(self) -> None:
        if self._presenter is not None:
            self._presenter.refuse_paste()
            self._refresh()

    def _refresh(self) -> None:
        if self._presenter is None or self._held.isActive():
            return
        self.sheet.show_status(self._presenter.status(self._now_ms()))
        if self._presenter.stage is Stage.DONE:
            self._timer.stop()

    # Geometry, keys and focus

    def cover(self) -> None:
        """Lie over the window, with the sheet at its right."""
        above = self._kept_above()
        self.setGeometry(self._window.rect().adjusted(0, above, 0, 0))
        wide = min(SHEET_WIDTH, self.width() * MOST_PERCENT // 100)
        self.sheet.setGeometry(self.width() - wide, 0, wide, self.height())

    def _kept_above(self) -> int:
        """The band of LIVE stays in sight over the layer."""
        band = self._window.findChild(LiveBand)
        return band.height() if band is not None else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() in ENTERS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._submit(repeated=event.isAutoRepeat())
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round inside the sheet, which follows it."""
        moved = super().focusNextPrevChild(next)
        if (reached := QApplication.focusWidget()) is not None:
            _scroll_to(reached)
        return moved


def _scroll_to(widget: QWidget) -> None:
    """Bring a widget that has the keyboard into sight."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
