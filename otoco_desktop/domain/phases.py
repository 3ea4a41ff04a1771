"""What a strategy's facts amount to: its phase, its legs in the trader's words, and what is not protected.

Exits are armed only by a completely filled entry, whatever their own label says (exchange docs, create-otoco:
the triggers take effect when the primary order is fully executed). A label from before that moment proves nothing:
exits count as active once the exchange has spoken of them after it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from otoco_desktop.domain.differences import differences
from otoco_desktop.domain.events import Acknowledged, LegReport, NotSent, Refused, left_nothing
from otoco_desktop.domain.exits import may_come_back, removed_here
from otoco_desktop.domain.legs import Status, is_dead, is_terminal, status_of
from otoco_desktop.domain.legs import is_live as is_live_word
from otoco_desktop.domain.looks import not_found_yet
from otoco_desktop.domain.order import EXITS, LegRole, Side
from otoco_desktop.domain.strategy import Closing, LegStatus, Phase, SeenReport, Strategy

ALARMING = frozenset({Phase.PARTIAL, Phase.UNPROTECTED, Phase.DIVERGED})
"""States in which something bought may have no stop, or in which that is not known: they come first and are heard."""

_OVER = frozenset({Phase.NOT_SENT, Phase.RESOLVED_NOT_PLACED, Phase.CLOSED, Phase.REJECTED})
_ENDED = {
    Status.FILLED: LegStatus.FILLED,
    Status.CANCELED: LegStatus.CANCELLED,
    Status.REJECTED: LegStatus.REJECTED,
    Status.EXPIRED: LegStatus.EXPIRED,
}


class _This:
    """One strategy and no other, however equal: what is asked of it again is not worked out again."""

    __slots__ = ("strategy",)

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy

    def __hash__(self) -> int:
        return id(self.strategy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.strategy is other.strategy


def phase(strategy: Strategy) -> Phase:
    """The strategy's state; what is most dangerous wins."""
    return _phase_of(_This(strategy))


@lru_cache(maxsize=1_024)
def _phase_of(this: _This) -> Phase:
    strategy = this.strategy
    if not strategy.legs:
        return _unseen(strategy)
    if is_diverged(strategy):
        return Phase.DIVERGED
    return _armed(strategy) if entry_complete(strategy) else _entering(strategy)


def closing(strategy: Strategy) -> Closing | None:
    """How a closed strategy ended, ``None`` while it is not closed."""
    if phase(strategy) is not Phase.CLOSED:
        return None
    stopped, taken = filled(strategy, LegRole.STOP), filled(strategy, LegRole.TARGET)
    if stopped or taken:
        return Closing.TARGET_FILLED if taken > stopped else Closing.STOPPED
    if word(strategy, LegRole.ENTRY) is Status.EXPIRED:
        return Closing.EXPIRED
    return Closing.CANCELLED_BY_YOU if was_cancelled_here(strategy) else Closing.CANCELLED_BY_EXCHANGE


def leg_status(strategy: Strategy, role: LegRole) -> LegStatus:
    """A leg in the trader's words."""
    report = latest(strategy, role)
    if report is None:
        return LegStatus.NOT_PLACED if _never_placed(strategy) else LegStatus.UNKNOWN
    status = status_of(report)
    if status is None:
        return LegStatus.UNRECOGNISED
    if is_terminal(status):
        return _ENDED[status]
    if role is LegRole.ENTRY:
        return LegStatus.ACTIVE if status is Status.ACTIVE else LegStatus.WAITING
    if not entry_complete(strategy):
        return LegStatus.WAITING
    if is_triggered(strategy, role):
        return LegStatus.TRIGGERED
    return LegStatus.WAITING if role in unproven_exits(strategy) else LegStatus.ACTIVE


def filled_ratio(strategy: Strategy) -> Decimal:
    """How much of the entry has filled, 0 to 1."""
    return min(Decimal(1), filled(strategy, LegRole.ENTRY) / strategy.intent.order.quantity)


def unprotected_quantity(strategy: Strategy) -> Decimal:
    """How much of the filled entry (in base) is neither sold nor covered by a live stop.

    What is less than the last decimal of the plan's quantity does not count: no order can sell it.
    """
    covered = Decimal(0)
    if entry_complete(strategy) and is_live_word(word(strategy, LegRole.STOP)):
        covered = strategy.intent.order.stop.quantity - filled(strategy, LegRole.STOP)
    bare = position(strategy) - covered
    least = Decimal(1).scaleb(min(0, int(strategy.intent.order.quantity.as_tuple().exponent)))
    return bare if bare >= least else Decimal(0)


def is_live(strategy: Strategy) -> bool:
    """Whether the strategy still needs the trader's eye: anything but a settled end."""
    return phase(strategy) not in _OVER


def may_cancel(strategy: Strategy) -> bool:
    """Whether the exchange can be asked to cancel: a list id, a leg that may live, and no question in flight."""
    in_flight = len(strategy.cancel_asked) > len(strategy.cancel_answered)
    return strategy.list_id is not None and is_live(strategy) and needs_following(strategy) and not in_flight


def needs_following(strategy: Strategy) -> bool:
    """Whether the exchange may still have something new to say about a leg."""
    if not strategy.legs:
        return phase(strategy) not in _OVER
    expected = [role for role in LegRole if role in strategy.legs or not _never_placed(strategy)]
    return any(not is_terminal(word(strategy, role)) or may_come_back(strategy, role) for role in expected)


def latest(strategy: Strategy, role: LegRole) -> LegReport | None:
    state = strategy.legs.get(role)
    return state.latest if state else None


def word(strategy: Strategy, role: LegRole) -> Status | None:
    """The exchange's word about a leg; ``None`` when it said nothing, or something unknown."""
    report = latest(strategy, role)
    return status_of(report) if report else None


def filled(strategy: Strategy, role: LegRole) -> Decimal:
    report = latest(strategy, role)
    return report.filled if report else Decimal(0)


def exited(strategy: Strategy) -> Decimal:
    return filled(strategy, LegRole.STOP) + filled(strategy, LegRole.TARGET)


def position(strategy: Strategy) -> Decimal:
    """What the entry brought, less a fee taken in base, and no exit has taken back, in base."""
    return max(Decimal(0), filled(strategy, LegRole.ENTRY) - _taken_as_fee(strategy) - exited(strategy))


def _taken_as_fee(strategy: Strategy) -> Decimal:
    """What never arrived: a fee of a BUY is taken from the coins bought unless the quote was named for it."""
    report, order = latest(strategy, LegRole.ENTRY), strategy.intent.order
    if report is None or order.side is not Side.BUY:
        return Decimal(0)
    return report.fee if report.fee_coin == order.instrument.rpartition("_")[0] else Decimal(0)


def entry_complete(strategy: Strategy) -> bool:
    """The entry filled completely, or an exit filled, which cannot happen before."""
    if exited(strategy) or word(strategy, LegRole.ENTRY) is Status.FILLED:
        return True
    return filled(strategy, LegRole.ENTRY) >= strategy.intent.order.quantity


def is_triggered(strategy: Strategy, role: LegRole) -> bool:
    """A live exit that became an ordinary order: it has an exchange id, or fills (exchange docs, user.order)."""
    report = latest(strategy, role)
    if report is None or not entry_complete(strategy) or not is_live_word(status_of(report)):
        return False
    return bool(report.exchange_order_id or report.filled)


def proof_of_exit(strategy: Strategy, role: LegRole) -> SeenReport | None:
    """What first showed this exit live after the entry had filled: a report of a later time, or a later check."""
    filling, leg = _filling(strategy), strategy.legs.get(role)
    if filling is None or leg is None:
        return None
    told = [seen for seen in leg.seen if 0 < filling.report.update_ms <= seen.report.update_ms]
    checked = [seen for seen in leg.checks if (seen.asked_ms or 0) >= filling.at_ms]
    current = [seen for seen in (*told, *checked) if seen.report.order_id not in leg.replaced]
    live = [seen for seen in current if is_live_word(status_of(seen.report))]
    return min(live, key=lambda seen: (seen.at_ms, seen.report.update_ms), default=None)


def unproven_exits(strategy: Strategy) -> tuple[LegRole, ...]:
    """Exits believed live of which nothing was heard since the entry filled; one that triggered proves both."""
    if not entry_complete(strategy) or exited(strategy) or any(is_triggered(strategy, role) for role in EXITS):
        return ()
    live = [role for role in EXITS if is_live_word(word(strategy, role))]
    return tuple(role for role in live if proof_of_exit(strategy, role) is None)


def missing_legs(strategy: Strategy) -> tuple[LegRole, ...]:
    """Legs believed live that a complete check did not find, and of which nothing was heard since."""
    return tuple(role for role in strategy.legs if _is_missing(strategy, role))


def _is_missing(strategy: Strategy, role: LegRole) -> bool:
    sought = [look.at_ms for look in strategy.looks if role in look.missing]
    if not sought or is_terminal(word(strategy, role)):
        return False
    leg = strategy.legs[role]
    return max(sought) >= max(seen.at_ms for seen in (*leg.seen, *leg.checks))


def _filling(strategy: Strategy) -> SeenReport | None:
    """The report by which the entry had filled completely."""
    entry, whole = strategy.legs.get(LegRole.ENTRY), strategy.intent.order.quantity
    told = entry.seen if entry else ()
    return next((seen for seen in told if _fills(seen.report, whole)), None)


def _fills(report: LegReport, whole: Decimal) -> bool:
    return status_of(report) is Status.FILLED or report.filled >= whole


def is_diverged(strategy: Strategy) -> bool:
    """The exchange contradicts itself, its refusal, or the plan."""
    conflict = any(leg.conflict for leg in strategy.legs.values())
    return conflict or is_denied(strategy) or overfilled(strategy) or bool(differences(strategy))


def is_denied(strategy: Strategy) -> bool:
    """Refused or never sent, and yet the exchange reports more than a refused leg."""
    if not isinstance(strategy.outcome, Refused | NotSent):
        return False
    return any(word(strategy, role) is not Status.REJECTED for role in strategy.legs)


def overfilled(strategy: Strategy) -> bool:
    """Both exits took the coins, or together more than the entry brought."""
    if all(word(strategy, role) is Status.FILLED for role in EXITS):
        return True
    both = bool(filled(strategy, LegRole.STOP)) and bool(filled(strategy, LegRole.TARGET))
    return both and exited(strategy) > strategy.intent.order.quantity


def cancel_pending(strategy: Strategy) -> bool:
    """A cancel was asked and not proven to have been refused."""
    asked, answered = strategy.cancel_asked, strategy.cancel_answered
    if not asked:
        return False
    return len(answered) < len(asked) or not left_nothing(answered[-1].outcome)


def was_cancelled_here(strategy: Strategy) -> bool:
    """One of the trader's cancels may have reached the exchange."""
    refused = sum(left_nothing(item.outcome) for item in strategy.cancel_answered)
    return len(strategy.cancel_asked) > refused


def _unseen(strategy: Strategy) -> Phase:
    if strategy.decided is not None:
        return Phase.RESOLVED_NOT_PLACED
    match strategy.outcome:
        case None:
            return Phase.INTENT
        case NotSent():
            return Phase.NOT_SENT
        case Refused():
            return Phase.REJECTED
        case Acknowledged():
            return Phase.CANCELLING if cancel_pending(strategy) else Phase.ACKED
        case _:
            lost = not_found_yet(strategy.intent.stamp.nonce, strategy.looks)
            return Phase.UNRESOLVED if lost else Phase.UNKNOWN


def _entering(strategy: Strategy) -> Phase:
    entry, some = word(strategy, LegRole.ENTRY), filled(strategy, LegRole.ENTRY) > 0
    if is_dead(entry):
        return Phase.UNPROTECTED if some else _ended_unfilled(strategy, entry)
    if cancel_pending(strategy):
        return Phase.CANCELLING
    if some:
        return Phase.PARTIAL
    return Phase.WORKING if is_live_word(entry) else Phase.ACKED


def _ended_unfilled(strategy: Strategy, entry: Status | None) -> Phase:
    if entry is Status.REJECTED:
        return Phase.REJECTED
    waiting = any(role in strategy.legs and not is_terminal(word(strategy, role)) for role in EXITS)
    return Phase.CANCELLING if waiting else Phase.CLOSED


def _armed(strategy: Strategy) -> Phase:
    words = [word(strategy, role) for role in EXITS]
    ended = all(is_terminal(item) for item in words)
    if Status.FILLED in words:
        return Phase.CLOSED if ended else Phase.TRIGGERED
    if ended:
        return Phase.UNPROTECTED if position(strategy) else Phase.CLOSED
    if any(is_triggered(strategy, role) for role in EXITS):
        return Phase.CANCELLING if cancel_pending(strategy) else Phase.TRIGGERED
    if not all(_holds(strategy, role) for role in EXITS):
        return Phase.UNPROTECTED
    if cancel_pending(strategy):
        return Phase.CANCELLING
    return Phase.WORKING if unproven_exits(strategy) else Phase.PROTECTED


def _holds(strategy: Strategy, role: LegRole) -> bool:
    """Whether this exit is as it should be: live, or a target that the trader has removed."""
    if is_live_word(word(strategy, role)):
        return True
    return role is LegRole.TARGET and removed_here(strategy, role)


def _never_placed(strategy: Strategy) -> bool:
    """Whether a leg nobody has seen is proven, or decided, not to exist."""
    if strategy.legs:
        return word(strategy, LegRole.ENTRY) is Status.REJECTED and not filled(strategy, LegRole.ENTRY)
    return phase(strategy) in _OVER
