"""Rules about what stands behind the exits: coins for this plan's own, and those that it takes from other ones.

The exchange finds out only when an exit triggers, so nothing of this blocks: it warns, with the way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache

from otoco_desktop.domain.coverage import (
    MARKET_MARGIN,
    Coverage,
    Entry,
    Exit,
    ExitCover,
    Purse,
    coverage,
    largest_entry,
    largest_exits,
)
from otoco_desktop.domain.depth import level_for
from otoco_desktop.domain.finding import Choice, Field, Finding, Fix, Severity
from otoco_desktop.domain.market import AccountSnapshot
from otoco_desktop.domain.money import grouped, percent, places_of, plain, round_to_step
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.risk import Terms
from otoco_desktop.domain.rules import idle
from otoco_desktop.domain.rules.case import Case
from otoco_desktop.domain.rules.grid import is_worth_sending, quantity_fix
from otoco_desktop.domain.verdict import Figures

SOURCE = "help centre: attached take-profit and stop-loss orders reserve no funds"
COVERAGE, OTHERS = "Exit coverage", "Other exits"
ZERO = Decimal(0)
LIMITS = {LegRole.STOP: Field.STOP_LIMIT, LegRole.TARGET: Field.TARGET_LIMIT}
TRIGGERS = {LegRole.STOP: Field.STOP, LegRole.TARGET: Field.TARGET}
_CUT = "Whether an exit larger than what is held is cut or refused."
_IN_PART = "What the exchange does with a trigger that is short of funds in part."
_HELD_BACK = "Which fee the exchange holds back for a resting entry; the taker's is counted."


class Weighing:
    """A plan laid out for weighing, in the words of its exits' coin."""

    __slots__ = ("case", "cover", "entry", "exits", "purse")

    def __init__(self, case: Case, quantity: Decimal, price: Decimal, known: tuple[Terms, AccountSnapshot]) -> None:
        terms, account = known
        self.case = case
        in_quote = case.around.settings.fee_in_quote
        self.entry = Entry(case.draft.side, quantity, price, terms.entry_rate, terms.exit_rate, in_quote)
        self.exits = (self._exit(LegRole.STOP, quantity), self._exit(LegRole.TARGET, quantity))
        self.purse = _purse(case, account)
        self.cover = coverage(self.entry, self.exits, self.purse)

    def _exit(self, role: LegRole, quantity: Decimal) -> Exit:
        draft, covered = self.case.draft, self.case.exit_quantity
        market = draft.stop_market if role is LegRole.STOP else draft.target_market
        price = self.case.prices[(TRIGGERS if market else LIMITS)[role]]
        covers = quantity if covered is None else covered
        return Exit(role, covers, price, market, _reach(self.case, covers) if market and not self.case.buys else ZERO)

    @property
    def coin(self) -> str:
        """What the exits give away."""
        return self.case.instrument.base if self.case.buys else self.case.instrument.quote

    def most(self, amount: Decimal) -> str:
        """An amount of that coin that is there: never more than there is."""
        return self._shown(amount, ROUND_FLOOR)

    def least(self, amount: Decimal) -> str:
        """An amount of that coin that is needed or missing: never less than that."""
        return self._shown(amount, ROUND_CEILING)

    @property
    def unit(self) -> Decimal:
        """The least amount of that coin that is shown."""
        return self.case.instrument.quantity_step if self.case.buys else Decimal(1).scaleb(-self.case.money_places)

    def _shown(self, amount: Decimal, rounding: str) -> str:
        return _rounded(amount, self.unit, rounding)


def _reach(case: Case, quantity: Decimal) -> Decimal:
    """How far above mark the book is bought for so much; the whole book where that shows less."""
    quote = case.quote
    if quote is None or quote.depth is None or quote.depth_mark is None or not quote.depth.asks:
        return ZERO
    level = level_for(quote.depth.asks, quantity) or quote.depth.asks[-1]
    return level.price - quote.depth_mark


def _rounded(amount: Decimal, unit: Decimal, rounding: str) -> str:
    return grouped(round_to_step(amount, unit, rounding), places_of(unit))


def exit_coverage(case: Case, figures: Figures | None) -> Iterator[Finding]:
    """Each exit can be paid for when it triggers, though nothing is reserved for it until then."""
    weighed = _weighed(case, figures)
    if weighed is None:
        return
    cover = weighed.cover
    worst = cover.worst
    if worst.short:
        yield _short(weighed, worst)
    elif worst.short_shared:
        yield _shared(weighed, worst)
    elif cover.thin and not case.draft.post_only:
        yield _thin(weighed)
    else:
        yield Finding(
            "exit.coverage",
            Severity.PASS,
            COVERAGE,
            f"need {weighed.least(worst.needed)} of {weighed.most(cover.own)} {weighed.coin}",
            source=SOURCE,
            unproven=_counted_on(weighed, worst),
            explained=_explained(cover, case.buys, weighed.coin, weighed.unit),
        )


def other_exits(case: Case, figures: Figures | None) -> Iterator[Finding]:
    """What this entry spends must not be what the exits of other strategies count on."""
    coin = case.instrument.quote if case.buys else case.instrument.base
    promise = case.around.promise_of(coin)
    if promise is None or not promise.claim:
        return
    weighed = _weighed(case, figures)
    if weighed is None:
        return
    missed = weighed.cover.uncovered
    say = case.money if case.buys else case.amount
    who = "1 strategy" if promise.count == 1 else f"{promise.count} strategies"
    if not missed:
        kept = f"{say(promise.claim)} {coin} stay for {who}"
        yield Finding("exits.others", Severity.PASS, OTHERS, kept, source=SOURCE)
        return
    message = f"Takes {say(missed)} {coin} that exits of {who} count on."
    detail = f"{message} They need {say(promise.claim)} and would be refused when they trigger."
    yield Finding(
        "exits.others",
        Severity.WARNING,
        OTHERS,
        message,
        Field.QUANTITY,
        detail=detail,
        wrong=plain(missed),
        right="0",
        fix=_without_taking(weighed),
        source=SOURCE,
        unproven=_IN_PART,
    )


def no_other_exits(_case: Case) -> str:
    """Why other exits have nothing to do with the plan."""
    return "none count on this coin"


def unweighed(case: Case) -> str:
    """Why the exits are not weighed yet."""
    if case.terms is None and case.quantity is not None and case.in_order:
        return idle.fee(case)
    return idle.whole_plan(case)


def _weighed(case: Case, figures: Figures | None) -> Weighing | None:
    """Nothing while the plan is not whole or the account is not known."""
    if figures is None or case.account is None or case.terms is None or case.quantity is None or case.entry is None:
        return None
    return Weighing(case, case.quantity, case.entry, (case.terms, case.account))


def _purse(case: Case, account: AccountSnapshot) -> Purse:
    base, quote = case.instrument.base, case.instrument.quote
    if not case.around.promised:
        return Purse(account.available(base), account.available(quote))
    of_base, of_quote = case.around.promise_of(base), case.around.promise_of(quote)
    return Purse(
        account.available(base),
        account.available(quote),
        of_base.claim if of_base else ZERO,
        of_quote.claim if of_quote else ZERO,
    )


@lru_cache(maxsize=64)
def _explained(cover: Coverage, buys: bool, coin: str, unit: Decimal) -> str:
    """The whole reckoning; the same words for the same numbers are made once."""
    brought, spare, claimed = (_rounded(one, unit, ROUND_FLOOR) for one in (cover.brought, cover.spare, cover.claimed))
    stop, target = (_rounded(each.needed, unit, ROUND_CEILING) for each in cover.exits)
    less = f" after a fee of {_rounded(cover.fee, unit, ROUND_CEILING)}" if cover.fee_in_base or not buys else ""
    promised = f", {claimed} of it promised to other exits" if cover.claimed else ""
    needs = f"Each exit needs {stop}" if stop == target else f"The stop needs {stop}, the target {target}"
    there = f"The entry brings {brought} {coin}{less}, {spare} are free{promised}."
    return f"{there} {needs}: both can be paid for while nothing of it is spent elsewhere."


# What is short


def _short(weighed: Weighing, worst: ExitCover) -> Finding:
    """Refused at its trigger whatever else happens."""
    cover, needed = weighed.cover, weighed.least(worst.needed)
    held, missing = weighed.most(cover.at_hand), weighed.least(worst.short)
    if weighed.case.buys:
        message = f"Exits need {needed} {weighed.coin}, you will hold {held}."
        detail = f"{message}{_fee_words(weighed)} Either is refused when it triggers, {missing} short."
    else:
        message = f"The {worst.role} needs {needed} {weighed.coin}, you would have {held}."
        detail = f"{message} It would be refused when it triggers. {_other_exit(weighed)} {_keep(weighed, missing)}"
    return _warning(weighed, message, detail, (worst.needed, cover.at_hand))


def _shared(weighed: Weighing, worst: ExitCover) -> Finding:
    """Refused if the exits of other strategies take theirs before."""
    cover, needed = weighed.cover, weighed.least(worst.needed)
    who = "Exits need" if weighed.case.buys else f"The {worst.role} needs"
    message = f"{who} {needed} {weighed.coin}, exits of other plans leave {weighed.most(cover.own)}."
    held, counted = weighed.most(cover.at_hand), weighed.least(cover.claimed)
    detail = (
        f"{message} You will hold {held}, and they count on {counted} of it: if they trigger first, this plan's are "
        f"refused. {_keep(weighed, weighed.least(worst.short_shared))}"
    )
    return _warning(weighed, message, detail, (worst.needed, cover.own))


def _thin(weighed: Weighing) -> Finding:
    """Paid for as the market stands, not if the entry fills at once and pays the taker fee."""
    missing = weighed.least(weighed.cover.thin)
    message = f"Covered while the entry rests. Filled at once, {missing} {weighed.coin} are missing."
    worst, sure = weighed.cover.worst, weighed.cover.own - weighed.cover.missed
    fixes = (*_fee_in_quote(weighed), *_smaller_exits(weighed, sure))
    wrong, right = plain(worst.needed), plain(sure)
    return Finding(
        "exit.coverage",
        Severity.NOTE,
        COVERAGE,
        message,
        Field.STOP,
        wrong=wrong,
        right=right,
        fix=fixes[0] if fixes else None,
        source=SOURCE,
        unproven=_counted_on(weighed, worst),
        more=fixes[1:],
    )


def _warning(weighed: Weighing, message: str, detail: str, numbers: tuple[Decimal, Decimal]) -> Finding:
    fixes = tuple(_fixes(weighed))
    wrong, right = numbers
    return Finding(
        "exit.coverage",
        Severity.WARNING,
        COVERAGE,
        message,
        Field.STOP,
        detail=detail,
        wrong=plain(wrong),
        right=plain(right),
        fix=fixes[0] if fixes else None,
        source=SOURCE,
        unproven=_CUT if weighed.case.buys else _IN_PART,
        more=fixes[1:],
    )


def _fee_words(weighed: Weighing) -> str:
    """Where the missing coins went: without a fee in base a buy brings all that its exits sell."""
    case, cover = weighed.case, weighed.cover
    free = f", because {case.money(weighed.purse.quote)} {case.instrument.quote} do not cover it"
    why = free if weighed.entry.fee_in_quote else ""
    return f" The entry fee takes {weighed.least(cover.fee)}{why}."


def _other_exit(weighed: Weighing) -> str:
    first, second = weighed.cover.exits
    other = first if weighed.cover.worst is second else second
    return f"The {other.role} {'would be refused too' if other.short else 'can be paid for'}."


def _keep(weighed: Weighing, missing: str) -> str:
    return f"Keep {missing} {weighed.coin} more free for it."


def _counted_on(weighed: Weighing, worst: ExitCover) -> str:
    """What the figures rest on that nobody has verified."""
    case, cover = weighed.case, weighed.cover
    if not case.buys:
        return _margin_words([each for each in weighed.exits if each.market])
    if cover.fee_in_base:
        return _HELD_BACK if weighed.entry.fee_in_quote else ""
    missing = worst.needed - cover.own + weighed.entry.quantity * weighed.entry.rate
    if missing <= 0:
        return ""
    short = weighed.least(missing)
    return f"That the fee is taken in {case.instrument.quote}; in {weighed.coin}, {short} would be missing."


def _margin_words(exits: list[Exit]) -> str:
    """What a buying market exit is counted at."""
    if not exits:
        return ""
    dearest = max(each.need(buys_back=True) / (each.quantity * each.price) for each in exits) - 1
    book = ", as far as it reaches in the book now" if dearest > MARKET_MARGIN else ""
    return f"What is held back for a buying market exit; {percent(dearest, 2)} above its trigger is counted{book}."


# The ways out


def _fixes(weighed: Weighing) -> Iterator[Fix]:
    """Each leads to a plan whose exits are paid for; the one that changes least comes first."""
    case = weighed.case
    if case.buys:
        yield from _fee_in_quote(weighed)
        yield from _smaller_exits(weighed, weighed.cover.own)
    yield from _smaller_entry(weighed)
    if not case.buys:
        yield from _smaller_exits(weighed, weighed.cover.own)


def _fee_in_quote(weighed: Weighing) -> Iterator[Fix]:
    entry = weighed.entry._replace(fee_in_quote=True)
    if entry != weighed.entry and coverage(entry, weighed.exits, weighed.purse).paid:
        yield Fix(Field.QUANTITY, "", f"Fee in {weighed.case.instrument.quote}", Choice.FEE_IN_QUOTE)


def _smaller_exits(weighed: Weighing, own: Decimal) -> Iterator[Fix]:
    """As much as this much of the coin pays for."""
    case = weighed.case
    most = largest_exits(weighed.entry, weighed.exits, own)
    quantity = round_to_step(most, case.instrument.quantity_step, ROUND_FLOOR)
    if quantity > 0 and is_worth_sending(case, quantity):
        yield Fix(Field.QUANTITY, plain(quantity), f"Exits {case.amount(quantity)}", Choice.EXIT_QUANTITY)


def _smaller_entry(weighed: Weighing) -> Iterator[Fix]:
    case = weighed.case
    most = largest_entry(weighed.entry, weighed.exits, weighed.purse)
    quantity = round_to_step(most, case.instrument.quantity_step, ROUND_FLOOR)
    fix = quantity_fix(case, quantity) if quantity < weighed.entry.quantity else None
    if fix is not None and case.exit_quantity is None:
        yield fix


def _without_taking(weighed: Weighing) -> Fix | None:
    """An entry that leaves the others theirs; a smaller one may pay its fee in quote again."""
    case, entry, purse = weighed.case, weighed.entry, weighed.purse
    room, each = purse.base - purse.base_claimed, Decimal(1)
    if case.buys:
        room, each = purse.quote - purse.quote_claimed, entry.price * (1 + entry.rate if entry.fee_in_quote else 1)
    return quantity_fix(case, round_to_step(room / each, case.instrument.quantity_step, ROUND_FLOOR))
