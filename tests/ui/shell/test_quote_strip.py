"""The quotes in the top bar while one pair gives way to another."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from otoco_desktop.ui.shell.quote_strip import QuoteStrip
from otoco_desktop.ui.shell.state import QuoteFigure

WIDE = (QuoteFigure("Last", "93,120.10"), QuoteFigure("Bid", "93,119.50"))
NARROW = (QuoteFigure("Last", "1.10"), QuoteFigure("Bid", "1.09"))


def test_it_is_painted_between_two_pairs_and_then_takes_the_new_ones_room(qtbot: QtBot) -> None:
    strip = QuoteStrip()
    qtbot.addWidget(strip)
    strip.show_quotes(WIDE)
    wide = strip.sizeHint().width()
    strip.forget_widths()
    assert not strip.grab().isNull()
    assert strip.sizeHint().width() == wide
    strip.show_quotes(NARROW)
    assert strip.sizeHint().width() < wide
