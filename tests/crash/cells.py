"""The crash matrix: where the program is killed, what the exchange did with the request, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from otoco_desktop.practice.faults import Fault, Loss

INSUFFICIENT = 306
Armed = tuple[tuple[Fault, Any], ...]


class Point(StrEnum):
    """Where the program is killed."""

    BEFORE_INTENT = "before intent commit"
    INSIDE_INTENT = "inside intent commit"
    AFTER_INTENT = "after intent commit"
    BEFORE_CONNECT = "before connect"
    AFTER_CONNECT = "after connect"
    MID_WRITE = "mid write"
    AFTER_WRITE = "after write"
    AFTER_RECEIPT = "after server receipt"
    MID_REPLY = "mid reply"
    BEFORE_ACK = "after reply before ack commit"
    DURING_EVENT = "during event commit"
    DURING_RECONCILE = "during reconcile"
    DURING_CANCEL = "during cancel"
    AFTER_REMOVAL = "after removal commit"
    DURING_REMOVAL = "during removal"
    AFTER_MOVE = "after move commit"
    DURING_MOVE = "during move"


UNSENT = frozenset({Point.AFTER_REMOVAL, Point.AFTER_MOVE})
"""Where a request about one exit is recorded, and no byte of it has left."""

REMOVING = frozenset({Point.AFTER_REMOVAL, Point.DURING_REMOVAL})
MOVING = frozenset({Point.AFTER_MOVE, Point.DURING_MOVE})
OLD, NEW = "90552.00", "91100.00"
"""Where the stop stands, and where it is to go."""


class Line(StrEnum):
    """What the line between program and exchange does to the request that changes something."""

    OPEN = "open"
    KEEP_REQUEST = "keep request"
    """The request stays under way until the program is dead."""
    HALF_REPLY = "half reply"
    """Half of the reply arrives, the rest stays under way."""
    KEEP_REPLY = "keep reply"
    """The reply stays under way."""


class Ends(StrEnum):
    """How the strategy stands once the next start has asked about it, in the table's words."""

    NEVER_WAS = "no strategy"
    NOT_FOUND = "Not found yet"
    WORKING = "Entry working"
    CANCELLED = "Cancelled by you"
    CANCELLING = "Cancelling"


@dataclass(frozen=True, slots=True)
class Cell:
    """One crash. ``expected`` says in words what stands on the exchange and why."""

    point: Point
    processed: bool
    ends: Ends
    expected: str
    line: Line = Line.OPEN
    armed: Armed = ()

    @property
    def name(self) -> str:
        return f"{self.point}, {'processed' if self.processed else 'not processed'}"

    @property
    def creates(self) -> int:
        """How many creates the exchange has seen in the end."""
        return int("1 create" in self.expected)

    @property
    def lists(self) -> int:
        """How many lists the exchange has in the end."""
        return int("1 list" in self.expected)

    @property
    def seam(self) -> Point | None:
        """Where the program itself stops and waits for its end; elsewhere the exchange or the line tells the moment."""
        outside = {Point.AFTER_RECEIPT, Point.DURING_CANCEL, Point.DURING_REMOVAL, Point.DURING_MOVE}
        return None if self.point in outside else self.point

    @property
    def stop(self) -> tuple[str, str]:
        """The state and the trigger of the stop in the end, on the exchange and in the window."""
        done = self.processed and self.point not in UNSENT
        return (
            "CANCELED" if done and self.point in REMOVING else "PENDING",
            NEW if done and self.point in MOVING else OLD,
        )

    @property
    def pending(self) -> str:
        """What the second program shows as asked about the stop and not settled."""
        if self.point not in REMOVING | MOVING or (self.processed and self.point not in UNSENT):
            return ""
        return "removing" if self.point in REMOVING else "moving"

    @property
    def exit_requests(self) -> int:
        """How many requests about one exit the exchange has seen in the end."""
        return int(self.processed and self.point in (Point.DURING_REMOVAL, Point.DURING_MOVE))


LATE_EVENTS = (Fault.DELAY_EVENTS, 60.0)
"""No event tells the program of the list before it is dead."""

SILENT = {
    True: ((Fault.LOSE_REPLY_PLACED, Loss.SILENCE), LATE_EVENTS),
    False: ((Fault.LOSE_REPLY_UNPLACED, Loss.SILENCE),),
}
BROKEN_OFF = {
    True: ((Fault.LOSE_REPLY_PLACED, Loss.ABORT), (Fault.HIDE_ORDERS, True), LATE_EVENTS),
    False: ((Fault.LOSE_REPLY_UNPLACED, Loss.ABORT),),
}
REFUSED: Mapping[bool, Armed] = {True: (LATE_EVENTS,), False: ((Fault.REFUSE_CREATE, INSUFFICIENT),)}
TAKES_ALL: Mapping[bool, Armed] = {True: (), False: ((Fault.LOSE_REPLY_UNPLACED, Loss.SILENCE),)}
PLACED = "1 create, 1 list"
UNPLACED = "1 create, no list"
BOTH = (True, False)


def _nothing_left(point: Point, ends: Ends, why: str) -> list[Cell]:
    """Nothing could have arrived: an exchange that would place everything and one that would not hold the same."""
    return [Cell(point, processed, ends, f"nothing: {why}", armed=TAKES_ALL[processed]) for processed in BOTH]


def _about_exit(point: Point, unsent: Point, done: str) -> list[Cell]:
    """A request about the stop of a working strategy: recorded alone, or under way."""
    return [
        *[Cell(unsent, way, Ends.WORKING, f"{PLACED}; no byte about the stop had been written") for way in BOTH],
        Cell(point, True, Ends.WORKING, f"{PLACED}, {done}", Line.KEEP_REPLY),
        Cell(point, False, Ends.WORKING, f"{PLACED}; the line lost the request", Line.KEEP_REQUEST),
    ]


def _arrived(point: Point, armed: Mapping[bool, Armed], line: Line = Line.OPEN) -> list[Cell]:
    return [
        Cell(point, True, Ends.WORKING, PLACED, line, armed[True]),
        Cell(point, False, Ends.NOT_FOUND, UNPLACED, line, armed[False]),
    ]


MATRIX: tuple[Cell, ...] = (
    *_nothing_left(Point.BEFORE_INTENT, Ends.NEVER_WAS, "no byte of a request had been written"),
    *_nothing_left(Point.INSIDE_INTENT, Ends.NEVER_WAS, "no byte of a request had been written"),
    *_nothing_left(Point.AFTER_INTENT, Ends.NOT_FOUND, "no byte of a request had been written"),
    *_nothing_left(Point.BEFORE_CONNECT, Ends.NOT_FOUND, "no byte of a request had been written"),
    *_nothing_left(Point.AFTER_CONNECT, Ends.NOT_FOUND, "no byte of a request had been written"),
    *_nothing_left(Point.MID_WRITE, Ends.NOT_FOUND, "half a request is none"),
    Cell(Point.AFTER_WRITE, True, Ends.WORKING, f"{PLACED}, after the program was dead", Line.KEEP_REQUEST),
    Cell(Point.AFTER_WRITE, False, Ends.NOT_FOUND, "nothing: the line lost the request", Line.KEEP_REQUEST),
    *_arrived(Point.AFTER_RECEIPT, SILENT),
    *_arrived(Point.MID_REPLY, REFUSED, Line.HALF_REPLY),
    *_arrived(Point.BEFORE_ACK, REFUSED),
    Cell(Point.DURING_EVENT, True, Ends.WORKING, PLACED),
    Cell(
        Point.DURING_EVENT,
        False,
        Ends.NOT_FOUND,
        f"{UNPLACED}; without a list there is no event but the answer to a check",
        armed=BROKEN_OFF[False],
    ),
    *_arrived(Point.DURING_RECONCILE, BROKEN_OFF),
    Cell(Point.DURING_CANCEL, True, Ends.CANCELLED, f"{PLACED}, cancelled", Line.KEEP_REPLY),
    Cell(Point.DURING_CANCEL, False, Ends.CANCELLING, f"{PLACED}, working", Line.KEEP_REQUEST),
    *_about_exit(Point.DURING_REMOVAL, Point.AFTER_REMOVAL, "the stop cancelled"),
    *_about_exit(Point.DURING_MOVE, Point.AFTER_MOVE, "the stop moved"),
)

QUICK = frozenset(
    {
        (Point.INSIDE_INTENT, True),
        (Point.AFTER_WRITE, True),
        (Point.BEFORE_ACK, True),
        (Point.DURING_RECONCILE, True),
        (Point.DURING_CANCEL, True),
        (Point.AFTER_REMOVAL, True),
        (Point.DURING_MOVE, True),
    }
)
"""The share of the matrix that runs with every test run."""


def cell_named(name: str) -> Cell:
    """Raises ``StopIteration``."""
    return next(cell for cell in MATRIX if cell.name == name)
