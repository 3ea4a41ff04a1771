"""The drawing's strategies, a history of any length, and a desk that hands it out page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

from otoco_desktop.domain.events import Refused
from otoco_desktop.domain.history import HistoryPage, HistoryQuery, HistoryRow, row_of
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Strategy
from tests.ui.fakes import FakeDesk
from tests.ui.strategy_examples import Prices, Story, as_drawn, drawn_story

YEAR = 2026
DAY_MS = 86_400_000
INSTRUMENTS = ("BTC_USD", "ETH_USD", "SOL_USD", "XRP_USD", "CRO_USD")
TAGS = ("breakout", "range-retest", "dip-ladder", "vwap-revert", "fade-open")


def at(day: int, clock: str) -> int:
    """A moment of November 2026, UTC, in ms."""
    hour, minute = (int(part) for part in clock.split(":"))
    return round(datetime(YEAR, 11, day, hour, minute, tzinfo=UTC).timestamp()) * 1000


# number, tag, instrument, side, quantity, entry, stop, target, how it ended, exit price, loss planned, day, time
DRAWN = """
412 breakout     BTC_USD BUY  0.05000 94110.00 92000.00 99000.00 rejected  -        -105.00 22 12:40
410 vwap-revert  XRP_USD BUY  4449.3  2.1611   2.1100   2.2748   target    2.2748   -262.95 22 09:40
409 range-retest ETH_USD BUY  3.1050  3096.72  3010.00  3270.00  cancelled -        -269.00 22 08:51
408 range-retest CRO_USD BUY  92635   0.10380  0.10169  0.10800  stopped   0.10169  -263.97 22 07:41
407 breakout     CRO_USD BUY  95200   0.10100  0.09897  0.10500  stopped   0.09897  -264.40 22 06:27
406 breakout     BTC_USD SELL 0.10166 94581.85 96500.00 89385.73 target    89385.73 -265.18 22 05:48
405 breakout     SOL_USD BUY  70.45   136.49   132.90   144.30   target    144.30   -264.08 21 05:05
404 breakout     CRO_USD SELL 94254   0.10202  0.10450  0.09839  target    0.09839  -266.40 21 04:14
403 vwap-revert  SOL_USD BUY  68.00   141.39   138.56   150.10   stopped   138.56   -263.59 21 03:13
402 dip-ladder   SOL_USD BUY  68.00   141.40   138.48   150.10   stopped   138.48   -264.40 21 01:55
401 dip-ladder   BTC_USD SELL 0.10687 89969.81 92000.00 86000.00 cancelled -        -262.00 21 01:35
400 vwap-revert  XRP_USD SELL 4286.0  2.2435   2.3000   2.1647   target    2.1647   -264.66 21 00:20
399 range-retest ETH_USD BUY  3.1105  3091.27  3010.00  3270.00  cancelled -        -266.00 21 23:03
398 dip-ladder   SOL_USD BUY  69.46   138.43   134.90   147.00   cancelled -        -262.00 21 22:32
397 vwap-revert  XRP_USD BUY  4297.6  2.2374   2.1922   2.3300   stopped   2.1922   -262.77 21 22:03
"""


def drawn() -> tuple[Strategy, ...]:
    """The rows of the drawing, newest first."""
    open_ones = as_drawn()[:3]
    others = sorted((_drawn(line) for line in DRAWN.split("\n") if line), key=lambda found: -found.intent.number)
    return (*open_ones, others[0], drawn_story(), *others[1:])


def _drawn(line: str) -> Strategy:
    number, tag, instrument, side, quantity, entry, stop, target, ending, price, loss, day, clock = line.split()
    prices = Prices(instrument, quantity, entry, stop, target, side=Side(side), loss=loss, gain="400.00")
    story = Story(prices, int(number), tag, at(int(day), clock))
    return _ended(story, ending, price).fold()


def _ended(story: Story, ending: str, price: str) -> Story:
    match ending:
        case "target":
            return story.target_filled(price)
        case "stopped":
            return story.stopped(price)
        case "rejected":
            return story.answer(Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance"))
    return story.resting().cancel_asked().leg(LegRole.ENTRY, "CANCELED").leg(LegRole.STOP, "CANCELED").leg(
        LegRole.TARGET, "CANCELED"
    )  # fmt: skip


# A long history


@cache
def _patterns() -> tuple[HistoryRow, ...]:
    won = row_of(Story(number=1).target_filled("95600.00", "38.81").fold())
    lost = row_of(Story(number=2).stopped("90410.00", "36.71").fold())
    cancelled = row_of(_ended(Story(number=3), "cancelled", "").fold())
    rejected = row_of(_ended(Story(number=4), "rejected", "").fold())
    return (won, lost, won, lost, cancelled, won, lost, rejected)


def long_history(count: int, newest: int) -> tuple[HistoryRow, ...]:
    """So many rows, newest first, of which the first has this number; results and times spread like real ones."""
    return tuple(_spread(number, newest) for number in range(newest, newest - count, -1))


def _spread(number: int, newest: int) -> HistoryRow:
    mixed = number * 7919 % 1009
    row = _patterns()[mixed % len(_patterns())]
    ended = at(21, "00:00") - (newest - number) * 3 * 3_600_000
    moved = Decimal(mixed % 90 - 30) / 100
    in_r = None if row.r is None else row.r.quantize(Decimal("0.01")) + (moved if row.r > 0 else moved / 10)
    return replace(
        row,
        strategy_id=f"old{number:023d}",
        number=number,
        label=f"S-{number:04d}",
        tag=TAGS[mixed % len(TAGS)],
        instrument=INSTRUMENTS[mixed % len(INSTRUMENTS)],
        list_id=f"649809054607{number:07d}",
        created_ms=ended - 3_600_000,
        closed_ms=ended,
        net=None if in_r is None else (in_r * 262).quantize(Decimal("0.01")),
        r=in_r,
    )


class HistoryDesk(FakeDesk):
    """Some strategies are at hand; the rest is read as rows, and cannot be had whole."""

    def __init__(self, strategies: Iterable[Strategy] = (), rows: Sequence[HistoryRow] = ()) -> None:
        super().__init__(strategies)
        self.rows = tuple(rows)
        self.queries: list[HistoryQuery] = []

    async def history(self, query: HistoryQuery) -> HistoryPage:
        if self.trouble:
            raise self.trouble
        self.queries.append(query)
        total = len(self.state.strategies) + len(self.rows)
        return HistoryPage(tuple(self._part(query)), total, total)

    def _part(self, query: HistoryQuery) -> Iterator[HistoryRow]:
        at_hand = tuple(map(row_of, self.state.strategies))
        yield from at_hand[query.offset : query.offset + query.limit]
        begins = max(0, query.offset - len(at_hand))
        ends = query.offset + query.limit - len(at_hand)
        yield from self.rows[begins : max(0, ends)]


def drawn_desk() -> HistoryDesk:
    """The drawing's rows and as many before them as its counts say."""
    return HistoryDesk(drawn(), long_history(396, 396))
