"""One strategy's detail: its figures, why nothing can be done to it, its legs, and what is stored about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from otoco_desktop.domain.events import Answered, CancelAnswered, Fact, LegAnswered, LegReport, LegReported
from otoco_desktop.domain.exits import standing_order
from otoco_desktop.domain.headline import hms
from otoco_desktop.domain.history import row_of
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import Leg, LegRole
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.history import words
from otoco_desktop.ui.outcome.state import NO_VALUE
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.legs import asked_of, look_of_leg, moved_words
from otoco_desktop.ui.strategies.state import side_word, why_no_cancel

FACT_NAMES = {
    "Intended": "plan saved before sending",
    "Answered": "answer to the request",
    "LegReported": "report about a leg",
    "Looked": "check with the exchange",
    "CancelAsked": "cancel requested",
    "CancelAnswered": "answer to the cancel",
    "LegCancelAsked": "removal of one exit requested",
    "MoveAsked": "move of one exit requested",
    "LegAnswered": "answer to the request about one exit",
    "Decided": "decision by you",
}


@dataclass(frozen=True, slots=True)
class LegLine:
    """A line of the legs: a title with how the leg stands, or a name with its value."""

    role: LegRole
    key: str
    name: str
    value: str
    is_title: bool = False
    glyph: Glyph | None = None
    tone: Token = Token.TEXT
    is_id: bool = False


def left_words(strategy: Strategy) -> str:
    """Why nothing can be cancelled; empty when something can."""
    ended_ms = row_of(strategy).closed_ms
    if ended_ms is not None:
        return f"Closed at {hms(ended_ms)}. {words.NOTHING_LEFT}"
    return why_no_cancel(strategy)


# Legs


def leg_lines(strategy: Strategy) -> tuple[LegLine, ...]:
    """Every leg as it stands, and as the exchange reports it."""
    return tuple(line for leg in standing_order(strategy).legs for line in _leg(strategy, leg))


def _leg(strategy: Strategy, leg: Leg) -> Iterator[LegLine]:
    look, report, asked = look_of_leg(strategy, leg.role), latest(strategy, leg.role), asked_of(strategy, leg.role)
    to = (asked.trigger, asked.limit) if asked else (None, None)
    name = leg.role.value
    title = LegLine(leg.role, f"{name} title", name.capitalize(), look.text, is_title=True)
    yield replace(title, glyph=look.glyph, tone=look.token)
    order = (("Type", leg.type.value), ("Side", side_word(leg.side)), ("Quantity", grouped(leg.quantity)))
    prices = (("Trigger, mark price", leg.trigger, to[0]), ("Limit", leg.price, to[1]))
    priced = tuple((caption, moved_words(price, new)) for caption, price, new in prices if price is not None)
    for caption, value in (*order, *priced, *_reported(report)):
        yield LegLine(leg.role, f"{name} {caption}", caption, value)
    ids = (("Order id", report.order_id if report else ""), ("Client order id", leg.client_oid))
    for caption, value in ids:
        yield LegLine(leg.role, f"{name} {caption}", caption, foreign(value) or NO_VALUE, is_id=bool(value))


def _reported(report: LegReport | None) -> Iterator[tuple[str, str]]:
    if report is None:
        return
    yield "Filled", f"{grouped(report.filled)} of {grouped(report.quantity)}"
    if report.average_price:
        yield "Average price", grouped(report.average_price)
    if report.fee:
        yield "Fee", f"{grouped(report.fee)} {foreign(report.fee_coin)}".strip()
    if report.reason:
        yield "Reason", foreign(report.reason)


# What is stored


def facts_of(strategy: Strategy) -> tuple[Fact, ...]:
    """What is stored about the strategy and still tells in it, in the order it was learnt."""
    facts: list[Fact] = [strategy.intent, *strategy.looks, *strategy.cancel_asked, *strategy.cancel_answered]
    facts += [*strategy.exit_asked, *strategy.exit_answered]
    if strategy.outcome is not None:
        facts.append(Answered(strategy.strategy_id, strategy.answered_ms or strategy.intent.at_ms, strategy.outcome))
    if strategy.decided is not None:
        facts.append(strategy.decided)
    for leg in strategy.legs.values():
        for seen in dict.fromkeys(map(_reported_fact(strategy), (*leg.seen, *leg.checks))):
            facts.append(seen)
    return tuple(sorted(facts, key=lambda fact: fact.at_ms))


def _reported_fact(strategy: Strategy) -> Any:
    return lambda seen: LegReported(strategy.strategy_id, seen.at_ms, seen.source, seen.report, seen.asked_ms)


def raw_text(facts: tuple[Fact, ...]) -> str:
    """The facts as JSON, each under a line that says what it is. They hold no secret: none is ever stored."""
    return "\n\n".join(f"// {at}. {_fact_name(fact)}\n{_json(fact)}" for at, fact in enumerate(facts, 1))


def _fact_name(fact: Fact) -> str:
    return FACT_NAMES.get(type(fact).__name__, type(fact).__name__)


def _json(fact: Fact) -> str:
    body = msgspec.to_builtins(fact)
    if isinstance(fact, Answered | CancelAnswered | LegAnswered):
        body["outcome"] = {"kind": type(fact.outcome).__name__, **body["outcome"]}
    return json.dumps(_visible(body), indent=2, ensure_ascii=True)


def _visible(value: Any) -> Any:
    """Empty texts and values that were never told say nothing and are left out."""
    if isinstance(value, dict):
        return {name: _visible(each) for name, each in value.items() if each not in ("", None)}
    return [_visible(each) for each in value] if isinstance(value, list) else value
