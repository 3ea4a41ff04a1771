"""The lines of open strategies on the chart; loaded when there is one, as it needs their whole life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import is_live, leg_status
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.strategy import LegStatus, Strategy
from otoco_desktop.ui.chart import words
from otoco_desktop.ui.chart.state import OtherLine
from otoco_desktop.ui.strategies.legs import asked_of, leg_price

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
    """Each leg where it counts; what was asked of it stands beside its name, and where it is to go has a line too."""
    order = standing_order(strategy)
    for role, field in _ROLES.items():
        price, name = leg_price(order.leg(role)), f"{strategy.label} {words.LINE_WORDS[field].lower()}"
        if leg_status(strategy, role) not in RESTING:
            continue
        asked = asked_of(strategy, role)
        yield OtherLine(price, field, name if asked is None else f"{name}, {asked.look.text.lower()}")
        if asked is not None and asked.trigger is not None:
            yield OtherLine(asked.trigger, field, f"{name}, requested")
