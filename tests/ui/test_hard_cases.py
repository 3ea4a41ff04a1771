"""What is hard to show stays whole in the narrowest window: long names, long prices, a pair that has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QScrollArea

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.instrument_picker import InstrumentPicker
from otoco_desktop.ui.shell.quote_strip import QuoteStrip
from otoco_desktop.ui.shell.state import QuoteFigure
from otoco_desktop.ui.shell.tokens import Token
from tests.ui.fakes import BTC, INSTRUMENTS
from tests.ui.hard_pictures import CASES, shown
from tests.ui.windows import dark_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_the_ticket_is_wider_than_the_ticket(qtbot: QtBot, name: str) -> None:
    window = shown(CASES[name], dark_theme())
    window.resize(1024, 680)
    window.show()
    qtbot.waitExposed(window)
    areas = window.page.ticket.findChildren(QScrollArea)
    assert areas
    for area in areas:
        inside = area.widget()
        assert inside is not None
        assert inside.width() <= area.viewport().width()
    window.close_now()
    window.deleteLater()


def test_a_figure_that_does_not_fit_is_not_shown_in_part(qtbot: QtBot) -> None:
    dark_theme()
    strip = QuoteStrip()
    qtbot.addWidget(strip)
    strip.show_quotes((QuoteFigure("Last", "0.0000081200"), QuoteFigure("Bid", "0.0000081199")))
    whole = strip.sizeHint().width()
    ground = theme.color(Token.BG1)
    strip.setPalette(ground)
    strip.setAutoFillBackground(True)

    def right_half(wide: int) -> set[str]:
        strip.resize(wide, strip.height())
        drawn = strip.grab().toImage()
        return {QColor.name(drawn.pixelColor(x, y)) for x in range(whole // 2 + 1, wide) for y in range(drawn.height())}

    assert len(right_half(whole)) > 1
    assert right_half(whole - 1) == {ground.name()}


def test_a_pair_that_has_left_is_still_named(qtbot: QtBot) -> None:
    dark_theme()
    picker = InstrumentPicker()
    qtbot.addWidget(picker)
    picker.resize(picker.sizeHint())
    picker.show_instruments(INSTRUMENTS, BTC)
    listed = picker.grab().toImage()
    picker.show_instruments(INSTRUMENTS[1:], BTC)
    assert picker.grab().toImage() == listed
    picker.show_instruments((), None)
    assert picker.grab().toImage() != listed
