"""The layer over the window in which an exit is moved. It stops nothing, and sends only what was asked for twice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.layer import Layer
from otoco_desktop.ui.moving.presenter import Around, Move, MovePresenter
from otoco_desktop.ui.moving.state import SHOW_PAIR, Stage
from otoco_desktop.ui.moving.view import MoveForm
from otoco_desktop.ui.moving.words import DEFECT
from otoco_desktop.ui.widgets.announcer import Announcer
from otoco_desktop.ui.widgets.spans import text_of

REFRESH_MS = 250
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MoveSheet(Layer):
    """``move_requested`` carries a ``Move``, once; ``pair_requested`` asks for the prices of the strategy's pair.

    ``around`` says what holds for a strategy now.
    """

    move_requested = Signal(object)
    pair_requested = Signal(str)
    said = Signal(str)

    def __init__(self, window: QWidget, around: Callable[[Strategy], Around], now_ms: Callable[[], int]) -> None:
        self.form = MoveForm()
        super().__init__(window, self.form, self.form)
        self.beside = True
        self._around = around
        self._presenter: MovePresenter | None = None
        self._announcer = Announcer(self, now_ms)
        self._told = ""
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.closed.connect(self._wipe)
        self._connect()

    def _connect(self) -> None:
        form = self.form
        form.close_clicked.connect(self.close_layer)
        form.wants_room.connect(self._make_room)
        form.typed.connect(lambda field, text: self._do(lambda asked: asked.edit(field, text)))
        form.stepped.connect(lambda field, ticks: self._do(lambda asked: asked.step(field, ticks)))
        form.refused.connect(lambda field, reason: self._do(lambda asked: asked.refuse(field, reason)))
        form.fix_activated.connect(lambda: self._do(MovePresenter.fix))
        form.link_activated.connect(self._follow_link)
        form.retype.typed.connect(lambda text: self._do(lambda asked: asked.type(text)))
        form.retype.paste_refused.connect(lambda: self._do(MovePresenter.refuse_paste))
        form.move_clicked.connect(lambda: self._move(repeated=False))

    @property
    def presenter(self) -> MovePresenter | None:
        """What is moved; ``None`` while the sheet is closed."""
        return self._presenter

    def open_for(self, strategy: Strategy, role: LegRole, environment: Environment) -> None:
        """Show this exit with its price selected, ready to be typed over."""
        self._presenter = made = MovePresenter(strategy, role, environment.label, self._around(strategy))
        self._told = ""
        self.form.show_exit(role, environment, limited=made.is_limited)
        self._show()
        self.open_layer(self.form.first_stop(), {Qt.Key.Key_N: self.form.first_stop()})
        self.form.first_stop().selectAll()

    def follow(self, strategy: Strategy) -> None:
        """A strategy has news."""
        if self._presenter is not None:
            self._presenter.follow(strategy)
            self._show()

    def refresh(self) -> None:
        """Judge again: the market, the clock or the lock has moved."""
        if self._presenter is not None:
            self._presenter.observe(self._around(self._presenter.strategy))
            self._show()

    def sent(self, move: Move) -> None:
        """The request has been answered, or nobody will answer it."""
        if self._presenter is not None and self._presenter.asked is move:
            self._presenter.sent()
            self._show()

    def failed(self, move: Move, sentence: str) -> None:
        """Nothing could be recorded, so nothing was sent. Without a sentence the log alone has why."""
        if self._presenter is not None and self._presenter.asked is move:
            self._presenter.failed(sentence or DEFECT)
            self._show()

    # What the person does

    def _do(self, act: Callable[[MovePresenter], None]) -> None:
        if self._presenter is not None and self._presenter.stage is Stage.TYPING:
            act(self._presenter)
            self._show()

    def _follow_link(self, name: str) -> None:
        presenter = self._presenter
        if presenter is None:
            return
        if name == SHOW_PAIR:
            self.pair_requested.emit(presenter.strategy.intent.order.instrument)
            return
        self._do(lambda asked: asked.fill(name))
        self.form.first_stop().setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, *, repeated: bool) -> None:
        presenter = self._presenter
        if presenter is None:
            return
        around = self._around(presenter.strategy)
        presenter.observe(around)
        asked = presenter.confirm(around.market.now_ms, repeated=repeated)
        self._show()
        if asked is not None:
            self.form.keep.setFocus(Qt.FocusReason.OtherFocusReason)
            self.move_requested.emit(asked)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in ENTERS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(repeated=event.isAutoRepeat())
            event.accept()
        else:
            super().keyPressEvent(event)

    # Showing

    def _show(self) -> None:
        if self._presenter is None:
            return
        state = self._presenter.state
        self.form.show_state(state)
        now = text_of(state.notice.words) if state.notice is not None else state.content.verdict.text
        if now != self._told:
            self._told = now
            self._announcer.say(now)

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._timer.stop()
        super().hideEvent(event)

    def _make_room(self) -> None:
        if self.is_open:
            self.cover()

    def _wipe(self) -> None:
        presenter, self._presenter = self._presenter, None
        if presenter is not None and (words := presenter.closing_words()):
            self.said.emit(words)
