"""One sentence on where a strategy stands: the exact words for every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from otoco_desktop.domain.events import NotSent, Refused, Unknown
from otoco_desktop.domain.lifecycle import closing, filled_ratio, leg_status, phase, unprotected_quantity
from otoco_desktop.domain.money import grouped, money_places, signed
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.reasons import reason_words, refusal_words
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.strategies.amounts import average_price, coins_of, realised
from otoco_desktop.ui.strategies.phases import LEGS, triggered_leg, whole_percent

UNKNOWN_WORDS = "Outcome unknown. Checking with the exchange. Do not resubmit."


def headline(strategy: Strategy) -> str:
    """Where the strategy stands, in words."""
    return foreign(SENTENCES[phase(strategy)](strategy))


def clock(at_ms: int, *, with_ms: bool = False) -> str:
    """A moment as a time of day in UTC: 14:02:11, or 14:02:11.042."""
    text = datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%H:%M:%S")
    return f"{text}.{at_ms % 1000:03d}" if with_ms else text


# One function a state


def _not_sent(strategy: Strategy) -> str:
    reason = strategy.outcome.reason if isinstance(strategy.outcome, NotSent) else ""
    return f"Nothing was sent. {reason}".rstrip()


def _unknown(strategy: Strategy) -> str:
    reason = strategy.outcome.reason if isinstance(strategy.outcome, Unknown) else ""
    return f"{UNKNOWN_WORDS} {reason}".rstrip()


def _unresolved(strategy: Strategy) -> str:
    rounds = sum(all(answer.answered for answer in look.answers) for look in strategy.looks)
    seconds = (strategy.looks[-1].at_ms - strategy.intent.at_ms) // 1000 if strategy.looks else 0
    return f"Not found after {rounds} checks in {seconds} s. It may still appear. Do not place it again."


def _acked(strategy: Strategy) -> str:
    if strategy.list_id is None:
        return "Received by the exchange. Waiting for the entry to become active."
    return f"Accepted by the exchange as list {strategy.list_id}. Waiting for the entry to become active."


def _working(strategy: Strategy) -> str:
    return f"Entry is on the book at {_planned(strategy.intent.order.entry)}."


def _partial(strategy: Strategy) -> str:
    return f"{whole_percent(filled_ratio(strategy))} of the entry has filled. No stop is active yet."


def _protected(strategy: Strategy) -> str:
    order = strategy.intent.order
    entry = _traded_at(strategy, order.entry)
    stop, target = _planned(order.stop, trigger=True), _planned(order.target)
    return f"Entry filled at {entry}. Stop {stop} and target {target} are active."


def _unprotected(strategy: Strategy) -> str:
    base = coins_of(strategy)[0]
    amount = grouped(_on_step(strategy, unprotected_quantity(strategy)))
    stop = LEGS[leg_status(strategy, LegRole.STOP)].text.lower()
    if leg_status(strategy, LegRole.STOP) is LegStatus.WAITING:
        return f"{amount} {base} is unprotected: the entry ended before it was filled, so no stop is active."
    if unprotected_quantity(strategy) == 0:
        target = LEGS[leg_status(strategy, LegRole.TARGET)].text.lower()
        return f"The stop is {stop}, but the target is {target}."
    return f"{amount} {base} is unprotected: the stop is {stop}."


def _triggered(strategy: Strategy) -> str:
    role = triggered_leg(strategy)
    if role is None:
        return "One exit has filled. Waiting for the other to be cancelled."
    return f"{role.capitalize()} triggered, not yet filled."


def _rejected(strategy: Strategy) -> str:
    if isinstance(strategy.outcome, Refused):
        return refusal_words(strategy.outcome)
    entry = strategy.legs.get(LegRole.ENTRY)
    reason = entry.latest.reason if entry and entry.latest else ""
    return f"The exchange refused it{f': {reason_words(reason)}' if reason else ''}. Nothing was placed."


def _diverged(strategy: Strategy) -> str:
    found = strategy.anomalies[0] if strategy.anomalies else "Compare the legs on the exchange's own page."
    return f"The exchange's reports differ from the plan. {found}"


def _closed(strategy: Strategy) -> str:
    end = closing(strategy)
    if end in (Closing.TARGET_FILLED, Closing.STOPPED):
        return _finished(strategy, LegRole.TARGET if end is Closing.TARGET_FILLED else LegRole.STOP)
    entry = strategy.legs.get(LegRole.ENTRY)
    report = entry.latest if entry else None
    words = {Closing.CANCELLED_BY_YOU: "Cancelled", Closing.EXPIRED: "Expired"}
    word = words.get(end, "Cancelled by the exchange") if end else "Closed"
    at = f" at {clock(report.update_ms)}" if report else ""
    filled = grouped(_on_step(strategy, report.filled if report else Decimal(0)))
    return f"{word}{at}. {filled} filled."


def _finished(strategy: Strategy, role: LegRole) -> str:
    """ "Target filled at 97,000.00: +383.51 USD, +1.53 R. Stop cancelled." """
    won = role is LegRole.TARGET
    price = _traded_at(strategy, strategy.intent.order.leg(role))
    other = LegRole.STOP if won else LegRole.TARGET
    final = realised(strategy)
    quote = coins_of(strategy)[1]
    money = "" if final is None else f": {signed(final.net, money_places(quote))} {quote}"
    ratio = "" if final is None or final.in_r is None else f", {signed(final.in_r, 2)} R"
    ending = f" {other.capitalize()} {LEGS[leg_status(strategy, other)].text.lower()}."
    return f"{'Target filled' if won else 'Stopped'} at {price}{money}{ratio}.{ending}"


SENTENCES: dict[Phase, Callable[[Strategy], str]] = {
    Phase.INTENT: lambda _: "Saved. Sending to the exchange…",
    Phase.NOT_SENT: _not_sent,
    Phase.UNKNOWN: _unknown,
    Phase.UNRESOLVED: _unresolved,
    Phase.RESOLVED_NOT_PLACED: lambda _: "You settled it as not placed.",
    Phase.ACKED: _acked,
    Phase.WORKING: _working,
    Phase.PARTIAL: _partial,
    Phase.PROTECTED: _protected,
    Phase.UNPROTECTED: _unprotected,
    Phase.TRIGGERED: _triggered,
    Phase.CANCELLING: lambda _: "Cancel requested, not confirmed yet. It is live until the exchange confirms.",
    Phase.CLOSED: _closed,
    Phase.REJECTED: _rejected,
    Phase.DIVERGED: _diverged,
}


# Numbers


def _planned(leg: Leg, *, trigger: bool = False) -> str:
    """The price a leg was planned at: its limit, or its trigger."""
    value = leg.trigger if trigger and leg.trigger is not None else leg.reference_price
    return grouped(value)


def _traded_at(strategy: Strategy, leg: Leg) -> str:
    """The average price a leg traded at, with at least the decimals of its plan."""
    price = average_price(strategy, leg.role)
    if price is None:
        return _planned(leg)
    return grouped(price, max(_places(leg.reference_price), min(_places(price), 8)))


def _on_step(strategy: Strategy, quantity: Decimal) -> Decimal:
    """A quantity with at least the decimals of the plan's own."""
    plan = strategy.intent.order.quantity
    return quantity if _places(quantity) >= _places(plan) else quantity.quantize(plan)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
