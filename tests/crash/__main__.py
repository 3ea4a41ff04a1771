"""The whole crash matrix as a table: ``python -m tests.crash [part of a cell's name]``."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.crash.cells import MATRIX, Cell
from tests.crash.crash import Exchanges, Seen, crash, exchanges


def row(seen: Seen) -> str:
    """One line of the table."""
    lists = [f"entry {legs[0][2]}" for legs in seen.ledger["lists"]]
    held = f"{len(seen.ledger['creates'])} creates, {len(lists)} lists{''.join(f', {each}' for each in lists)}"
    first, settled = (", ".join(seen.shown[key]) or "nothing" for key in ("first", "settled"))
    return f"| {seen.cell.name} | {first} | {seen.shown['reasons'][-1]} | {settled} | {held} | {seen.cell.expected} |"


async def _play(cell: Cell, there: Exchanges, folder: Path) -> str:
    """Its line of the table; a cell that breaks a promise says so there."""
    try:
        seen = await crash(cell, there, folder)
        seen.check()
    except AssertionError as broken:
        return f"| {cell.name} | FAILED | {' '.join(str(broken).split())[-900:]} | | | {cell.expected} |"
    return row(seen)


async def _play_all(wanted: str) -> int:
    """How many cells failed."""
    failed = 0
    say("| cell | first shown | why Submit was closed | settled as | on the exchange | expected there |")
    say("|---|---|---|---|---|---|")
    with exchanges() as there, tempfile.TemporaryDirectory(prefix="otoco-crash-") as place:
        for number, cell in enumerate(MATRIX):
            if wanted in cell.name:
                line = await _play(cell, there, Path(place) / str(number))
                failed += "| FAILED |" in line
                say(line)
    return failed


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(asyncio.run(_play_all(" ".join(sys.argv[1:]))))
