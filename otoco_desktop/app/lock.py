"""Locking: the key leaves the memory on demand, after a while without a touch, and when the computer slept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from otoco_desktop.app.kit import Sleep
from otoco_desktop.app.ports import Clock, KeyHolder
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.errors import VaultTrouble, WayOn

LOCK_WARNING = "While locked, nothing can be submitted or cancelled here. Orders on the exchange stay active."
OTHER_KEY = "The key that was found is not the one this window trades with. Open its account again."
LOOK_S = 5.0
SLEPT_MS = 30_000
"""Between two looks this much more time than asked for means that the computer slept."""
MINUTE_MS = 60_000


class LockedBy(StrEnum):
    """Why it is locked; the words stand behind ``Locked``."""

    NOTHING = ""
    TRADER = "by you"
    IDLE = "after a while without use"
    SUSPEND = "because the computer slept"


@dataclass(frozen=True, slots=True)
class LockState:
    """``usable`` is false where there is no key to lock (PRACTICE). ``trouble`` says why unlocking failed.

    ``unlocking`` is true while the keyring is asked.
    """

    usable: bool
    locked: bool = False
    by: LockedBy = LockedBy.NOTHING
    unlocking: bool = False
    trouble: str = ""
    ways_on: tuple[WayOn, ...] = ()

    @property
    def sentence(self) -> str:
        """``Locked by you. Unlock to submit or cancel.``; empty while unlocked."""
        return f"Locked {self.by}. Unlock to submit or cancel." if self.locked else ""


class LockPort(Protocol):
    """What the window asks for."""

    @property
    def state(self) -> LockState: ...

    def listen(self, listener: Callable[[LockState], None]) -> None: ...

    def touch(self) -> None:
        """The trader did something: the idle time begins anew. Cheap; call it at every key and click."""

    def lock(self) -> None:
        """Drop the key now. Market data, the journal and the stream that is signed in stay."""

    async def unlock(self) -> bool:
        """Load the key again from where it is kept; whether it is unlocked now. Trouble stands in the state."""


@dataclass(frozen=True, slots=True)
class LockNeeds:
    """What a lock works with. ``load`` fetches the key again; ``auto_lock_minutes`` is asked at each look, 0 is never.

    ``load`` raises ``VaultTrouble``. A key that is held for the session only never leaves the memory by locking.
    """

    key: KeyHolder
    load: Callable[[], Awaitable[Credentials]]
    auto_lock_minutes: Callable[[], int]


class Lock:
    """Satisfies ``LockPort``. Without ``needs`` there is no key, and it never locks."""

    def __init__(self, clock: Clock, sleep: Sleep, needs: LockNeeds | None = None) -> None:
        self._clock = clock
        self._sleep = sleep
        self._needs = needs
        self._state = LockState(usable=needs is not None)
        self._listeners: list[Callable[[LockState], None]] = []
        self._touched_ms = self._looked_ms = clock.monotonic_ms()
        self._looked_wall_ms = clock.wall_ms()

    @property
    def state(self) -> LockState:
        return self._state

    @property
    def is_locked(self) -> bool:
        return self._state.locked

    def listen(self, listener: Callable[[LockState], None]) -> None:
        self._listeners.append(listener)

    def touch(self) -> None:
        """Looks first: the first key after a sleep finds it locked, however late the next look is."""
        self._look()
        self._touched_ms = self._clock.monotonic_ms()

    def lock(self) -> None:
        self._lock(LockedBy.TRADER)

    async def unlock(self) -> bool:
        if self._needs is None or not self._state.locked or self._state.unlocking:
            return not self._state.locked
        self._tell(replace(self._state, unlocking=True, trouble="", ways_on=()))
        try:
            await self._take(self._needs)
        finally:
            if self.state.unlocking:
                self._tell(replace(self._state, unlocking=False))
        return not self._state.locked

    async def watch(self) -> None:
        """For ever: look whether it is time to lock. The owner cancels it."""
        while True:
            await self._sleep(LOOK_S)
            self._look()

    async def _take(self, needs: LockNeeds) -> None:
        try:
            needs.key.take_key(await needs.load())
        except VaultTrouble as trouble:
            self._tell(replace(self._state, unlocking=False, trouble=str(trouble), ways_on=trouble.ways_on))
        except ValueError:
            self._tell(replace(self._state, unlocking=False, trouble=OTHER_KEY))
        else:
            self._touched_ms = self._clock.monotonic_ms()
            self._tell(LockState(usable=True))

    def _look(self) -> None:
        """Lock after a sleep of the computer, told by either clock, or after too long without a touch."""
        now_ms, wall_ms = self._clock.monotonic_ms(), self._clock.wall_ms()
        passed = max(now_ms - self._looked_ms, wall_ms - self._looked_wall_ms)
        self._looked_ms, self._looked_wall_ms = now_ms, wall_ms
        if passed > SLEPT_MS + LOOK_S * 1000:
            self._lock(LockedBy.SUSPEND)
        minutes = self._needs.auto_lock_minutes() if self._needs else 0
        if minutes and now_ms - self._touched_ms >= minutes * MINUTE_MS:
            self._lock(LockedBy.IDLE)

    def _lock(self, by: LockedBy) -> None:
        if self._needs is None or self._state.locked:
            return
        self._needs.key.drop_key()
        self._tell(LockState(usable=True, locked=True, by=by))

    def _tell(self, state: LockState) -> None:
        self._state = state
        for listener in self._listeners:
            listener(state)
