"""Reading what is typed into the settings sheet, and a sentence for what follows from it. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from otoco_desktop.domain.grammar import Refusal, parse_number, quoted
from otoco_desktop.domain.money import grouped, money_places, places_of, trimmed
from otoco_desktop.domain.preferences import LONGEST_AUTO_LOCK_MINUTES, Preferences
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


CAPTIONS = {
    Limit.RISK: "&Risk per trade",
    Limit.TRADE: "Cost per &trade",
    Limit.OPEN_RISK: "&Open risk",
    Limit.CAP: "&Hard cap per trade",
    Limit.AUTO_LOCK: "&Lock after",
}
UNITS = {Limit.RISK: "%", Limit.AUTO_LOCK: "min"}
SPOKEN = {
    Limit.RISK: "Risk per trade in percent of the account",
    Limit.TRADE: "Most a trade may cost in USD",
    Limit.OPEN_RISK: "Most that may be at risk together in USD",
    Limit.CAP: "Hard cap per trade in USD",
    Limit.AUTO_LOCK: "Lock after minutes without use",
}
SAID = {
    Limit.TRADE: "Above {}, the review asks again with the number.",
    Limit.OPEN_RISK: "Above {} on all live strategies together, the review asks again.",
    Limit.CAP: "A trade that costs more than {} is refused.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text comes to: the preferences with it, or why not. ``fix`` is a text that would do, or empty."""

    chosen: Preferences | None
    sentence: str
    fix: str = ""
    unfinished: bool = False


def limits_for(environment: Environment) -> tuple[Limit, ...]:
    """Where there is no key, there is nothing to lock."""
    return tuple(limit for limit in Limit if limit is not Limit.AUTO_LOCK or environment.needs_key)


def text_of(limit: Limit, chosen: Preferences) -> str:
    """What the field holds: plain ASCII, empty for no limit."""
    if limit is Limit.RISK:
        return trimmed(chosen.risk_limit.scaleb(2))
    if limit is Limit.AUTO_LOCK:
        return str(chosen.auto_lock_minutes)
    amount = _amount(limit, chosen)
    return "" if amount is None else trimmed(amount)


def read(limit: Limit, text: str, chosen: Preferences) -> Reading:
    """The preferences with this text in this field."""
    if not text and limit in SAID:
        return _with(limit, None, chosen)
    bare = text.removesuffix("%") if limit is Limit.RISK else text
    number = parse_number(bare)
    if isinstance(number, Refusal):
        return Reading(None, number.reason, number.suggestion, number.unfinished)
    if limit is Limit.AUTO_LOCK and places_of(number):
        return _broken_minutes(text, number)
    return _with(limit, number, chosen)


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
        return "No limit."
    places = max(money_places(COIN), places_of(amount))
    return SAID[limit].format(f"{grouped(amount, places)} {COIN}")


def _lock_said(minutes: int) -> str:
    if not minutes:
        return "Never locks by itself, only when the computer slept."
    return f"Locks after {minutes} minute{'' if minutes == 1 else 's'} without use."


def _amount(limit: Limit, chosen: Preferences) -> Decimal | None:
    amounts = {Limit.TRADE: chosen.trade_limit, Limit.OPEN_RISK: chosen.open_risk_limit, Limit.CAP: chosen.hard_cap}
    return amounts[limit]
