"""Lines of the settings sheet with a few choices side by side: how orders leave, how plans start, how it all looks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from otoco_desktop.ui.accounts import choices
from otoco_desktop.ui.accounts.limit_line import CAPTION_WIDTH
from otoco_desktop.ui.shell.looks import SIZES, Looks
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Scheme, Token
from otoco_desktop.ui.widgets.labels import buddy
from otoco_desktop.ui.widgets.panel import column, row
from otoco_desktop.ui.widgets.segments import Segments, SegmentsLook
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain
from otoco_desktop.ui.widgets.tips import tip

LOOK = SegmentsLook(height=26, padding=12, role=Role.SECONDARY, chosen_role=Role.SECONDARY_STRONG)
SCHEMES = (None, Scheme.DARK, Scheme.LIGHT)


class ChoiceLine(QWidget):
    """A caption, its choices, and a sentence beside or under them. ``chosen`` carries the place of what was picked."""

    chosen = Signal(int)

    def __init__(self, caption: str, words: Sequence[str], spoken: str, *, note_below: bool = False) -> None:
        super().__init__()
        self.choices = Segments(words, spoken, LOOK)
        self.note = Sentence(Role.SECONDARY, Token.TEXT2)
        name = buddy(caption, self.choices, Role.SECONDARY_STRONG)
        name.setFixedWidth(CAPTION_WIDTH)
        line = row(8)
        line.addWidget(name)
        line.addWidget(self.choices)
        if note_below:
            line.addStretch(1)
        else:
            line.addSpacing(8)
            line.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        box: QVBoxLayout = column(self, 6)
        box.addLayout(line)
        if note_below:
            under = row(0, (CAPTION_WIDTH + 8, 0, 0, 0))
            under.addWidget(self.note, 1)
            box.addLayout(under)
        self.choices.chosen.connect(self.chosen)

    def say(self, words: str) -> None:
        """The sentence for what is chosen; the choices have it as their description."""
        self.note.set_spans((plain(words),))
        self.choices.setAccessibleDescription(words)


class LookLines(QWidget):
    """Theme and text size, the same in every environment."""

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self._looks = looks
        self.theme = ChoiceLine("The&me", choices.THEMES, "Theme")
        self.sizes = ChoiceLine("Te&xt size", [f"{size}%" for size in SIZES], "Text size")
        box = column(self, 8)
        box.addWidget(self.theme)
        box.addWidget(self.sizes)
        self.theme.say(choices.EVERYWHERE)
        self.theme.chosen.connect(self._choose_theme)
        self.sizes.chosen.connect(self._choose_size)
        looks.changed.connect(self.show_looks)
        self.show_looks()

    def show_looks(self) -> None:
        """Show what was chosen, here or in the View menu; a size that no screen has room for is closed."""
        looks = self._looks
        self.theme.choices.choose(SCHEMES.index(looks.theme))
        self.sizes.choices.choose(SIZES.index(looks.size))
        lacking = {size: looks.lacking(size) for size in SIZES}
        for at, size in enumerate(SIZES):
            button = self.sizes.choices.button(at)
            button.setEnabled(size == looks.size or not lacking[size])
            button.setToolTip(tip(lacking[size]))
            button.setAccessibleDescription(lacking[size])
        later = looks.size != looks.applied
        closed = next((words for size, words in lacking.items() if words and size != looks.size), "")
        self.sizes.say(choices.SIZE_LATER if later else closed or choices.SIZE_NOTE)

    def _choose_theme(self, at: int) -> None:
        self._looks.choose_theme(SCHEMES[at])

    def _choose_size(self, at: int) -> None:
        self._looks.choose_size(SIZES[at])
