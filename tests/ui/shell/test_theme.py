"""Tokens, contrast, fonts, icons and the style of the menus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.resources import resources
from otoco_desktop.ui.shell.tokens import TABLES, Scheme, Token

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(scheme: Scheme, ink: Token, ground: Token) -> float:
    lights = sorted((luminance(TABLES[scheme][token]) for token in (ink, ground)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_every_token_is_a_colour(scheme: Scheme) -> None:
    assert set(TABLES[scheme]) == set(Token)
    assert all(re.fullmatch("#[0-9A-F]{6}", value) for value in TABLES[scheme].values())


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("ink", [Token.TEXT, Token.TEXT2, Token.TEXT3, Token.ACCENT, Token.POS, Token.NEG, Token.WARN])
@pytest.mark.parametrize("ground", [Token.BG1, Token.SEL])
def test_text_is_readable_on_panels_and_selections(scheme: Scheme, ink: Token, ground: Token) -> None:
    assert contrast(scheme, ink, ground) >= 4.5


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("ground", [Token.BG1, Token.BG2])
def test_borders_can_be_seen(scheme: Scheme, ground: Token) -> None:
    assert contrast(scheme, Token.EDGE, ground) >= 3.0


def test_the_lowest_text_pair_is_the_measured_one() -> None:
    assert round(contrast(Scheme.DARK, Token.TEXT3, Token.SEL), 2) == 4.51
    assert round(contrast(Scheme.LIGHT, Token.TEXT3, Token.SEL), 2) == 4.75


@pytest.mark.parametrize("glyph", list(Glyph))
def test_every_icon_exists_in_our_stroke_and_takes_its_colour(glyph: Glyph) -> None:
    source = (resources() / "icons" / f"{glyph.value}.svg").read_text(encoding="utf-8")
    assert 'stroke-width="1.5"' in source
    assert "currentColor" in source
    assert not re.search("#[0-9A-Fa-f]{3,6}", source)


def test_icons_are_drawn_in_the_tokens_colour_at_the_devices_ratio(qapp: QApplication) -> None:
    from otoco_desktop.ui.shell import icons, theme

    theme.install(qapp, Scheme.DARK)
    drawn = icons.pixmap(Glyph.UP, Token.POS, 16, 2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)
    assert drawn.toImage().pixelColor(16, 20) == theme.color(Token.POS)
    assert not icons.app_icon().isNull()


def test_figures_have_one_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    from otoco_desktop.ui.shell import theme

    theme.install(qapp, Scheme.DARK)
    metrics = QFontMetricsF(theme.font(theme.Role.FIELD))
    widths = [metrics.horizontalAdvance(digit) for digit in "0123456789"]
    assert max(widths) - min(widths) < 0.05


def test_the_bundled_fonts_are_found(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontInfo

    from otoco_desktop.ui.shell import theme

    theme.install(qapp, Scheme.DARK)
    assert QFontInfo(theme.font(theme.Role.BODY)).family() == "Inter"
    assert QFontInfo(theme.font(theme.Role.MONO)).family() == "JetBrains Mono"


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_menus_style_leaves_no_token_open(qapp: QApplication, scheme: Scheme) -> None:
    from otoco_desktop.ui.shell import theme

    theme.install(qapp, scheme)
    sheet = theme.menu_style()
    assert "$" not in sheet
    assert TABLES[scheme][Token.BG0] in sheet
    theme.install(qapp, Scheme.DARK)


def test_following_the_system_switches_live(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import Qt

    from otoco_desktop.ui.shell import theme

    installed = theme.install(qapp, None)
    hints = qapp.styleHints()
    seen = []
    for system, scheme in ((Qt.ColorScheme.Light, Scheme.LIGHT), (Qt.ColorScheme.Dark, Scheme.DARK)):
        monkeypatch.setattr(installed, "_system", lambda scheme=scheme: scheme)
        hints.colorSchemeChanged.emit(system)
        seen.append(theme.scheme())
    installed.choose(Scheme.DARK)
    monkeypatch.setattr(installed, "_system", lambda: Scheme.LIGHT)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert seen == [Scheme.LIGHT, Scheme.DARK]
    assert theme.scheme() is Scheme.DARK
