"""The program in a process of its own, for stories that end a process: ``python -m tests.e2e.child STORY ...``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from otoco_desktop import cli, main
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.program import Program
from otoco_desktop.rehearsal import play, script
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.ui.shell.window import MainWindow
from otoco_desktop.wiring import RunningPractice
from tests.e2e.stage import BUY, SkippingClock, Stage, make_setup, show


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def send(folder: str, rest: str, user: str, market: str, key_file: str) -> int:
    """Plan and submit on an exchange that runs elsewhere, then wait for whatever comes."""
    app, theme = main.application()
    venue = RunningPractice((rest, user, market), Path(key_file))
    return main.in_loop(app, lambda: _send(theme, Path(folder), venue))


async def _send(theme: Theme, folder: Path, venue: RunningPractice) -> int:
    clock = SkippingClock()
    program = Program(theme, make_setup(folder, venue, clock))
    stage = Stage(program, None, clock)
    await show(program)
    await program.connect()
    await stage.ready()
    stage.plan(BUY)
    await stage.review()
    stage.hands.press(Qt.Key.Key_Return, CTRL)
    say("submitted")
    await asyncio.Event().wait()
    return 0


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


STORIES: dict[str, Callable[..., int]] = {"send": send, "serve": serve}
REHEARSALS = {"overhear": overhear, "sabotage": sabotage}


if __name__ == "__main__":
    story, *told = sys.argv[1:]
    sys.exit(REHEARSALS[story]() if story in REHEARSALS else STORIES[story](*told))
