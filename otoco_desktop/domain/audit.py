"""Whether every position is protected: what is recorded here, held against what the exchange lists and holds.

The judgement is made of one complete round of questions. What events have told since may be added; a round that could
not be asked never counts as protection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.changing import possible_legs
from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.headline import headline, hms
from otoco_desktop.domain.legs import is_live, is_terminal
from otoco_desktop.domain.market import Balance
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import EXITS, LegRole, Side
from otoco_desktop.domain.phases import (
    entry_complete,
    filled,
    phase,
    unprotected_quantity,
    unproven_exits,
    word,
)
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.strategy import Phase, Strategy

ZERO = Decimal(0)


class AuditKind(StrEnum):
    """What an entry of the audit amounts to; the most dangerous first, which is the order of the list."""

    UNPROTECTED = "unprotected"
    PARTIAL = "part-filled and unprotected"
    WITHOUT_COIN = "exits without coin"
    UNKNOWN = "unknown"
    WORKING = "working"
    PROTECTED = "protected"
    ELSEWHERE = "placed elsewhere"

    @property
    def is_loud(self) -> bool:
        """Whether something may be lost right now without a stop."""
        return self in (AuditKind.UNPROTECTED, AuditKind.PARTIAL, AuditKind.WITHOUT_COIN)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One strategy, or one list placed elsewhere, which has no ``strategy_id``.

    ``words`` say the whole of it, ``short`` what the sentence over all says of a loud one.
    """

    kind: AuditKind
    label: str
    words: str
    strategy_id: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One round of answers: the open advanced orders and the balances, and when they were asked for (wall clock, ms).

    ``unasked`` strategies were sent with another key, with which alone they can be checked.
    """

    open_orders: Sequence[LegReport]
    balances: Mapping[str, Balance]
    asked_ms: int
    unasked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audit:
    """Every entry, the most dangerous first, and the moment for which it holds."""

    as_of_ms: int
    entries: tuple[AuditEntry, ...] = ()

    @property
    def is_loud(self) -> bool:
        return any(entry.kind.is_loud for entry in self.entries)

    @property
    def as_of(self) -> str:
        """The moment as a time of day in UTC: ``14:02:11``."""
        return hms(self.as_of_ms)

    @property
    def sentence(self) -> str:
        """``2 protected, 1 working, 1 NOT protected: 0.03000 BTC of S-0413 has no stop. As of 14:02:11.``"""
        counts = Counter(entry.kind for entry in self.entries)
        bare = counts[AuditKind.UNPROTECTED] + counts[AuditKind.PARTIAL]
        parts = [
            _counted(counts[AuditKind.PROTECTED], "protected"),
            _counted(counts[AuditKind.WORKING], "working"),
            _counted(counts[AuditKind.UNKNOWN], "unknown"),
            _counted(counts[AuditKind.ELSEWHERE], "placed elsewhere"),
            _counted(counts[AuditKind.WITHOUT_COIN], "without coin"),
            _counted(bare, "NOT protected"),
        ]
        said = ", ".join(filter(None, parts)) or "Nothing is open"
        worst = [entry.short for entry in self.entries if entry.short]
        more = f" and {len(worst) - 1} more" if len(worst) > 1 else ""
        return f"{said}{f': {worst[0]}{more}' if worst else ''}. As of {self.as_of}."


def audit(strategies: Iterable[Strategy], listing: Listing) -> Audit:
    """Hold live strategies against one round of answers. Settled ones among them are left out."""
    live = [found for found in strategies if phase(found) not in _SETTLED]
    ours, others = _sorted_out(live, listing.open_orders)
    short_of = _short_coins(live, listing.balances)
    entries = [_checked(found, listing, ours.get(found.strategy_id, frozenset()), short_of) for found in live]
    return Audit(listing.asked_ms, _in_order([*entries, *_elsewhere(others)]))


def told_since(before: Audit, strategies: Iterable[Strategy], as_of_ms: int) -> Audit:
    """The audit with strategies that events have changed since, judged by those events alone."""
    changed = {found.strategy_id: found for found in strategies}
    kept = [entry for entry in before.entries if not entry.strategy_id or entry.strategy_id not in changed]
    news = [_entry(found) for found in changed.values() if phase(found) not in _SETTLED]
    return Audit(max(before.as_of_ms, as_of_ms), _in_order([*kept, *news]))


def not_checked(before: Audit) -> Audit:
    """What is left of an audit that could not be repeated: what stood well then is not known to stand well now."""
    return replace(before, entries=_in_order([_doubted(entry, before.as_of) for entry in before.entries]))


_SETTLED = frozenset({Phase.NOT_SENT, Phase.RESOLVED_NOT_PLACED, Phase.CLOSED, Phase.REJECTED})
_UNSEEN = frozenset({Phase.INTENT, Phase.UNKNOWN, Phase.UNRESOLVED, Phase.ACKED, Phase.DIVERGED})


def _counted(count: int, words: str) -> str:
    return f"{count} {words}" if count else ""


def _in_order(entries: Iterable[AuditEntry]) -> tuple[AuditEntry, ...]:
    order = list(AuditKind)
    return tuple(sorted(entries, key=lambda entry: (order.index(entry.kind), entry.label)))


def _doubted(entry: AuditEntry, at: str) -> AuditEntry:
    if entry.kind not in (AuditKind.PROTECTED, AuditKind.WORKING):
        return entry
    return replace(entry, kind=AuditKind.UNKNOWN, words=f"Not checked since {at}. Then: {entry.words}")


# One strategy


def _entry(strategy: Strategy, kind: AuditKind | None = None, words: str = "", short: str = "") -> AuditEntry:
    kind = kind or _kind(strategy)
    if kind in (AuditKind.UNPROTECTED, AuditKind.PARTIAL) and not short:
        short = _bare_words(strategy)
    return AuditEntry(kind, strategy.label, words or headline(strategy), strategy.strategy_id, short)


def _kind(strategy: Strategy) -> AuditKind:
    """By what is known of it alone; a filled entry is protected only by exits that were seen live after it."""
    state = phase(strategy)
    bare = unprotected_quantity(strategy) > 0
    if state is Phase.PARTIAL:
        return AuditKind.PARTIAL
    if state is Phase.UNPROTECTED or bare:
        return AuditKind.UNPROTECTED
    if state in _UNSEEN or unproven_exits(strategy):
        return AuditKind.UNKNOWN
    return AuditKind.PROTECTED if state is Phase.PROTECTED else AuditKind.WORKING


def _checked(strategy: Strategy, listing: Listing, listed: frozenset[str], short_of: Mapping[str, str]) -> AuditEntry:
    """By what is known of it and by the round: legs believed live have to be listed."""
    kind = _kind(strategy)
    if strategy.strategy_id in listing.unasked:
        words = "Sent with another key and cannot be checked with this one."
        return _entry(strategy, kind if kind.is_loud else AuditKind.UNKNOWN, words)
    if kind not in (AuditKind.PROTECTED, AuditKind.WORKING):
        return _entry(strategy)
    lost = _unlisted(strategy, listing.asked_ms, listed)
    if lost:
        names = " and ".join(lost)
        return _entry(strategy, AuditKind.UNKNOWN, f"The {names} {_is(lost)} not among the open orders.")
    wanting = short_of.get(_exit_coin(strategy), "") if _exits_stand(strategy) else ""
    return _entry(strategy, AuditKind.WITHOUT_COIN, wanting, wanting.rstrip(".")) if wanting else _entry(strategy)


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _unlisted(strategy: Strategy, asked_ms: int, listed: frozenset[str]) -> tuple[str, ...]:
    """Legs believed live of which nothing was told since the round was asked for, and that it does not list."""
    waiting = [role for role in LegRole if role in strategy.legs and not is_terminal(word(strategy, role))]
    untold = [role for role in waiting if _told_ms(strategy, role) <= asked_ms]
    return tuple(role.value for role in untold if strategy.intent.order.leg(role).type.value not in listed)


def _told_ms(strategy: Strategy, role: LegRole) -> int:
    leg = strategy.legs[role]
    return max(seen.at_ms for seen in leg.seen)


def _bare_words(strategy: Strategy) -> str:
    """``0.03000 BTC of S-0413 has no stop``."""
    amount = unprotected_quantity(strategy)
    if not amount:
        return f"{strategy.label} has lost its target"
    base = coins(strategy.intent.order.instrument)[0]
    return f"{grouped(amount)} {base} of {strategy.label} has no stop"


# Coins


def _exits_stand(strategy: Strategy) -> bool:
    return entry_complete(strategy) and any(is_live(word(strategy, role)) for role in EXITS)


def _exit_coin(strategy: Strategy) -> str:
    """What the exits of a buy sell, and those of a sell spend."""
    base, quote = coins(strategy.intent.order.instrument)
    return base if strategy.intent.order.side is Side.BUY else quote


def _needed(strategy: Strategy) -> Decimal:
    """What the larger of its live exits still takes, in their coin: only one of them executes."""
    side, amounts = strategy.intent.order.side, []
    for role in EXITS:
        for leg in possible_legs(strategy, role) if is_live(word(strategy, role)) else ():
            rest = leg.quantity - filled(strategy, role)
            amounts.append(rest if side is Side.BUY else rest * leg.reference_price)
    return max(amounts, default=ZERO)


def _short_coins(strategies: Sequence[Strategy], balances: Mapping[str, Balance]) -> dict[str, str]:
    """For each coin of which live exits need more than the account holds, reserved coins included, the sentence."""
    needed: dict[str, Decimal] = {}
    sharing: Counter[str] = Counter()
    for strategy in filter(_exits_stand, strategies):
        coin = _exit_coin(strategy)
        needed[coin] = needed.get(coin, ZERO) + _needed(strategy)
        sharing[coin] += 1
    held = {coin: balances[coin].total if coin in balances else ZERO for coin in needed}
    return {
        coin: _short_words(coin, need, held[coin], sharing[coin]) for coin, need in needed.items() if need > held[coin]
    }


def _short_words(coin: str, need: Decimal, held: Decimal, count: int) -> str:
    who = "Its exits need" if count == 1 else f"The exits of {count} strategies need"
    return f"{who} {grouped(need)} {coin}, the account holds {grouped(held)}."


# What is not ours


def _sorted_out(
    strategies: Sequence[Strategy], open_orders: Sequence[LegReport]
) -> tuple[dict[str, frozenset[str]], list[LegReport]]:
    """Which order types are listed of each strategy, by their ids, and the orders that carry no id of ours."""
    by_oid = {leg.client_oid: item.strategy_id for item in strategies for leg in item.intent.order.legs}
    by_list = {item.list_id: item.strategy_id for item in strategies if item.list_id}
    ours: dict[str, frozenset[str]] = {}
    others = []
    for report in open_orders:
        owner = by_oid.get(report.client_oid) or by_list.get(report.list_id)
        if owner is None:
            others.append(report)
        else:
            ours[owner] = ours.get(owner, frozenset()) | {report.order_type}
    return ours, others


def _elsewhere(others: Iterable[LegReport]) -> list[AuditEntry]:
    """Lists and orders placed elsewhere, each by its own id; never matched by price or amount."""
    found: dict[str, list[LegReport]] = {}
    for report in others:
        found.setdefault(report.list_id or report.order_id, []).append(report)
    return [_foreign_entry(name, reports) for name, reports in found.items()]


def _foreign_entry(name: str, reports: Sequence[LegReport]) -> AuditEntry:
    count = "1 order" if len(reports) == 1 else f"{len(reports)} orders"
    words = f"{reports[0].instrument}, {count}. Not created here; this program does not watch it."
    return AuditEntry(AuditKind.ELSEWHERE, name, words)
