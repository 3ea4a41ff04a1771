"""Which columns there is room for, and how wide each is: numbers keep every digit, words give way first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from otoco_desktop.ui.history.order import Order
from otoco_desktop.ui.history.rows import NUMBERS, Column

WIDTHS: Mapping[Column, int] = {
    Column.STATE: 146,
    Column.ID: 62,
    Column.TAG: 93,
    Column.INSTRUMENT: 75,
    Column.SIDE: 55,
    Column.QUANTITY: 63,
    Column.ENTRY: 79,
    Column.EXIT: 77,
    Column.RESULT: 71,
    Column.IN_R: 48,
    Column.CLOSED: 92,
}
LEAST: Mapping[Column, int] = {Column.STATE: 108, Column.TAG: 56, Column.INSTRUMENT: 75}
GIVEN_UP = (Column.EXIT, Column.ENTRY, Column.QUANTITY, Column.TAG, Column.SIDE, Column.IN_R, Column.INSTRUMENT)
"""In which order columns go where there is no room for all."""

ALWAYS = frozenset({Column.STATE, Column.ID})


@dataclass(slots=True)
class Choices:
    """What the trader has chosen; the rest follows from the room."""

    hidden: set[Column] = field(default_factory=set)
    widths: dict[Column, int] = field(default_factory=dict)
    order: Order = field(default_factory=Order)
    with_legs: bool = False

    def text(self) -> str:
        """For keeping."""
        kept = {
            "hidden": sorted(self.hidden),
            "widths": {column.value: wide for column, wide in self.widths.items()},
            "sort": [self.order.column.value, self.order.falling],
            "legs": self.with_legs,
        }
        return json.dumps(kept)

    def take_text(self, text: str | None) -> None:
        """Take what was kept; what cannot be read is left as it is."""
        try:
            kept = json.loads(text or "{}")
            hidden = {Column(name) for name in kept.get("hidden", ())} - ALWAYS
            widths = {Column(name): int(wide) for name, wide in kept.get("widths", {}).items()}
            column, falling = kept.get("sort", (self.order.column.value, self.order.falling))
            order, legs = Order(Column(column), bool(falling)), bool(kept.get("legs", False))
        except (ValueError, TypeError, AttributeError):
            return
        self.hidden, self.widths, self.order, self.with_legs = hidden, widths, order, legs


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns shown with their widths, and those left out for want of room."""

    widths: Mapping[Column, int]
    no_room: frozenset[Column]


def lay_out(room: int, needed: Mapping[Column, int], choices: Choices) -> Layout:
    """Fill the room. ``needed`` is how wide the numbers in sight ask to be."""
    shown = [column for column in Column if column not in choices.hidden]
    wide = {column: _wanted(column, needed, choices) for column in shown}
    given_up = []
    for column in GIVEN_UP:
        if _least(wide) <= room:
            break
        if column in wide:
            del wide[column]
            given_up.append(column)
    return Layout(_fitted(wide, room, choices), frozenset(given_up))


def _wanted(column: Column, needed: Mapping[Column, int], choices: Choices) -> int:
    chosen = choices.widths.get(column)
    least = needed.get(column, 0) if column in NUMBERS else LEAST.get(column, 40)
    return max(least, WIDTHS[column] if chosen is None else chosen)


def _least(wide: Mapping[Column, int]) -> int:
    return sum(min(found, LEAST.get(column, found)) for column, found in wide.items())


def _fitted(wide: dict[Column, int], room: int, choices: Choices) -> dict[Column, int]:
    """What is missing is taken from the words; what is left over is shared by columns nobody has drawn wider."""
    missing = sum(wide.values()) - room
    for column in (Column.STATE, Column.TAG, Column.INSTRUMENT):
        if missing > 0 and column in wide:
            taken = min(missing, max(0, wide[column] - LEAST[column]))
            wide[column] -= taken
            missing -= taken
    spare = room - sum(wide.values())
    if spare > 0 and wide:
        free = [column for column in wide if column not in choices.widths] or list(wide)
        for column in free:
            wide[column] += spare // len(free)
        wide[list(wide)[-1]] += room - sum(wide.values())
    return wide
