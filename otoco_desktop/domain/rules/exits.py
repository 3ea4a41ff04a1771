"""The rule about exits that cover less than the entry: a choice where not all of it could be paid for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from otoco_desktop.domain.finding import Choice, Field, Finding, Fix, Severity
from otoco_desktop.domain.grammar import quoted
from otoco_desktop.domain.money import is_multiple, plain
from otoco_desktop.domain.rules.case import Case
from otoco_desktop.domain.rules.grid import is_worth_sending

TITLE = "Exit quantity"
SOURCE = "exchange docs, private/advanced/create-otoco: samples show equal quantities"
USE_ALL = Fix(Field.QUANTITY, "", "Use all", Choice.EXIT_QUANTITY)


def exit_quantity(case: Case) -> Iterator[Finding]:
    """Exits cover all of the entry unless less was chosen; the rest then has neither stop nor target."""
    covered, quantity, base = case.exit_quantity, case.quantity, case.instrument.base
    if not case.draft.exit_quantity or quantity is None:
        return
    if covered is None:
        yield _wrong(f"Exits of {quoted(case.draft.exit_quantity)} are no quantity above zero.")
    elif not is_multiple(covered, case.instrument.quantity_step):
        yield _wrong(f"Exits of {plain(covered)} {base} are not a multiple of {plain(case.instrument.quantity_step)}.")
    elif covered > quantity:
        yield _wrong(f"Exits cover {case.amount(covered)} {base}, the entry is {plain(quantity)}.")
    elif not is_worth_sending(case, covered):
        yield _wrong(f"Exits of {case.amount(covered)} {base} are worth less than the 1.00 USD the exchange takes.")
    elif covered < quantity:
        yield _smaller(case, covered, quantity)


def same(case: Case) -> str:
    """Why there is nothing to say."""
    return "the entry's" if case.quantity is not None else "needs a quantity"


def _smaller(case: Case, covered: Decimal, quantity: Decimal) -> Finding:
    base = case.instrument.base
    verb = "sell" if case.buys else "buy back"
    message = f"Exits {verb} {case.amount(covered)} of {case.amount(quantity)} {base}."
    rest = f"The other {case.amount(quantity - covered)}, less a fee taken of it, have no stop."
    detail = f"{message} {rest} Figures count them as left at the same price."
    # Of no field: the ticket has a line of its own for it, with the same way back.
    return Finding(
        "exits.quantity",
        Severity.WARNING,
        TITLE,
        message,
        detail=detail,
        wrong=plain(covered),
        right=plain(quantity),
        fix=USE_ALL,
        source=SOURCE,
        unproven="Whether the exchange takes exits smaller than the entry.",
    )


def _wrong(message: str) -> Finding:
    return Finding("exits.quantity", Severity.FAIL, TITLE, message, Field.QUANTITY, fix=USE_ALL, source=SOURCE)
