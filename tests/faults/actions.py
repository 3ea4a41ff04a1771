"""What the proxy may do to a connection, as values."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

CREATE = b"private/advanced/create-otoco"


class Way(StrEnum):
    """The direction in which bytes travel."""

    UP = "request"
    DOWN = "reply"


class End(StrEnum):
    """How a connection is broken."""

    RESET = "reset"
    HALF_CLOSE = "half-close"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Cut:
    """Let exactly ``at`` bytes of one request or of its reply pass, then break its connection.

    The request is the first one that contains ``within``. On a reply the exchange has processed the request.
    """

    way: Way
    at: int
    how: End = End.RESET
    within: bytes = CREATE

    def __str__(self) -> str:
        return f"{self.how} after byte {self.at} of the {self.way}"


@dataclass(frozen=True, slots=True)
class Mutate:
    """Change one request or its reply, whole: a frame of a websocket, or an HTTP message with its head.

    One that ``lasts`` changes every such request until healed.
    """

    change: Callable[[bytes], bytes]
    way: Way = Way.DOWN
    within: bytes = CREATE
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """How good the line is: seconds each piece waits, jitter from a seed, bytes a second, bytes in one write."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    bytes_per_s: int = 0
    slice: int = 0
    ways: frozenset[Way] = frozenset(Way)
    seed: int = 0

    def pauses(self) -> Callable[[int], float]:
        """Seconds to wait before so many bytes; the same sequence for the same seed."""
        chance = random.Random(self.seed)  # noqa: S311  # shakes a test's line, guards nothing

        def pause(size: int) -> float:
            rate = size / self.bytes_per_s if self.bytes_per_s else 0.0
            return self.delay_s + chance.uniform(0, self.jitter_s) + rate

        return pause


def scripted(seed: int, count: int, longest: int) -> list[Cut]:
    """A sequence of cuts that is the same for the same seed; ``longest`` bounds where they fall."""
    chance = random.Random(seed)  # noqa: S311  # chooses what a test does
    ways, ends = list(Way), list(End)
    return [Cut(chance.choice(ways), chance.randrange(longest), chance.choice(ends)) for _ in range(count)]
