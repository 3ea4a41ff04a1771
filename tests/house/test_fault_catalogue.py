"""Every fault of the catalogue is shown by a marked test, or named with the reason why it cannot be shown here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.catalogue import ELSEWHERE, ROWS

TESTS = Path(__file__).parents[1]
SKIPPED = {"test_evidence.py"}
"""Tests about the table itself."""


ROW_TABLES = {"Refusal", "Raw", "Changed", "Slip"}
"""Values that begin with the number of a row."""


def marked(tree: ast.AST) -> Iterator[int]:
    """The rows that the tests of one module are marked with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
            yield from (value for each in node.args for value in rows_of(each, tree))


def rows_of(argument: ast.expr, tree: ast.AST) -> list[int]:
    """A number as it stands; for ``each.row`` the numbers that the module gives to its rows."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, int):
        return [argument.value]
    return [
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.func, ast.Name) and isinstance(call.args[0].value, int) and call.func.id in ROW_TABLES
    ]


def shown() -> set[int]:
    sources = [path for path in TESTS.rglob("test_*.py") if path.name not in SKIPPED]
    return {row for path in sources for row in marked(ast.parse(path.read_text("utf-8")))}


def test_every_row_is_shown_or_named() -> None:
    assert sorted(ROWS) == list(range(1, 71))
    missing = ROWS.keys() - shown() - ELSEWHERE.keys()
    assert not missing, sorted(missing)


def test_no_row_is_both_and_no_mark_is_of_another_row() -> None:
    assert not shown() & ELSEWHERE.keys()
    assert not shown() - ROWS.keys()
    assert all(ELSEWHERE.values())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("@pytest.mark.fault(3)\ndef test_it(): ...", {3}),
        ("pytestmark = [pytest.mark.fault(4), pytest.mark.long]", {4}),
        ("pytest.param(1, marks=pytest.mark.fault(5))", {5}),
        ("ALL = (Slip(6, ()), Slip(7, ()))\nmarks = [pytest.mark.fault(each.row) for each in ALL]", {6, 7}),
        ("pytest.mark.long(8)", set()),
    ],
)
def test_marks_are_recognised(text: str, rows: set[int]) -> None:
    assert set(marked(ast.parse(text))) == rows
