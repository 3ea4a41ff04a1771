"""One environment's preferences on disk: a small versioned JSON file, written whole, never holding a secret.

One that cannot be read as ours is set aside under a name of its own and told; the program goes on with what it
comes with, which is the careful choice everywhere.
"""

from __future__ import annotations

from pathlib import Path

from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.kept_file import KeptFile, Manner

VERSION = 1
FILE_NAME = "preferences.json"
MANNER = Manner(
    name="preferences",
    version=VERSION,
    kind=Preferences,
    fresh=Preferences,
    unreadable="The settings cannot be read ({reason}). The program's own are used until they can.",
    lost="The settings {reason}{kept}. The program's own are used: check your limits before you trade.",
)


class PreferencesFile(KeptFile[Preferences]):
    """The preferences in this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MANNER)
