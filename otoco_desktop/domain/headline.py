"""The one sentence that says where a strategy stands (design: status sentences)."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.domain.changing import Change, pending_change, possible_legs
from otoco_desktop.domain.differences import Difference, differences
from otoco_desktop.domain.events import NotSent, Refused
from otoco_desktop.domain.exits import removed_here, standing_order
from otoco_desktop.domain.legs import Status, is_dead, status_of
from otoco_desktop.domain.legs import is_live as is_live_word
from otoco_desktop.domain.looks import is_complete
from otoco_desktop.domain.money import grouped, money_places, signed
from otoco_desktop.domain.order import EXITS, LegRole
from otoco_desktop.domain.phases import (
    cancel_pending,
    closing,
    filled,
    filled_ratio,
    is_denied,
    is_triggered,
    latest,
    overfilled,
    phase,
    unprotected_quantity,
    unproven_exits,
    word,
)
from otoco_desktop.domain.reasons import reason_words, refusal_words
from otoco_desktop.domain.result import coins, result
from otoco_desktop.domain.strategy import Closing, Phase, Strategy

_DAY_MS = 86_400_000
_ENDS = {Status.CANCELED: "was cancelled", Status.REJECTED: "was rejected", Status.EXPIRED: "expired"}


def headline(strategy: Strategy) -> str:
    """Where the strategy stands, in one or two short sentences with the numbers that matter."""
    return _where(strategy) + "".join(_asked(strategy, role) for role in EXITS)


def _where(strategy: Strategy) -> str:
    match phase(strategy):
        case Phase.INTENT:
            return "Saved. Sending to the exchange…"
        case Phase.UNKNOWN:
            return "Outcome unknown. Checking with the exchange. Do not resubmit."
        case Phase.UNRESOLVED:
            return _unresolved(strategy)
        case Phase.CANCELLING:
            return _cancelling(strategy)
        case Phase.CLOSED:
            return _closed(strategy)
        case Phase.NOT_SENT | Phase.REJECTED | Phase.RESOLVED_NOT_PLACED:
            return _never(strategy)
        case Phase.UNPROTECTED:
            return _unprotected(strategy)
        case Phase.TRIGGERED:
            return _triggered(strategy)
        case Phase.DIVERGED:
            return _diverged(strategy)
        case _:
            return _on_the_way(strategy)


def _asked(strategy: Strategy, role: LegRole) -> str:
    """What was asked about an exit and no report shows yet."""
    match pending_change(strategy, role):
        case Change.REMOVING:
            return f" Removal of the {role} requested, not confirmed yet."
        case Change.MOVING:
            wanted = possible_legs(strategy, role)[-1]
            return f" Move of the {role} to {grouped(wanted.reference_price)} requested, not confirmed yet."
        case _:
            return ""


def filled_percent(strategy: Strategy) -> int:
    """How much of the entry has filled, in whole percent, never rounded up."""
    return int(filled_ratio(strategy) * 100)


def hms(at_ms: int) -> str:
    """Time of day in UTC: ``14:02:11``."""
    seconds = at_ms % _DAY_MS // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def told_ms(strategy: Strategy) -> int:
    """When anything about it was last told (wall clock, ms): by the exchange, by an answer, or by sending it."""
    reports = (seen.at_ms for leg in strategy.legs.values() for seen in (*leg.seen, *leg.checks))
    return max(strategy.intent.at_ms, strategy.answered_ms or 0, max(reports, default=0))


def leg_end(strategy: Strategy, role: LegRole) -> str:
    """``The stop was rejected (insufficient balance)``: how a leg ended, or that nobody has seen it."""
    report = latest(strategy, role)
    if report is None:
        return f"The {role} has not been seen yet"
    if removed_here(strategy, role):
        return f"You removed the {role}"
    status = status_of(report)
    words = _ENDS.get(status, f"is {report.status}") if status else f"has an unrecognised status, {report.status}"
    return f"The {role} {words}" + (f" ({reason_words(report.reason)})" if report.reason else "")


def _on_the_way(strategy: Strategy) -> str:
    match phase(strategy):
        case Phase.WORKING if unproven_exits(strategy):
            which = "the stop is" if removed_here(strategy, LegRole.TARGET) else "both exits are"
            return f"Entry filled at {grouped(_paid(strategy, LegRole.ENTRY))}. Confirming that {which} active."
        case Phase.WORKING if word(strategy, LegRole.ENTRY) is Status.ACTIVE:
            return f"Entry is on the book at {_price(strategy, LegRole.ENTRY)}." + _missing_exits(strategy)
        case Phase.PARTIAL:
            share = f"{filled_percent(strategy)}% of the entry has filled. No stop is active yet."
            return share + _missing_exits(strategy)
        case Phase.PROTECTED:
            return f"Entry filled at {grouped(_paid(strategy, LegRole.ENTRY))}. {_standing(strategy)}"
        case _ if (odd := unrecognised_word(strategy, LegRole.ENTRY)) is not None:
            return f"The exchange lists the entry as {odd}, a status this program does not know."
        case _:
            number = f" as list {strategy.list_id}" if strategy.list_id else ""
            waiting = f"Accepted by the exchange{number}. Waiting for the entry to become active."
            return waiting + _missing_exits(strategy)


def _standing(strategy: Strategy) -> str:
    """Which exits stand, and where."""
    stop = _price(strategy, LegRole.STOP)
    if removed_here(strategy, LegRole.TARGET):
        return f"Stop {stop} is active. Target removed by you."
    return f"Stop {stop} and target {_price(strategy, LegRole.TARGET)} are active."


def unrecognised_word(strategy: Strategy, role: LegRole) -> str | None:
    """The status the exchange used, where it is none of the documented ones."""
    report = latest(strategy, role)
    return report.status if report and status_of(report) is None else None


_WITHOUT = {
    LegRole.STOP: "a fill would not be protected there",
    LegRole.TARGET: "a fill would have nothing that takes its gain",
}


def _missing_exits(strategy: Strategy) -> str:
    """What an exit that died before the entry filled means."""
    dead = [role for role in EXITS if is_dead(word(strategy, role))]
    return "".join(f" {leg_end(strategy, role)}: {_WITHOUT[role]}." for role in dead)


def _never(strategy: Strategy) -> str:
    if isinstance(strategy.outcome, NotSent) and not strategy.legs:
        return f"Nothing was sent: {strategy.outcome.reason.rstrip('.')}."
    if isinstance(strategy.outcome, Refused) and not strategy.legs:
        return refusal_words(strategy.outcome)
    if strategy.decided is not None and not strategy.legs:
        return "Resolved: not placed. You checked it on the exchange."
    report = latest(strategy, LegRole.ENTRY)
    if report is None or not report.reason:
        return "The exchange refused it. Nothing was bought or sold."
    return f"The exchange refused it: {reason_words(report.reason)}. Nothing was bought or sold."


def _unresolved(strategy: Strategy) -> str:
    rounds = [look for look in strategy.looks if is_complete(look)]
    seconds = (rounds[-1].at_ms - strategy.intent.at_ms) // 1000
    return f"Not found after {len(rounds)} checks in {seconds} s. It may still appear."


def _closed(strategy: Strategy) -> str:
    match closing(strategy):
        case Closing.TARGET_FILLED:
            return f"Target filled at {_money_line(strategy, LegRole.TARGET)}" + _sibling(strategy, LegRole.STOP)
        case Closing.STOPPED:
            return f"Stopped at {_money_line(strategy, LegRole.STOP)}" + _sibling(strategy, LegRole.TARGET)
        case Closing.CANCELLED_BY_YOU:
            return f"Cancelled at {_ended_at(strategy)}. {_nothing(strategy)} filled."
        case Closing.EXPIRED:
            return f"Expired at {_ended_at(strategy)}. {_nothing(strategy)} filled."
        case _:
            report = latest(strategy, LegRole.ENTRY)
            why = f": {reason_words(report.reason)}" if report and report.reason else ""
            return f"Cancelled by the exchange at {_ended_at(strategy)}{why}. {_nothing(strategy)} filled."


def _money_line(strategy: Strategy, role: LegRole) -> str:
    """``97,000.00: +383.51 USD, +1.53 R.``"""
    price, outcome = grouped(_paid(strategy, role)), result(strategy)
    if outcome is None:
        return f"{price}."
    money = f"{signed(outcome.net, money_places(outcome.quote))} {outcome.quote}"
    return f"{price}: {money}" + (f", {signed(outcome.r, 2)} R." if outcome.r is not None else ".")


def _sibling(strategy: Strategy, role: LegRole) -> str:
    if removed_here(strategy, role):
        return f" You removed the {role}."
    name = role.capitalize()
    return f" {name} {'cancelled' if word(strategy, role) is Status.CANCELED else 'ended'}."


def _cancelling(strategy: Strategy) -> str:
    if not cancel_pending(strategy):
        return f"{leg_end(strategy, LegRole.ENTRY)}. Waiting until the exchange confirms that the exits are gone."
    return "Cancel requested, not confirmed yet." + _bare(strategy)


def _bare(strategy: Strategy) -> str:
    amount = unprotected_quantity(strategy)
    return f" {grouped(amount)} {coins(strategy.intent.order.instrument)[0]} is unprotected." if amount else ""


def _unprotected(strategy: Strategy) -> str:
    amount = unprotected_quantity(strategy)
    base = coins(strategy.intent.order.instrument)[0]
    entry = latest(strategy, LegRole.ENTRY)
    if entry is not None and is_dead(status_of(entry)):
        cause = f"{leg_end(strategy, LegRole.ENTRY)} after a partial fill"
    else:
        ended = [leg_end(strategy, role) for role in EXITS if not _stands(strategy, role)]
        cause = ". ".join(ended)
    if not amount:
        return f"{cause}. The stop at {_price(strategy, LegRole.STOP)} is still active."
    return f"{grouped(amount)} {base} is unprotected. {cause}." + _target_alone(strategy)


def _target_alone(strategy: Strategy) -> str:
    """What is left where the trader has removed the stop and kept the target."""
    if not removed_here(strategy, LegRole.STOP) or not is_live_word(word(strategy, LegRole.TARGET)):
        return ""
    return f" The target at {_price(strategy, LegRole.TARGET)} is still active."


def _stands(strategy: Strategy, role: LegRole) -> bool:
    status = word(strategy, role)
    return status is not None and not is_dead(status)


def _triggered(strategy: Strategy) -> str:
    for role, other in zip(EXITS, reversed(EXITS), strict=True):
        if word(strategy, role) is Status.FILLED:
            done = f"{role.capitalize()} filled at {grouped(_paid(strategy, role))}."
            return f"{done} Waiting until the exchange confirms that the {other} is cancelled."
    role = LegRole.STOP if is_triggered(strategy, LegRole.STOP) else LegRole.TARGET
    part = filled(strategy, role)
    if part:
        whole = grouped(strategy.intent.order.leg(role).quantity)
        return f"{role.capitalize()} triggered, {grouped(part)} of {whole} filled."
    return f"{role.capitalize()} triggered, not yet filled."


def _diverged(strategy: Strategy) -> str:
    if is_denied(strategy):
        return "This order was thought not to be placed, yet the exchange reports it. Look at it there now."
    if overfilled(strategy):
        return "Stop and target both filled. Check your balance on the exchange now."
    for role, leg in strategy.legs.items():
        if leg.conflict:
            return f"The exchange reports the {role} as {leg.conflict}. Look at it there now."
    found = differences(strategy)
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"Differs from plan: {difference_words(found[0])}{more}."


def difference_words(difference: Difference) -> str:
    """``stop quantity is 0.00900, planned 0.01000``."""
    name = f"{difference.role} {difference.field}" if difference.role else difference.field
    return f"{name} is {difference.reported}, planned {difference.planned}"


def _price(strategy: Strategy, role: LegRole) -> str:
    return grouped(standing_order(strategy).leg(role).reference_price)


def _paid(strategy: Strategy, role: LegRole) -> Decimal:
    """The average the exchange states, or the planned price where it states none."""
    report = latest(strategy, role)
    average = report.average_price if report else None
    return average or standing_order(strategy).leg(role).reference_price


def _ended_at(strategy: Strategy) -> str:
    report = latest(strategy, LegRole.ENTRY)
    return hms(report.update_ms if report else strategy.intent.at_ms)


def _nothing(strategy: Strategy) -> str:
    """The filled amount with the decimals of the planned quantity."""
    return grouped(filled(strategy, LegRole.ENTRY).quantize(strategy.intent.order.quantity))
