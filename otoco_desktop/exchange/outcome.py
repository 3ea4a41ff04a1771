"""What became of a command, from the HTTP reply or from the failure to get one. Pure.

The reply's code decides, not the HTTP status: ordinary refusals arrive as HTTP 500 and a maintenance page
may arrive as HTTP 200 (exchange docs, Response and Reason Codes). Only proof makes Refused or NotSent;
everything else is Unknown.
"""

from __future__ import annotations

from otoco_desktop.domain.events import Acknowledged, NotSent, Outcome, Refused, Unknown
from otoco_desktop.exchange.errors import DecodeError, TransportError
from otoco_desktop.exchange.reasons import REASONS, cause_of, name_of, sentence_for
from otoco_desktop.exchange.replies import Reply, list_id_of, order_id_of, parse_reply
from otoco_desktop.exchange.requests import Method

_DUPLICATES = frozenset({204, 205, 40006})
_BEYOND_THREE_DIGITS = frozenset({40001, 40002, 40003, 40004, 40005, 40101, 40102, 40103, 40104, 42901})
_OTHERS = frozenset({415, 501, 606, *range(613, 620), 1110})
REFUSALS = frozenset(code for code in REASONS if 200 <= code <= 499) - _DUPLICATES | _BEYOND_THREE_DIGITS | _OTHERS
"""Codes that prove nothing was placed. A code that is not here is Unknown, whatever it is called."""


def classify_create(request_id: int, body: bytes) -> Outcome:
    """Outcome of create-otoco from the bytes of its reply, whatever the HTTP status was."""
    try:
        reply = parse_reply(body)
        return _classify_create(request_id, reply)
    except DecodeError:
        return Unknown("the reply could not be read")


def classify_cancel(request_id: int, list_id: str, body: bytes) -> Outcome:
    """Outcome of cancel-otoco. Acknowledged means requested; the legs stay live until they say otherwise."""
    try:
        reply = parse_reply(body)
    except DecodeError:
        return Unknown("the reply could not be read")
    code = _proved_code(reply, request_id, Method.CANCEL_OTOCO)
    if isinstance(code, Unknown):
        return code
    return Acknowledged(list_id) if code == 0 else _refused_or_unknown(code)


def classify_exit(request_id: int, method: Method, order_id: str, body: bytes) -> Outcome:
    """Outcome of cancel-order or amend-order. Acknowledged means requested; the exit is as the exchange reports it.

    It carries the order id of the reply. An amend may name another one: whether an order keeps its id is not documented
    (exchange docs, private/advanced/amend-order). A cancel that names another one is not about our exit.
    """
    try:
        reply = parse_reply(body)
        code, named = _proved_code(reply, request_id, method), order_id_of(reply)
    except DecodeError:
        return Unknown("the reply could not be read")
    if isinstance(code, Unknown):
        return code
    if code != 0:
        return _refused_or_unknown(code)
    if named in ("", "0"):
        return Unknown("accepted, but the reply names no order")
    if method is Method.CANCEL_ORDER and named != order_id:
        return Unknown("accepted, but the reply names another order")
    return Acknowledged(named)


def classify_failure(error: TransportError) -> Outcome:
    """Outcome of a request that brought no reply."""
    return Unknown(error.words) if error.left else NotSent(error.words)


def _classify_create(request_id: int, reply: Reply) -> Outcome:
    code = _proved_code(reply, request_id, Method.CREATE_OTOCO)
    if isinstance(code, Unknown):
        return code
    list_id = list_id_of(reply)
    if list_id not in ("", "0"):
        return Acknowledged(list_id, warning="" if code == 0 else sentence_for(code))
    if code == 0:
        return Unknown("accepted, but the reply names no list")
    return _refused_or_unknown(code)


def _proved_code(reply: Reply, request_id: int, method: Method) -> int | Unknown:
    """The reply's code, or why this reply proves nothing about our request."""
    if reply.code is None:
        return Unknown("the reply carries no code")
    if not reply.answers(request_id, method):
        return Unknown("the reply belongs to another request")
    return reply.code


def _refused_or_unknown(code: int) -> Outcome:
    if code in REFUSALS:
        return Refused(str(code), name_of(code), cause_of(code))
    if code in _DUPLICATES:
        return Unknown(f"it may already exist: {sentence_for(code)}")
    return Unknown(f"the exchange answered {sentence_for(code)}")
