"""The ugly days to rehearse: what goes wrong, under a name, with one sentence on what to watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from otoco_desktop.practice.faults import Fault, Loss

GAP_AFTER_S = 2.0
_SHORT = 306
_INVALID_REF_PRICE, _NO_ACTIVE_ORDER = 229, 316
MOVED_AFTER_S = 8.0
_NEXT = "your next strategy"
_REMOVED, _MOVED = "the next exit you remove", "the next exit you move"


class Stage(Protocol):
    """The hand that carries a scenario out; `PracticeControls` is one."""

    def arm(self, fault: Fault, value: Any = True) -> None: ...

    def clear(self, fault: Fault | None = None) -> None: ...

    def drop_connections(self) -> None: ...

    def disconnect_users(self, code: int | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that goes wrong.

    `waits_for` says to what it happens, once; it is empty for those that last until they are switched off.
    `breaks` ends connections at once, so that the fault is met while they are made anew.
    """

    name: str
    title: str
    watch: str
    fault: Fault
    value: Any = True
    waits_for: str = ""
    breaks: bool = False

    @property
    def moves_price(self) -> bool:
        """Whether it needs simulated prices."""
        return self.fault is Fault.GAP_THROUGH_STOP

    def start(self, stage: Stage) -> None:
        """Have it happen."""
        stage.arm(self.fault, self.value)
        if self.breaks:
            stage.drop_connections()

    def end(self, stage: Stage) -> None:
        """Have it happen no longer."""
        stage.clear(self.fault)
        if self.breaks:
            stage.disconnect_users()


SCENARIOS = (
    Scenario(
        "gap-through-stop",
        "Price gaps through the stop",
        "Two seconds after both exits are active the price jumps 2% beyond the stop: a market stop fills far from its "
        "trigger, a limit stop triggers and does not fill.",
        Fault.GAP_THROUGH_STOP,
        GAP_AFTER_S,
        waits_for="both exits to be active",
    ),
    Scenario(
        "half-fill-stay",
        "Entry fills by half and stays",
        "The rest never fills and neither exit becomes active: what you hold has no stop, also after you cancel.",
        Fault.HALF_FILL_STAY,
        waits_for=_NEXT,
    ),
    Scenario(
        "half-fill-cancel",
        "Entry fills by half, then is cancelled",
        "The exchange ends the entry and both exits. You hold half of the position with no stop.",
        Fault.HALF_FILL_CANCEL,
        waits_for=_NEXT,
    ),
    Scenario(
        "stop-refused",
        "Stop refused at its trigger",
        "The mark reaches the stop and the exchange refuses the order: the position stays, and it is not protected.",
        Fault.REFUSE_STOP_FIRED,
        _SHORT,
        waits_for=_NEXT,
    ),
    Scenario(
        "reply-lost-placed",
        "Reply lost, order placed",
        "The connection breaks after the exchange took the order. The outcome is unknown until the order is found.",
        Fault.LOSE_REPLY_PLACED,
        Loss.ABORT,
        waits_for=_NEXT,
    ),
    Scenario(
        "reply-lost-not-placed",
        "Reply lost, nothing placed",
        "The connection breaks before the exchange took the order. Not found yet is all that can be said of it, and a "
        "second one like it stays locked.",
        Fault.LOSE_REPLY_UNPLACED,
        Loss.ABORT,
        waits_for=_NEXT,
    ),
    Scenario(
        "remove-reply-lost-done",
        "Reply lost, exit removed",
        "The connection breaks after the exchange took the request. It counts as requested until the exit is shown as "
        "cancelled, and is not sent again.",
        Fault.LOSE_CANCEL_DONE,
        Loss.ABORT,
        waits_for=_REMOVED,
    ),
    Scenario(
        "remove-reply-lost-not-done",
        "Reply lost, exit not removed",
        "The connection breaks before the exchange took the request. The exit stays active and can still trigger.",
        Fault.LOSE_CANCEL_UNDONE,
        Loss.ABORT,
        waits_for=_REMOVED,
    ),
    Scenario(
        "remove-refused",
        "Removing an exit is refused",
        "The exchange answers that there is no such active order. The exit stays as it was.",
        Fault.REFUSE_CANCEL,
        _NO_ACTIVE_ORDER,
        waits_for=_REMOVED,
    ),
    Scenario(
        "move-reply-lost-done",
        "Reply lost, exit moved",
        "The connection breaks after the exchange took the new price. The old one counts until the new one is shown.",
        Fault.LOSE_AMEND_DONE,
        Loss.ABORT,
        waits_for=_MOVED,
    ),
    Scenario(
        "move-reply-lost-not-done",
        "Reply lost, exit not moved",
        "The connection breaks before the exchange took the new price. The order stays at its old one.",
        Fault.LOSE_AMEND_UNDONE,
        Loss.ABORT,
        waits_for=_MOVED,
    ),
    Scenario(
        "move-refused",
        "Moving an exit is refused",
        "The exchange answers that the trigger price is invalid. The order stays at its old price.",
        Fault.REFUSE_AMEND,
        _INVALID_REF_PRICE,
        waits_for=_MOVED,
    ),
    Scenario(
        "move-late",
        "Exit moves 8 s late",
        "The exchange accepts the new price at once, and for 8 s the order keeps its old one: it can still trigger "
        "there.",
        Fault.LATE_AMEND,
        MOVED_AFTER_S,
        waits_for=_MOVED,
    ),
    Scenario(
        "move-renames",
        "Moved exit gets a new order id",
        "The old order is reported as cancelled and the exit goes on under another id. It stays one exit, and active.",
        Fault.RENAME_ON_AMEND,
        waits_for=_MOVED,
    ),
    Scenario(
        "late-events",
        "Events come 8 s late",
        "States lag behind the exchange; each event says its delay, and a check may find it first.",
        Fault.DELAY_EVENTS,
        8.0,
    ),
    Scenario(
        "repeated-events",
        "Each event comes three times",
        "Every fill is counted once and every event has one line.",
        Fault.REPEAT_EVENTS,
        3,
    ),
    Scenario(
        "reordered-events",
        "Events come in reverse order",
        "The next four events arrive last first; no state goes back.",
        Fault.REORDER_EVENTS,
        4,
        waits_for="the next events",
    ),
    Scenario(
        "other-channel",
        "Order channel under the other name",
        "The first name is refused and the second one works; live updates go on.",
        Fault.ORDER_CHANNELS,
        ("user.advanced.order",),
        breaks=True,
    ),
    Scenario(
        "no-channel",
        "Order channel refused under both names",
        "Live updates are off and the program asks every 2 s instead; submitting stays possible.",
        Fault.ORDER_CHANNELS,
        (),
        breaks=True,
    ),
    Scenario(
        "disconnect-during-fill",
        "Disconnect during a fill",
        "The stream breaks at the first piece of the entry. The rest fills meanwhile and is found after reconnecting.",
        Fault.CUT_AT_FILL,
        waits_for="the next fill of an entry",
    ),
    Scenario(
        "maintenance",
        "Maintenance page",
        "Every request is answered by a web page: nothing is sent or claimed, and the states say as of when.",
        Fault.MAINTENANCE,
        breaks=True,
    ),
    Scenario(
        "clock-ahead",
        "Your clock is 90 s ahead",
        "The offset is measured anew, the clock check says by how much, and Submit stays closed until it is right.",
        Fault.CLOCK_AHEAD,
        -90,
        breaks=True,
    ),
)


def waiting(armed: Mapping[Fault, Any]) -> frozenset[str]:
    """The names of the scenarios among the faults armed."""
    return frozenset(each.name for each in SCENARIOS if each.fault in armed and armed[each.fault] == each.value)


def scenario(name: str) -> Scenario:
    """The scenario of a name. Raises `KeyError`."""
    for each in SCENARIOS:
        if each.name == name:
            return each
    raise KeyError(name)
