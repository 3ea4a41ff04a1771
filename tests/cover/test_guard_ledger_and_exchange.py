"""Which exits can be paid for when they trigger: the guard, the practice exchange and a ledger of its own agree."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from otoco_desktop.domain.coverage import Coverage, Entry, Exit, Purse, coverage
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.market import Fees
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import Surroundings, Verdict
from tests.cover.cases import FAR, NEAR, Case, case
from tests.cover.ledger import Ledger
from tests.cover.venue import Stage

EXITS = (LegRole.STOP, LegRole.TARGET)
FEW, ALL = range(60), range(1_200)


class Played:
    """One case, played once on an exchange of its own up to the moment at which its entry has filled."""

    def __init__(self, folder: Path, made: Case) -> None:
        self.case = made
        self.stage = Stage(folder, made)
        known: list[Strategy] = []
        self.other = None
        if made.other is not None:
            self.other = self.stage.send(made.other, "b", known)
            if not made.other.waits:
                self.stage.lead(made.mark, bid=made.price(made.other.entry), ask=made.price(made.other.entry))
            known = [self.stage.strategy(self.other, _fees(made))]
            self.stage.stand()
        self.stage.free(made.instrument.base, made.free_base)
        self.stage.free(made.instrument.quote, made.free_quote)
        self.verdict, self.around = self.stage.judge(made.plan, known), self.stage.around(known)
        self.plan = self.stage.send(made.plan, "a", known)
        self.stage.fill()

    def other_fires(self) -> bool:
        """Whether the dearest exit of the other strategy is paid for, now."""
        assert self.other is not None
        return self.stage.is_paid(self.other, LegRole.STOP)

    def close(self) -> None:
        self.stage.close()


def _fees(made: Case) -> Fees:
    maker, taker = (Decimal(rate) / 10_000 for rate in made.fees)
    return Fees(maker, taker)


def guarded(made: Case, around: Surroundings) -> Coverage:
    """The guard on the very numbers that the rule weighs."""
    plan, (maker, taker) = made.plan, (Decimal(rate) / 10_000 for rate in made.fees)
    step = made.instrument.step
    rate = taker if plan.crosses else maker
    side = Side.BUY if plan.buys else Side.SELL
    entry = Entry(side, plan.steps * step, made.price(plan.entry), rate, taker, plan.fee_in_quote)
    triggers = (plan.stop, plan.target)
    stop, target = (
        Exit(role, plan.exit_steps * step, made.price(trigger if limit is None else limit), limit is None)
        for role, trigger, limit in zip(EXITS, triggers, plan.limits, strict=True)
    )
    base, quote = made.instrument.base, made.instrument.quote
    claims = [promise.claim if (promise := around.promise_of(coin)) else Decimal(0) for coin in (base, quote)]
    assert around.account is not None
    free = [around.account.available(coin) for coin in (base, quote)]
    return coverage(entry, (stop, target), Purse(*free, *claims))


def ledger_of(made: Case, *, other_fills: bool = False) -> Ledger:
    """After the plan's entry has filled, and that of the other strategy where it was waiting and does fill."""
    ledger = Ledger(Fraction(made.free_base), Fraction(made.free_quote))
    ledger.enter(made.trade(made.plan))
    if made.other is not None and made.other.waits and other_fills:
        ledger.arrive(made.trade(made.other))
    return ledger


def alone(made: Case, folder: Path, met: Counter[str]) -> None:
    """Nothing else fires: the plan's stop, and on another day its target."""
    made = made.moved(FAR)
    for at, role in enumerate(EXITS):
        played = Played(folder / role.value, made)
        cover = guarded(made, played.around).exits[at]
        trade, ledger = made.trade(made.plan), ledger_of(made)
        by_ledger = ledger.fire(trade, trade.stop if role is LegRole.STOP else trade.target)
        by_exchange = played.stage.is_paid(played.plan, role)
        told = (not cover.short, by_exchange, by_ledger)
        assert len(set(told)) == 1, (made, role, told, cover)
        met[f"alone, {'paid' if by_ledger else 'short'}"] += 1
        _is_told(played.verdict, guarded(made, played.around))
        played.close()


def after_the_other(made: Case, folder: Path, met: Counter[str]) -> None:
    """The dearest exit of the other strategy has taken its coins before."""
    for at, role in enumerate(EXITS):
        played = Played(folder / f"after-{role.value}", made)
        cover = guarded(made, played.around).exits[at]
        ledger, trade = ledger_of(made, other_fills=True), made.trade(made.plan)
        other = made.trade(made.other) if made.other else None
        assert other is not None
        assert ledger.fire(other, ledger.dearest(other)), made
        assert played.other_fires(), made
        by_ledger = ledger.fire(trade, trade.stop if role is LegRole.STOP else trade.target)
        by_exchange = played.stage.is_paid(played.plan, role)
        told = (cover.paid, by_exchange, by_ledger)
        assert len(set(told)) == 1, (made, role, told, cover)
        met[f"after another, {'paid' if by_ledger else 'short'}"] += 1
        _is_told(played.verdict, guarded(made, played.around))
        played.close()


def taking_from_the_other(made: Case, folder: Path, met: Counter[str]) -> None:
    """The plan's entry spends the coin that the other strategy's exits need."""
    played = Played(folder / "taken", made)
    cover = guarded(made, played.around)
    ledger, other = ledger_of(made), made.trade(made.other) if made.other else None
    assert other is not None
    told = (not cover.uncovered, played.other_fires(), ledger.fire(other, ledger.dearest(other)))
    assert len(set(told)) == 1, (made, told, cover)
    found = _finding(played.verdict, "exits.others")
    assert found.severity is (Severity.WARNING if cover.uncovered else Severity.PASS)
    met[f"other, {'kept' if told[0] else 'uncovered'}"] += 1
    played.close()


def _is_told(verdict: Verdict, cover: Coverage) -> None:
    """The check says what the guard found."""
    found = _finding(verdict, "exit.coverage")
    assert found.source
    if cover.paid:
        assert found.severity in (Severity.PASS, Severity.NOTE)
    else:
        assert found.severity is Severity.WARNING
        assert Decimal(found.wrong) > Decimal(found.right)


def _finding(verdict: Verdict, code: str) -> Finding:
    (found,) = (one for one in verdict.findings if one.code == code)
    return found


def play(numbers: range, folder: Path) -> Counter[str]:
    met: Counter[str] = Counter()
    for number in numbers:
        made, place = case(number), folder / str(number)
        for name in ("stop", "target", "after-stop", "after-target", "taken"):
            (place / name).mkdir(parents=True)
        alone(made, place, met)
        if made.same_side:
            after_the_other(made.moved(NEAR), place, met)
        elif made.other is not None:
            taking_from_the_other(made.moved(NEAR), place, met)
    return met


async def test_sixty_accounts_and_plans(tmp_path: Path) -> None:
    met = play(FEW, tmp_path)
    assert len(met) == 6, "each answer of each question was met"


@pytest.mark.long
async def test_twelve_hundred_accounts_and_plans(tmp_path: Path) -> None:
    met = play(ALL, tmp_path)
    assert len(met) == 6, met
    assert min(met.values()) >= 60, met
