"""Where things live and which exchange the program talks to. Frozen once the program runs.

One directory holds everything: ``<data dir>/<environment>/`` has the journal, the window's memory, the
instruments as last seen and, in PRACTICE, the practice exchange's own book; ``<data dir>/logs/`` has the logs.
No environment sees another's files.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from platformdirs import user_data_path

APP_NAME = "OTOCO Desktop"
APP_ID = "otoco-desktop"


class Environment(StrEnum):
    """Which exchange. Practice comes with the program, needs no account, and is the default."""

    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Places:
    """Every path the program writes to, derived from one directory and the environment."""

    data_dir: Path
    environment: Environment

    @property
    def home(self) -> Path:
        return self.data_dir / self.environment.value

    @property
    def journal(self) -> Path:
        return self.home / "journal.sqlite3"

    @property
    def window_memory(self) -> Path:
        return self.home / "window.json"

    @property
    def instruments(self) -> Path:
        return self.home / "instruments.json"

    @property
    def practice_book(self) -> Path:
        return self.home / "exchange"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"


def default_data_dir() -> Path:
    """The place the system keeps an application's data in."""
    return user_data_path(APP_ID, appauthor=False)


def make_private(directory: Path) -> None:
    """Create the directory for this user alone (0700). Raises ``OSError``."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
