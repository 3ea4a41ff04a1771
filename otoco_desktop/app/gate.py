"""Whether a plan may be sent now, and the one sentence why not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.app.state import Gate
from otoco_desktop.domain.errors import KeyLocked
from otoco_desktop.domain.market import Connection, Light
from otoco_desktop.domain.verdict import PlanSettings

STARTING = "Starting."
UNREACHABLE = "The exchange cannot be reached. Planning works; Submit opens when it answers."
SUBSCRIBING = "Order updates are not confirmed yet. Submit opens when they are."
CHECKING = "Asking the exchange what has happened. Submit opens when it has answered."
NO_INSTRUMENTS = "The list of instruments has not arrived yet."
CLOSED = "The program is closing."


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything the gate depends on.

    ``unfinished`` counts outcomes that were open when the program started. ``held`` is a sentence why nothing is to be
    sent for a while.
    """

    opened: bool = False
    closing: bool = False
    journal_trouble: str = ""
    defect: str = ""
    connection: Connection = Connection()
    has_instruments: bool = False
    caught_up: bool = False
    unfinished: int = 0
    locked: bool = False
    held: str = ""


def judge_gate(now: Conditions, settings: PlanSettings) -> Gate:
    """The first reason that holds closes the gate."""
    reason = _program(now) or _exchange(now, settings)
    return Gate(open=not reason, reason=reason)


def follows_orders(connection: Connection) -> bool:
    """Whether order events reach us: the channel is confirmed, or it is refused and queries take its place."""
    confirmed = connection.user is Light.GOOD and connection.order_channel is not None
    return confirmed or connection.polling


def clock_sentence(offset_ms: int) -> str:
    """``Your clock is 73.0 s ahead of the exchange. Set it, then check again.``"""
    seconds = (Decimal(abs(offset_ms)) / 1000).quantize(Decimal("0.1"))
    way = "behind" if offset_ms > 0 else "ahead of"
    return f"Your clock is {seconds} s {way} the exchange. Set it, then check again."


def other_key_sentence(count: int) -> str:
    """About open strategies that another key has sent; empty for none."""
    if not count:
        return ""
    what = "strategy was" if count == 1 else "strategies were"
    return f"{count} open {what} sent with another key and cannot be checked with this one."


def _program(now: Conditions) -> str:
    if now.closing:
        return CLOSED
    if not now.opened:
        return STARTING
    if now.journal_trouble:
        return f"Cannot record. {now.journal_trouble}"
    return now.defect or (KeyLocked.sentence if now.locked else now.held)


def _exchange(now: Conditions, settings: PlanSettings) -> str:
    offset = now.connection.clock_offset_ms
    if now.connection.rest is Light.DOWN:
        return UNREACHABLE
    if offset is not None and abs(offset) > settings.clock_fail_ms:
        return clock_sentence(offset)
    if now.connection.rest is not Light.GOOD or not now.has_instruments:
        return NO_INSTRUMENTS
    if not follows_orders(now.connection):
        return SUBSCRIBING
    return "" if now.caught_up else _checking(now.unfinished)


def _checking(unfinished: int) -> str:
    if not unfinished:
        return CHECKING
    noun = "strategy was" if unfinished == 1 else "strategies were"
    return f"{unfinished} {noun} being sent when the app stopped. Checking with the exchange."
