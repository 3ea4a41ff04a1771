"""The start: claim the data directory, run the program on one loop for Qt and asyncio, hand over to a living one."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from otoco_desktop import logs
from otoco_desktop.cli import Options
from otoco_desktop.hardening import keep_memory_private
from otoco_desktop.program import Program, Setup, unusable
from otoco_desktop.settings import APP_ID, APP_NAME, Places, make_private
from otoco_desktop.ui.shell.instance import Instance
from otoco_desktop.ui.shell.loop import Loop
from otoco_desktop.ui.shell.theme import Theme, install
from otoco_desktop.ui.shell.window import MainWindow

CANNOT_START = 1
DEFECT = "Something failed inside the program. The log has the details."
Result = TypeVar("Result")
logger = logging.getLogger(__name__)


def run(options: Options) -> int:
    """Run the program until its window is closed; 0 when it ended as asked, or when it raised a living one."""
    os.umask(0o077)
    keep_memory_private()
    app, theme = application()
    places = options.places
    instance = Instance(places.home)
    trouble = _claim(instance, places)
    if trouble is None and not instance.held:
        return _hand_over(instance, places)
    try:
        return in_loop(app, lambda: _serve(theme, places, instance, trouble))
    finally:
        instance.release()
        logs.shut_down()


def application() -> tuple[QApplication, Theme]:
    """Qt's application object with our look; one per process."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName(APP_ID)
    app.setApplicationDisplayName(APP_NAME)
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(False)
    return app, install(app)


def in_loop(app: QApplication, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a coroutine on one loop for Qt and asyncio, and leave neither behind."""
    loop = Loop(app)
    asyncio.set_event_loop(loop)
    try:
        result: Result = loop.run_until_complete(work())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        return result
    finally:
        loop.close()
        asyncio.set_event_loop(None)


async def _serve(theme: Theme, places: Places, instance: Instance, trouble: OSError | None) -> int:
    program = Program(theme, Setup(places, rehearse=_rehearse_apart))
    _report_failures_to(program.window)
    instance.raise_asked.connect(lambda: _raise(program.window))
    if trouble is not None:
        program.desk.give_up(unusable(places, trouble))
    await program.run()
    return 0


def _claim(instance: Instance, places: Places) -> OSError | None:
    """Take the data directory and begin the log there; the error when it cannot be written."""
    try:
        make_private(places.home)
        if instance.claim():
            logs.set_up(places.logs)
    except OSError as trouble:
        return trouble
    return None


def _hand_over(instance: Instance, places: Places) -> int:
    """Raise the program that holds the directory, and end."""
    if instance.raise_other():
        sys.stderr.write(f"{APP_ID}: already running with {places.home}; its window was raised.\n")
        return 0
    sys.stderr.write(f"{APP_ID}: another program holds {places.home} and does not answer; end it, then start again.\n")
    return CANNOT_START


def _raise(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _report_failures_to(window: MainWindow) -> None:
    """Nothing that fails inside a slot or a callback stays unheard: it is logged and said."""

    def from_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.error("a slot failed", exc_info=(kind, error, trace))
        window.toasts.complain(DEFECT)

    def from_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        logger.error("a callback failed: %s", context.get("message"), exc_info=context.get("exception"))
        window.toasts.complain(DEFECT)

    sys.excepthook = from_slot
    asyncio.get_running_loop().set_exception_handler(from_loop)


def _rehearse_apart(window: MainWindow) -> None:
    """Play the rehearsal in a process of its own, so that it shares nothing with the account in this window."""
    player = QProcess(window)
    player.finished.connect(lambda code, _status: _tell_rehearsal(window, code))
    frozen = bool(getattr(sys, "frozen", False))
    player.start(sys.executable, ["--rehearsal"] if frozen else ["-m", "otoco_desktop", "--rehearsal"])


def _tell_rehearsal(window: MainWindow, code: int) -> None:
    if code == 0:
        window.toasts.say("Rehearsal finished: every leg ended as planned.")
    else:
        window.toasts.complain("The rehearsal did not end as planned. The log has the details.")
