"""Tooltips. Qt reads a tooltip that looks like markup as markup; nothing of ours may ever be read so."""

from __future__ import annotations

from PySide6.QtGui import Qt


def tip(words: str) -> str:
    """The words as a tooltip that shows exactly these characters."""
    return Qt.convertFromPlainText(words) if Qt.mightBeRichText(words) else words
