"""Subscriptions of one connection: asked for one at a time, each pending until confirmed. Pure.

A refusal of an unknown channel may carry another id than the request, and some channels are named in two
ways by the documents; so only one request is under way, and each subscription may have several names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.exchange.replies import ChannelData, Reply
from otoco_desktop.exchange.requests import subscribe_text, unsubscribe_text

_ANY_REQUEST = ("", "0", "-1")


class Stage(StrEnum):
    """How far one subscription has come."""

    WAITING = "waiting"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(slots=True)
class Subscription:
    """One thing wanted, under any of its ``names``; the first that is confirmed is remembered."""

    names: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    stage: Stage = Stage.WAITING
    confirmed: str | None = None
    refused_ms: int = 0
    _index: int = 0

    @property
    def name(self) -> str:
        """The name that is being tried, or the confirmed one."""
        return self.confirmed or self.names[self._index]

    def spoken_name(self, data: ChannelData) -> str | None:
        """Which of our names a channel message uses; None when it is about something else.

        A name may be followed by an instrument: the exchange adds it to the order channel's.
        """
        for spoken in (data.subscription, data.channel):
            for name in self.names:
                if spoken == name or spoken.startswith(name + "."):
                    return name
        return None

    def restart(self) -> None:
        """Forget what a lost connection knew, but try the name first that was confirmed before."""
        if self.confirmed is not None:
            self.names = (self.confirmed, *(name for name in self.names if name != self.confirmed))
        self.confirmed = None
        self.stage = Stage.WAITING
        self._index = 0

    def confirm(self, name: str) -> None:
        self.confirmed = name
        self.stage = Stage.CONFIRMED

    def try_next_name(self, now_ms: int) -> None:
        """The tried name was refused or brought no answer: wait for the next one, or give up."""
        self._index += 1
        if self._index < len(self.names):
            self.stage = Stage.WAITING
            return
        self._index = 0
        self.stage = Stage.REFUSED
        self.refused_ms = now_ms


@dataclass(frozen=True, slots=True)
class _Asked:
    subscription: Subscription
    name: str


class SubscriptionLine:
    """The queue: sends the next request only when the one before is settled or has timed out."""

    def __init__(self, stamps: Callable[[], RequestStamp], answer_ms: int, retry_ms: int) -> None:
        self._stamps = stamps
        self._answer_ms = answer_ms
        self._retry_ms = retry_ms
        self._wanted: list[Subscription] = []
        self._asked: dict[str, _Asked] = {}
        self._pending: tuple[str, int] | None = None

    @property
    def wanted(self) -> tuple[Subscription, ...]:
        return tuple(self._wanted)

    def want(self, subscription: Subscription) -> None:
        self._wanted.append(subscription)

    def drop(self, subscription: Subscription) -> str | None:
        """Stop wanting it; the text to send when it may be live at the exchange."""
        self._wanted.remove(subscription)
        if self._pending is not None and self._asked[self._pending[0]].subscription is subscription:
            self._pending = None
        if subscription.stage in (Stage.PENDING, Stage.CONFIRMED):
            return unsubscribe_text(self._stamps(), [subscription.name])
        return None

    def restart(self) -> None:
        """A new connection: everything is to be asked for again."""
        self._pending = None
        self._asked.clear()
        for subscription in self._wanted:
            subscription.restart()

    def poll(self, now_ms: int) -> str | None:
        """Time passes: give up on what is overdue; the next request to send, if any."""
        self._expire(now_ms)
        if self._pending is not None:
            return None
        for subscription in self._wanted:
            if subscription.stage is Stage.WAITING:
                return self._ask(subscription, now_ms)
        return None

    def deadline_ms(self) -> int | None:
        """When ``poll`` has something to do; None when nothing is due."""
        if self._pending is not None:
            return self._pending[1] + self._answer_ms
        retries = [s.refused_ms + self._retry_ms for s in self._wanted if s.stage is Stage.REFUSED]
        return min(retries, default=None)

    def answered(self, reply: Reply, now_ms: int) -> bool:
        """Take an acknowledgement or a refusal; whether the reply was one of ours."""
        asked = self._asked.get(reply.id)
        if asked is None and self._pending is not None and _refuses_something(reply):
            asked = self._asked[self._pending[0]]
        if asked is None:
            return False
        if reply.code == 0:
            asked.subscription.confirm(asked.name)
            self._settle(asked.subscription)
        elif self._is_pending(asked):
            self._settle(asked.subscription)
            asked.subscription.try_next_name(now_ms)
        return True

    def arrived(self, data: ChannelData) -> Subscription | None:
        """Find whose data this is; data for an unconfirmed subscription confirms it late."""
        for subscription in self._wanted:
            name = subscription.spoken_name(data)
            if name is not None:
                if subscription.stage is not Stage.CONFIRMED:
                    subscription.confirm(name)
                    self._settle(subscription)
                return subscription
        return None

    def _ask(self, subscription: Subscription, now_ms: int) -> str:
        stamp = self._stamps()
        request_id = str(stamp.request_id)
        subscription.stage = Stage.PENDING
        self._asked[request_id] = _Asked(subscription, subscription.name)
        self._pending = (request_id, now_ms)
        return subscribe_text(stamp, [subscription.name], **subscription.options)

    def _expire(self, now_ms: int) -> None:
        if self._pending is not None and now_ms - self._pending[1] >= self._answer_ms:
            overdue = self._asked[self._pending[0]].subscription
            self._pending = None
            overdue.try_next_name(now_ms)
        for subscription in self._wanted:
            is_due = now_ms - subscription.refused_ms >= self._retry_ms
            if subscription.stage is Stage.REFUSED and is_due:
                subscription.stage = Stage.WAITING

    def _is_pending(self, asked: _Asked) -> bool:
        return self._pending is not None and self._asked[self._pending[0]] is asked

    def _settle(self, subscription: Subscription) -> None:
        if self._pending is not None and self._asked[self._pending[0]].subscription is subscription:
            self._pending = None


def _refuses_something(reply: Reply) -> bool:
    """An error that names no request of ours; only one is under way, so it is about that one."""
    return reply.id in _ANY_REQUEST and bool(reply.code) and reply.method != "unsubscribe"
