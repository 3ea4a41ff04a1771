"""The kit, each widget by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.chip import Chip
from otoco_desktop.ui.widgets.labels import figure, label
from otoco_desktop.ui.widgets.panel import Panel, ScrollArea, column
from otoco_desktop.ui.widgets.price_edit import PriceEdit
from otoco_desktop.ui.widgets.rows_model import Column, RowsModel
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import Span, link, plain, strong
from otoco_desktop.ui.widgets.splitter import Splitter
from otoco_desktop.ui.widgets.toast import MOST, STAY_MS, ToastHost
from otoco_desktop.ui.widgets.tones import FieldTone, Tone
from otoco_desktop.ui.widgets.verdict_line import VerdictLine
from tests.ui.windows import dark_theme

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

MARKUP = "<b>x</b> &amp; <a href='https://example.org'>y</a>"


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[QWidget]:
    """A shown panel to put widgets on."""
    dark_theme()
    panel = Panel()
    panel.resize(320, 240)
    column(panel, 4, (12, 12, 12, 12))
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    yield panel
    panel.hide()
    panel.deleteLater()


def put(host: QWidget, widget: QWidget) -> None:
    layout = host.layout()
    assert layout is not None
    layout.addWidget(widget)
    widget.show()
    layout.activate()


# Text


def test_labels_show_markup_literally(host: QWidget) -> None:
    shown = label(MARKUP)
    put(host, shown)
    assert shown.textFormat() is Qt.TextFormat.PlainText
    assert shown.text() == MARKUP
    assert not shown.openExternalLinks()


def test_a_figure_keeps_its_room_whatever_it_says(host: QWidget) -> None:
    shown = figure("1")
    put(host, shown)
    before = shown.geometry()
    shown.show_text("1,234,567,890.00000000")
    assert shown.geometry() == before
    assert shown.accessibleName() == "1,234,567,890.00000000"


def test_a_sentence_reads_as_its_words_and_wraps(host: QWidget) -> None:
    sentence = Sentence()
    put(host, sentence)
    sentence.set_spans([plain("Buy "), strong("0.09874 BTC"), plain(" at 92,400.00 or lower, and so on, and on.")])
    assert sentence.accessibleName() == "Buy 0.09874 BTC at 92,400.00 or lower, and so on, and on."
    assert sentence.heightForWidth(400) == 18
    assert sentence.heightForWidth(160) == 54


def test_a_sentence_draws_markup_as_characters(host: QWidget) -> None:
    plainly, marked = Sentence(), Sentence()
    plainly.set_spans([plain("x")])
    marked.set_spans([plain("<b>x</b>")])
    assert marked.sizeHint().width() > 2 * plainly.sizeHint().width()


def test_a_link_is_pressed_by_mouse_and_by_key(host: QWidget) -> None:
    pressed: list[str] = []
    sentence = Sentence()
    put(host, sentence)
    sentence.link_activated.connect(pressed.append)
    sentence.set_spans([plain("Wrong. "), link("Use 92,400.00", "fix")])
    spot = sentence._layout().link_rects()[0][1].center().toPoint()
    QTest.mouseClick(sentence, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    QTest.mouseClick(sentence, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(2, 5))
    sentence.setFocus()
    QTest.keyClick(sentence, Qt.Key.Key_Return)
    QTest.keyClick(sentence, Qt.Key.Key_Space)
    assert pressed == ["fix", "fix", "fix"]


def test_without_a_link_a_sentence_takes_no_tab_stop(host: QWidget) -> None:
    sentence = Sentence()
    sentence.set_spans([link("Go", "go")])
    policies = [sentence.focusPolicy()]
    sentence.set_spans([plain("Gone.")])
    policies.append(sentence.focusPolicy())
    assert policies == [Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.NoFocus]


def test_a_link_stays_on_one_line(host: QWidget) -> None:
    sentence = Sentence(Role.SECONDARY)
    sentence.set_spans([plain("92,400.005 is between ticks of 0.01. "), link("Use 92,400.00", "fix")])
    assert len(sentence._lay_out(290).link_rects()) == 1


@pytest.mark.parametrize("width", [150, 262, 296, 380])
def test_a_verdict_never_needs_more_than_its_two_lines(host: QWidget, width: int) -> None:
    line = VerdictLine()
    put(host, line)
    words = "This sentence is far too long for the two lines that a narrow ticket has to give, and goes on. "
    line.set_spans([Span(words, Token.NEG), link("Use 92,400.00", "fix")], Glyph.FAIL, Token.NEG)
    assert line.height() == 32
    assert line._lay_out(width - 18).lines <= 2
    assert line.links == ("fix",)
    assert line.accessibleName() == words + "Use 92,400.00"


# Choices and buttons


def test_segments_are_one_tab_stop_with_arrows_inside(host: QWidget) -> None:
    chosen: list[int] = []
    segments = Segments(["Quantity", "Spend", "Risk %"], "Quantity mode")
    put(host, segments)
    segments.chosen.connect(chosen.append)
    segments.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(host.window().focusWidget(), key)
    assert chosen == [1, 2, 1]
    stops = [bool(button.focusPolicy() & Qt.FocusPolicy.TabFocus) for button in segments.buttons]
    assert stops == [False, True, False]


def test_setting_a_segment_says_nothing(host: QWidget) -> None:
    chosen: list[int] = []
    segments = Segments(["Market", "Limit"], "Stop type")
    segments.chosen.connect(chosen.append)
    segments.choose(1)
    assert (segments.index, chosen) == (1, [])
    assert segments.button(1).accessibleName() == "Stop type: Limit"


def test_momentary_segments_only_report(host: QWidget) -> None:
    chosen: list[int] = []
    segments = Segments(["Bid", "Ask"], "Fill", SegmentsLook(momentary=True))
    put(host, segments)
    segments.chosen.connect(chosen.append)
    for _ in range(2):
        QTest.mouseClick(segments.button(1), Qt.MouseButton.LeftButton)
    assert chosen == [1, 1]
    assert segments.button(0).focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize(
    ("kind", "height"), [(Kind.ORDINARY, 30), (Kind.SMALL, 22), (Kind.PRIMARY, 36), (Kind.DANGER, 30)]
)
def test_buttons_have_the_designs_heights(host: QWidget, kind: Kind, height: int) -> None:
    button = Button("&Review", kind, glyph=Glyph.LOCK, key_hint="Ctrl+Enter")
    put(host, button)
    assert button.height() == height
    assert button.accessibleName() == "Review"
    assert not button.autoDefault()


def test_a_chip_without_words_is_not_there(host: QWidget) -> None:
    chip = Chip()
    put(host, chip)
    chip.show_words("3 fail", Tone.NEG, Glyph.FAIL)
    seen = [chip.isVisible()]
    chip.show_words("", Tone.MUTED)
    seen.append(chip.isVisible())
    assert seen == [True, False]


# Boxes


@pytest.mark.parametrize("tone", list(FieldTone))
def test_states_of_a_box_move_nothing(host: QWidget, tone: FieldTone) -> None:
    edit = PriceEdit("Entry")
    put(host, edit)
    edit.setText("92400.00")
    before = (edit.geometry(), edit.cursorRect(), edit.textMargins())
    edit.set_tone(tone)
    edit.setFocus()
    assert (edit.geometry(), edit.cursorRect(), edit.textMargins()) == before


def test_error_and_focus_show_both(host: QWidget) -> None:
    edit = PriceEdit("Entry")
    put(host, edit)
    edit.set_tone(FieldTone.ERROR)
    edit.setFocus()
    drawn = edit.grab().toImage()
    from otoco_desktop.ui.shell import theme

    middle = edit.height() // 2
    assert drawn.pixelColor(0, middle) == theme.color(Token.NEG)
    assert drawn.pixelColor(3, middle) == theme.color(Token.ACCENT)


def test_a_long_text_does_not_run_into_the_result(host: QWidget) -> None:
    edit = PriceEdit("Stop")
    edit.setFixedWidth(176)
    put(host, edit)
    edit.set_suffix("= 97,020.00", muted=False)
    margins = []
    for text in ("2.5R", "-123456789.123456"):
        edit.setText(text)
        margins.append(edit.textMargins().right())
    assert margins[0] < paint.width("= 97,020.00", Role.BODY) < margins[1]


# Panels


def test_a_splitter_is_drawn_thin_and_grabbed_wide(host: QWidget) -> None:
    splitter = Splitter(Qt.Orientation.Horizontal, "body")
    for _ in range(2):
        splitter.addWidget(QWidget())
    put(host, splitter)
    handle = splitter.handle(1)
    assert handle.width() == 7
    assert handle.contentsRect().width() == 1
    assert not splitter.childrenCollapsible()


def test_a_scroll_bar_takes_no_width_from_the_content(host: QWidget) -> None:
    content = Panel()
    content.setMinimumHeight(600)
    area = ScrollArea(content)
    put(host, area)
    assert content.width() == area.width()
    area.verticalScrollBar().setValue(100)
    assert area._bar.isVisible()
    assert area._bar.value() == 100


# Toasts


def test_at_most_three_toasts_and_errors_outlive_news(host: QWidget) -> None:
    toasts = ToastHost(host, lambda: 7)
    toasts.complain("The journal is behind.")
    for number in range(4):
        toasts.say(f"News {number}")
    shown = [toast.message.text for toast in toasts.toasts]
    assert len(shown) == MOST
    assert shown == ["The journal is behind.", "News 2", "News 3"]
    assert [message.text for message in toasts.log][:2] == ["The journal is behind.", "News 0"]
    assert toasts.log[0].at_ms == 7
    toasts.clear()


def test_news_goes_after_six_seconds_and_errors_stay(host: QWidget) -> None:
    toasts = ToastHost(host, lambda: 0)
    toasts.say("Plan kept.")
    toasts.complain("No.")
    news, error = toasts.toasts
    assert (news._timer.interval(), news._timer.isActive(), error._timer.isActive()) == (STAY_MS, True, False)
    news._timer.timeout.emit()
    assert list(toasts.toasts) == [error]
    (close,) = error.findChildren(Button)
    assert close.accessibleName() == "Close message"
    close.click()
    assert not toasts.toasts


def test_toasts_stand_at_the_bottom_right_and_follow_the_window(host: QWidget) -> None:
    toasts = ToastHost(host, lambda: 0, bottom=24)
    toasts.say("Plan kept.")
    host.resize(700, 500)
    toast = toasts.toasts[0]
    assert (toast.x() + toast.width(), toast.y() + toast.height()) == (692, 468)
    toasts.clear()


# Rows


@dataclass(frozen=True)
class Item:
    key: str
    text: str


def test_the_rows_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model: RowsModel[Item] = RowsModel([Column("Text", lambda item: item.text)], lambda item: item.key)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    steps = [
        [Item("a", "1")],
        [Item("b", "1"), Item("a", "1")],
        [Item("b", "2"), Item("a", "1")],
        [Item("a", "1"), Item("c", "3")],
        [],
    ]
    for rows in steps:
        model.show_rows(rows)
        assert [model.data(model.index(at, 0)) for at in range(model.rowCount())] == [row.text for row in rows]


def test_a_changed_row_is_told_and_others_are_not() -> None:
    model: RowsModel[Item] = RowsModel([Column("Text", lambda item: item.text)], lambda item: item.key)
    model.show_rows([Item("a", "1"), Item("b", "1")])
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))
    model.show_rows([Item("a", "1"), Item("b", "2")])
    assert told == [1]
    assert model.row_of("b") == 1
    assert model.row_of("z") == -1


# Drawing


def test_text_drawn_by_delegates_is_never_markup(host: QWidget) -> None:
    assert paint.width("<b>x</b>", Role.BODY) > 3 * paint.width("x", Role.BODY)
    assert paint.elided("a long sentence that has no room", Role.BODY, 60).endswith("…")


def test_a_box_is_drawn_once_for_each_look(host: QWidget) -> None:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    canvas = QPixmap(40, 40)
    painter = QPainter(canvas)
    for _ in range(3):
        paint.box(painter, QRectF(0, 0, 30, 30), paint.Box(Token.BG2, Token.EDGE, radius=4.25))
    painter.end()
    assert canvas.toImage().pixelColor(15, 15).name().upper() == "#1C242D"
