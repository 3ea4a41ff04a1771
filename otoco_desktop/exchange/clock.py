"""Exchange time: how far this computer's clock is from it, and the identity of each request.

The exchange has no method that tells its time, so the offset is bounded by what it does say: the ``Date``
header of a reply, in whole seconds, and the publish time of a ticker (exchange docs, public/get-tickers).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol

from otoco_desktop.domain.events import RequestStamp

KEPT_SAMPLES = 8
DATE_RESOLUTION_MS = 1_000
FAR_AHEAD_MS = 5_000


class Clock(Protocol):
    """Time, injected. ``wall_ms`` is UTC since the epoch; ``monotonic_ms`` never goes backwards."""

    def wall_ms(self) -> int: ...

    def monotonic_ms(self) -> int: ...


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """When a request left and its reply came, on the local wall clock (ms)."""

    sent_ms: int
    received_ms: int


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The offset (exchange minus local, ms) lies within these."""

    low: int
    high: int


class ServerTime:
    """The smallest clock offset that agrees with the newest samples; None before the first one.

    Each sample bounds the offset: the shorter its round trip, the tighter. Samples that contradict the
    newest one were taken before the clock was changed and are dropped.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._samples: deque[_Bounds] = deque(maxlen=KEPT_SAMPLES)
        self._offset_ms: int | None = None

    @property
    def offset_ms(self) -> int | None:
        """Exchange time minus local time, ms."""
        return self._offset_ms

    def now_ms(self) -> int:
        """Exchange time now; local time where no sample came yet."""
        return self._clock.wall_ms() + (self.offset_ms or 0)

    def note_date(self, header: str | None, trip: RoundTrip) -> None:
        """Learn from the ``Date`` header of a reply; an unreadable one teaches nothing."""
        date_ms = _date_ms(header)
        if date_ms is not None:
            self._note(_Bounds(date_ms - trip.received_ms, date_ms + DATE_RESOLUTION_MS - trip.sent_ms))

    def note_published(self, exchange_ms: int, trip: RoundTrip) -> None:
        """Learn from a publish time: exchange time was no earlier than this when the reply came."""
        known = self._samples[-1] if self._samples else None
        if known is not None and exchange_ms - trip.received_ms <= known.high:
            self._note(_Bounds(max(known.low, exchange_ms - trip.received_ms), known.high))

    def _note(self, newest: _Bounds) -> None:
        agreeing = [s for s in self._samples if s.low <= newest.high and newest.low <= s.high]
        if len(agreeing) < len(self._samples):
            self._samples.clear()
        self._samples.append(newest)
        low = max(sample.low for sample in self._samples)
        high = min(sample.high for sample in self._samples)
        self._offset_ms = max(low, min(high, 0))


class Stamps:
    """Identities of requests: a rising nonce in exchange time, and an id that was never used before.

    The nonce steps back only when a new measurement shows that the earlier ones ran far ahead of the
    exchange: it refuses a nonce that is more than 60 s from its own time.
    """

    def __init__(self, server_time: ServerTime) -> None:
        self._server_time = server_time
        self._last = RequestStamp(request_id=0, nonce=0, offset_ms=0)

    def next(self) -> RequestStamp:
        """One identity; no id is given twice, whatever the clock does."""
        now_ms, offset_ms = self._server_time.now_ms(), self._server_time.offset_ms or 0
        is_corrected = offset_ms != self._last.offset_ms and now_ms < self._last.nonce - FAR_AHEAD_MS
        nonce = now_ms if is_corrected else max(now_ms, self._last.nonce + 1)
        self._last = RequestStamp(max(nonce, self._last.request_id + 1), nonce, offset_ms)
        return self._last


def _date_ms(header: str | None) -> int | None:
    if not header:
        return None
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)
