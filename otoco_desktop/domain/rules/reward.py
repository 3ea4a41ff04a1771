"""Rules about what the plan can win: fees first, then the ratio."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.money import percent, plain, round_to_step, signed, signed_percent, trimmed
from otoco_desktop.domain.risk import Terms, break_even_price, unit_result
from otoco_desktop.domain.rules.case import Case
from otoco_desktop.domain.say import NO_FEES, OFFLINE
from otoco_desktop.domain.verdict import Figures

FEES_SOURCE = "exchange docs, private/get-instrument-fee-rate"
OWN_SOURCE = "rule of this program"
FEES, REWARD = "Fees", "Reward"
_HUNDREDTH = Decimal("0.0001")


def fees(case: Case) -> Iterator[Finding]:
    """The target must clear the fees of both legs."""
    if case.entry is None or case.target_valued is None or case.wrong_side(Field.TARGET):
        return
    if case.terms is None:
        why = OFFLINE if case.account is None else NO_FEES
        yield Finding("fees", Severity.WAIT, FEES, why, Field.TARGET, source=FEES_SOURCE)
        return
    way = 1 if case.buys else -1
    move = way * (case.target_valued - case.entry) / case.entry
    if unit_result(case.terms, case.entry, case.target_valued) < 0:
        yield _below_fees(case, case.terms, case.entry, move)
    else:
        yield _above_fees(case, case.terms, move)


def reward(_case: Case, figures: Figures | None) -> Iterator[Finding]:
    """Risking more than can be won is allowed, but said."""
    if figures is None or figures.net_rr is None or figures.break_even_rate is None:
        return
    if figures.net_rr >= 1:
        message = f"Net R:R {figures.net_rr:.2f}, {figures.net_rr - 1:.2f} above 1.00"
        yield Finding("reward.ratio", Severity.PASS, REWARD, message, Field.TARGET, source=OWN_SOURCE)
        return
    rate = percent(figures.break_even_rate, 1)
    message = f"Net R:R is {figures.net_rr:.2f}. You need to win {rate} of such trades to break even."
    yield Finding("reward", Severity.WARNING, REWARD, message, Field.TARGET, source=OWN_SOURCE)


def _above_fees(case: Case, terms: Terms, move: Decimal) -> Finding:
    charged = terms.entry_rate + terms.exit_rate
    what = "target" if case.draft.target_market else "limit"
    shown, cost = _directed(case, move), percent(charged, 2)
    clear = "well above" if move >= 2 * charged else "above"
    return Finding(
        "fees",
        Severity.PASS,
        FEES,
        f"{what.capitalize()} is {shown}, {clear} fees of {cost}.",
        Field.TARGET,
        detail=f"{what} {shown}, {percent(max(move - charged, Decimal(0)), 2)} above fees",
        source=FEES_SOURCE,
    )


def _below_fees(case: Case, terms: Terms, entry: Decimal, move: Decimal) -> Finding:
    charged = percent(terms.entry_rate + terms.exit_rate, 2)
    shown = _directed(case, move)
    parts = f"{percent(terms.entry_rate, 2)} in, {percent(terms.exit_rate, 2)} out"
    relation = "is less than" if percent(abs(move), 2) != charged else "does not clear"
    result = case.result_at(case.target_valued)
    what = "Target" if case.draft.target_market else "Limit"
    detail = f"{what} {shown}, fees {charged} ({parts})."
    if result is not None and case.quantity is not None:
        detail += f" Result if hit: {signed(case.quantity * result, case.money_places)} {case.instrument.quote}."
    fix = _fee_fix(case, terms, entry)
    return Finding(
        "fees",
        Severity.WARNING,
        FEES,
        f"{shown} {relation} fees of {charged}. Hitting it loses money.",
        Field.TARGET if case.draft.target_market else Field.TARGET_LIMIT,
        detail,
        wrong=shown,
        right=fix.text if fix else "",
        fix=fix,
        source=FEES_SOURCE,
    )


def _fee_fix(case: Case, terms: Terms, entry: Decimal) -> Fix | None:
    """The least move in hundredths of a percent that clears the fees; for a limit target the price itself."""
    price = break_even_price(terms, entry, case.instrument.price_tick)
    if price is None:
        return None
    if not case.draft.target_market:
        return Fix(Field.TARGET_LIMIT, plain(price), f"Use {case.price(price)}")
    ratio = round_to_step(abs(price - entry) / entry, _HUNDREDTH, ROUND_CEILING)
    text = f"{trimmed(ratio.scaleb(2))}%"
    return Fix(Field.TARGET, text, f"Use {case.words.target_sign}{text}")


def _directed(case: Case, move: Decimal) -> str:
    """A move as it will be drawn: up for the target of a buy, down for that of a sell."""
    return signed_percent(move if case.buys else -move, 2)
