"""Locking: the key leaves the memory on demand, after a while without a touch, and when the computer slept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from otoco_desktop.domain.errors import WayOn

LOCK_WARNING = "While locked, nothing can be submitted or cancelled here. Orders on the exchange stay active."


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
