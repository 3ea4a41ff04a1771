"""The real window over a desk without an exchange."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication

from otoco_desktop.domain.errors import ExchangeTrouble, JournalTrouble
from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.shell.window import MainWindow, Surface
from tests.ui.fakes import FakeDesk, MemoryStore


class Inline:
    """Runs a coroutine that never waits, at once; its failure goes where the window's would."""

    def __call__(self, work: Coroutine[Any, Any, Any], on_error: Callable[[Exception], None]) -> None:
        try:
            work.send(None)
        except StopIteration:
            return
        except (ExchangeTrouble, JournalTrouble, RuntimeError) as trouble:
            on_error(trouble)
            return
        work.close()
        raise AssertionError("the fake desk never waits")


def dark_theme() -> theme.Theme:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return theme.install(app, Scheme.DARK)


def open_window(
    desk: FakeDesk, installed: theme.Theme | None = None, store: MemoryStore | None = None, *, rehearsal: bool = False
) -> MainWindow:
    """A window, not shown yet."""
    surface = Surface(Inline(), store or MemoryStore(), installed or dark_theme(), rehearsal)
    return MainWindow(desk, surface)
