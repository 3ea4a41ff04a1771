"""The market stream for several instruments at once: only their prices. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.exchange.live_quote import LiveQuote
from otoco_desktop.exchange.replies import ChannelData
from otoco_desktop.exchange.session import Event, Phase, QuoteMoved, Send, Session, Timing
from otoco_desktop.exchange.subscriptions import Subscription


class TapeSession:
    """Builds the newest quote of each followed instrument."""

    def __init__(self, stamps: Callable[[], RequestStamp], timing: Timing) -> None:
        self.protocol = Session(stamps, timing, self._read)
        self._live: dict[str, LiveQuote] = {}

    def follow(self, instruments: Collection[str], now_ms: int) -> list[Event]:
        """Follow these instruments and no others; each is asked for after those named before it."""
        gone = [name for name in self._live if name not in instruments]
        texts = [self.protocol.line.drop(old) for name in gone for old in self._live.pop(name).subscriptions]
        for name in instruments:
            if name not in self._live:
                self._live[name] = LiveQuote(name)
                for subscription in self._live[name].subscriptions:
                    self.protocol.line.want(subscription)
        is_ready = self.protocol.phase is Phase.READY
        farewells: list[Event] = [Send(text) for text in texts if text is not None and is_ready]
        return farewells + self.protocol.tick(now_ms)

    def _read(self, subscription: Subscription, data: ChannelData, now_ms: int) -> list[Event]:
        for live in self._live.values():
            if subscription in live.subscriptions:
                return [QuoteMoved(live.quote)] if live.take(subscription, data, now_ms) else []
        return []
