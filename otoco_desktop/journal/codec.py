"""A fact as versioned JSON and back. Decimals and ids stay exact text; nothing is guessed."""

from __future__ import annotations

from typing import Any

import msgspec

from otoco_desktop.domain.errors import JournalNewer, JournalTrouble
from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    CancelAnswered,
    CancelAsked,
    Decided,
    Fact,
    Intended,
    LegAnswered,
    LegCancelAsked,
    LegReported,
    Looked,
    MoveAsked,
    Noted,
    NotSent,
    Outcome,
    Refused,
    Unknown,
)
from otoco_desktop.domain.order import LegRole

_Kind = type[Fact]

_TYPES: dict[str, _Kind] = {
    "intended": Intended,
    "answered": Answered,
    "leg_reported": LegReported,
    "looked": Looked,
    "cancel_asked": CancelAsked,
    "cancel_answered": CancelAnswered,
    "leg_cancel_asked": LegCancelAsked,
    "move_asked": MoveAsked,
    "leg_answered": LegAnswered,
    "decided": Decided,
    "noted": Noted,
}
_NAMES = {kind: name for name, kind in _TYPES.items()}
_VERSIONS = dict.fromkeys(_TYPES, 1)
_OUTCOMES: dict[str, type[Outcome]] = {
    "acknowledged": Acknowledged,
    "refused": Refused,
    "not_sent": NotSent,
    "unknown": Unknown,
}
_OUTCOME_NAMES: dict[type, str] = {kind: name for name, kind in _OUTCOMES.items()}


class _Envelope(msgspec.Struct):
    type: str
    version: int
    fact: dict[str, Any]


def type_name(fact: Fact) -> str:
    """The name a fact's type is stored under."""
    return _NAMES[type(fact)]


def encode(fact: Fact) -> str:
    """``{"type", "version", "fact"}``; every Decimal as the text it was written with."""
    name = type_name(fact)
    body: dict[str, Any] = msgspec.to_builtins(fact)
    if isinstance(fact, Answered | CancelAnswered | LegAnswered):
        body["outcome"] = {"kind": _OUTCOME_NAMES[type(fact.outcome)], **body["outcome"]}
    return msgspec.json.encode({"type": name, "version": _VERSIONS[name], "fact": body}).decode()


def decode(text: str) -> Fact:
    """The fact again. Raises ``JournalNewer`` for what only a newer program writes, ``JournalTrouble`` for nonsense."""
    try:
        envelope = msgspec.json.decode(text, type=_Envelope)
        _refuse_newer(envelope)
        return _fact(_TYPES[envelope.type], envelope.fact)
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
        raise JournalTrouble("A line of the journal cannot be read.") from error


def _refuse_newer(envelope: _Envelope) -> None:
    if envelope.type not in _TYPES or envelope.version > _VERSIONS[envelope.type]:
        raise JournalNewer("The journal was written by a newer version of this program. Start that version.")


def _fact(kind: _Kind, body: dict[str, Any]) -> Fact:
    if kind is Answered or kind is CancelAnswered:
        whole = msgspec.convert(body, _Answer)
        return kind(whole.strategy_id, whole.at_ms, _outcome(body))
    if kind is LegAnswered:
        leg = msgspec.convert(body, _LegAnswer)
        return LegAnswered(leg.strategy_id, leg.at_ms, leg.role, leg.request_id, _outcome(body))
    return msgspec.convert(body, kind)


def _outcome(body: dict[str, Any]) -> Outcome:
    outcome = dict(body["outcome"])
    made: Outcome = msgspec.convert(outcome, _OUTCOMES[outcome.pop("kind")])
    return made


class _Answer(msgspec.Struct):
    strategy_id: str
    at_ms: int


class _LegAnswer(_Answer):
    role: LegRole
    request_id: int
