"""What a finished strategy brought, from the exchange's own fills and fees."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.order import EXITS, LegRole, Side
from otoco_desktop.domain.phases import exited, filled, latest, phase
from otoco_desktop.domain.strategy import Phase, Strategy


@dataclass(frozen=True, slots=True)
class Result:
    """Realised money in quote. ``fees`` is positive; ``net`` is gross less fees; ``r`` is net over the planned loss.

    Fees in the base coin are valued at the leg's own average price. ``other_fees`` lists coins that are neither
    base nor quote: they are not in ``fees``.
    """

    quote: str
    gross: Decimal
    fees: Decimal
    net: Decimal
    r: Decimal | None
    planned_r: Decimal | None
    exit_price: Decimal
    other_fees: tuple[tuple[str, Decimal], ...] = ()


def result(strategy: Strategy) -> Result | None:
    """The realised result, ``None`` while the strategy is open, never traded, or lacks the value of a fill."""
    if phase(strategy) is not Phase.CLOSED or not exited(strategy):
        return None
    values = {role: _value(latest(strategy, role)) for role in LegRole}
    bought, taken = values[LegRole.ENTRY], [values[role] for role in EXITS if filled(strategy, role)]
    if bought is None or None in taken:
        return None
    return _result(strategy, bought, sum((value for value in taken if value is not None), Decimal(0)))


def coins(instrument: str) -> tuple[str, str]:
    """Base and quote of a spot symbol: ``BTC_USD`` is BTC in USD."""
    base, _, quote = instrument.rpartition("_")
    return base, quote


def _result(strategy: Strategy, entered: Decimal, left: Decimal) -> Result:
    held, gone = filled(strategy, LegRole.ENTRY), exited(strategy)
    cost = entered if held == gone else entered * gone / held
    gross = left - cost if strategy.intent.order.side is Side.BUY else cost - left
    fees, others = _fees(strategy)
    net, planned = gross - fees, strategy.intent.planned
    risk = abs(planned.loss) if planned else Decimal(0)
    return Result(
        quote=coins(strategy.intent.order.instrument)[1],
        gross=gross,
        fees=fees,
        net=net,
        r=net / risk if risk else None,
        planned_r=planned.gain / risk if planned and risk else None,
        exit_price=left / gone,
        other_fees=tuple(sorted(others.items())),
    )


def _fees(strategy: Strategy) -> tuple[Decimal, dict[str, Decimal]]:
    base, quote = coins(strategy.intent.order.instrument)
    total, others = Decimal(0), dict[str, Decimal]()
    for report in (latest(strategy, role) for role in LegRole):
        if report is None or not report.fee:
            continue
        price = _average(report)
        if report.fee_coin in (quote, ""):
            total += report.fee
        elif report.fee_coin == base and price is not None:
            total += report.fee * price
        else:
            others[report.fee_coin] = others.get(report.fee_coin, Decimal(0)) + report.fee
    return total, others


def _value(report: LegReport | None) -> Decimal | None:
    """What a leg's fills were worth in quote; ``None`` when the exchange did not say."""
    if report is None or not report.filled:
        return None
    if report.filled_value:
        return report.filled_value
    return report.filled * report.average_price if report.average_price else None


def _average(report: LegReport) -> Decimal | None:
    """The price a base-coin fee is valued at: value over quantity, as the stated average is rounded; else that one."""
    if report.filled and report.filled_value:
        return report.filled_value / report.filled
    return report.average_price or None
