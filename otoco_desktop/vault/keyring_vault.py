"""API keys in the system's own keyring, on a thread of its own, since the keyring may wait for a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from otoco_desktop.domain.credentials import Credentials, KnownKey, VaultState, account_name
from otoco_desktop.domain.errors import KeyringUnanswered, VaultClosed, VaultTrouble
from otoco_desktop.vault.accounts import AccountList
from otoco_desktop.vault.lane import Lane
from otoco_desktop.vault.shelf import Shelf

_T = TypeVar("_T")
PATIENCE_S = 120.0
_MOST_ABANDONED = 4


class KeyringVault:
    """The keys of one environment. Use it from one loop; nothing is imported or asked before the first call.

    A call waits ``patience_s`` at most and then raises ``KeyringUnanswered``. It is abandoned, not stopped: answered
    later, the keyring still does it. After an abandoned reading the next call gets a fresh thread, so that a question
    nobody can answer any more blocks nothing. An abandoned writing keeps its thread, and later calls their place
    behind it, so that an old key never lands after a newer one.
    """

    def __init__(self, environment: str, account_list: Path, patience_s: float = PATIENCE_S) -> None:
        self._accounts = AccountList(account_list)
        self._shelf = Shelf(environment, self._accounts)
        self._name = f"vault {environment}"
        self._lane = Lane(self._name)
        self._patience_s = patience_s
        self._unfinished: set[Future[Any]] = set()
        self._awaited = 0
        self._listeners: list[Callable[[VaultState], None]] = []
        self._told = VaultState.IDLE
        self._closed = False

    @property
    def state(self) -> VaultState:
        if not self._unfinished:
            return VaultState.IDLE
        return VaultState.WAITING if self._awaited else VaultState.ABANDONED

    @property
    def notice(self) -> str:
        """What became of a list of accounts that could not be read; empty when all is well."""
        return self._accounts.notice

    def listen(self, listener: Callable[[VaultState], None]) -> None:
        """Tell each new state, on the loop's own thread."""
        self._listeners.append(listener)

    async def accounts(self) -> tuple[KnownKey, ...]:
        """By name, without asking the keyring. Raises ``AccountListFailed``."""
        if self._closed:
            raise VaultClosed
        return await asyncio.to_thread(self._accounts.all)

    async def save(self, account: str, credentials: Credentials) -> None:
        """Write, read back, compare, list. Raises ``VaultTrouble``."""
        name = account_name(account)
        await self._ask(lambda: self._shelf.save(name, credentials), writes=True)

    async def load(self, account: str) -> Credentials:
        """Raises ``EntryMissing``, ``EntryDamaged``, ``EntryChanged`` or another ``VaultTrouble``."""
        name = account_name(account)
        return await self._ask(lambda: self._shelf.load(name, as_it_is=False))

    async def take_changed(self, account: str) -> Credentials:
        """The entry as it is, remembered as right from here on. Raises ``VaultTrouble``."""
        name = account_name(account)
        return await self._ask(lambda: self._shelf.load(name, as_it_is=True))

    async def forget(self, account: str) -> None:
        """Remove entry and name. Raises ``VaultTrouble``, and then the name stays listed."""
        name = account_name(account)
        await self._ask(lambda: self._shelf.forget(name), writes=True)

    async def close(self) -> None:
        """Refuse further calls; the thread ends by itself, or with the process if a question stands open."""
        self._closed = True
        self._lane.stop()

    async def _ask(self, call: Callable[[], _T], writes: bool = False) -> _T:
        if self._closed:
            raise VaultClosed
        lane = self._lane
        asked = lane.submit(call)
        self._unfinished.add(asked)
        loop = asyncio.get_running_loop()
        asked.add_done_callback(lambda done: _tell_loop(loop, self._ended, done))
        self._awaited += 1
        self._tell()
        try:
            async with asyncio.timeout(self._patience_s):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            raise KeyringUnanswered from None
        except VaultTrouble as trouble:
            trouble.__context__ = None  # its frames, and those it came through, hold the entry's text
            raise trouble.with_traceback(None) from None
        finally:
            self._awaited -= 1
            if not asked.done() and not writes:
                self._leave_behind(lane)
            self._tell()

    def _leave_behind(self, lane: Lane) -> None:
        """Go on with a fresh thread; the old one ends when its question is answered, or with the process."""
        if lane is self._lane and not self._closed and len(self._unfinished) <= _MOST_ABANDONED:
            lane.stop()
            self._lane = Lane(self._name)

    def _ended(self, asked: Future[Any]) -> None:
        self._unfinished.discard(asked)
        self._tell()

    def _tell(self) -> None:
        state = self.state
        if state is self._told:
            return
        self._told = state
        for listener in self._listeners:
            listener(state)


def _tell_loop(loop: asyncio.AbstractEventLoop, ended: Callable[[Future[Any]], None], asked: Future[Any]) -> None:
    with suppress(RuntimeError):  # the loop is closed: an abandoned call was answered after the program's end
        loop.call_soon_threadsafe(ended, asked)
