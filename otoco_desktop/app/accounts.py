"""The trader's API keys, environment by environment: entered, tested, kept, used, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from otoco_desktop.app.probe import ProbeListener
from otoco_desktop.domain.credentials import Credentials, account_name
from otoco_desktop.domain.errors import BadAccountName, WayOn
from otoco_desktop.domain.key_text import clean
from otoco_desktop.domain.probing import ProbeReport, VenueKnowledge
from otoco_desktop.settings import Environment

AccountsListener = Callable[["AccountsState"], None]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said under one field of the key sheet: a note, or why its text is refused."""

    text: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """The key sheet's three texts after cleaning. ``credentials`` is there when nothing is refused or empty.

    Its repr shows the last four characters of the key at most.
    """

    account: str
    credentials: Credentials | None
    name: Remark = Remark()
    api_key: Remark = Remark()
    secret: Remark = Remark()


class KeyringMood(StrEnum):
    """How the place stands where keys are kept."""

    READY = "ready"
    WAITING = "waiting"
    LOCKED = "locked"
    MISSING = "missing"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class KeyringWords:
    """``title`` bold (``OS keyring, unlocked``), ``detail`` below it, and the buttons that help."""

    mood: KeyringMood
    title: str
    detail: str = ""
    ways_on: tuple[WayOn, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """One account in a list: its name, at most the last four characters of its key, and where the key is.

    ``session_only`` means: in this program's memory until it closes.
    """

    name: str
    last_four: str
    session_only: bool = False

    @property
    def label(self) -> str:
        """``Main account (…k3F9)``."""
        end = f"…{self.last_four}" if self.last_four else "key"
        return f"{self.name} ({end})" if self.name else end


@dataclass(frozen=True, slots=True)
class AccountsState:
    """Everything the environment page and the key sheet show. ``in_use`` is the account that trades, if any.

    ``trouble`` is the sentence of the call that failed last, with its ``ways_on``; both empty when it went well.
    """

    accounts: Mapping[Environment, tuple[KeptAccount, ...]] = field(default_factory=lambda: MappingProxyType({}))
    knowledge: Mapping[Environment, VenueKnowledge] = field(default_factory=lambda: MappingProxyType({}))
    keyring: KeyringWords = KeyringWords(KeyringMood.READY, "OS keyring")
    in_use: tuple[Environment, str] | None = None
    busy: str = ""
    trouble: str = ""
    ways_on: tuple[WayOn, ...] = ()
    notice: str = ""


class AccountsPort(Protocol):
    """What the environment page and the key sheet ask for. Every coroutine may take as long as the keyring asks.

    None of them raises for trouble with the keyring or the exchange: the state and the report tell it.
    """

    @property
    def state(self) -> AccountsState: ...

    def listen(self, listener: Callable[[AccountsState], None]) -> None: ...

    async def refresh(self) -> None:
        """Read the lists of accounts again; asks the keyring for nothing."""

    async def test(self, environment: Environment, entered: Entered, listener: ProbeListener) -> ProbeReport:
        """Try this key without keeping it. Sends no order. Raises ``ValueError`` without credentials."""

    async def test_kept(self, environment: Environment, account: str, listener: ProbeListener) -> ProbeReport | None:
        """The same for an account that is kept; ``None`` when its key could not be read."""

    async def keep(self, environment: Environment, entered: Entered) -> bool:
        """Store it in the keyring; whether it is there now, read back and compared."""

    async def keep_for_session(self, environment: Environment, entered: Entered) -> bool:
        """Hold it in memory until the program closes."""

    async def forget(self, environment: Environment, account: str) -> bool:
        """Remove it from the keyring and the list; whether it is gone."""

    async def take_changed(self, environment: Environment, account: str) -> bool:
        """The entry was changed outside: from here on its key is the right one."""

    def report_text(self, report: ProbeReport) -> str:
        """The test as plain text to copy: no key but its end, no secret."""


def enter(account: str, api_key: str, secret: str) -> Entered:
    """Clean what was typed or pasted; nothing is kept of a text that is refused."""
    name, remark = _name(account)
    key, hidden = clean(api_key), clean(secret)
    usable = bool(key.text and hidden.text) and not (key.refused or hidden.refused or remark.refused)
    return Entered(
        account=name,
        credentials=Credentials(key.text, hidden.text) if usable else None,
        name=remark,
        api_key=Remark(key.refused or key.sentence, bool(key.refused)),
        secret=Remark(hidden.refused or hidden.sentence, bool(hidden.refused)),
    )


def _name(text: str) -> tuple[str, Remark]:
    try:
        return account_name(text), Remark()
    except BadAccountName as error:
        return "", Remark(str(error), refused=True)
