"""The rehearsal, played as it ships: off screen and on a real X server, and what it says when it goes wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction, QImage

from otoco_desktop.ui.shell.apart import AS_PLANNED
from tests.e2e.processes import run
from tests.e2e.stage import on_stage
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

STEPS = ("connected", "mistake", "planned", "review", "working", "partial", "protected", "closed")


def check_pictures(folder: Path) -> None:
    """One per step, none of them blank."""
    pictures = sorted(folder.glob("*.png"))
    assert [path.stem.partition("-")[2] for path in pictures] == list(STEPS)
    for path in pictures:
        image = QImage(str(path))
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        assert image.width() >= 1000, path.name
        assert len(colours) > 20, f"{path.name} shows nothing"


def test_off_screen_it_ends_as_planned_and_speaks_to_this_computer_alone(tmp_path: Path) -> None:
    done = run("tests.e2e.child", "overhear", "--pictures", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "Every leg ended as planned." in done.stdout
    check_pictures(tmp_path)
    addresses = [line for line in done.stdout.splitlines() if line.startswith(("connected to", "looked up"))]
    assert any("127.0.0.1" in line for line in addresses), "the program connected to nothing"
    strangers = [line for line in addresses if "127.0.0.1" not in line and "localhost" not in line]
    assert not strangers, strangers


@pytest.mark.xvfb
def test_on_an_x_server(x11: dict[str, str], tmp_path: Path) -> None:
    done = run("otoco_desktop", "--rehearsal", "--pictures", str(tmp_path), env=x11)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    check_pictures(tmp_path)


def test_a_market_that_does_not_move(tmp_path: Path) -> None:
    done = run("tests.e2e.child", "sabotage", "--pictures", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.rstrip().endswith("Not as planned: waited 2 s for part of the entry filled: no stop is active.")
    assert "Traceback" not in done.stdout + done.stderr
    assert sorted(tmp_path.glob("*-not-as-planned.png"))


def test_pictures_that_cannot_be_kept(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("mine")
    done = run("otoco_desktop", "--rehearsal", "--pictures", str(taken / "pictures"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The rehearsal cannot keep its files: ")
    assert done.stderr.count("\n") == 1


async def test_from_the_help_menu_it_plays_apart_and_its_end_is_told(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, rehearsal=(sys.executable, "-m", "otoco_desktop", "--rehearsal")) as stage:
        window = stage.program.window
        action = next(each for each in window.findChildren(QAction) if each.text() == "&Rehearsal…")
        action.trigger()
        await until(lambda: window.toasts.log, 40, "the end of the rehearsal")
        assert [message.text for message in window.toasts.log] == [AS_PLANNED]
        assert not stage.strategies
        assert not (await stage.ledger()).creates
