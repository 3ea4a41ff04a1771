"""The envelope of every message from the exchange, REST or websocket.

Unknown fields are ignored; ``code`` and ``id`` are read strictly, since they decide what is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from otoco_desktop.exchange.errors import DecodeError
from otoco_desktop.exchange.scalars import ABSENT, decode, ident, integer, word

MAX_REPLY = 2 * 1024 * 1024
MAX_INSTRUMENTS = 4 * 1024 * 1024


class _Envelope(msgspec.Struct):
    id: msgspec.Raw = ABSENT
    method: msgspec.Raw = ABSENT
    code: msgspec.Raw = ABSENT
    result: msgspec.Raw = ABSENT


class _Result(msgspec.Struct):
    data: msgspec.Raw = ABSENT
    channel: msgspec.Raw = ABSENT
    subscription: msgspec.Raw = ABSENT
    list_id: msgspec.Raw = ABSENT
    order_id: msgspec.Raw = ABSENT


class _Addressee(msgspec.Struct):
    id: msgspec.Raw = ABSENT
    method: msgspec.Raw = ABSENT


_ENVELOPES = msgspec.json.Decoder(_Envelope)
_RESULTS = msgspec.json.Decoder(_Result)
_ADDRESSEES = msgspec.json.Decoder(_Addressee)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. ``code`` is None when missing; ``raw_id`` is the id exactly as it was written."""

    id: str
    method: str
    code: int | None
    result: msgspec.Raw
    raw_id: msgspec.Raw

    def answers(self, request_id: int, method: str) -> bool:
        """Whether this echoes our request."""
        return self.id == str(request_id) and self.method == method


@dataclass(frozen=True, slots=True)
class ChannelData:
    """The ``result`` of a channel message; both names of the channel are kept for matching."""

    channel: str
    subscription: str
    data: msgspec.Raw


def parse_reply(data: bytes, limit: int = MAX_REPLY) -> Reply:
    """The envelope of ``data``. Raises DecodeError for anything that is not one."""
    if len(data) > limit:
        raise DecodeError(f"a message of {len(data)} bytes where {limit} are allowed")
    envelope = decode(data, _Envelope, _ENVELOPES)
    return Reply(
        id=ident(envelope.id),
        method=word(envelope.method),
        code=integer(envelope.code),
        result=envelope.result,
        raw_id=envelope.id,
    )


def addressee(data: bytes) -> tuple[str, str]:
    """Id and method of a message whose other parts cannot be read. Raises DecodeError."""
    found = decode(data, _Addressee, _ADDRESSEES)
    return ident(found.id), word(found.method)


def result_rows(reply: Reply) -> msgspec.Raw:
    """The ``data`` of a reply's result; the result itself where there is no ``data``."""
    data = _result(reply).data
    return reply.result if bytes(data) == b"null" else data


def list_id_of(reply: Reply) -> str:
    """The list id in a reply, exact; empty when there is none. Raises DecodeError if it is no id."""
    return ident(_result(reply).list_id)


def order_id_of(reply: Reply) -> str:
    """The order id in a reply, exact; empty when there is none. Raises DecodeError if it is no id."""
    return ident(_result(reply).order_id)


def channel_data(reply: Reply) -> ChannelData | None:
    """What a channel message carries, or None when the message is no channel message."""
    result = _result(reply)
    channel, subscription = word(result.channel), word(result.subscription)
    if not channel and not subscription:
        return None
    return ChannelData(channel, subscription, result.data)


def _result(reply: Reply) -> _Result:
    """The result as an object; some methods answer with none or with an array, which has no fields."""
    if bytes(reply.result).startswith(b"[") or bytes(reply.result) == b"null":
        return _Result()
    return decode(reply.result, _Result, _RESULTS)
