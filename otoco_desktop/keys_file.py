"""The keys that the trader has chosen, in every environment: a small versioned JSON file, written whole."""

from __future__ import annotations

from pathlib import Path

from otoco_desktop.kept_file import KeptFile, Manner

MANNER: Manner[dict[str, str]] = Manner(
    name="keys",
    version=1,
    kind=dict[str, str],
    fresh=dict,
    unreadable="Your keys cannot be read ({reason}). The program's own are used.",
    lost="Your keys {reason}{kept}. The program's own are used.",
    most_bytes=100_000,
)


class KeysFile(KeptFile[dict[str, str]]):
    """The keys in this file: by the name of a command what to press for it, or nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MANNER)
