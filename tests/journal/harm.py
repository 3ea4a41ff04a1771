"""Journals as a crash, a power cut or a bad disk leaves them."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from otoco_desktop.domain.events import Fact, Noted

ROOT = Path(__file__).parents[2]
NOTES: tuple[Fact, ...] = tuple(Noted("a", number, "", f"note {number} " + "x" * 200) for number in range(5))
"""What a killed program has recorded, each in a commit of its own."""

_HEAD = """
import asyncio, os, signal, sys
from pathlib import Path
from otoco_desktop.journal import files, opening, schema
from otoco_desktop.journal.store import SqliteJournal
from tests.journal.harm import NOTES
path = Path(sys.argv[1])
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
"""


async def killed(path: Path, script: str) -> None:
    """Run a script that ends itself by SIGKILL; it knows ``path``, ``die`` and the journal's modules."""
    command = [sys.executable, "-c", _HEAD + script, str(path)]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL


async def killed_after_notes(path: Path) -> None:
    """A program that recorded the notes and was killed: all of them stand in the write-ahead log alone."""
    await killed(
        path,
        """
async def write():
    journal = await SqliteJournal.open(path)
    for note in NOTES:
        await journal.append([note])
    die()
asyncio.run(write())
""",
    )


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())
