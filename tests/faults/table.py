"""The fault catalogue as a Markdown table, made from what the tests of one run have noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tests.faults.catalogue import ELSEWHERE, ROWS
from tests.faults.evidence import Note

HEAD = ("| # | Fault | Injected | Shown | On the exchange or disk |", "|---|---|---|---|---|")
LONGEST = 220


def markdown(notes: Iterable[Note]) -> str:
    """Every row of the catalogue: what was seen of it in this run, or why nothing was."""
    seen: defaultdict[int, list[Note]] = defaultdict(list)
    for note in notes:
        seen[note.row].append(note)
    lines = [line for row in sorted(ROWS) for line in _row(row, seen[row])]
    return "\n".join([*HEAD, *lines, "", f"{sum(map(bool, seen.values()))} of {len(ROWS)} rows seen."])


def _row(row: int, notes: list[Note]) -> list[str]:
    if not notes:
        return [_cells(row, ROWS[row], "", ELSEWHERE.get(row, "not seen in this run"), "")]
    distinct = dict.fromkeys((note.injected, note.shown, note.ledger) for note in notes)
    return [_cells(row, ROWS[row], *each) for each in distinct]


def _cells(*cells: object) -> str:
    return "| " + " | ".join(_short(str(cell)).replace("|", "\\|") for cell in cells) + " |"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
