"""The shipped start with everything behind it: one run after the other in one process, used by keys and mouse."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from otoco_desktop import cli, logs, main, wiring
from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.practice.thread import Endpoints as Addresses
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.program import Program, Setup
from otoco_desktop.settings import Environment, Places
from otoco_desktop.tenancy import Tenancy
from otoco_desktop.ui.accounts.page import EnvironmentPage
from otoco_desktop.ui.accounts.room import AccountRoom
from otoco_desktop.ui.shell.theme import Theme
from tests.e2e.stage import PACE, PATIENCE_S, SkippingClock, Stage, dark_theme, held_market
from tests.waiting import until

SUBMITS = {
    Environment.PRACTICE: "Submit practice strategy",
    Environment.LOCAL: "Submit local strategy",
    Environment.SANDBOX: "Submit sandbox strategy",
    Environment.LIVE: "Submit LIVE strategy",
}
ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class Key:
    """An API key and its secret, as a person reads them off the exchange's page."""

    api_key: str
    secret: str

    @classmethod
    def read(cls, key_file: Path) -> Key:
        found = json.loads(key_file.read_bytes())
        return cls(found["api_key"], found["secret"])

    @property
    def label(self) -> str:
        return f"…{self.api_key[-4:]}"


class Visit(Stage):
    """The person stays, the run and its window change."""

    def __init__(self, server: PracticeServer | None) -> None:
        self.clock = SkippingClock()
        self.server = server
        self.runs: list[Program] = []
        self.ended: int | None = None
        self.expected_defects: list[str] = []

    def take(self, program: Program) -> None:
        """This is the run from here on."""
        self.runs.append(program)
        self.program = program
        super().__post_init__()
        self.submit = SUBMITS[self.environment]

    @property
    def environment(self) -> Environment:
        return self.program.setup.places.environment

    @property
    def tenancy(self) -> Tenancy:
        assert self.program._tenancy is not None
        return self.program._tenancy

    @property
    def room(self) -> AccountRoom:
        return self.tenancy.room

    @property
    def page(self) -> EnvironmentPage:
        return self.room.page

    def title(self) -> str:
        return self.program.window.windowTitle()

    def badge(self) -> str:
        return self.program.window.top_bar.badge.accessibleName()

    async def opened(self, environment: Environment, number: int) -> None:
        """Wait for the run with this number to trade in this environment."""
        await self.see(lambda: len(self.runs) == number, f"run {number}")
        assert self.environment is environment
        await self.see(lambda: self.program._tenancy and self.tenancy._is_open, f"an open desk in {environment}")
        await until(self.program.window.isActiveWindow, PATIENCE_S, "the keyboard")

    async def asked(self) -> None:
        """Wait for the environment page."""
        await self.see(lambda: self.program._tenancy and self.room.is_asking, "the environment page")
        await until(self.program.window.isActiveWindow, PATIENCE_S, "the keyboard")
        await self.see(lambda: not self.tenancy._accounts.state.busy, "a keyring at rest")

    async def ask_page(self) -> None:
        """Click the badge."""
        self.hands.click_on(self.program.window.top_bar.badge)
        await self.asked()

    async def go_to(self, environment: Environment) -> None:
        """Choose on the page and continue."""
        before = len(self.runs)
        self.hands.click_on(self.page.cards[environment].radio)
        self.hands.click(f"Continue with {environment.label}")
        await self.opened(environment, before + 1)

    async def enter_key(self, environment: Environment, key: Key) -> None:
        """Open the key sheet, type the key by keys alone, and test it."""
        if environment is Environment.LIVE or not self.page.cards[environment].add.isVisible():
            self.room.flow.add_key(environment)
        else:
            self.hands.click_on(self.page.cards[environment].add)
        form = self.room.flow.key_sheet.form
        await self.see(form.isVisible, "the key sheet")
        self.hands.write("API key", key.api_key)
        self.hands.press(Qt.Key.Key_S, ALT)
        self.hands.write("Secret", key.secret)
        self.hands.click("Test connection")
        await self.see(lambda: form.card.isVisible() and form.copy.isVisible(), "the end of the test")

    async def keep_key(self, environment: Environment) -> None:
        """Save, and wait until the page offers the key."""
        form = self.room.flow.key_sheet.form
        if form.tick.isVisible():
            await self.see(form.tick.isEnabled, "a test that has passed")
            self.hands.click_on(form.tick)
        await self.see(form.save.isEnabled, "a key that may be kept")
        self.hands.click_on(form.save)
        await self.see(lambda: not self.room.flow.key_sheet.is_open, "the kept key")
        assert self.tenancy._accounts.state.accounts[environment]

    def defects(self) -> list[str]:
        """What failed inside the program in any run of this visit."""
        return [found.where for run in self.runs for found in run.defects.seen]


def patched(visit: Visit, options: DeskOptions | None, patch: pytest.MonkeyPatch) -> None:
    """The shipped program, brisker, on a clock that can be moved on, and known to the visit."""

    class Watched(Program):
        def __init__(self, theme: Theme, setup: Setup) -> None:
            super().__init__(theme, replace(setup, clock=visit.clock, pace=PACE, options=options))
            visit.take(self)

        async def show(self) -> None:
            await super().show()
            self.window.activateWindow()

    patch.setattr(main, "Program", Watched)
    patch.setattr(wiring, "practice", held_practice)


def held_practice(book: Path, *, real_prices: bool = False) -> wiring.EmbeddedPractice:
    """The embedded exchange with a price that stands still."""
    return wiring.EmbeddedPractice(held_market(book, from_outside=real_prices))


@asynccontextmanager
async def visiting(
    folder: Path, *arguments: str, server: PracticeServer | None = None, options: DeskOptions | None = None
) -> AsyncIterator[Visit]:
    """Start the program with this command line; at the end close its window as a person does."""
    visit = Visit(server)
    hooks, loop = (sys.excepthook, threading.excepthook), asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    with pytest.MonkeyPatch.context() as patch:
        patched(visit, options, patch)
        parsed = cli.parse(["--data-dir", str(folder), *arguments])
        serving = asyncio.ensure_future(main._serve(dark_theme(), parsed, main.program_memory(parsed.places)))
        try:
            await until(lambda: visit.runs or serving.done(), PATIENCE_S, "the first run")
            yield visit
            assert visit.defects() == visit.expected_defects, (folder / "logs" / "otoco.log").read_text()
        finally:
            visit.program._asked_to_close.set()
            visit.ended = await serving
            sys.excepthook, threading.excepthook = hooks
            loop.set_exception_handler(handler)
            logs.shut_down()
            for run in visit.runs:
                run.window.deleteLater()
                QCoreApplication.sendPostedEvents(run.window, QEvent.Type.DeferredDelete)


@asynccontextmanager
async def exchange(folder: Path, **changes: Any) -> AsyncIterator[tuple[PracticeServer, Addresses]]:
    """A practice exchange on a port of its own, which the program knows nothing of but its address."""
    server = PracticeServer(held_market(folder, **changes))
    try:
        yield server, await asyncio.wrap_future(server.start())
    finally:
        await asyncio.to_thread(server.stop)


def local(found: Addresses) -> tuple[str, ...]:
    """The command line that trades with a server on this computer."""
    return "--environment", "local", "--local-endpoint", f"http://127.0.0.1:{found.port}"


def remembers(folder: Path) -> Mapping[str, object]:
    """What the program keeps across environments."""
    found: Mapping[str, object] = json.loads(Places(folder, Environment.PRACTICE).program_memory.read_text())
    return found
