"""A window with its chart; says where the stop's line is in the screen's own pixels, then what a drag made of it."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication

from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.shell.window import MainWindow
from tests.ui.chart_parts import charted_window
from tests.ui.fakes import PLAN, FakeDesk

POLL_MS = 50
PATIENCE = 400
LEFT = 30


def tell(what: dict[str, object]) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Child:
    """Looks again and again until each thing has happened."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.window: MainWindow = charted_window(FakeDesk())
        self.window.resize(1024, 680)
        self.window.move(0, 0)
        self.window.show()
        self.window.complete()
        self.window.presenter.load(PLAN)
        self._told = False
        self._polls = 0
        self._timer = QTimer(self.window, interval=POLL_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._polls += 1
        chart = self.window.chart.panel
        if chart is None or self._polls > PATIENCE:
            self._app.exit(1)
        elif not self._told:
            if self._polls > 20 and self.window.isActiveWindow() and not chart.canvas._settling.isActive():
                self._told = True
                self._say_where()
        elif self.window.presenter.draft.stop != PLAN.stop and not chart.gestures.is_dragging:
            tell({"stop": self.window.page.ticket.boxes()[Field.STOP].text()})
            self._app.exit(0)

    def _say_where(self) -> None:
        chart = self.window.chart.panel
        assert chart is not None
        line = chart.canvas.state.line(Field.STOP)
        assert line is not None
        frame = chart.canvas.frame
        at = chart.canvas.mapToGlobal(QPoint(LEFT, round(frame.y_of(line.price))))
        ratio = chart.canvas.devicePixelRatioF()
        instrument = chart.canvas.state.instrument
        assert instrument is not None
        higher = frame.snapped(frame.y_of(line.price) - 20, instrument.price_tick)
        place = {"x": round(at.x() * ratio), "y": round(at.y() * ratio)}
        tell({**place, "ratio": ratio, "higher": str(higher)})


def main() -> int:
    app = QApplication(sys.argv)
    child = Child(app)
    ended = app.exec()
    child.window.close_now()
    return ended


if __name__ == "__main__":
    sys.exit(main())
