"""Sorting: by any column, either way; what has no value comes last, and outcomes in doubt come first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from otoco_desktop.ui.history.record import Record
from otoco_desktop.ui.history.rows import Column, standing_of

Value = Any
"""Text, a whole number or a Decimal: all values of one column are of one kind."""

BIG_FIRST = frozenset(
    {Column.ID, Column.QUANTITY, Column.ENTRY, Column.EXIT, Column.RESULT, Column.IN_R, Column.CLOSED}
)
"""Columns whose first press puts the largest or newest at the top."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether the largest comes first."""

    column: Column = Column.CLOSED
    falling: bool = True

    def pressed(self, column: Column) -> Order:
        """The order after a press on a caption: the other way round, or this column its usual way."""
        if column is self.column:
            return Order(column, not self.falling)
        return Order(column, column in BIG_FIRST)


def ordered(records: Iterable[Record], order: Order, marks: Mapping[str, Decimal]) -> tuple[Record, ...]:
    """Stable: equal values keep the newest first. Open strategies count as closed last of all."""
    newest = sorted(records, key=lambda record: record.number, reverse=True)
    value = _value(order.column, marks)
    known = [(found, record) for record in newest if (found := value(record)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=order.falling)
    unknown = [record for record in newest if value(record) is None] if len(known) < len(newest) else []
    last_of_all = order.column is Column.CLOSED and order.falling
    rest = [record for _, record in known]
    everything = [*unknown, *rest] if last_of_all else [*rest, *unknown]
    doubtful = [record for record in everything if record.doubtful]
    if not doubtful:
        return tuple(everything)
    return (*doubtful, *(record for record in everything if not record.doubtful))


def _value(column: Column, marks: Mapping[str, Decimal]) -> Callable[[Record], Value]:
    """How a record is compared in this column; ``None`` has no value there."""
    simple: dict[Column, Callable[[Record], Value]] = {
        Column.STATE: lambda record: record.look.text,
        Column.ID: lambda record: record.number,
        Column.TAG: lambda record: record.tag.casefold() or None,
        Column.INSTRUMENT: lambda record: record.instrument,
        Column.SIDE: lambda record: record.side.value,
        Column.QUANTITY: lambda record: record.quantity,
        Column.ENTRY: lambda record: record.entry,
        Column.EXIT: lambda record: record.exit,
        Column.CLOSED: lambda record: record.ended_ms,
    }
    if column in simple:
        return simple[column]
    if column is Column.RESULT:
        return lambda record: None if (found := standing_of(record, marks)) is None else found.net
    return lambda record: None if (found := standing_of(record, marks)) is None else found.in_r
