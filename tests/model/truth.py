"""What the desk believes, held against the exchange's ledger."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.domain.events import LegCancelAsked, NotSent, Refused
from otoco_desktop.domain.exits import may_come_back, standing_order
from otoco_desktop.domain.lifecycle import needs_following, phase, unprotected_quantity
from otoco_desktop.domain.order import EXITS, LegRole
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.practice.model import Leg, Side, Status
from tests.model.exchange import is_gone, is_guarded
from tests.model.world import World

NEVER_PLACED = frozenset({Phase.NOT_SENT, Phase.REJECTED})
FINAL = NEVER_PLACED | {Phase.CLOSED}
NO_ORDER = NEVER_PLACED | {Phase.INTENT, Phase.UNKNOWN, Phase.UNRESOLVED, Phase.RESOLVED_NOT_PLACED}
Family = tuple[Leg, Leg, Leg]


def check_always(world: World) -> None:
    """What holds at every moment, whatever was lost. Raises AssertionError."""
    assert not world.wrong, world.wrong
    assert not world.loop.errors, world.loop.errors
    for strategy in world.desk.state.strategies:
        truth = world.truth(strategy)
        _check_never_placed(strategy, truth)
        _check_protected(world, strategy, truth)
        _check_not_ahead(strategy, truth)


def check_healed(world: World) -> None:
    """After everything was asked: the view is the ledger. Raises AssertionError."""
    book = world.exchange.venue.book
    known = {strategy.list_id for strategy in world.ours}
    assert set(book.lists) <= known, "the exchange holds a list that the desk does not know"
    assert world.desk.state.foreign == 0, world.desk.state.foreign
    for strategy in world.ours:
        _check_view(strategy, world.truth(strategy))


def _check_never_placed(strategy: Strategy, truth: Family | None) -> None:
    """REJECTED and NOT_SENT: the exchange holds no such order, or only one that it rejected."""
    if phase(strategy) in NEVER_PLACED and truth is not None:
        assert truth[0].status is Status.REJECTED, f"{phase(strategy)} and yet {truth[0].status}"
        assert truth[0].filled == 0


def _check_protected(world: World, strategy: Strategy, truth: Family | None) -> None:
    """PROTECTED: the stop, and the target unless it was removed here, were live, and are as far as could be told."""
    if phase(strategy) is not Phase.PROTECTED:
        return
    assert truth is not None
    assert truth[0].list_id in world.exchange_of(strategy.intent.account).guarded, "never protected"
    if strategy.intent.account == world.key and world.is_caught_up:
        assert is_guarded(truth), f"protected, it says: {[leg.status.value for leg in truth]}"


def _check_not_ahead(strategy: Strategy, truth: Family | None) -> None:
    """Nothing is believed that the exchange never said."""
    for role, leg in strategy.legs.items():
        assert truth is not None
        assert leg.latest is not None
        assert not leg.conflict, leg.conflict
        assert leg.latest.filled <= _leg(truth, role).filled


def _check_view(strategy: Strategy, truth: Family | None) -> None:
    if truth is None:
        assert not strategy.legs
        assert phase(strategy) in NO_ORDER
        return
    seen = {role: _told(strategy, role) for role in strategy.legs}
    assert seen == {role: _held(_leg(truth, role)) for role in LegRole}
    assert _stands_as_held(strategy, truth)
    coming = any(may_come_back(strategy, role) for role in EXITS)
    assert needs_following(strategy) == (coming or any(leg.is_open for leg in truth)), phase(strategy)
    assert phase(strategy) in _phases(strategy, truth), f"{phase(strategy)}: {[leg.status.value for leg in truth]}"
    assert unprotected_quantity(strategy) == _uncovered(truth)


def _told(strategy: Strategy, role: LegRole) -> tuple[object, ...]:
    report = strategy.legs[role].latest
    assert report is not None
    price, trigger = report.limit_price or Decimal(0), report.trigger or Decimal(0)
    return (report.status, report.quantity, report.filled, report.filled_value, report.fee, price, trigger)


def _held(leg: Leg) -> tuple[object, ...]:
    price, trigger = leg.price or Decimal(0), leg.ref_price or Decimal(0)
    return (leg.status.value, leg.quantity, leg.filled, leg.value, leg.fee, price, trigger)


def _phases(strategy: Strategy, truth: Family) -> set[Phase]:
    """What a person would call this, from the ledger alone but for a cancel that was asked here."""
    entry, *exits = truth
    asked = {Phase.CANCELLING} if strategy.cancel_asked else set()
    if entry.status is not Status.FILLED:
        return _entering(truth) | (asked if entry.is_open else set())
    if is_guarded(truth):
        lost = is_gone(truth[2]) and not _may_be_removed(strategy, LegRole.TARGET)
        return {Phase.UNPROTECTED} if lost else {Phase.PROTECTED} | asked
    if any(leg.status is Status.FILLED for leg in exits):
        return {Phase.CLOSED} if not any(leg.is_open for leg in exits) else {Phase.TRIGGERED}
    if any(leg.is_working for leg in exits):
        return {Phase.TRIGGERED} | asked
    return {Phase.UNPROTECTED}


def _may_be_removed(strategy: Strategy, role: LegRole) -> bool:
    """Whether a request to remove it may have reached the exchange."""
    answers = {item.request_id: item.outcome for item in strategy.exit_answered}
    asked = [item for item in strategy.exit_asked if isinstance(item, LegCancelAsked) and item.role is role]
    return any(not isinstance(answers.get(item.stamp.request_id), Refused | NotSent) for item in asked)


def _stands_as_held(strategy: Strategy, truth: Family) -> bool:
    """Every exit stands where the ledger has it."""
    order = standing_order(strategy)
    held = [(_leg(truth, role).ref_price, _leg(truth, role).price) for role in EXITS]
    return [(order.leg(role).trigger, order.leg(role).price) for role in EXITS] == held


def _entering(truth: Family) -> set[Phase]:
    entry, *exits = truth
    if entry.is_open:
        return {Phase.PARTIAL} if entry.filled else {Phase.WORKING, Phase.ACKED}
    if entry.filled:
        return {Phase.UNPROTECTED}
    if any(leg.is_open for leg in exits):
        return {Phase.CANCELLING}
    return {Phase.REJECTED} if entry.status is Status.REJECTED else {Phase.CLOSED}


def _uncovered(truth: Family) -> Decimal:
    """What the entry brought, less a fee in the coin bought, what the exits gave back, and a live stop covers."""
    entry, stop, target = truth
    in_base = entry.side is Side.BUY and entry.fee_coin == entry.symbol.partition("_")[0]
    held = entry.filled - (entry.fee if in_base else Decimal(0)) - stop.filled - target.filled
    covered = stop.left if entry.status is Status.FILLED and stop.is_open else Decimal(0)
    return max(Decimal(0), max(Decimal(0), held) - covered)


def _leg(truth: Family, role: LegRole) -> Leg:
    return truth[list(LegRole).index(role)]
