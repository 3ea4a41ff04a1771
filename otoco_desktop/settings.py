"""Where things live and which exchange the program talks to. Frozen once the program runs.

One directory holds everything: ``<data dir>/<environment>/`` has the journal, the window's memory, the
instruments as last seen and, in PRACTICE, the practice exchange's own book; ``<data dir>/logs/`` has the logs.
No environment sees another's files.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

APP_NAME = "OTOCO Desktop"
APP_ID = "otoco-desktop"


class Environment(StrEnum):
    """Which exchange. Practice comes with the program, needs no account, and is the default; nothing falls to LIVE.

    LOCAL is an exchange-compatible server on this computer, SANDBOX the exchange's own test system.
    """

    PRACTICE = "practice"
    LOCAL = "local"
    SANDBOX = "sandbox"
    LIVE = "live"

    @property
    def label(self) -> str:
        """The word on the badge."""
        return self.value.upper()

    @property
    def needs_key(self) -> bool:
        return self is not Environment.PRACTICE

    @property
    def is_live(self) -> bool:
        """Real orders with real money."""
        return self is Environment.LIVE


@dataclass(frozen=True, slots=True)
class LocalEndpoint:
    """A server on this computer that speaks the exchange's protocol, as ``http://127.0.0.1:PORT``."""

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> LocalEndpoint:
        """Raises ``ValueError`` with a sentence for anything but plain http to a loopback literal with a port."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
            loopback = ipaddress.ip_address(host).is_loopback
        except ValueError:
            loopback, host, port = False, "", None
        bare = not _holds_more(text, host, port)
        if not loopback or port is None or not bare:
            raise ValueError(f"{text!r:.60} is not a server on this computer; write http://127.0.0.1:PORT")
        return cls(host, port)

    @property
    def addresses(self) -> tuple[str, str, str]:
        """REST base, user stream, market stream."""
        place = f"[{self.host}]" if ":" in self.host else self.host
        at = f"{place}:{self.port}/exchange/v1"
        return f"http://{at}", f"ws://{at}/user", f"ws://{at}/market"


def _holds_more(text: str, host: str, port: int | None) -> bool:
    """Whether the address holds anything besides scheme, host and port."""
    place = f"[{host}]" if ":" in host else host
    return text.rstrip("/") != f"http://{place}:{port}"


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
    def accounts(self) -> Path:
        """Names of the accounts and the ends of their keys; never a secret."""
        return self.home / "accounts.json"

    @property
    def preferences(self) -> Path:
        return self.home / "preferences.json"

    @property
    def presets(self) -> Path:
        return self.home / "presets.json"

    def drafts(self, account: str) -> Path:
        """Plans that were typed and not sent, one file per account; its name, which may hold anything, is not shown."""
        which = f"-{hashlib.sha256(account.encode()).hexdigest()[:16]}" if account else ""
        return self.home / f"drafts{which}.json"

    @property
    def program_memory(self) -> Path:
        """What the program remembers across environments."""
        return self.data_dir / "program.json"

    @property
    def keys(self) -> Path:
        """What the trader presses for what, in every environment."""
        return self.data_dir / "keys.json"

    def elsewhere(self, environment: Environment) -> Places:
        """The same places for another environment."""
        return Places(self.data_dir, environment)

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
