"""The table of strategies, the question before a cancel, and the banner for unknown outcomes, as finished texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.domain.events import Unknown
from otoco_desktop.domain.headline import hms
from otoco_desktop.domain.legs import is_live as is_live_word
from otoco_desktop.domain.lifecycle import is_live, may_cancel, phase
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.phases import ALARMING, entry_complete, position, word
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.strategies import rows
from otoco_desktop.ui.strategies.freshness import NOW, Freshness
from otoco_desktop.ui.strategies.phases import look_of
from otoco_desktop.ui.strategies.rows import Counts, Show, StrategyRow

NO_STRATEGIES = "No strategies yet. Plan one on the left; it is kept here even if you close the app."
EMPTY = {
    Show.OPEN: "No strategy is open.",
    Show.TODAY: "No strategies today.",
    Show.ALL: NO_STRATEGIES,
}
DOUBTFUL = frozenset({Phase.UNKNOWN, Phase.UNRESOLVED})


@dataclass(frozen=True, slots=True)
class TableState:
    """What the table shows; ``empty`` is the sentence in its place when there are no rows."""

    rows: tuple[StrategyRow, ...]
    counts: Counts
    result_header: str
    empty: str
    offers_new_plan: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked of a strategy again and again, answered once."""

    strategy: Strategy
    live: bool
    words: str
    alarming: bool
    exits: str


class TableBuilder:
    """Builds the table, asking only strategies with news, and making again only rows that look different."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._made: dict[str, tuple[Strategy, Decimal | None, str, StrategyRow]] = {}
        self._first: frozenset[str] = frozenset()
        self._fresh = NOW

    def build(
        self,
        strategies: Sequence[Strategy],
        marks: Mapping[str, Decimal],
        show: Show,
        now_ms: int,
        held: frozenset[str] = frozenset(),
    ) -> TableState:
        """The table: what may be without a stop comes first, then in the order given.

        Strategies in ``held`` stay listed although they no longer belong; while there are any, nothing changes place.
        """
        listed = {found.strategy_id for found in rows.listed(strategies, show, now_ms, self._is_live)} | held
        if not held:
            self._first = frozenset(found.strategy_id for found in strategies if self._ask(found).alarming)
        shown = [found for found in strategies if found.strategy_id in listed]
        shown.sort(key=lambda found: found.strategy_id not in self._first)
        return TableState(
            tuple(self._row(found, marks.get(found.intent.order.instrument)) for found in shown),
            rows.count(strategies, now_ms, self._is_live),
            rows.result_header(shown),
            "" if shown else EMPTY[show] if strategies else NO_STRATEGIES,
            not strategies,
        )

    def take_freshness(self, fresh: Freshness) -> None:
        """As of when the states given next are known."""
        self._fresh = fresh

    def is_alarming(self, strategy: Strategy) -> bool:
        """Whether something it bought may have no stop."""
        return self._ask(strategy).alarming

    def words(self, strategy: Strategy) -> tuple[str, str]:
        """The words of the strategy's state, and of its exits where anything was asked of them."""
        known = self._ask(strategy)
        return known.words, known.exits

    def _is_live(self, strategy: Strategy) -> bool:
        return self._ask(strategy).live

    def _ask(self, strategy: Strategy) -> Known:
        known = self._known.get(strategy.strategy_id)
        if known is None or known.strategy is not strategy:
            alarming, exits = phase(strategy) in ALARMING, rows.exits_spoken(strategy)
            known = Known(strategy, is_live(strategy), look_of(strategy).text, alarming, exits)
            self._known[strategy.strategy_id] = known
        return known

    def _row(self, strategy: Strategy, mark: Decimal | None) -> StrategyRow:
        used = mark if self._is_live(strategy) else None
        as_of = self._fresh.of(strategy) if self._is_live(strategy) else ""
        made = self._made.get(strategy.strategy_id)
        if made is None or made[0] is not strategy or made[1:3] != (used, as_of):
            made = (strategy, used, as_of, rows.build(strategy, used, as_of))
            self._made[strategy.strategy_id] = made
        return made[3]


# Cancel


def why_no_cancel(strategy: Strategy | None) -> str:
    """Why the cancel button is closed; empty when it is open."""
    if strategy is None:
        return "Select a strategy first."
    if may_cancel(strategy):
        return ""
    if len(strategy.cancel_asked) > len(strategy.cancel_answered) or phase(strategy) is Phase.CANCELLING:
        return "Cancel requested, not confirmed yet."
    if phase(strategy) in DOUBTFUL or phase(strategy) is Phase.INTENT:
        return "It is not known whether this order exists. Nothing can be cancelled yet."
    return "Nothing is left to cancel."


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before something is changed; ``keep`` changes nothing and is the default.

    It is about the exit in ``role`` alone, or about the whole strategy where that is ``None``.
    """

    strategy_id: str
    words: str
    keep: str
    remove: str
    role: LegRole | None = None


def cancel_question(strategy: Strategy) -> Question:
    """What a cancel would do to what is held now."""
    base = coins(strategy.intent.order.instrument)[0]
    held = position(strategy)
    amount = f"{grouped(at_least(held, strategy.intent.order.quantity))} {base}"
    if held and entry_complete(strategy) and is_live_word(word(strategy, LegRole.STOP)):
        words = f"This removes your stop. {amount} will be unprotected."
        return Question(strategy.strategy_id, words, "Keep stop", "Remove stop")
    if held:
        words = f"This cancels what is left of {strategy.label}. {amount} has filled and has no stop."
    else:
        words = f"This cancels the entry and both exits of {strategy.label}. Nothing has filled."
    return Question(strategy.strategy_id, words, "Keep strategy", "Cancel strategy")


def at_least(value: Decimal, pattern: Decimal) -> Decimal:
    """The value with at least the pattern's decimals; none are cut."""
    exponent, wanted = value.as_tuple().exponent, pattern.as_tuple().exponent
    if isinstance(exponent, int) and isinstance(wanted, int) and exponent > wanted:
        return value.quantize(pattern)
    return value


# The banner


@dataclass(frozen=True, slots=True)
class BannerState:
    """Shown while an outcome is unknown; it goes away by itself, and only then."""

    title: str
    detail: str
    checked: str


def banner(strategies: Sequence[Strategy]) -> BannerState | None:
    """The banner, ``None`` when every outcome is known."""
    doubtful = [found for found in strategies if phase(found) in DOUBTFUL]
    if not doubtful:
        return None
    if len(doubtful) > 1:
        labels = ", ".join(found.label for found in doubtful)
        title = f"{len(doubtful)} outcomes unknown. Checking with the exchange. Do not resubmit."
        detail = f"{labels}. They may or may not be on the exchange. {_lock_words(doubtful)}"
        return BannerState(title, foreign(detail), _checked(doubtful))
    strategy = doubtful[0]
    title = "Outcome unknown. Checking with the exchange. Do not resubmit."
    if phase(strategy) is Phase.UNRESOLVED:
        title = "Not found yet. It may still appear. Do not resubmit."
    return BannerState(title, foreign(f"{_sent_words(strategy)} {_lock_words(doubtful)}"), _checked(doubtful))


def sent_at(at_ms: int) -> str:
    """A moment as a time of day in UTC with milliseconds: 15:26:41.310."""
    return f"{hms(at_ms)}.{at_ms % 1000:03d}"


def side_word(side: Side) -> str:
    return "Buy" if side is Side.BUY else "Sell"


def plan_words(strategy: Strategy) -> str:
    """ "Buy 0.09874 BTC_USD": side, quantity and instrument."""
    order = strategy.intent.order
    return f"{side_word(order.side)} {grouped(order.quantity)} {foreign(order.instrument)}"


def _sent_words(strategy: Strategy) -> str:
    reason = strategy.outcome.reason.rstrip(".") if isinstance(strategy.outcome, Unknown) else ""
    because = f" {foreign(reason)}." if reason else ""
    sent = f"{strategy.label}, {plan_words(strategy)}, sent {sent_at(strategy.intent.at_ms)}."
    return f"{sent}{because} It may or may not be on the exchange."


def _lock_words(doubtful: Sequence[Strategy]) -> str:
    instruments = sorted({found.intent.order.instrument for found in doubtful})
    return f"New {' and '.join(instruments)} orders are locked until this is settled."


def _checked(doubtful: Sequence[Strategy]) -> str:
    moments = [look.at_ms for found in doubtful for look in found.looks]
    return f"Last check {hms(max(moments))}" if moments else "First check is under way"
