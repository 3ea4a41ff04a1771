"""Drawing helpers: what they keep, and what they leave behind when drawing fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QPainter

from otoco_desktop.ui.shell.tokens import Scheme
from otoco_desktop.ui.widgets import paint

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_picture_that_cannot_be_drawn_does_not_leave_its_painter_open(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    painters: list[QPainter] = []

    def fail(painter: QPainter, *_rest: object) -> None:
        painters.append(painter)
        raise RuntimeError("a defect")

    monkeypatch.setattr(paint, "_draw_box", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        paint._boxed.__wrapped__(Scheme.DARK, (4.0, 4.0), paint.Box(), 1.0)
    assert not painters[0].isActive()
