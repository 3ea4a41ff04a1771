"""The ugly days to rehearse: what goes wrong, under a name, with one sentence on what to watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from otoco_desktop.practice.faults import Fault, Loss

GAP_AFTER_S = 2.0
_SHORT = 306
_NEXT = "your next strategy"


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
