"""Plays the rehearsal and tells it as a timeline in words; the exit code says whether every leg ended as planned."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QGuiApplication

from otoco_desktop.cli import Options
from otoco_desktop.main import application, in_loop
from otoco_desktop.practice.venue import PracticeConfig
from otoco_desktop.program import Program, Setup
from otoco_desktop.rehearsal.hands import NotThere
from otoco_desktop.rehearsal.script import START_PRICE, SYMBOL, Stage, perform
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.shell.theme import Theme
from otoco_desktop.wiring import EmbeddedPractice

AS_PLANNED, NOT_AS_PLANNED = 0, 1
SEED = 4
"""With this one the entry fills in two parts."""

WATCHED_PACE_S = 0.8


class Teller:
    """Prints each step with the seconds since the start and, where asked, keeps a picture of the window."""

    def __init__(self, pictures: Path | None) -> None:
        self._began = time.monotonic()
        self._pictures = pictures
        self._count = 0

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self._began:6.2f} s  {words}", flush=True)

    def picture(self, program: Program, name: str) -> None:
        if self._pictures is None:
            return
        self._count += 1
        path = self._pictures / f"{self._count:02d}-{name}.png"
        if not program.window.grab().save(str(path)):
            raise OSError(f"the picture {path} could not be written")


def play(options: Options) -> int:
    """Play the rehearsal on a private practice exchange; the account in the data directory is not touched."""
    os.umask(0o077)
    app, theme = application()
    try:
        if options.pictures is not None:
            options.pictures.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="otoco-rehearsal-", ignore_cleanup_errors=True) as folder:
            return in_loop(app, lambda: _play(theme, Path(folder), Teller(options.pictures)))
    except OSError as trouble:
        sys.stderr.write(f"The rehearsal cannot keep its files: {trouble}.\n")
        return NOT_AS_PLANNED


async def _play(theme: Theme, folder: Path, teller: Teller) -> int:
    """One program on a private exchange whose price is held at first; then the script."""
    venue = EmbeddedPractice(PracticeConfig(data_dir=folder / "exchange", seed=SEED, script={SYMBOL: START_PRICE}))
    program = Program(theme, Setup(Places(folder, Environment.PRACTICE), venue=venue))
    try:
        await program.show()
        await program.connect()
        watched = QGuiApplication.platformName() != "offscreen"
        stage = Stage(program, venue.server, teller, WATCHED_PACE_S if watched else 0.0)
        await _unless_closed(program, stage)
    except NotThere as trouble:
        teller.say(f"Not as planned: {trouble}.")
        teller.picture(program, "not-as-planned")
        return NOT_AS_PLANNED
    finally:
        await program.close()
    teller.say("Every leg ended as planned.")
    return AS_PLANNED


async def _unless_closed(program: Program, stage: Stage) -> None:
    """The whole play. Raises ``NotThere`` where it leaves the plan, or when somebody closes its window."""
    playing = asyncio.ensure_future(perform(stage))
    program.window.closing.connect(playing.cancel)
    try:
        await playing
        await stage.breathe()
    except asyncio.CancelledError:
        raise NotThere("the window was closed") from None
