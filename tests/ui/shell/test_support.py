"""A failure inside the program is said, pauses sending and ends with a check; reports and exports become files."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from otoco_desktop.app.defects import Defects
from otoco_desktop.rehearsal.hands import Hands
from otoco_desktop.ui.shell.runtime import Runtime
from otoco_desktop.ui.shell.support import COPIED, NOTHING, RESUMED
from otoco_desktop.ui.shell.window import MainWindow, Surface
from tests.faults.evidence import Evidence
from tests.ui.fakes import FakeDesk, MemoryStore, four_strategies
from tests.ui.windows import dark_theme
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

CHECK = "Check with the exchange"


class Bench:
    """A shown window whose background work runs on the loop."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.runtime = Runtime()
        self.defects = Defects(desk.now_ms)
        self.window = MainWindow(desk, Surface(self.runtime.spawn, MemoryStore(), dark_theme()))
        self.window.take_support(self.defects, self.report)
        self.hands = Hands(self.window)
        self.window.show()

    async def report(self) -> str:
        return "a report"

    def told(self) -> list[str]:
        return [message.text for message in self.window.toasts.log]

    def fail(self) -> None:
        try:
            raise RuntimeError("no such row")
        except RuntimeError as error:
            self.defects.note("a slot failed", error)

    async def choose(self, path: Path) -> None:
        """Answer the open question for a place."""
        await until(lambda: self.window.findChildren(QFileDialog), 5, "the question for a place")
        (dialog,) = self.window.findChildren(QFileDialog)
        dialog.selectFile(str(path))
        dialog.accept()

    async def told_of(self, words: str) -> None:
        await until(lambda: any(words in each for each in self.told()), 5, words)


@pytest.fixture
def bench(qloop: qasync.QEventLoop) -> Iterator[Bench]:
    made = Bench(FakeDesk(four_strategies()))
    yield made
    made.window.close_now()
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)


@pytest.mark.fault(70)
async def test_a_failure_is_said_and_ends_with_a_check(bench: Bench, evidence: Evidence) -> None:
    assert not bench.hands.is_open(CHECK)
    bench.fail()
    said = "Something went wrong inside OTOCO Desktop. Sending is paused."
    assert bench.hands.says(said)
    evidence.note(70, injected="an exception in a slot", shown=said, ledger="nothing leaves until a check answered")
    bench.desk.answers = False
    bench.hands.click(CHECK)
    await until(lambda: bench.hands.says("The exchange has not answered everything"), 5)
    assert bench.defects.reason
    bench.desk.answers = True
    bench.hands.click(CHECK)
    await until(lambda: not bench.window.support.strip.isVisible(), 5)
    assert bench.told() == [RESUMED]
    assert bench.defects.reason == ""
    assert bench.desk.checks == 2
    bench.fail()
    assert bench.window.support.strip.isVisible(), "the next failure is said too"
    QTest.keyClick(bench.window, Qt.Key.Key_F5)
    await until(lambda: not bench.window.support.strip.isVisible(), 5)


async def test_a_check_without_a_failure_says_nothing(bench: Bench) -> None:
    bench.window.check_now()
    await until(lambda: bench.desk.checks == 1, 5)
    assert bench.told() == []
    assert bench.window.support._strip is None


@pytest.mark.fault(70)
async def test_the_report_is_copied_and_saved(bench: Bench, tmp_path: Path) -> None:
    bench.fail()
    bench.hands.click("Copy report")
    await bench.told_of(COPIED)
    assert QGuiApplication.clipboard().text() == "a report"
    bench.hands.click("Save report…")
    await bench.choose(tmp_path / "report.txt")
    await bench.told_of("The report was saved as report.txt.")
    assert (tmp_path / "report.txt").read_text() == "a report"


async def test_every_strategy_is_exported_by_its_key(bench: Bench, tmp_path: Path) -> None:
    QTest.keyClick(bench.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    await bench.choose(tmp_path / "all")
    await bench.told_of("4 strategies were exported to all.csv.")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["strategy"] for row in csv.DictReader(file)] == ["S-0415", "S-0414", "S-0413", "S-0411"]


async def test_a_selection_is_exported_and_a_folder_that_is_gone_is_said(bench: Bench, tmp_path: Path) -> None:
    bench.window.support.export(bench.desk.state.strategies[:1])
    await until(lambda: bench.window.findChildren(QFileDialog), 5)
    (dialog,) = bench.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "gone" / "one.csv"))
    dialog.reject()
    await bench.told_of("one.csv was not saved in")
    assert not bench.defects.seen
    bench.window.support.export([])
    assert bench.told()[-1] == NOTHING


async def test_leaving_the_question_writes_nothing(bench: Bench) -> None:
    bench.window.support.export()
    await until(lambda: bench.window.findChildren(QFileDialog), 5)
    bench.window.findChildren(QFileDialog)[0].reject()
    await asyncio.sleep(0)
    assert bench.told() == []
    assert bench.runtime.running == 0
