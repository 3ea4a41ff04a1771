"""What a test of the fault catalogue saw: how the fault was made, what the program showed, what the exchange held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pytest

PROPERTY = "fault evidence"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the table. ``shown`` is text read from the program, ``ledger`` what its counterpart held."""

    row: int
    injected: str
    shown: str
    ledger: str
    test: str


class Evidence:
    """Takes the notes of one test; they travel with its report, from another process too."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def note(self, row: int, *, injected: str, shown: str, ledger: str) -> None:
        """Keep one line about a row that this test is marked with."""
        rows = {mark.args[0] for mark in self._item.iter_markers("fault")}
        assert row in rows, f"this test is not marked with row {row}"
        assert all((injected, shown, ledger)), "a line of the table says all three"
        note = Note(row, _line(injected), _line(shown), _line(ledger), self._item.nodeid)
        self._item.user_properties.append((PROPERTY, asdict(note)))


def notes_in(properties: Iterable[tuple[str, Any]]) -> list[Note]:
    """The notes among the properties of a test's report."""
    return [Note(**value) for name, value in properties if name == PROPERTY]


def _line(text: str) -> str:
    return " ".join(str(text).split())
