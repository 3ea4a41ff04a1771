"""Faults that the practice exchange plays on demand, and the state they are kept in. Thread-safe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What may go wrong. Those marked "stays" last until cleared, the others happen once."""

    LOSE_REPLY_PLACED = "lose_reply_placed"
    """The next create is placed; its reply never comes. Value: a `Loss`."""
    LOSE_REPLY_UNPLACED = "lose_reply_unplaced"
    """The next create is neither placed nor answered. Value: a `Loss`."""
    LATE_CREATE = "late_create"
    """The next create is not answered and placed later. Value: seconds."""
    REFUSE_CREATE = "refuse_create"
    """The next create is refused. Value: the code."""
    PLACE_BUT_REFUSE = "place_but_refuse"
    """The next create is placed, and its reply carries this code beside the list_id. Value: the code."""
    LOSE_CANCEL_DONE = "lose_cancel_done"
    """The next cancel of one order is carried out; its reply never comes. Value: a `Loss`."""
    LOSE_CANCEL_UNDONE = "lose_cancel_undone"
    """The next cancel of one order is neither carried out nor answered. Value: a `Loss`."""
    REFUSE_CANCEL = "refuse_cancel"
    """The next cancel of one order is refused. Value: the code."""
    LOSE_AMEND_DONE = "lose_amend_done"
    """The next amend is carried out; its reply never comes. Value: a `Loss`."""
    LOSE_AMEND_UNDONE = "lose_amend_undone"
    """The next amend is neither carried out nor answered. Value: a `Loss`."""
    REFUSE_AMEND = "refuse_amend"
    """The next amend is refused. Value: the code."""
    LATE_AMEND = "late_amend"
    """The next amend is answered at once and counts later. Value: seconds."""
    RENAME_ON_AMEND = "rename_on_amend"
    """The next amend ends the order with nothing filled and places it anew under another order id."""
    REJECT_ENTRY = "reject_entry"
    """The entry of the next list is rejected on the stream. Value: the code."""
    REJECT_STOP = "reject_stop"
    """The stop of the next list is rejected when it should become active. Value: the code."""
    REJECT_TARGET = "reject_target"
    """The target of the next list is rejected when it should become active. Value: the code."""
    REFUSE_STOP_FIRED = "refuse_stop_fired"
    """The stop of the next list is rejected when its trigger is reached. Value: the code."""
    GAP_THROUGH_STOP = "gap_through_stop"
    """The price jumps beyond the next stop that becomes active. Value: seconds from then on."""
    CUT_AT_FILL = "cut_at_fill"
    """The user streams break at the next fill of an entry, before it is told."""
    MAINTENANCE = "maintenance"
    """Stays: every request is answered by a web page with HTTP 503, and no stream stays open."""
    HALF_FILL_STAY = "half_fill_stay"
    """The entry of the next list fills by half and stays."""
    HALF_FILL_CANCEL = "half_fill_cancel"
    """The entry of the next list fills by half; then the exchange cancels it."""
    DELAY_EVENTS = "delay_events"
    """Stays: user events come late. Value: seconds."""
    REPEAT_EVENTS = "repeat_events"
    """Stays: each user event comes several times. Value: how often."""
    REORDER_EVENTS = "reorder_events"
    """The next user events are held back and come in reverse order, after a while also fewer. Value: how many."""
    SILENT_HEARTBEATS = "silent_heartbeats"
    """Stays: no heartbeats are sent."""
    MUTE_STREAMS = "mute_streams"
    """Stays: the websockets are open and nothing comes, as on a line whose other end is gone."""
    ORDER_CHANNELS = "order_channels"
    """Stays: the names under which the order channel is known. Value: a tuple of names, empty for none."""
    CLOCK_AHEAD = "clock_ahead"
    """Stays: the exchange's clock is ahead. Value: seconds, negative for behind."""
    NO_MARK_PRICE = "no_mark_price"
    """Stays: no mark price is published, neither as channel nor as valuation."""
    SPELLING = "spelling"
    """Stays: how numbers and texts are printed. Value: a `Spelling`."""
    HIDE_ORDERS = "hide_orders"
    """Stays: order queries find nothing, as on a replica that lags."""


class Spelling(StrEnum):
    """How replies print what the documents print in two ways; without, a mixture of both."""

    NUMBERS = "numbers"
    """As the older documents: list_id, leg_id and times are bare numbers, far beyond 2^53."""
    TEXTS = "texts"
    """As the newer documents: id and code are texts."""


class Loss(StrEnum):
    """How a reply is lost."""

    ABORT = "abort"
    """The connection breaks."""
    SILENCE = "silence"
    """The connection stays open and nothing comes."""


@dataclass(frozen=True, slots=True)
class RawReply:
    """An answer sent as it stands. `declared` is a content length that differs from the body's."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    declared: int | None = None


class Faults:
    """The faults armed now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[Fault, Any] = {}
        self._raw: dict[str, RawReply] = {}

    def arm(self, fault: Fault, value: Any = True) -> None:
        """Have a fault happen."""
        with self._lock:
            self._armed[fault] = value

    def clear(self, fault: Fault | None = None) -> None:
        """Forget one fault, or all."""
        with self._lock:
            if fault is not None:
                self._armed.pop(fault, None)
            else:
                self._armed.clear()
                self._raw.clear()

    def armed(self) -> dict[Fault, Any]:
        """Those that are still to happen and those that last, with their values."""
        with self._lock:
            return dict(self._armed)

    def take(self, fault: Fault) -> Any:
        """The value of a fault that happens once, or None; it is over with this."""
        with self._lock:
            return self._armed.pop(fault, None)

    def value(self, fault: Fault) -> Any:
        """The value of a fault that stays, or None."""
        with self._lock:
            return self._armed.get(fault)

    def arm_raw(self, method: str, reply: RawReply) -> None:
        """Answer the next call of a method with this."""
        with self._lock:
            self._raw[method] = reply

    def take_raw(self, method: str) -> RawReply | None:
        """The raw answer armed for a method, or None; it is over with this."""
        with self._lock:
            return self._raw.pop(method, None)


HOLD_S = 5.0
"""How long events are held back at most: what does not fill up their number is not withheld for ever."""


class EventFaults:
    """Delays, repeats and reorders messages on their way to the user stream."""

    def __init__(self, faults: Faults, later: Callable[[float, Callable[[], None]], object]) -> None:
        self._faults = faults
        self._later = later
        self._held: list[Callable[[], None]] = []
        self._hold = 0

    def pass_on(self, send: Callable[[], None]) -> None:
        """Send a message, or do to it what is armed."""
        self._hold = self._faults.take(Fault.REORDER_EVENTS) or self._hold
        if not self._hold:
            self._send(send)
            return
        if not self._held:
            self._later(HOLD_S, self._let_go)
        self._held.append(send)
        if len(self._held) >= self._hold:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held, self._hold = self._held, [], 0
        for one in reversed(held):
            self._send(one)

    def _send(self, send: Callable[[], None]) -> None:
        delay = self._faults.value(Fault.DELAY_EVENTS)
        for _ in range(self._faults.value(Fault.REPEAT_EVENTS) or 1):
            if delay:
                self._later(delay, send)
            else:
                send()
