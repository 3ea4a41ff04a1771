"""The fixture ``evidence``, and the option that writes the fault catalogue as seen in one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.evidence import Evidence, Note, notes_in
from tests.faults.table import markdown

OPTION = "--fault-table"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, type=Path, metavar="FILE", help="write the fault catalogue as this run has seen it")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(OPTION) is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collector(config.getoption(OPTION)))


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """Notes for the table of the fault catalogue."""
    return Evidence(request.node)


class Collector:
    """Reads the notes out of the reports, which come from every worker, and writes the table at the end."""

    def __init__(self, table: Path) -> None:
        self._table = table
        self._notes: list[Note] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self._notes += notes_in(report.user_properties)

    def pytest_sessionfinish(self) -> None:
        self._table.write_text(markdown(self._notes) + "\n", "utf-8")
