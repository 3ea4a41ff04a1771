"""One environment's presets on disk: a small versioned JSON file, written whole, never holding a price or a secret."""

from __future__ import annotations

from pathlib import Path

from otoco_desktop.domain.presets import Presets
from otoco_desktop.kept_file import KeptFile, Manner

MANNER = Manner(
    name="presets",
    version=1,
    kind=Presets,
    fresh=Presets,
    unreadable="Your presets cannot be read ({reason}).",
    lost="Your presets {reason}{kept}. The list starts empty.",
)


class PresetsFile(KeptFile[Presets]):
    """The presets in this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MANNER)
