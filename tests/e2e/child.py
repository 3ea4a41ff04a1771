"""The program in a process of its own, for stories that end a process: ``python -m tests.e2e.child STORY ...``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from otoco_desktop import cli, main
from otoco_desktop.domain.order import LegRole
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.program import Program
from otoco_desktop.rehearsal import play, script
from otoco_desktop.ui.shell.window import MainWindow
from tests.e2e.exits import NEW_STOP, REMOVE, Exits
from tests.e2e.stage import on_stage

STOP = LegRole.STOP
DONE = (Fault.LOSE_CANCEL_DONE, Fault.LOSE_AMEND_DONE)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def serve(folder: str) -> int:
    """The shipped program; tells when its window is up and when it was raised."""
    raise_window, show_window = main._raise, Program.show

    def told(window: MainWindow) -> None:
        raise_window(window)
        say("raised")

    async def shown(program: Program) -> None:
        await show_window(program)
        say("shown")

    main._raise = told
    Program.show = shown  # type: ignore[method-assign, assignment]
    return main.run(cli.parse(["--data-dir", folder, "--environment", "practice"]))


def type_in(folder: str, entry: str) -> int:
    """The shipped program with an entry price typed into it; tells whenever the word beside the title is another."""
    show_window = Program.show

    async def shown(program: Program) -> None:
        await show_window(program)
        program.window.bridge.state.connect(lambda _desk: begin(program))

    def begin(program: Program) -> None:
        ticket = program.window.page.ticket
        if program.window.desk.state.instrument is None or ticket.entry.edit.text():
            return
        QTest.keyClicks(ticket.entry.edit, entry)
        watch = QTimer(program.window, interval=20)
        watch.timeout.connect(lambda: say(ticket.kept.text()))
        watch.start()

    Program.show = shown  # type: ignore[method-assign, assignment]
    return main.run(cli.parse(["--data-dir", folder, "--environment", "practice"]))


def change_exit(folder: str, method: str, fault: str) -> int:
    """The program with its stop asked to go or to move, told once the exchange has that and nobody will answer."""
    app, _ = main.application()

    async def run() -> int:
        async with on_stage(Path(folder)) as stage:
            exits = Exits(stage)
            await exits.protected()
            stage.arm(Fault.DELAY_EVENTS, 60.0)
            stage.arm(Fault(fault), Loss.SILENCE)
            asking = asyncio.ensure_future(exits.remove(STOP) if method == REMOVE else exits.move(STOP, NEW_STOP))
            await stage.see(lambda: stage.controls.ledger().exits, "the request")
            if Fault(fault) in DONE:
                await stage.see(lambda: exits.is_changed(STOP), "what was asked for")
            say("asked")
            await asking
        return 0

    return main.in_loop(app, run)


def overhear() -> int:
    """The rehearsal, telling every address that a socket of this process is connected to or looked up."""

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            say(f"connected to {arguments[1]}")
        elif event == "socket.getaddrinfo":
            say(f"looked up {arguments[0]}")

    sys.addaudithook(listen)
    return play(cli.parse(["--rehearsal", *sys.argv[2:]]))


def sabotage() -> int:
    """The rehearsal, less patient, on an exchange whose market does not move."""
    script.PATIENCE_S = 2.0
    PracticeControls.set_price = stand_still  # type: ignore[method-assign]
    return play(cli.parse(["--rehearsal", *sys.argv[2:]]))


def stand_still(self: PracticeControls, symbol: str, price: str) -> None:
    """No price moves."""


STORIES: dict[str, Callable[..., int]] = {"serve": serve, "type": type_in, "exit": change_exit}
REHEARSALS = {"overhear": overhear, "sabotage": sabotage}


if __name__ == "__main__":
    story, *told = sys.argv[1:]
    sys.exit(REHEARSALS[story]() if story in REHEARSALS else STORIES[story](*told))
