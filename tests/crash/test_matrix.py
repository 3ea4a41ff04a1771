"""SIGKILL at seventeen points: at most one list per intent, nothing lost, and what is open is shown before Submit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.cells import MATRIX, QUICK, Cell, Point
from tests.crash.crash import Exchanges, crash, exchanges
from tests.faults.evidence import Evidence

pytestmark = [
    pytest.mark.fault(45),
    pytest.mark.fault(69),
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL belongs to POSIX"),
]


@pytest.fixture(scope="module")
def there() -> Iterator[Exchanges]:
    with exchanges() as running:
        yield running


def _cells() -> list[object]:
    """The quick ones with every run, the others with the long check."""
    quick = [(cell.point, cell.processed) in QUICK for cell in MATRIX]
    marks = [() if is_quick else (pytest.mark.long,) for is_quick in quick]
    return [pytest.param(cell, marks=mark, id=cell.name) for cell, mark in zip(MATRIX, marks, strict=True)]


@pytest.mark.parametrize("cell", _cells())
async def test_killed(cell: Cell, there: Exchanges, tmp_path: Path, evidence: Evidence) -> None:
    seen = await crash(cell, there, tmp_path)
    seen.check()
    for row in (45, 69):
        evidence.note(
            row,
            injected=f"killed: {cell.name}",
            shown=f"at the next start {seen.shown['first']}, then {seen.shown['settled']}",
            ledger=f"{len(seen.ledger['creates'])} create(s), {len(seen.ledger['lists'])} list(s)",
        )


def test_the_matrix_is_whole() -> None:
    assert [(cell.point, cell.processed) for cell in MATRIX] == [
        (point, way) for point in Point for way in (True, False)
    ]
