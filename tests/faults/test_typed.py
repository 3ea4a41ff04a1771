"""What a person may type or paste into a field by mistake: named at the character, never guessed, never sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.ui.widgets.sentence import Sentence
from tests.e2e.stage import BUY, ENTRY, Stage, on_stage
from tests.faults.evidence import Evidence
from tests.faults.seen import held

if TYPE_CHECKING:
    import qasync


@dataclass(frozen=True)
class Slip:
    """Texts of one kind that are no number."""

    row: int
    texts: tuple[str, ...]


SLIPS = (
    Slip(64, ("92400,5", "92.400,5", "92 400", "1,000.5")),
    Slip(65, ("٩٢٤٠٠", "９２４００", "92_400", "+92400")),
    Slip(66, ("NaN", "sNaN", "Infinity", "1e5", "1e999999", "-0", "-1", "9" * 40, "0." + "1" * 19)),
    Slip(67, ("92\u202e400", "92\u200b400", "924\n00", "92400\0")),
)


@pytest.mark.parametrize("slip", [pytest.param(each, marks=pytest.mark.fault(each.row)) for each in SLIPS])
async def test_a_text_that_is_no_number(
    slip: Slip, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await stage.see(lambda: stage.hands.says("Ready."), "a plan that passes")
        for text in slip.texts:
            before = spoken(stage)
            paste(stage, text)
            left = stage.hands.read(ENTRY)
            assert not stage.hands.is_open("Review and submit") or left == BUY.entry, repr(text)
            said = sorted(spoken(stage) - before)
            assert said, repr(text)
            stage.hands.press(Qt.Key.Key_Return, CTRL)
            assert not stage.program.window.review.sheet.is_open, repr(text)
            shown = f"field {left!r}: {' '.join(said)}"
            evidence.note(slip.row, injected=repr(text), shown=shown, ledger=await held(stage))
            stage.hands.write(ENTRY, BUY.entry)
        assert not (await stage.ledger()).creates


def paste(stage: Stage, text: str) -> None:
    """Replace what stands in the field by the clipboard."""
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)
    stage.hands.write(ENTRY, "")
    stage.hands.press(Qt.Key.Key_V, CTRL)


def spoken(stage: Stage) -> set[str]:
    """Every sentence in sight."""
    sentences = stage.program.window.findChildren(Sentence)
    return {each.text() for each in sentences if each.isVisible() and each.text()}
