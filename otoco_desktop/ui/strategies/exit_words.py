"""Removing and moving one exit, in words: what is asked first, which exit is meant, and why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.domain.changing import Change, pending_change, why_no_change
from otoco_desktop.domain.legs import is_terminal
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import EXITS, LegRole
from otoco_desktop.domain.phases import entry_complete, position, word
from otoco_desktop.domain.result import coins
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.strategies.state import Question, at_least, cancel_question, why_no_cancel

NOT_SELECTED = "Select a strategy first."


@dataclass(frozen=True, slots=True)
class Offer:
    """One exit that could be changed; ``reason`` says why it cannot be, or is empty."""

    role: LegRole
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which exit is meant? ``verb`` is what will be asked for; ``keep`` changes nothing."""

    strategy_id: str
    words: str
    verb: str
    offers: tuple[Offer, ...]
    keep: str = "Keep both"


MOVE, REMOVE = "Move", "Remove"


def offers(strategy: Strategy, closed: str = "") -> tuple[Offer, ...]:
    """Both exits, each with why it cannot be changed now; ``closed`` holds for everything."""
    return tuple(Offer(role, closed or foreign(why_no_change(strategy, role))) for role in EXITS)


def why_none(strategy: Strategy | None, closed: str = "") -> str:
    """Why neither exit can be changed; empty where one can."""
    if strategy is None:
        return NOT_SELECTED
    reasons = [offer.reason for offer in offers(strategy, closed)]
    return "" if not all(reasons) else " ".join(dict.fromkeys(reasons))


def choice(strategy: Strategy, verb: str, closed: str = "") -> Choice:
    """The question which exit to move or to remove."""
    words = f"{verb} which exit of {strategy.label}?"
    return Choice(strategy.strategy_id, words, verb, offers(strategy, closed))


def remove_question(strategy: Strategy, role: LegRole) -> Question:
    """What removing this exit would leave."""
    name = role.value
    words = f"This removes your {name}. {_left(strategy, role)}"
    return Question(strategy.strategy_id, words, f"Keep {name}", f"Remove {name}", role)


def _left(strategy: Strategy, role: LegRole) -> str:
    armed = entry_complete(strategy)
    if role is LegRole.TARGET:
        rest = "only the stop will close this position."
        rest = "nothing will close this position." if _goes(strategy, LegRole.STOP) else rest
        return rest.capitalize() if armed else f"When the entry fills, {rest}"
    order = strategy.intent.order
    amount = grouped(at_least(position(strategy) if armed else order.quantity, order.quantity))
    bare = f"{amount} {coins(order.instrument)[0]} will be unprotected."
    return bare if armed else f"When the entry fills, {bare}"


def _goes(strategy: Strategy, role: LegRole) -> bool:
    """Whether this exit is gone, or asked to go."""
    return is_terminal(word(strategy, role)) or pending_change(strategy, role) is Change.REMOVING


def still_asked(strategy: Strategy | None, question: Question, closed: str) -> bool:
    """Whether the question would be asked in these words now; one that is no longer true is taken back."""
    if strategy is None or closed:
        return False
    if question.role is None:
        return not why_no_cancel(strategy) and cancel_question(strategy) == question
    return not why_no_change(strategy, question.role) and remove_question(strategy, question.role) == question
