"""The lines of open strategies on the chart; loaded when there is one, as it needs their whole life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import is_live, leg_status
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import LegStatus, Strategy
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.state import OtherLine

RESTING = frozenset({LegStatus.WAITING, LegStatus.ACTIVE, LegStatus.TRIGGERED})
MOST_OTHERS = 12
_ROLES = {LegRole.ENTRY: Field.ENTRY, LegRole.STOP: Field.STOP, LegRole.TARGET: Field.TARGET}


def others(strategies: Iterable[Strategy], instrument: Instrument) -> tuple[OtherLine, ...]:
    """The resting legs of what is open on this instrument, newest strategy first, at most a dozen."""
    found: list[OtherLine] = []
    for strategy in strategies:
        if strategy.intent.order.instrument == instrument.symbol and is_live(strategy):
            found += _resting(strategy)
        if len(found) >= MOST_OTHERS:
            break
    return tuple(found[:MOST_OTHERS])


def _resting(strategy: Strategy) -> Iterator[OtherLine]:
    for role, field in _ROLES.items():
        leg = strategy.intent.order.leg(role)
        price = leg.trigger if leg.trigger is not None else leg.price
        if price is not None and leg_status(strategy, role) in RESTING:
            yield OtherLine(price, field, f"{strategy.label} {words.LINE_WORDS[field].lower()}")
