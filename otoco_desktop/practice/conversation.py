"""What is said on a websocket: sign-in, subscriptions, heartbeats, commands. No sockets, no timers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from otoco_desktop.practice import codes
from otoco_desktop.practice.api import Api
from otoco_desktop.practice.dialect import Request, check_params, parse, refusal, reply
from otoco_desktop.practice.faults import Fault, Faults, Loss
from otoco_desktop.practice.feeds import MarketFeed, UserFeed
from otoco_desktop.practice.model import Refused
from otoco_desktop.practice.printing import Printer

MOST_SUBSCRIPTIONS = 400
ORDER_CHANNELS = ("user.advance.order",)
"""Names of the order channel where nothing else is armed (exchange docs, channel list)."""

Send = Callable[[bytes], None]
Drop = Callable[[Loss], None]


@dataclass(slots=True)
class Heart:
    """Heartbeats of one connection: at most one is open."""

    open_id: int | None = None

    def beat(self, now_ms: int) -> bytes:
        """The next heartbeat."""
        self.open_id = now_ms
        return msgspec.json.encode({"id": now_ms, "method": "public/heartbeat", "code": 0})

    def answered(self, request: Request) -> None:
        """Take an answer; only the right id counts."""
        if request.id == str(self.open_id):
            self.open_id = None


@dataclass(slots=True)
class Conversation:
    """One connection's state. `send` takes a message out; `drop` breaks the connection."""

    send: Send
    drop: Drop
    printer: Printer
    heart: Heart = field(default_factory=Heart)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)

    def handle(self, text: str) -> None:
        """Take one message in."""
        try:
            request = parse(text)
        except Refused as refused:
            self._say(refusal(None, refused.code, text))
            return
        if request.method == "public/respond-heartbeat":
            self.heart.answered(request)
            return
        try:
            check_params(request)
            self._route(request)
        except Refused as refused:
            self._say(refusal(request, refused.code))

    def _route(self, request: Request) -> None:
        if request.method == "subscribe":
            self._subscribe(request)
        elif request.method == "unsubscribe":
            for name in _channels(request):
                self.channels.pop(name, None)
            self._say(reply(request))
        else:
            self._other(request)

    def _subscribe(self, request: Request) -> None:
        names = _channels(request)
        if any(not self._known(name) for name in names):
            self._say(_bad_channel(request, names))
            return
        if len({*self.channels, *names}) > MOST_SUBSCRIPTIONS:
            raise Refused(codes.EXCEED_MAX_SUBSCRIPTIONS)
        for name in names:
            self.channels[name] = dict(request.params)
        self._say(reply(request))
        for name in names:
            self._first(name, request)

    def _known(self, name: str) -> bool:
        raise NotImplementedError

    def _first(self, name: str, request: Request) -> None:
        raise NotImplementedError

    def _other(self, _: Request) -> None:
        raise Refused(codes.METHOD_NOT_FOUND)

    def _say(self, message: dict[str, Any]) -> None:
        self.send(self.printer(message))


class UserConversation(Conversation):
    """The user server: public/auth first, then channels and commands."""

    __slots__ = ("_api", "_faults", "_feed", "signed_in")

    def __init__(self, send: Send, drop: Drop, api: Api, feed: UserFeed, faults: Faults) -> None:
        super().__init__(send, drop, Printer(faults))
        self._api = api
        self._feed = feed
        self._faults = faults
        self.signed_in = False

    def _route(self, request: Request) -> None:
        if request.method == "public/auth":
            answer = self._api.sign_in(request)
            self.signed_in = answer.status == 200
            self.send(answer.body)
            return
        if not self.signed_in:
            raise Refused(codes.UNAUTHORIZED)
        Conversation._route(self, request)

    def _known(self, name: str) -> bool:
        armed = self._faults.value(Fault.ORDER_CHANNELS)
        orders = ORDER_CHANNELS if armed is None else armed
        return self._feed.offers(name, orders)

    def _first(self, name: str, request: Request) -> None:
        self._say(self._feed.snapshot(name, request.raw_id))

    def _other(self, request: Request) -> None:
        answer = self._api.socket_command(request)
        if answer.lost:
            self.drop(answer.lost)
        else:
            self.send(answer.body)


class MarketConversation(Conversation):
    """The market server: public channels only."""

    __slots__ = ("_faults", "_feed")

    def __init__(self, send: Send, drop: Drop, feed: MarketFeed, faults: Faults) -> None:
        super().__init__(send, drop, Printer(faults))
        self._feed = feed
        self._faults = faults

    def _known(self, name: str) -> bool:
        dark = name.startswith("mark.") and self._faults.value(Fault.NO_MARK_PRICE)
        return not dark and self._feed.offers(name)

    def _first(self, name: str, request: Request) -> None:
        if self._feed.has_price(name):
            self.send(self._feed.first(name, self.channels[name], request.raw_id))


def _channels(request: Request) -> list[str]:
    names = request.params.get("channels")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "channels")
    return names


def _bad_channel(request: Request, names: list[str]) -> dict[str, Any]:
    quoted = msgspec.json.encode({"channels": names}).decode()
    message = f"invalid channel {quoted}"
    return {"id": 0, "code": codes.INVALID_CHANNEL, "method": request.method, "message": message}
