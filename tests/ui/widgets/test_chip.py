"""A chip in too little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.widgets.chip import Chip
from otoco_desktop.ui.widgets.tones import Tone
from tests.ui.windows import dark_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_chip_never_shows_half_a_word(qtbot: QtBot) -> None:
    dark_theme()
    chip = Chip("11 pass", Tone.POS, Glyph.PASS)
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    assert chip.drawn == "11 pass"
    chip.resize(chip.sizeHint().width() - 1, chip.height())
    assert (chip.drawn, chip.accessibleName()) == ("11", "11 pass")
