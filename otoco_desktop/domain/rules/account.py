"""Rules that weigh the plan against the account: balance, risk, and the fee's coin."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.money import percent, plain, round_to_step
from otoco_desktop.domain.risk import Terms
from otoco_desktop.domain.rules.case import Case
from otoco_desktop.domain.rules.grid import quantity_fix
from otoco_desktop.domain.say import NO_FEES, OFFLINE

BALANCE_SOURCE = "exchange docs, private/user-balance"
FEE_SOURCE = "exchange docs, private/create-order: fee_instrument_name"
OWN_SOURCE = "rule of this program"


def balance(case: Case) -> Iterator[Finding]:
    """What the entry takes must be free now. A fix leaves one step unspent for the exchange's own rounding."""
    if case.quantity is None or case.entry is None:
        return
    if case.account is None or case.sizing is None:
        why = OFFLINE if case.account is None else NO_FEES
        yield Finding("balance", Severity.WAIT, "Balance", why, Field.QUANTITY, source=BALANCE_SOURCE)
        return
    size = case.instrument.quantity_step
    if case.buys:
        free = case.account.available(case.instrument.quote)
        affordable = round_to_step(free / case.sizing.unit_cost, size, ROUND_FLOOR) - size
        yield _balance(case, case.quantity * case.sizing.unit_cost, free, affordable)
    else:
        free = case.account.available(case.instrument.base)
        yield _balance(case, case.quantity, free, round_to_step(free, size, ROUND_FLOOR))


def risk_limit(case: Case) -> Iterator[Finding]:
    """The loss at the stop as a share of the account, against the trader's own limit."""
    if case.loss is None:
        if case.account is None and case.quantity is not None:
            yield _risk(Severity.WAIT, OFFLINE)
        return
    if case.value is None:
        yield _risk(Severity.NOTE, "The account's value is not known, so its risk is not checked.")
        return
    limit = case.around.settings.risk_limit
    if case.value <= 0:
        message = f"The account is worth nothing, so any loss is more than your limit of {percent(limit, 2)}."
        yield _risk(Severity.WARNING, message)
        return
    ratio = -case.loss / case.value
    share, most = percent(ratio, 2), percent(limit, 2)
    taken_as = _taken_as_a_dollar(case)
    if ratio > limit:
        message = f"Risks {share} of the account, your limit is {most}."
        found = _risk(Severity.WARNING, message, share, most, taken_as)
        yield found._replace(fix=quantity_fix(case, _losing(case, limit * case.value, -case.loss)))
    else:
        yield _risk(Severity.PASS, f"{share} of {most}, {percent(limit - ratio, 2)} left", unproven=taken_as)


def fee_currency(case: Case) -> Iterator[Finding]:
    """In which coin the entry fee is taken, and what that leaves for the exits."""
    base, quote = case.instrument.base, case.instrument.quote
    if not case.buys:
        yield _fee(Severity.PASS, f"{quote} on the sale, {base} on buying back")
    elif case.around.settings.fee_in_quote and case.terms is not None and case.terms.base_fee:
        yield _falls_to_base(case, case.terms)
    elif case.around.settings.fee_in_quote:
        yield _fee(
            Severity.PASS,
            f"{quote}, so all {base} can be sold",
            unproven=f"That the exchange honours this inside an OTOCO. If {quote} is short it takes {base} instead.",
        )
    elif case.quantity is not None and case.terms is not None and case.account is not None:
        fee, spare = case.quantity * case.terms.entry_rate, case.account.available(base)
        yield _base_fee(case, fee, spare)


def _balance(case: Case, needed: Decimal, free: Decimal, affordable: Decimal) -> Finding:
    coin, say = (case.instrument.quote, case.money) if case.buys else (case.instrument.base, case.amount)
    if needed <= free:
        uses = f"uses {say(needed)}, {say(free - needed)}{'' if case.buys else f' {coin}'} left"
        return Finding("balance", Severity.PASS, "Balance", uses, Field.QUANTITY, source=BALANCE_SOURCE)
    with_fee = " with fee" if case.buys and case.around.settings.fee_in_quote else ""
    # Quote that covers all but the fee is not refused: the exchange then takes the fee in the base coin.
    falls = case.buys and case.terms is not None and case.terms.base_fee and bool(with_fee)
    then = f" The exchange then takes the fee in {case.instrument.base}." if falls else ""
    return Finding(
        "balance",
        Severity.WARNING if falls else Severity.FAIL,
        "Balance",
        f"Needs {say(needed)} {coin}{with_fee}, you have {say(free)}.{then}",
        Field.QUANTITY,
        detail=f"Needs {say(needed)} {coin}. Available {say(free)}. Short by {say(needed - free)}.{then}",
        wrong=plain(needed),
        right=plain(affordable),
        fix=quantity_fix(case, affordable),
        source=FEE_SOURCE if falls else BALANCE_SOURCE,
        unproven="That an entry inside an OTOCO is taken without the quote for its fee." if falls else "",
    )


def _risk(severity: Severity, message: str, wrong: str = "", right: str = "", unproven: str = "") -> Finding:
    return Finding(
        "risk.limit",
        severity,
        "Risk limit",
        message,
        Field.QUANTITY,
        wrong=wrong,
        right=right,
        source=OWN_SOURCE,
        unproven=unproven,
    )


def _losing(case: Case, most: Decimal, loss: Decimal) -> Decimal:
    """The quantity that loses no more than ``most`` at the stop, where all of it loses ``loss``."""
    quantity = Decimal(0) if case.quantity is None else case.quantity
    return round_to_step(most * quantity / loss, case.instrument.quantity_step, ROUND_FLOOR)


def _taken_as_a_dollar(case: Case) -> str:
    """Said where an account in USD is compared with a plan in a dollar coin."""
    quote = case.instrument.quote
    return "" if quote == "USD" or case.around.usd_per_quote is not None else f"1 {quote} is taken as 1 USD."


def _base_fee(case: Case, fee: Decimal, spare: Decimal) -> Finding:
    """Whether the exits can do without those coins is another check's."""
    base = case.instrument.base
    missing = case.amount(round_to_step(fee, case.instrument.quantity_step, ROUND_CEILING))
    if spare >= fee:
        message = f"The entry fee is taken in {base}. Your {case.amount(spare)} {base} cover the {missing} missing."
    else:
        message = f"The entry fee may be taken in {base}. Then {missing} {base} less is left for the exits."
    return _fee(Severity.NOTE, message)


def _falls_to_base(case: Case, terms: Terms) -> Finding:
    """The trader wants the fee in quote, and there is not enough of it."""
    base, free = case.instrument.base, case.account.available(case.instrument.quote) if case.account else Decimal(0)
    fee = (case.quantity or Decimal(0)) * terms.entry_rate
    missing = case.amount(round_to_step(fee, case.instrument.quantity_step, ROUND_CEILING))
    message = f"{case.money(free)} {case.instrument.quote} may not cover the fee: then it takes {missing} {base}."
    return _fee(Severity.NOTE, message, unproven="Which fee the exchange asks for: a resting entry's or a taker's.")


def _fee(severity: Severity, message: str, unproven: str = "") -> Finding:
    return Finding("fee.currency", severity, "Fee currency", message, source=FEE_SOURCE, unproven=unproven)
