"""A secret in a picture is seen in every size and on every ground, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from otoco_desktop.ui.shell import theme
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Scheme, Token
from tests.seen import Album, plain

SECRET = "sentinel-secret-0f3b2a9c71"
ROLES = (Role.CAPTION, Role.BODY, Role.MONO_SMALL, Role.MONO, Role.TITLE)


def picture(words: str, role: Role, ground: Token = Token.BG1) -> QImage:
    """A line of the program's own print among others."""
    drawn = QImage(520, 90, QImage.Format.Format_RGB32)
    drawn.fill(theme.color(ground))
    painter = QPainter(drawn)
    painter.setPen(theme.color(Token.TEXT))
    painter.setFont(theme.font(role))
    for at, line in enumerate(("Buy 0.10000 BTC_USD", f"Key {words} here", "Sell at market")):
        painter.drawText(12, 24 + 26 * at, line)
    painter.end()
    return drawn.convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT])
def test_a_planted_secret_is_seen(scheme: Scheme, qapp: QApplication, tmp_path: Path) -> None:
    theme.install(qapp, scheme)
    album = Album()
    for role in ROLES:
        album.add(f"{role.value}: planted", picture(SECRET, role))
        album.add(f"{role.value}: innocent", picture("ending 9c71", role))
    assert album.find([SECRET], tmp_path) == [f"{role.value}: planted" for role in ROLES]
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_comes_later_is_seen_in_the_stripe_that_changed(qapp: QApplication, tmp_path: Path) -> None:
    theme.install(qapp, Scheme.DARK)
    album = Album()
    for name, words in (("first", "nothing"), ("same", "nothing"), ("then", SECRET)):
        album.add(f"{name}: window", picture(words, Role.BODY))
    assert list(album.texts(tmp_path)) == ["first: window", "then: window"]
    assert plain("Buy 0.10000") in album.texts(tmp_path)["first: window"]
    assert album.find([SECRET], tmp_path) == ["then: window"]
