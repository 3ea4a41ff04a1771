"""Notes reach the table from every process, and a note without a mark is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.catalogue import ROWS
from tests.faults.evidence import Evidence, Note
from tests.faults.table import markdown

ROOT = Path(__file__).parents[2]
MARKED = """
import pytest

@pytest.mark.fault({row})
def test_it(evidence):
    evidence.note({row}, injected="by hand", shown="seen in {row}", ledger="nothing")
    {more}
"""


def test_a_note_lands_in_its_row() -> None:
    text = markdown([Note(2, "closed port", "Not sent | retry", "no create", "t")])
    assert "| 2 | connection refused | closed port | Not sent \\| retry | no create |" in text
    assert text.endswith(f"1 of {len(ROWS)} rows seen.")
    assert f"| 3 | {ROWS[3]} |  | not seen in this run |  |" in text


def test_a_note_says_everything_about_a_row_of_its_test(request: pytest.FixtureRequest) -> None:
    evidence = Evidence(request.node)
    with pytest.raises(AssertionError, match="not marked with row 3"):
        evidence.note(3, injected="a", shown="b", ledger="c")
    request.node.add_marker(pytest.mark.fault(3))
    with pytest.raises(AssertionError, match="all three"):
        evidence.note(3, injected="a", shown="", ledger="c")
    assert not request.node.user_properties


def test_the_table_has_what_passed_in_any_process(tmp_path: Path) -> None:
    for row, more in ((5, ""), (6, ""), (7, "assert False")):
        (tmp_path / f"test_{row}.py").write_text(MARKED.format(row=row, more=more))
    table = tmp_path / "table.md"
    options = ["-n", "2", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c", "/dev/null", "-W", "ignore"]
    options += ["-p", "tests.faults.plugin", f"--fault-table={table}", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    text = table.read_text("utf-8")
    assert "| seen in 5 |" in text
    assert "| seen in 6 |" in text
    assert "seen in 7" not in text
    assert text.endswith(f"2 of {len(ROWS)} rows seen.\n")
