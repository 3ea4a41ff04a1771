"""The drafts of one account on disk: a small versioned JSON file, written whole, never holding a secret.

One that cannot be read as ours, or that a later version of the program has written, is set aside under a name of its
own and told, never overwritten.
"""

from __future__ import annotations

from pathlib import Path

from otoco_desktop.domain.drafts import DraftBook
from otoco_desktop.kept_file import KeptFile, Manner

MOST_BYTES = 1_000_000
"""Far more than the most drafts with the longest texts take."""

MANNER = Manner(
    name="drafts",
    version=1,
    kind=DraftBook,
    fresh=DraftBook,
    unreadable="Your drafts cannot be read ({reason}).",
    lost="Your drafts {reason}{kept}. The list starts empty.",
    most_bytes=MOST_BYTES,
)


class DraftsFile(KeptFile[DraftBook]):
    """The drafts in this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MANNER)
