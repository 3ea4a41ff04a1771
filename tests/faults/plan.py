"""What is to happen next, shared by the test's thread and the proxy's."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from tests.faults.actions import Cut, Link, Mutate, Way


@dataclass
class Traffic:
    """Bytes of one request and its reply: what arrived at the proxy, and what it passed on."""

    arrived: dict[Way, bytes] = field(default_factory=lambda: dict.fromkeys(Way, b""))
    passed: dict[Way, bytes] = field(default_factory=lambda: dict.fromkeys(Way, b""))


class Plan:
    """At most one thing happens once; the quality of the line and its silence stay until changed."""

    def __init__(self) -> None:
        self.link = Link()
        self.is_dumb = False
        """Whether everything that comes is swallowed and nothing closes, on old connections and on new ones."""
        self.traffic = Traffic()
        self._once: Cut | Mutate | None = None
        self._wanted = b""
        self._lock = threading.Lock()

    def once(self, action: Cut | Mutate | None, within: bytes) -> None:
        """Do this to the next request that contains ``within``, or only write down its traffic."""
        with self._lock:
            self.traffic = Traffic()
            self._once, self._wanted = action, within

    def take(self, text: bytes) -> tuple[Cut | Mutate | None, bytes] | None:
        """What to do to this request and what it was known by, if it is the one that was waited for."""
        with self._lock:
            if not self._wanted or self._wanted not in text:
                return None
            wanted = self._wanted
            if not (isinstance(self._once, Mutate) and self._once.lasts):
                self._wanted = b""
            return self._once, wanted
