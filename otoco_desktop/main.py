"""The start: claim the data directory, run the program on one loop for Qt and asyncio, hand over to a living one."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication

from otoco_desktop.app.defects import Defects
from otoco_desktop.cli import Options
from otoco_desktop.memory import WindowMemory
from otoco_desktop.program import LAST_ACCOUNT, LAST_ENVIRONMENT, Choice, House, Program, Setup, unusable
from otoco_desktop.settings import APP_ID, Environment, Places, make_private
from otoco_desktop.ui.shell.instance import Instance
from otoco_desktop.ui.shell.looks import Looks, enlarge
from otoco_desktop.ui.shell.loop import Loop
from otoco_desktop.ui.shell.theme import Theme, install
from otoco_desktop.ui.shell.window import MainWindow

CANNOT_START = 1
Result = TypeVar("Result")
logger = logging.getLogger(__name__)


def run(options: Options) -> int:
    """Run the program until its window is closed; 0 when it ended as asked, or when it raised a living one."""
    os.umask(0o077)
    memory = program_memory(options.places)
    enlarge(memory)
    app, theme = application()
    try:
        return in_loop(app, lambda: _serve(theme, options, memory))
    finally:
        importlib.import_module("otoco_desktop.logs").shut_down()


def program_memory(places: Places) -> WindowMemory:
    """What is remembered across environments, read."""
    memory = WindowMemory(places.program_memory)
    memory.load()
    return memory


def application() -> tuple[QApplication, Theme]:
    """Qt's application object with our look; one per process."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName(APP_ID)
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


async def _serve(theme: Theme, options: Options, memory: WindowMemory) -> int:
    """One run after the other, as long as the trader goes on to another environment or account."""
    house = House(memory, options.local, looks=Looks(theme, memory))
    here, ask = first_choice(options, memory)
    house.plan = options.plan
    try:
        while True:
            places = options.places.elsewhere(here.environment)
            setup = Setup(places, rehearsal=_rehearsal(), house=house, account=here.account, ask=ask)
            ended = await _run_claimed(theme, setup)
            if not isinstance(ended, Choice):
                return ended
            here, ask = ended, None
    finally:
        if house.accounts is not None:
            await house.accounts.close()


def first_choice(options: Options, memory: WindowMemory) -> tuple[Choice, Choice | None]:
    """Where to begin, and what the environment page is to offer; ``None`` asks nothing.

    Asked at the first start, and whenever the last environment was not PRACTICE: nothing else begins by itself.
    """
    if options.environment_named:
        return Choice(options.places.environment), None
    last = memory.get(LAST_ENVIRONMENT)
    practice = Choice(Environment.PRACTICE)
    if last == Environment.PRACTICE:
        return practice, None
    if last in (Environment.SANDBOX, Environment.LIVE):
        return practice, Choice(Environment(last), memory.get(LAST_ACCOUNT) or "")
    return practice, practice


async def _run_claimed(theme: Theme, setup: Setup) -> Choice | int:
    """One run on a data directory of its own; where to go on, or the exit code."""
    instance = Instance(setup.places.home)
    trouble = _claim(instance, setup.places)
    if trouble is None and not instance.held:
        return _hand_over(instance, setup)
    try:
        return await _run(Program(theme, setup), instance, trouble) or 0
    finally:
        instance.release()


async def _run(program: Program, instance: Instance, trouble: OSError | None) -> Choice | None:
    _report_failures_to(program.defects)
    instance.raise_asked.connect(lambda: _raise(program.window))
    if trouble is not None:
        program.desk.give_up(unusable(program.setup.places, trouble))

    def shown() -> None:
        _guard(program.setup.places, record=trouble is None)
        if instance.held:
            instance.listen()

    return await program.run(shown)


def _guard(places: Places, *, record: bool) -> None:
    """After the first paint and before any key is loaded: keep the memory private, and begin the log.

    Both are loaded here, so that the window does not wait for them.
    """
    hardening, logs = (importlib.import_module(f"otoco_desktop.{name}") for name in ("hardening", "logs"))
    hardening.keep_memory_private()
    if not record:
        return
    logs.shut_down()
    try:
        logs.set_up(places.logs)
    except OSError as error:
        logger.warning("there is no log: %s", error.strerror)


def _claim(instance: Instance, places: Places) -> OSError | None:
    """Take the data directory; the error when it cannot be written."""
    try:
        make_private(places.home)
        instance.claim()
    except OSError as trouble:
        return trouble
    return None


def _hand_over(instance: Instance, setup: Setup) -> int:
    """Raise the program that holds the directory, and end."""
    places = setup.places
    if instance.raise_other():
        kept = setup.house is not None and setup.house.plan
        plan = " The plan was not handed over: paste it there." if kept else ""
        sys.stderr.write(f"{APP_ID}: already running with {places.home}; its window was raised.{plan}\n")
        return 0
    who = f"another program ({instance.holder})" if instance.holder else "another program"
    sys.stderr.write(f"{APP_ID}: {who} holds {places.home} and does not answer; end it, then start again.\n")
    return CANNOT_START


def _raise(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _report_failures_to(defects: Defects) -> None:
    """Nothing that fails inside a slot, a callback or a thread stays unheard: it is logged and said."""
    loop = asyncio.get_running_loop()

    def from_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.error("a slot failed", exc_info=(kind, error, trace))
        defects.note("a slot failed", error)

    def from_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        logger.error("a callback failed: %s", context.get("message"), exc_info=context.get("exception"))
        defects.note(f"a callback failed: {context.get('message')}", context.get("exception"))

    def from_thread(failed: threading.ExceptHookArgs) -> None:
        name = failed.thread.name if failed.thread is not None else "unknown"
        logger.error("thread %s failed", name, exc_info=failed.exc_value)
        with suppress(RuntimeError):  # the loop is closed: the program has ended
            loop.call_soon_threadsafe(defects.note, f"thread {name} failed", failed.exc_value)

    sys.excepthook = from_slot
    threading.excepthook = from_thread
    loop.set_exception_handler(from_loop)


def _rehearsal() -> list[str]:
    """The command that plays the rehearsal in a process of its own."""
    frozen = bool(getattr(sys, "frozen", False))
    return [sys.executable, "--rehearsal"] if frozen else [sys.executable, "-m", "otoco_desktop", "--rehearsal"]
