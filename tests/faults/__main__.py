"""``python -m tests.faults [pytest's arguments]``: run the tests of the fault catalogue and print it as Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def main(arguments: list[str]) -> int:
    """The exit code of the tests; the table goes to standard output, whatever they say to standard error."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "table.md"
        code = pytest.main(["-q", "-m", "fault", f"--fault-table={table}", *arguments])
        sys.stdout.write("\n" + table.read_text("utf-8"))
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
