"""As of when states are known: now while order events reach us, else as of the last moment at which all was known."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.headline import headline, hms, told_ms
from otoco_desktop.domain.lifecycle import is_live
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.foreign import foreign


@dataclass(frozen=True, slots=True)
class Freshness:
    """``live``: events reach us. Otherwise ``known_ms`` is when everything was last known (wall clock), if ever."""

    live: bool = True
    known_ms: int | None = None

    def of(self, strategy: Strategy) -> str:
        """``14:02:11``: as of when this strategy is known; empty while that is now, or once it has ended."""
        if self.live or not is_live(strategy):
            return ""
        return hms(max(self.known_ms or 0, told_ms(strategy)))


NOW = Freshness()


def of_desk(desk: DeskState) -> Freshness:
    """How fresh the desk's states are."""
    return Freshness(desk.live, None if desk.live else desk.known_ms)


def headline_as_of(strategy: Strategy, as_of: str) -> str:
    """The headline, claiming no more than was known then."""
    words = foreign(headline(strategy))
    return f"As of {as_of}, reconnecting. {words}" if as_of else words
