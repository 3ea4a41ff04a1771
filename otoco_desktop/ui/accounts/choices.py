"""Reading what is typed into the settings sheet, and a sentence for what follows from it. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.grammar import Refusal, parse_number, quoted
from otoco_desktop.domain.money import grouped, money_places, places_of, trimmed
from otoco_desktop.domain.preferences import HUNDRED, LONGEST_AUTO_LOCK_MINUTES, Preferences
from otoco_desktop.domain.pricing import PriceKind, parse_price
from otoco_desktop.domain.transport import Transport
from otoco_desktop.settings import Environment

COIN = "USD"
TRANSPORTS = (Transport.AUTO, Transport.REST, Transport.WEBSOCKET)
TRANSPORT_LABELS = ("Automatic", "REST", "WebSocket")
TRANSPORT_NOTES = {
    Transport.AUTO: "Over the user websocket while it is signed in and confirmed, over REST otherwise. "
    "Decided before a plan is recorded, never changed after.",
    Transport.REST: "Every order over REST. Post-only entries are not possible.",
    Transport.WEBSOCKET: "Every order over the user websocket. While it is down, nothing can be sent.",
}
FEE_WORDS = "Pay the entry fee of a buy in the quote coin"
SOUND_WORDS = "Sound when something bought has no stop"
POST_ONLY_WORDS = "Start new plans with a post-only entry"
POST_ONLY_NOTE = "Post-only goes over the websocket only, and REST is chosen above."
RETYPE_WORDS = "Ask to retype the entry value before sending (always on in LIVE)"
RETYPE_NOTE = "Always on in LIVE."


class Limit(StrEnum):
    """The fields of the sheet, in their order."""

    RISK = "risk"
    TRADE = "trade"
    OPEN_RISK = "open risk"
    CAP = "cap"
    AUTO_LOCK = "auto-lock"
    STOP_START = "stop start"
    TARGET_START = "target start"
    RISK_UNIT = "risk unit"


STARTS = (Limit.STOP_START, Limit.TARGET_START, Limit.RISK_UNIT)
"""How a new plan starts; the others are limits."""
DISTANCES = (Limit.STOP_START, Limit.TARGET_START)
CAPTIONS = {
    Limit.RISK: "&Risk per trade",
    Limit.TRADE: "Cost per &trade",
    Limit.OPEN_RISK: "&Open risk",
    Limit.CAP: "&Hard cap per trade",
    Limit.AUTO_LOCK: "&Lock after",
    Limit.STOP_START: "&Stop starts at",
    Limit.TARGET_START: "Tar&get starts at",
    Limit.RISK_UNIT: "&Unit of R, stop",
}
UNITS = {Limit.RISK: "%", Limit.AUTO_LOCK: "min", Limit.STOP_START: "", Limit.TARGET_START: ""}
SPOKEN = {
    Limit.RISK: "Risk per trade in percent of the account",
    Limit.TRADE: "Most a trade may cost in USD",
    Limit.OPEN_RISK: "Most that may be at risk together in USD",
    Limit.CAP: "Hard cap per trade in USD",
    Limit.AUTO_LOCK: "Lock after minutes without use",
    Limit.STOP_START: "Stop of a new plan, in percent from the entry",
    Limit.TARGET_START: "Target of a new plan, in percent from the entry or in R",
    Limit.RISK_UNIT: "Unit of R for a stop in USD",
}
EMPTY = {
    Limit.TRADE: "no limit",
    Limit.OPEN_RISK: "no limit",
    Limit.CAP: "no limit",
    Limit.STOP_START: "empty",
    Limit.TARGET_START: "empty",
    Limit.RISK_UNIT: "none",
}
"""What a field says while nothing stands in it; the others must hold a number."""
SAID = {
    Limit.TRADE: "Above {}, the review asks again with the number.",
    Limit.OPEN_RISK: "Above {} on all live strategies together, the review asks again.",
    Limit.CAP: "A trade that costs more than {} is refused.",
    Limit.RISK_UNIT: "A stop of 1R lies where the quantity loses {}, before fees.",
}
UNSET = {
    Limit.STOP_START: "A new plan's stop is empty.",
    Limit.TARGET_START: "A new plan's target is empty.",
    Limit.RISK_UNIT: "A stop cannot be typed in R.",
}
WAYS_OUT = ("Market", "Limit")
SELL_NOTE = "For a buy. The exits of a sell start as limit orders."
THEMES = ("System", "Dark", "Light")
EVERYWHERE = "Applies at once, in every environment."
SIZE_NOTE = "Texts, fields and rows grow together."
SIZE_LATER = "Applies when the program starts again."


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text comes to: the preferences with it, or why not. ``fix`` is a text that would do, or empty."""

    chosen: Preferences | None
    sentence: str
    fix: str = ""
    unfinished: bool = False


def limits_for(environment: Environment) -> tuple[Limit, ...]:
    """Where there is no key, there is nothing to lock."""
    limits = (limit for limit in Limit if limit not in STARTS)
    return tuple(limit for limit in limits if limit is not Limit.AUTO_LOCK or environment.needs_key)


def text_of(limit: Limit, chosen: Preferences) -> str:
    """What the field holds: plain ASCII, empty for no limit."""
    if limit is Limit.RISK:
        return trimmed(chosen.risk_limit.scaleb(2))
    if limit is Limit.AUTO_LOCK:
        return str(chosen.auto_lock_minutes)
    if limit in DISTANCES:
        return chosen.stop_start if limit is Limit.STOP_START else chosen.target_start
    amount = _amount(limit, chosen)
    return "" if amount is None else trimmed(amount)


def read(limit: Limit, text: str, chosen: Preferences) -> Reading:
    """The preferences with this text in this field."""
    if limit in DISTANCES:
        return _start(limit, text, chosen)
    if not text and limit in SAID:
        return _with(limit, None, chosen)
    bare = text.removesuffix("%") if limit is Limit.RISK else text
    number = parse_number(bare)
    if isinstance(number, Refusal):
        return Reading(None, number.reason, number.suggestion, number.unfinished)
    if limit is Limit.AUTO_LOCK and places_of(number):
        return _broken_minutes(text, number)
    return _with(limit, number, chosen)


def _start(limit: Limit, text: str, chosen: Preferences) -> Reading:
    """A distance from the entry; a bare number is offered as a percentage."""
    parsed = parse_price(text) if text else None
    if isinstance(parsed, Refusal):
        return Reading(None, parsed.reason, parsed.suggestion, parsed.unfinished)
    try:
        stops = limit is Limit.STOP_START
        changed = replace(chosen, stop_start=text) if stops else replace(chosen, target_start=text)
    except ValueError as error:
        bare = parsed is not None and parsed.kind is PriceKind.ABSOLUTE and 0 < parsed.amount < HUNDRED
        return Reading(None, str(error), f"{text}%" if bare else "")
    return Reading(changed, f"A new plan starts with {text}, counted from its entry." if text else UNSET[limit])


def _with(limit: Limit, number: Decimal | None, chosen: Preferences) -> Reading:
    try:
        changed = _changed(limit, number, chosen)
    except ValueError as error:
        return Reading(None, str(error))
    return Reading(changed, _said(limit, changed))


def _changed(limit: Limit, number: Decimal | None, chosen: Preferences) -> Preferences:
    """Raises ``ValueError`` with the sentence of ``Preferences``."""
    if limit is Limit.TRADE:
        return replace(chosen, trade_limit=number)
    if limit is Limit.OPEN_RISK:
        return replace(chosen, open_risk_limit=number)
    if limit is Limit.CAP:
        return replace(chosen, hard_cap=number)
    if limit is Limit.RISK_UNIT:
        return replace(chosen, risk_unit=number)
    if number is None:
        raise ValueError("Enter a number.")
    if limit is Limit.RISK:
        return replace(chosen, risk_limit=number.scaleb(-2))
    return replace(chosen, auto_lock_minutes=int(number))


def _broken_minutes(text: str, number: Decimal) -> Reading:
    whole = str(min(int(number) + 1, LONGEST_AUTO_LOCK_MINUTES))
    return Reading(None, f"{quoted(text)} is not a whole number of minutes.", whole)


def _said(limit: Limit, chosen: Preferences) -> str:
    if limit is Limit.RISK:
        return f"Warns when one trade risks more than {trimmed(chosen.risk_limit.scaleb(2))}% of the account."
    if limit is Limit.AUTO_LOCK:
        return _lock_said(chosen.auto_lock_minutes)
    amount = _amount(limit, chosen)
    if amount is None:
        return UNSET.get(limit, "No limit.")
    places = max(money_places(COIN), places_of(amount))
    return SAID[limit].format(f"{grouped(amount, places)} {COIN}")


def _lock_said(minutes: int) -> str:
    if not minutes:
        return "Never locks by itself, only when the computer slept."
    return f"Locks after {minutes} minute{'' if minutes == 1 else 's'} without use."


def _amount(limit: Limit, chosen: Preferences) -> Decimal | None:
    amounts = {
        Limit.TRADE: chosen.trade_limit,
        Limit.OPEN_RISK: chosen.open_risk_limit,
        Limit.CAP: chosen.hard_cap,
        Limit.RISK_UNIT: chosen.risk_unit,
    }
    return amounts[limit]
