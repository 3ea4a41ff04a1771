"""Short messages at the bottom right: six seconds, errors until closed, at most three; all kept in a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain

WIDTH = 320
GAP = 8
STAY_MS = 6_000
MOST = 3
LOG_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Message:
    """What was said and when (ms since the epoch)."""

    at_ms: int
    text: str
    is_error: bool


class Toast(QWidget):
    """One message; ``closed`` when its time is over or it was dismissed."""

    closed = Signal()

    def __init__(self, message: Message, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.setAccessibleName(message.text)
        self._timer = QTimer(self, interval=STAY_MS, singleShot=True)
        self._timer.timeout.connect(self.closed)
        self._build()
        self.setFixedWidth(WIDTH)
        self.setFixedHeight(self.heightForWidth(WIDTH))

    def _build(self) -> None:
        error = self.message.is_error
        sentence = Sentence()
        glyph, token = (Glyph.FAIL, Token.NEG) if error else (Glyph.NOTE, Token.ACCENT)
        sentence.set_spans([plain(self.message.text)], glyph, token)
        close = Button("", Kind.BARE, glyph=Glyph.CROSS)
        close.setAccessibleName("Close message")
        close.clicked.connect(self.closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(sentence, 1)
        layout.addWidget(close)
        if not error:
            self._timer.start()

    def stop(self) -> None:
        """End the countdown; the toast is going away."""
        self._timer.stop()

    def heightForWidth(self, width: int) -> int:  # Qt's name
        layout = self.layout()
        return max(40, layout.heightForWidth(width)) if layout else 40

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(WIDTH, self.heightForWidth(WIDTH))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        with QPainter(self) as painter:
            paint.box(painter, QRectF(self.rect()), Box(Token.BG3, Token.EDGE))


class ToastHost(QObject):
    """Stacks toasts over a window's corner, ``bottom`` pixels above its lower edge."""

    logged = Signal()

    def __init__(self, window: QWidget, now_ms: Callable[[], int], bottom: int = 24) -> None:
        super().__init__(window)
        self._window = window
        self._now_ms = now_ms
        self._bottom = bottom
        self._toasts: list[Toast] = []
        self._log: list[Message] = []
        window.installEventFilter(self)

    @property
    def log(self) -> tuple[Message, ...]:
        """Everything said so far, oldest first."""
        return tuple(self._log)

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """What is on screen now, oldest first."""
        return tuple(self._toasts)

    def say(self, text: str) -> Callable[[], None]:
        """News that passes by itself, or earlier: what is returned takes it back from the screen."""
        toast = self._show(Message(self._now_ms(), text, is_error=False))
        return lambda: self._remove(toast)

    def complain(self, text: str) -> None:
        """Trouble: stays until closed."""
        self._show(Message(self._now_ms(), text, is_error=True))

    def clear(self) -> None:
        """Take everything off the screen; the log stays."""
        for toast in list(self._toasts):
            self._remove(toast)

    def _show(self, message: Message) -> Toast:
        self._log = [*self._log, message][-LOG_LENGTH:]
        self.logged.emit()
        while len(self._toasts) >= MOST:
            self._remove(self._least_needed())
        toast = Toast(message, self._window)
        toast.closed.connect(lambda: self._remove(toast))
        self._toasts.append(toast)
        toast.show()
        toast.raise_()
        self._place()
        return toast

    def _least_needed(self) -> Toast:
        return next((toast for toast in self._toasts if not toast.message.is_error), self._toasts[0])

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.stop()
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        below = self._window.height() - self._bottom
        for toast in reversed(self._toasts):
            below -= toast.height() + GAP
            toast.move(self._window.width() - WIDTH - GAP, below)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
