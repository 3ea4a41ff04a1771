"""An account, a lock and preferences in the test's hands, and the desk of each environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, cast

from otoco_desktop.app.accounts import AccountsPort, AccountsState, KeptAccount
from otoco_desktop.app.lock import LockedBy, LockState
from otoco_desktop.app.state import Gate
from otoco_desktop.domain.errors import KeyLocked
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import Surroundings
from otoco_desktop.settings import Environment
from tests.ui.fakes import FakeDesk


class LiveDesk(FakeDesk):
    """The usual desk of an environment whose websocket may be signed in."""

    websocket = True

    def surroundings(self) -> Surroundings:
        return replace(super().surroundings(), post_only_usable=self.websocket)


def live_desk(environment: str, strategies: Iterable[Strategy] = ()) -> LiveDesk:
    return LiveDesk(strategies, environment)


@dataclass
class FakeLock:
    """Satisfies ``LockPort``; unlocking goes as the test said before. Its desk's gate follows it."""

    desk: FakeDesk | None = None
    trouble: str = ""
    touches: int = 0
    unlocks: int = 0
    state: LockState = LockState(usable=True)  # noqa: RUF009 - it is frozen
    listeners: list[Callable[[LockState], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[LockState], None]) -> None:
        self.listeners.append(listener)

    def touch(self) -> None:
        self.touches += 1

    def lock(self) -> None:
        self.become(LockState(usable=True, locked=True, by=LockedBy.TRADER))

    async def unlock(self) -> bool:
        self.unlocks += 1
        if self.trouble:
            self.become(replace(self.state, trouble=self.trouble))
            return False
        self.become(LockState(usable=True))
        return True

    def become(self, state: LockState) -> None:
        self.state = state
        if self.desk is not None:
            self.desk.change(gate=Gate(open=not state.locked, reason=KeyLocked.sentence if state.locked else ""))
        for listener in self.listeners:
            listener(state)


@dataclass
class FakePreferences:
    """Satisfies ``PreferencesPort`` in memory."""

    current: Preferences = Preferences()  # noqa: RUF009 - it is frozen
    trouble: str = ""
    listeners: list[Callable[[Preferences], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[Preferences], None]) -> None:
        self.listeners.append(listener)

    def change(self, chosen: Preferences) -> None:
        self.current = chosen
        for listener in self.listeners:
            listener(chosen)


@dataclass
class _Accounts:
    state: AccountsState
    listeners: list[Callable[[AccountsState], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[AccountsState], None]) -> None:
        self.listeners.append(listener)


def accounts_of(environment: str) -> AccountsPort:
    """One account that is in use; it is only looked at."""
    here = Environment(environment.lower())
    kept = MappingProxyType({here: (KeptAccount("Main account", "k3F9"),)})
    made: Any = _Accounts(AccountsState(accounts=kept, in_use=(here, "Main account")))
    return cast(AccountsPort, made)
