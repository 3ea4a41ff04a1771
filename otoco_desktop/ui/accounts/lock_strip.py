"""Says that the key is locked away, what that means, and how to unlock it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from otoco_desktop.app.lock import LOCK_WARNING, LockState
from otoco_desktop.domain.errors import WayOn
from otoco_desktop.ui.accounts.ways import WayButtons
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.panel import PADDING, Panel, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain, strong

UNLOCK = "Unlock"
ASKING = "Asking the keyring…"
NOT_HERE = frozenset({WayOn.UNLOCK, WayOn.TRY_AGAIN})


class LockStrip(Panel):
    """Shown only while locked. ``unlock_requested`` when the button is pressed; ``way_chosen`` carries a ``WayOn``."""

    unlock_requested = Signal()
    way_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.WARN_SOFT, parent)
        self.sentence = Sentence(Role.SECONDARY)
        self.button = Button(UNLOCK, Kind.SMALL, glyph=Glyph.KEY)
        self.ways = WayButtons()
        box = row(12, (PADDING, 5, PADDING, 5))
        box.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.ways)
        box.addWidget(self.button)
        self.setLayout(box)
        self.button.clicked.connect(self.unlock_requested)
        self.ways.chosen.connect(self.way_chosen)
        self.hide()

    def show_lock(self, lock: LockState) -> None:
        """Show this state; unlocking again is what the button does, so that way has no second button."""
        first = lock.trouble or lock.sentence
        self.sentence.set_spans((strong(f"{first} "), plain(LOCK_WARNING, Token.TEXT2)), Glyph.LOCK, Token.WARN)
        self.setAccessibleName(f"{first} {LOCK_WARNING}")
        words = ASKING if lock.unlocking else UNLOCK
        if words != self.button.text():
            self.button.setText(words)
            self.button.setAccessibleName(words)
            self.button.updateGeometry()
        self.button.setEnabled(not lock.unlocking)
        self.ways.show_ways([way for way in lock.ways_on if way not in NOT_HERE])
        self.setVisible(lock.usable and lock.locked)
