"""Findings about single texts: empty, not understood, not above zero, or waiting for another field."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.grammar import MAX_DIGITS, Refusal, quoted
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot
from otoco_desktop.domain.money import WIDE, grouped, places_of, plain, trimmed
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.risk import DOLLARS

if TYPE_CHECKING:
    from fractions import Fraction

    from otoco_desktop.domain.sizing import Size

OFFLINE = "Not checked: offline"
NO_FEES = "Not checked: the exchange has not told the account's fee rates yet."
GRAMMAR_SOURCE = "number and price grammar of this program"

TITLES = {
    Field.SIDE: "Side",
    Field.ENTRY: "Entry price",
    Field.QUANTITY: "Quantity",
    Field.STOP: "Stop",
    Field.STOP_LIMIT: "Stop limit",
    Field.TARGET: "Target",
    Field.TARGET_LIMIT: "Target limit",
}
_EMPTY = {
    Field.STOP: "Enter the stop: a price, 2%, -500 or 1.5R.",
    Field.STOP_LIMIT: "Enter the limit price of the stop.",
    Field.TARGET: "Enter the target: a price, 5%, +500 or 2.5R.",
    Field.TARGET_LIMIT: "Enter the limit price of the target.",
}


def empty(field: Field, draft: OtocoDraft, instrument: Instrument) -> Finding:
    """An empty field: not wrong, not ready."""
    verb = "buy" if draft.side is Side.BUY else "sell"
    if field is Field.ENTRY:
        message = f"Enter the price to {verb} at."
    elif field is Field.QUANTITY:
        message = _empty_quantity(draft.quantity_mode, verb, instrument)
    else:
        message = _EMPTY[field]
    return _finding(field, "empty", Severity.INCOMPLETE, message)


def refused(field: Field, refusal: Refusal) -> Finding:
    """A text outside the grammar; one that is still being typed is only incomplete."""
    severity = Severity.INCOMPLETE if refusal.unfinished else Severity.FAIL
    fix = Fix(field, refusal.suggestion, f"Use {refusal.suggestion}") if refusal.suggestion else None
    return Finding(
        f"{field}.text",
        severity,
        TITLES[field],
        refusal.reason,
        field,
        wrong=refusal.wrong,
        right=refusal.suggestion,
        fix=fix,
        source=GRAMMAR_SOURCE,
    )


def not_positive(field: Field, text: str, value: Decimal, places: int = 0) -> Finding:
    """A price of zero or less, typed or computed."""
    if text.strip("0."):
        message = f"{quoted(text)} comes to {grouped(value, places)}. A price must be above zero."
    else:
        message = f"{quoted(text)} is not a price. It must be above zero."
    return _finding(field, "positive", Severity.FAIL, message, wrong=plain(value))


def out_of_range(field: Field, text: str, exact: Fraction) -> Finding:
    """A calculation that comes to no price and no size: zero or less, or more than can be typed."""
    if exact > 0:
        return too_many_digits(field, text)
    what = "quantity" if field is Field.QUANTITY else "price"
    if -exact >= 10**MAX_DIGITS:
        message = f"{quoted(text)} comes to less than zero. A {what} must be above zero."
    else:
        shown = grouped(WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator)), 2)
        message = f"{quoted(text)} comes to {shown}. A {what} must be above zero."
    return _finding(field, "positive", Severity.FAIL, message, wrong=quoted(text))


def too_many_digits(field: Field, text: str) -> Finding:
    """What the text comes to is longer than what may be typed."""
    message = f"{quoted(text)} comes to a number of more than {MAX_DIGITS} digits."
    return _finding(field, "large", Severity.FAIL, message, wrong=quoted(text))


def not_taken(field: Field, word: str, age_ms: int | None = None) -> Finding:
    """What a calculation names of the market or the account has not come, or is too old to plan with."""
    what = "a quantity" if field is Field.QUANTITY else "a price"
    if age_ms is None:
        message = f"{word} is not known yet. It is taken as soon as it comes, or type {what}."
    else:
        old = f"{Decimal(age_ms) / 1000:.1f} s"
        message = f"{word} is {old} old. It is taken as soon as a new one comes, or type {what}."
    return _finding(field, "market", Severity.WAIT, message, wrong=word)


def nothing_free(coin: str) -> Finding:
    """There is nothing to work a size out from."""
    message = f"No {coin} is free, or other exits count on all of it. Type a quantity."
    return _finding(Field.QUANTITY, "free", Severity.FAIL, message, wrong="0")


def no_quantity(draft: OtocoDraft, instrument: Instrument) -> Finding:
    least = plain(instrument.quantity_step)
    if draft.quantity_mode is QuantityMode.QUANTITY:
        message = f"{quoted(draft.quantity)} is below the minimum of {least}."
        fix = Fix(Field.QUANTITY, least, f"Use {least}")
        return Finding(
            "quantity.minimum",
            Severity.FAIL,
            f"Step {trimmed(instrument.quantity_step)}",
            message,
            Field.QUANTITY,
            wrong=draft.quantity,
            right=least,
            fix=fix,
            source="exchange docs, public/get-instruments",
        )
    return sized_to_nothing(draft, instrument)


def sized_to_nothing(draft: OtocoDraft, instrument: Instrument) -> Finding:
    """Spend or risk that comes to less than one step."""
    verb = "buys" if draft.side is Side.BUY else "sells"
    verb = "sizes" if draft.quantity_mode is QuantityMode.RISK else verb
    least = f"{plain(instrument.quantity_step)} {instrument.base}"
    message = f"{quoted(draft.quantity)} {verb} less than the minimum of {least}."
    return Finding(
        "quantity.minimum",
        Severity.FAIL,
        f"Step {trimmed(instrument.quantity_step)}",
        message,
        Field.QUANTITY,
        wrong=draft.quantity,
        source="exchange docs, public/get-instruments",
    )


def too_much_risk(asked: str) -> Finding:
    message = f"{asked} is more than the whole account. Enter a share such as 0.5%."
    return _finding(Field.QUANTITY, "risk", Severity.FAIL, message, wrong=asked)


def risk_in_other_coin(size: Size, quote: str) -> Finding:
    """An amount to risk is in the quote coin; one dollar coin may stand for another only if the trader says so."""
    if quote.startswith(size.coin):
        message = f"Type the coin out: {quote}."
        return _finding(Field.QUANTITY, "coin", Severity.INCOMPLETE, message, wrong=size.coin)
    message = f"The risk is in percent of the account or in {quote}, not in {size.coin}."
    right = f"{plain(size.amount)} {quote}" if {size.coin, quote} <= DOLLARS else ""
    fix = Fix(Field.QUANTITY, right, f"Use {right}") if right else None
    return Finding(
        "quantity.coin",
        Severity.FAIL,
        TITLES[Field.QUANTITY],
        message,
        Field.QUANTITY,
        wrong=size.coin,
        right=right,
        fix=fix,
        source=GRAMMAR_SOURCE,
    )


def needs_account(mode: QuantityMode, what: str, account: AccountSnapshot | None) -> Finding:
    """Spend and Risk % need figures of the account that have not come, or that the exchange does not tell."""
    needs = f"{mode} needs the {what}"
    why = f"{OFFLINE}. {needs}." if account is None else f"{needs}, not told by the exchange yet."
    return _finding(Field.QUANTITY, "account", Severity.WAIT, why)


def waits_for(field: Field, text: str, what: str, short: str) -> Finding:
    message = f"{quoted(text)} is counted from the {what}. Enter the {short} first."
    return _finding(field, "waits", Severity.INCOMPLETE, message)


def circular_r(field: Field) -> Finding:
    message = "R can't size the stop in Risk % mode. Use a price, % or offset."
    return _finding(field, "circular", Severity.FAIL, message)


def no_risk_unit(field: Field) -> Finding:
    message = "1R has no value for a stop yet. Set the unit of R in Settings, or use a price, % or offset."
    return _finding(field, "unit", Severity.FAIL, message)


def no_rate_for_r(field: Field, unit: Decimal, quote: str) -> Finding:
    """The unit of R is in dollars, and what the quote coin is worth has not come."""
    amount = f"{grouped(unit, max(2, places_of(unit)))} USD"
    message = f"1R is {amount}, and what one {quote} is worth in USD is not known. Use a price, % or offset."
    return _finding(field, "rate", Severity.WAIT, message)


def _empty_quantity(mode: QuantityMode, verb: str, instrument: Instrument) -> str:
    if mode is QuantityMode.QUANTITY:
        return f"Enter how much {instrument.base} to {verb}."
    if mode is QuantityMode.RISK:
        return f"Enter the share of the account to risk, such as 0.5%, or an amount: 250 {instrument.quote}."
    how_much = "how much" if verb == "buy" else "for how much"
    return f"Enter {how_much} {instrument.quote} to {'spend' if verb == 'buy' else 'sell'}."


def _finding(field: Field, code: str, severity: Severity, message: str, wrong: str = "") -> Finding:
    return Finding(f"{field}.{code}", severity, TITLES[field], message, field, wrong=wrong, source=GRAMMAR_SOURCE)
