"""Many random brackets on a fast market: what the journal tells is compared with the exchange's ledger, leg by leg,
and the money with a calculation of its own in fractions, made from the ledger's fills alone.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from otoco_desktop.app.desk import DeskOptions
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.phases import filled, leg_status
from otoco_desktop.domain.result import result
from otoco_desktop.domain.strategy import LegStatus, Phase, Strategy
from otoco_desktop.practice.controls import Ledger
from otoco_desktop.practice.model import Fill, Leg
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.app.test_desk_on_practice import AtDesk, at_desk
from tests.waiting import until

TICK = Decimal("0.01")
MOST_OPEN = 12
SWEEP = 150
OVER = (Phase.CLOSED, Phase.REJECTED, Phase.NOT_SENT)
ENDED = {
    "FILLED": LegStatus.FILLED,
    "CANCELED": LegStatus.CANCELLED,
    "REJECTED": LegStatus.REJECTED,
}
LAST_DIGIT = Fraction(1, 10**18)
"""A fee in the base coin is valued by a division, which no decimal can hold exactly; all else is equal."""


@pytest.fixture
def market(tmp_path: Path) -> Iterator[PracticeServer]:
    """A price that lives some minutes in each second."""
    config = PracticeConfig(
        data_dir=tmp_path / "exchange",
        seed=11,
        speed=120.0,
        market_interval_s=0.05,
        accept_delay_s=0.005,
        balances={"USD": Decimal(500_000), "BTC": Decimal(5)},
    )
    server = PracticeServer(config)
    server.start().result(20)
    yield server
    server.stop()


@dataclass
class Trader:
    """Sends random plans, keeps some of them open at a time, and ends what is left."""

    here: AtDesk
    dice: random.Random
    sent: list[str] = field(default_factory=list)

    async def send(self, count: int) -> None:
        while len(self.sent) < count:
            await until(lambda: len(self._open()) < MOST_OPEN, 60, "room for another one")
            await self._send_one()

    async def _send_one(self) -> None:
        await until(lambda: self._mark() is not None, 60, "a mark price")
        quote, mark = self.here.desk.surroundings().quote, self._mark()
        assert mark is not None
        confirmed = self.here.desk.prepare(self._plan(mark))
        if confirmed is None or not self.here.desk.gate().open:
            await until(lambda: self.here.desk.surroundings().quote is not quote, 60, "another price")
            return
        strategy_id = await self.here.desk.submit(confirmed)
        await until(lambda: self.here.desk.surroundings().quote is not quote, 60, "another price")
        # A price that ran away while the plan was on its way to the disk ends it before the first byte.
        if strategy_id is not None and phase(self.here.strategy(strategy_id)) is not Phase.NOT_SENT:
            self.sent.append(strategy_id)

    def _mark(self) -> Decimal | None:
        quote = self.here.desk.surroundings().quote
        return None if quote is None else quote.mark

    def _plan(self, mark: Decimal) -> OtocoDraft:
        side = self.dice.choice(list(Side))
        way = 1 if side is Side.BUY else -1
        entry = self._near(mark, Decimal(self.dice.randint(-12, 8)) * way)
        stop = self._near(entry, -way * Decimal(self.dice.randint(12, 50)))
        target = self._near(entry, way * Decimal(self.dice.randint(12, 60)))
        stop_market, target_market = self.dice.random() < 0.5, self.dice.random() < 0.5
        return OtocoDraft(
            side=side,
            entry=format(entry, "f"),
            quantity=format(Decimal(self.dice.randint(100, 2000)) / 100_000, "f"),
            stop_market=stop_market,
            stop=format(stop, "f"),
            stop_limit="" if stop_market else format(self._near(stop, -way * Decimal(3)), "f"),
            target_market=target_market,
            target=format(target, "f"),
            target_limit="" if target_market else format(self._near(target, -way * Decimal(1)), "f"),
        )

    def _near(self, price: Decimal, hundredths_of_percent: Decimal) -> Decimal:
        return (price * (1 + hundredths_of_percent / 10_000)).quantize(TICK)

    def _open(self) -> list[Strategy]:
        return [found for found in self.here.desk.state.strategies if phase(found) not in OVER and not _bare(found)]

    async def end_what_is_left(self) -> None:
        """Take back what waits for its entry, and lead the price past every exit."""
        for found in self._open():
            if phase(found) in (Phase.ACKED, Phase.WORKING):
                with suppress(ExchangeTrouble):  # it ended in that moment
                    await self.here.desk.cancel(found.strategy_id)
        levels = [leg.reference_price for found in self._open() for leg in found.intent.order.legs]
        if levels:
            low, high = self._near(min(levels), Decimal(-20)), self._near(max(levels), Decimal(20))
            for turn in (*range(SWEEP), *range(SWEEP, -1, -1)):
                price = (low + (high - low) * turn / SWEEP).quantize(TICK)
                await asyncio.to_thread(self.here.move, format(price, "f"))
        await until(lambda: not self._open(), 60, "the end of all")


def _bare(strategy: Strategy) -> bool:
    """A cancel that met the entry's fill took the exits away: what was bought stays, and no leg will move again."""
    ended = all(leg_status(strategy, role) in ENDED.values() for role in LegRole)
    return ended and phase(strategy) is Phase.UNPROTECTED


async def check_many(market: PracticeServer, path: Path, count: int) -> Counter[str]:
    async with at_desk(market, path, DeskOptions()) as here:
        await until(lambda: here.desk.gate().open, what="gate")
        trader = Trader(here, random.Random(5))  # noqa: S311 - the same plans each time
        await trader.send(count)
        await trader.end_what_is_left()
        ledger = market.controls.ledger()
        strategies = [here.strategy(strategy_id) for strategy_id in trader.sent]
    assert len(ledger.creates) == count
    for strategy in strategies:
        compare_legs(strategy, ledger)
        compare_money(strategy, ledger)
    return Counter(
        f"{each.intent.order.side} {each.intent.order.stop.type} {each.intent.order.target.type}" for each in strategies
    )


def compare_legs(strategy: Strategy, ledger: Ledger) -> None:
    for role in LegRole:
        there: Leg = ledger.leg(strategy.intent.order.leg(role).client_oid)
        assert leg_status(strategy, role) is ENDED[there.status.value], (strategy.label, role)
        assert filled(strategy, role) == there.filled, (strategy.label, role)


def compare_money(strategy: Strategy, ledger: Ledger) -> None:
    gained, fills = result(strategy), {role: fills_of(strategy, role, ledger) for role in LegRole}
    if not (fills[LegRole.STOP] or fills[LegRole.TARGET]):
        assert gained is None
        return
    assert gained is not None
    gross, fees = money(strategy.intent.order.side, fills)
    assert Fraction(gained.gross) == gross, strategy.label
    assert abs(Fraction(gained.fees) - fees) < LAST_DIGIT, strategy.label
    assert abs(Fraction(gained.net) - (gross - fees)) < LAST_DIGIT, strategy.label
    assert not gained.other_fees


def fills_of(strategy: Strategy, role: LegRole, ledger: Ledger) -> list[Fill]:
    oid = strategy.intent.order.leg(role).client_oid
    return [fill for fill in ledger.fills if fill.client_oid == oid]


def money(side: Side, fills: dict[LegRole, list[Fill]]) -> tuple[Fraction, Fraction]:
    """Gross and fees in quote; a fee in the base coin at the average price of its own leg."""
    entered, left = value(fills[LegRole.ENTRY]), value(fills[LegRole.STOP]) + value(fills[LegRole.TARGET])
    held = quantity(fills[LegRole.ENTRY])
    gone = quantity(fills[LegRole.STOP]) + quantity(fills[LegRole.TARGET])
    cost = entered * gone / held
    fees = Fraction(0)
    for pieces in fills.values():
        average = value(pieces) / quantity(pieces) if pieces else Fraction(0)
        for fill in pieces:
            fees += Fraction(fill.fee) * (average if fill.fee_coin == "BTC" else 1)
    return (left - cost if side is Side.BUY else cost - left), fees


def value(fills: list[Fill]) -> Fraction:
    return sum((Fraction(fill.quantity) * Fraction(fill.price) for fill in fills), Fraction(0))


def quantity(fills: list[Fill]) -> Fraction:
    return sum((Fraction(fill.quantity) for fill in fills), Fraction(0))


def run_many(market: PracticeServer, path: Path, count: int) -> Counter[str]:
    """On a loop of its own, as two hundred take longer than one test may."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(check_many(market, path, count))


def test_a_few_agree_with_the_ledger_to_the_last_digit(market: PracticeServer, tmp_path: Path) -> None:
    kinds = run_many(market, tmp_path / "journal.sqlite3", 8)
    assert {kind.split()[0] for kind in kinds} == {"BUY", "SELL"}


@pytest.mark.long
def test_two_hundred_agree_with_the_ledger_to_the_last_digit(market: PracticeServer, tmp_path: Path) -> None:
    kinds = run_many(market, tmp_path / "journal.sqlite3", 200)
    assert len(kinds) == 8
