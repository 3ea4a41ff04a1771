"""The practice exchange led by hand: real book, engine, settlement and file, prices as an outside market tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import msgspec

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.events import (
    Acknowledged,
    Answered,
    Intended,
    LegReport,
    LegReported,
    Planned,
    ReportSource,
    RequestStamp,
)
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.lifecycle import begin, evolve
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees, MarkSource
from otoco_desktop.domain.market import Quote as SeenQuote
from otoco_desktop.domain.order import LegRole, OtocoOrder, Side
from otoco_desktop.domain.parse import to_order
from otoco_desktop.domain.promised import promised
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Strategy
from otoco_desktop.domain.verdict import PlanSettings, Surroundings, Verdict
from otoco_desktop.exchange.requests import otoco_params
from otoco_desktop.practice.dialect import Request
from otoco_desktop.practice.intake import read_list
from otoco_desktop.practice.model import Leg, Status
from otoco_desktop.practice.outside import Listing
from otoco_desktop.practice.prices import Quote
from otoco_desktop.practice.settlement import Fees as VenueFees
from otoco_desktop.practice.store import Store
from otoco_desktop.practice.venue import PracticeConfig, Venue
from tests.cover.cases import Bracket, Case

ENOUGH = Decimal(10) ** 12
BEATS = 6
"""An entry fills in three pieces at most, one at each quote."""

DEARER = Decimal("1.01")


class StillClock:
    """Stands still: nothing here depends on time."""

    def time_ns(self) -> int:
        return 1_800_000_000_000_000_000

    def monotonic_ns(self) -> int:
        return 1_800_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A bracket on the practice exchange, as this program sent it."""

    order: OtocoOrder
    list_id: str


class Stage:
    """One account at the practice exchange, for one case."""

    def __init__(self, folder: Path, case: Case) -> None:
        self.case = case
        maker, taker = case.fees
        fees = VenueFees(Decimal(maker), Decimal(taker))
        listed = case.instrument
        config = PracticeConfig(
            folder, seed=case.number, fees=fees, balances={listed.base: ENOUGH, listed.quote: ENOUGH}
        )
        store, loaded = Store.open(folder, config.balances)
        self._store = store
        self.venue = Venue(config, StillClock(), store, loaded)
        self.venue.follow_outside({case.symbol: Listing(listed.tick, listed.step, tradable=True)})
        self.stand()

    def stand(self) -> None:
        """The market stands where it began."""
        half = max(1, self.case.instrument.spread_ticks // 2)
        bid, ask = (self.case.price(self.case.mark + way * half) for way in (-1, 1))
        self.lead(self.case.mark, bid=bid, ask=ask)

    def close(self) -> None:
        self._store.close()

    def lead(self, ticks: int, *, bid: Decimal | None = None, ask: Decimal | None = None) -> None:
        """The market stands here now; whoever buys at market pays the margin that is counted."""
        mark = self.case.price(ticks)
        bid, ask = mark if bid is None else bid, mark * DEARER if ask is None else ask
        quote = Quote(mark, bid, ask, bids=((bid, ENOUGH),), asks=((ask, ENOUGH),))
        for _ in range(BEATS):
            self.venue.take(self.case.symbol, quote)

    def free(self, coin: str, amount: Decimal) -> None:
        """Coins come or are sold elsewhere, until this much is free."""
        account = self.venue.book.account
        account.add(coin, amount - account.available(coin))

    def around(self, strategies: list[Strategy]) -> Surroundings:
        """What the program sees of this exchange."""
        listed, account = self.case.instrument, self.venue.book.account
        quote = self.venue.prices[self.case.symbol].quote
        maker, taker = (Decimal(rate) / 10_000 for rate in self.case.fees)
        balances = {coin: Balance(account.quantity(coin), account.reserved(coin)) for coin in account.coins}
        return Surroundings(
            Instrument(listed.symbol, listed.base, listed.quote, listed.tick, listed.step),
            SeenQuote(listed.symbol, quote.bid, quote.ask, None, quote.mark, MarkSource.EXCHANGE, None, 1_000, 1_000),
            AccountSnapshot(balances, Fees(maker, taker), Decimal(10) ** 9),
            now_ms=1_000,
            settings=PlanSettings(),
            clock_offset_ms=0,
            promised=promised(strategies),
        )

    def judge(self, bracket: Bracket, strategies: list[Strategy]) -> Verdict:
        """The plan as typed into the ticket."""
        return evaluate(self.draft(bracket), self.around(strategies))

    def draft(self, bracket: Bracket) -> OtocoDraft:
        step = self.case.instrument.step
        places = self.case.instrument.price_decimals
        stop_limit, target_limit = bracket.limits

        def text(ticks: int | None) -> str:
            return "" if ticks is None else f"{self.case.price(ticks):.{places}f}"

        return OtocoDraft(
            side=Side.BUY if bracket.buys else Side.SELL,
            entry=text(bracket.entry),
            quantity=f"{bracket.steps * step:f}",
            stop_market=stop_limit is None,
            stop=text(bracket.stop),
            stop_limit=text(stop_limit),
            target_market=target_limit is None,
            target=text(bracket.target),
            target_limit=text(target_limit),
            fee_in_quote=bracket.fee_in_quote,
            exit_quantity="" if bracket.exit_steps == bracket.steps else f"{bracket.exit_steps * step:f}",
        )

    def send(self, bracket: Bracket, name: str, strategies: list[Strategy]) -> Sent:
        """Through the exact request that would be signed."""
        verdict, around = self.judge(bracket, strategies), self.around(strategies)
        assert verdict.submittable, [one.message for one in verdict.findings if one.severity.blocks]
        order = to_order(verdict, name * 26, around)
        params = msgspec.json.decode(msgspec.json.encode(otoco_params(order)))
        request = Request("1", 1, "private/advanced/create-otoco", params, nonce="1")
        wanted = read_list(request, self.venue.instruments, self.venue.prices.marks())
        list_id = self.venue.create(wanted)
        self.venue.settle()
        return Sent(order, list_id)

    def fill(self) -> None:
        """Let an entry that crosses fill where the market stands, and every resting one at its own price."""
        self.stand()
        down = self.case.mark * 989 // 1000
        up = self.case.mark * 1011 // 1000
        for ticks in (down, up):
            mark = self.case.price(ticks)
            self.lead(ticks, bid=mark, ask=mark)

    def leg(self, sent: Sent, role: LegRole) -> Leg:
        return self.venue.book.family(sent.list_id)[list(LegRole).index(role)]

    def is_paid(self, sent: Sent, role: LegRole) -> bool:
        """Lead mark to the trigger: whether the exchange takes the exit. Anything but a lack of coin is a fault."""
        leg = self.leg(sent, role)
        assert leg.status is Status.ACTIVE, leg
        assert leg.ref_price is not None
        self.lead(int(leg.ref_price / self.case.instrument.tick))
        after = self.leg(sent, role)
        if after.status is Status.REJECTED:
            assert after.reason == 306
            return False
        assert after.exchange_order_id, "it has triggered"
        return True

    def strategy(self, sent: Sent, fees: Fees) -> Strategy:
        """What the program knows of a bracket."""
        planned = Planned(Decimal(-1), Decimal(1), fees.maker, fees.taker)
        intent = Intended(
            strategy_id=sent.order.strategy_id,
            at_ms=1,
            number=1,
            order=sent.order,
            stamp=RequestStamp(1, 1, 0),
            environment="practice",
            account="",
            transport="rest",
            params_sha256="",
            monotonic_ms=1,
            app_version="0",
            planned=planned,
        )
        state = evolve(begin(intent), Answered(sent.order.strategy_id, 2, Acknowledged(sent.list_id)))
        for report in self._reports(sent):
            state = evolve(state, LegReported(sent.order.strategy_id, 3, ReportSource.STREAM, report))
        return state

    def _reports(self, sent: Sent) -> Iterator[LegReport]:
        for leg in self.venue.book.family(sent.list_id):
            yield LegReport(
                list_id=leg.list_id,
                order_id=leg.order_id,
                client_oid=leg.client_oid,
                instrument=leg.symbol,
                order_type=leg.kind.value,
                side=leg.side.value,
                status=leg.status.value,
                quantity=leg.quantity,
                filled=leg.filled,
                filled_value=leg.value,
                limit_price=leg.price,
                trigger=leg.ref_price,
                fee=leg.fee,
                fee_coin=leg.fee_coin,
                exchange_order_id=leg.exchange_order_id,
                update_ms=2,
            )
