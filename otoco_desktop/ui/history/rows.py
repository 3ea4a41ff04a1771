"""Rows of the history table: finished texts, icons and tones, made when they are first looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.money import grouped, money_places, signed
from otoco_desktop.domain.order import Side
from otoco_desktop.ui.history import words
from otoco_desktop.ui.history.record import LegMark, Record
from otoco_desktop.ui.outcome.state import NO_VALUE, tone_of
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.amounts import Standing, has_fill, unrealised
from otoco_desktop.ui.strategies.legs import moved_words
from otoco_desktop.ui.strategies.phases import LEGS, ChipLook


class Column(StrEnum):
    """The columns, from the left; the value is the caption."""

    STATE = "State"
    ID = "ID"
    TAG = "Tag"
    INSTRUMENT = "Instrument"
    SIDE = "Side"
    QUANTITY = "Quantity"
    ENTRY = "Entry"
    EXIT = "Exit"
    RESULT = "P&L"
    IN_R = "R"
    CLOSED = "Closed"


NUMBERS = frozenset({Column.QUANTITY, Column.ENTRY, Column.EXIT, Column.RESULT, Column.IN_R, Column.CLOSED})


@dataclass(frozen=True, slots=True)
class Cell:
    """One line. ``chip`` is drawn instead of the text; ``tip`` says more than there is room for."""

    text: str
    spoken: str
    tone: Token = Token.TEXT
    glyph: Glyph | None = None
    glyph_tone: Token = Token.TEXT2
    chip: ChipLook | None = None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class LegWords:
    """A leg in the lower line of a row: "Stop 90,552.00" and how it stands."""

    text: str
    glyph: Glyph
    status: str
    tone: Token


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One strategy; two equal rows look alike."""

    strategy_id: str
    cells: Mapping[Column, Cell]
    legs: tuple[LegWords, ...]

    @property
    def copied(self) -> str:
        """The row as tab-separated text for the clipboard."""
        return "\t".join(cell.text for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row is made with: the trader's time zone, whether money needs its coin, and marks by instrument."""

    zone: tzinfo | None = UTC
    with_coin: bool = False
    marks: Mapping[str, Decimal] | None = None


def build(record: Record, frame: Frame, *, kept: bool = False) -> HistoryRow:
    """The row; ``kept`` when it is listed although the filter does not take it."""
    standing = standing_of(record, frame.marks or {})
    buying = record.side is Side.BUY
    side = "Buy" if buying else "Sell"
    legs = tuple(map(_leg, record.legs))
    cells = {
        Column.STATE: Cell(record.look.text, f"{record.label}, {record.look.text}", chip=record.look, tip=_tip(legs)),
        Column.ID: Cell(record.label, record.label, Token.TEXT2),
        Column.TAG: Cell(record.tag, f"Tag {record.tag or 'none'}", Token.TEXT2, tip=record.tag),
        Column.INSTRUMENT: Cell(record.instrument, record.instrument),
        Column.SIDE: Cell(
            side, side, glyph=Glyph.UP if buying else Glyph.DOWN, glyph_tone=Token.POS if buying else Token.NEG
        ),
        Column.QUANTITY: _number("Quantity", grouped(record.quantity)),
        Column.ENTRY: _number("Entry", grouped(record.entry)),
        Column.EXIT: _exit(record),
        Column.RESULT: _money(record, standing, with_coin=frame.with_coin),
        Column.IN_R: _in_r(standing),
        Column.CLOSED: _closed(record, frame.zone, kept=kept),
    }
    return HistoryRow(record.strategy_id, cells, legs)


def standing_of(record: Record, marks: Mapping[str, Decimal]) -> Standing | None:
    """What it came to, or stands at now; ``None`` without a trade or a price."""
    if record.net is not None:
        return Standing(record.net, record.in_r)
    mark = marks.get(record.instrument)
    if record.open is None or mark is None or not has_fill(record.open):
        return None
    return unrealised(record.open, mark)


def _number(name: str, text: str, tip: str = "") -> Cell:
    return Cell(text, f"{name} {text}", tip=tip)


def _none(name: str) -> Cell:
    return Cell(NO_VALUE, f"{name}: none", Token.TEXT3)


def _exit(record: Record) -> Cell:
    if record.exit is None:
        return _none("Exit")
    text = grouped(record.exit, record.price_places)
    exact = format(record.exit.normalize(), ",f")
    return _number("Exit", text, f"Average exit price {exact}")


def _money(record: Record, standing: Standing | None, *, with_coin: bool) -> Cell:
    if standing is None:
        return _none("Result")
    amount = signed(standing.net, money_places(record.quote))
    spoken = f"{'Open result' if record.open is not None else 'Result'}: {amount} {record.quote}"
    return Cell(f"{amount} {record.quote}" if with_coin else amount, spoken, tone_of(standing.net), tip=spoken)


def _in_r(standing: Standing | None) -> Cell:
    if standing is None or standing.in_r is None:
        return _none("In R")
    text = signed(standing.in_r, 2)
    return Cell(text, f"{text} R", tone_of(standing.in_r))


def _closed(record: Record, zone: tzinfo | None, *, kept: bool) -> Cell:
    if kept:
        return Cell(words.KEPT, words.KEPT_TIP, Token.WARN, tip=words.KEPT_TIP)
    if record.doubtful:
        return Cell(words.NOT_SETTLED, words.NOT_SETTLED_TIP, Token.WARN, tip=words.NOT_SETTLED_TIP)
    if record.ended_ms is None:
        return Cell(words.OPEN, "Open", Token.TEXT3, tip=f"Sent {utc_moment(record.sent_ms)}")
    text = local_moment(record.ended_ms, zone)
    return Cell(text, f"Closed {text}", Token.TEXT2, tip=utc_moment(record.ended_ms))


def _leg(leg: LegMark) -> LegWords:
    look = LEGS[leg.status] if leg.asked is None else leg.asked.look
    price = moved_words(leg.price, leg.asked.trigger if leg.asked else None)
    return LegWords(f"{leg.role.capitalize()} {price}", look.glyph, look.text, look.token)


def _tip(legs: tuple[LegWords, ...]) -> str:
    return ", ".join(f"{leg.text} {leg.status.lower()}" for leg in legs)


def local_moment(at_ms: int, zone: tzinfo | None) -> str:
    """ "22 Nov 11:26", in the trader's time zone."""
    moment = datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone)
    return f"{moment.day} {moment:%b %H:%M}"


def utc_moment(at_ms: int) -> str:
    """ "22 Nov 2026 11:26:47.061 UTC"."""
    moment = datetime.fromtimestamp(at_ms // 1000, UTC)
    return f"{moment.day} {moment:%b %Y %H:%M:%S}.{at_ms % 1000:03d} UTC"
