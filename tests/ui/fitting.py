"""Whether every text of the window fits where it stands: ``python -m tests.ui.fitting SCALE`` prints what does not.

The process is one's own, because Qt reads its scale factor once. Looked at are each line that is painted, each
text that is shortened, each sentence that wraps, and each button, label and field against what it lies in.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from otoco_desktop.ui.shell.theme import Role, Theme
    from otoco_desktop.ui.shell.tokens import Token

SIZES = ((1360, 860), (1024, 680))
SLACK = 1.0
NUMBER = re.compile(r"\d")
Scene = tuple[str, "QWidget", Callable[[], None]]


def unfitting(scale: str) -> list[str]:
    """What does not fit at this scale, found by a process of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "TZ": "UTC"}
    command = [sys.executable, "-m", "tests.ui.fitting", scale]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=120)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"ratio {float(scale)}, "), lines[0]
    assert int(lines[0].split()[-1]) > 2_000, "hardly any text was looked at"
    return lines[1:]


class Looker:
    """Notes each painted line that is wider than its place, and each number that is cut short."""

    def __init__(self) -> None:
        self.looked = 0
        self.found: list[str] = []
        self.where = ""

    def tell(self, words: str) -> None:
        line = f"{self.where}: {words}"
        if line not in self.found:
            self.found.append(line)

    @contextmanager
    def watching(self) -> Iterator[None]:
        from otoco_desktop.ui.widgets import paint

        write, shorten = paint.text, paint.elided

        def text(
            painter: QPainter,
            rect: QRectF,
            words: str,
            role: Role,
            token: Token,
            align: Qt.AlignmentFlag = paint.LEFT,
        ) -> None:
            self._line(rect, words, role)
            write(painter, rect, words, role, token, align)

        def elided(words: str, role: Role, room: float) -> str:
            short = shorten(words, role, room)
            if short != words and NUMBER.search(words[len(short) - 1 :]):
                self.tell(f"{words!r} is cut to {short!r}")
            return short

        with patch.object(paint, "text", text), patch.object(paint, "elided", elided):
            yield

    def _line(self, rect: QRectF, words: str, role: Role) -> None:
        from otoco_desktop.ui.widgets import paint

        if not words:
            return
        self.looked += 1
        wide = paint.width(words, role)
        if wide > rect.width() + SLACK:
            self.tell(f"{words!r} is {wide:.1f} wide and has {rect.width():.1f}")
        high = paint.prepared(words, role).size().height()
        if high > rect.height() + 4:
            self.tell(f"{words!r} is {high:.1f} high and has {rect.height():.1f}")

    def widgets(self, window: QWidget) -> None:
        """Each part lies within what holds it, up to the first that scrolls, and has the room it asks for."""
        from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

        from otoco_desktop.ui.widgets.labels import PlainLabel
        from otoco_desktop.ui.widgets.sentence import Sentence

        for part in window.findChildren(QWidget):
            if not part.isVisible() or not isinstance(part, QAbstractButton | QLineEdit | PlainLabel | Sentence):
                continue
            self.looked += 1
            name = f"{type(part).__name__} {part.accessibleName() or getattr(part, 'text', str)()!r}"
            if isinstance(part, QAbstractButton) and part.width() + SLACK < part.sizeHint().width():
                self.tell(f"{name} is {part.width()} wide and wants {part.sizeHint().width()}")
            if isinstance(part, Sentence) and part.height() < part.heightForWidth(part.width()):
                self.tell(f"{name} is {part.height()} high and wants {part.heightForWidth(part.width())}")
            if not _lies_within(part):
                self.tell(f"{name} is cut off")


def _lies_within(part: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractScrollArea

    holder = part.parentWidget()
    while holder is not None and not part.isWindow():
        outer = holder.parentWidget()
        if isinstance(outer, QAbstractScrollArea) and outer.viewport() is holder:
            return True
        if not holder.rect().contains(part.geometry()):
            return False
        part, holder = holder, outer
    return True


def look(scale: str) -> None:
    """Print the ratio and how much was looked at, then what does not fit, one a line."""
    from PySide6.QtWidgets import QApplication

    from otoco_desktop.ui.shell import theme
    from otoco_desktop.ui.shell.tokens import Scheme

    app = QApplication([])
    looker = Looker()
    for scheme in Scheme:
        installed = theme.install(app, scheme)
        for name, window, act in _scenes(installed):
            window.show()
            for width, height in SIZES:
                window.resize(width, height)
                app.sendPostedEvents()
                act()
                app.processEvents()
                looker.where = f"{name} {scheme.value} {width}x{height} at {scale}"
                with looker.watching():
                    window.grab()
                looker.widgets(window)
            window.deleteLater()
    sys.stdout.write(f"ratio {app.devicePixelRatio()}, looked at {looker.looked}\n")
    sys.stdout.write("".join(f"{line}\n" for line in looker.found))


def _scenes(installed: Theme) -> Iterator[Scene]:
    """The plan right, wrong and empty, the review, the Strategies page, the settings and the environment page."""
    from otoco_desktop.domain.preferences import Preferences
    from otoco_desktop.settings import Environment
    from otoco_desktop.ui.accounts.settings_sheet import SettingsSheet
    from otoco_desktop.ui.shell.looks import Looks
    from otoco_desktop.ui.shell.pages import Name
    from tests.ui import panel_scenes
    from tests.ui import plan_examples as plans
    from tests.ui.accounts import fakes
    from tests.ui.accounts.pictures import adding
    from tests.ui.chart_parts import charted_window
    from tests.ui.fakes import PLAN, WRONG_PLAN, FakeDesk, MemoryStore, four_strategies
    from tests.ui.history.examples import drawn_desk
    from tests.ui.strategy_examples import drawn_story, in_doubt
    from tests.ui.windows import open_window

    for name, draft in (("plan", PLAN), ("errors", WRONG_PLAN), ("empty", None)):
        window = charted_window(FakeDesk(four_strategies()), installed=installed)
        window.complete()
        if draft:
            window.presenter.load(draft)
        yield name, window, window.chart.fit
    yield "review", panel_scenes.review(plans.ready()), lambda: None
    history = open_window(drawn_desk(), installed)
    history.complete()

    def show_story() -> None:
        history.pages.show(Name.STRATEGIES)
        history.pages.history.select(drawn_story().strategy_id)
        history.pages.history.show_strip()

    yield "strategies", history, show_story
    doubtful = drawn_desk()
    doubtful.change(strategies=(in_doubt(), *doubtful.state.strategies))
    history = open_window(doubtful, installed)
    history.complete()
    yield "in doubt", history, partial(history.pages.show, Name.STRATEGIES)
    host = open_window(FakeDesk(), installed)
    chosen = Preferences(stop_start="2%", target_start="2.5R")
    looks = Looks(installed, MemoryStore())
    sheet = SettingsSheet(host, fakes.FakePreferences(chosen), Environment.LIVE, looks)
    yield "settings", host, sheet.open_sheet
    yield "environments", adding(), lambda: None
    yield from _exit_scenes(installed)


def _exit_scenes(installed: Theme) -> Iterator[Scene]:
    """Exits asked to go and to move, on both pages; and an exit with a limit on its way to a wrong price, in LIVE."""
    from otoco_desktop.domain.finding import Field
    from otoco_desktop.domain.order import LegRole
    from otoco_desktop.ui.shell.pages import Name
    from tests.ui.chart_parts import charted_window
    from tests.ui.exit_stories import move, moved, removing
    from tests.ui.fakes import FakeDesk
    from tests.ui.strategy_examples import Prices, Story

    limited = Story(Prices(target_limit="95500.00"), 412).protected()
    strategies = [
        move(Story(number=415).protected(), LegRole.STOP, "92000.00").fold(),
        removing(LegRole.TARGET, Story(number=414).protected()).fold(),
        removing(LegRole.STOP, Story(number=413).protected()).leg(LegRole.STOP, "CANCELED").fold(),
        moved(move(limited, LegRole.TARGET, "96000.00", "95900.00"), LegRole.TARGET, "96000.00", "95900.00").fold(),
    ]
    window = charted_window(FakeDesk(strategies), installed=installed)
    window.complete()
    yield "asked exits", window, window.page.strategies.exits.ask_remove
    window = charted_window(FakeDesk(strategies), installed=installed)
    window.complete()

    def show_page() -> None:
        window.pages.show(Name.STRATEGIES)
        window.pages.history.select(strategies[0].strategy_id)
        window.pages.history.detail.exits.ask_remove()

    yield "asked exits, page", window, show_page
    live = charted_window(FakeDesk(strategies, "LIVE"), installed=installed)
    live.complete()

    def show_move() -> None:
        live.pages.exits.open(strategies[3].strategy_id, LegRole.TARGET)
        sheet = live.pages.exits.sheet
        sheet.form.typed.emit(Field.TARGET, "mark-0.5%")
        sheet.form.typed.emit(Field.TARGET_LIMIT, "target+0.125%")

    yield "moving", live, show_move


if __name__ == "__main__":
    look(sys.argv[1])
