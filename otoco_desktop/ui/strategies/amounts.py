"""Money of one strategy for the table: what it stands at now, or what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.result import coins, result
from otoco_desktop.domain.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Standing:
    """Net of the fees paid so far, in quote; ``in_r`` is in units of the planned loss."""

    net: Decimal
    in_r: Decimal | None


def coins_of(strategy: Strategy) -> tuple[str, str]:
    """Base and quote of the strategy's instrument."""
    return coins(strategy.intent.order.instrument)


def has_fill(strategy: Strategy) -> bool:
    """Whether any leg has traded."""
    return any(report.filled > 0 for report in _reports(strategy))


def realised(strategy: Strategy) -> Standing | None:
    """What a finished strategy came to; ``None`` while it is open or when nothing traded."""
    final = result(strategy)
    return None if final is None else Standing(final.net, final.r)


def unrealised(strategy: Strategy, mark: Decimal) -> Standing:
    """What the strategy would come to if the rest were exchanged at ``mark``, without the fee of that exchange."""
    base, quote = coins_of(strategy)
    cash, held = Decimal(0), Decimal(0)
    for report in _reports(strategy):
        sign = 1 if report.is_buy else -1
        held += sign * report.filled
        cash -= sign * report.filled_value
        cash -= report.fee if report.fee_coin == quote else Decimal(0)
        held -= report.fee if report.fee_coin == base else Decimal(0)
    net = cash + held * mark
    return Standing(net, in_r(strategy, net))


def in_r(strategy: Strategy, net: Decimal) -> Decimal | None:
    """An amount in units of the loss that was planned; ``None`` where no loss was recorded."""
    planned = strategy.intent.planned
    return None if planned is None or planned.loss == 0 else net / abs(planned.loss)


def _reports(strategy: Strategy) -> tuple[LegReport, ...]:
    return tuple(leg.latest for leg in strategy.legs.values() if leg.latest is not None)
