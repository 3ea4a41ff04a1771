"""What a market stop may slip, said before the plan is sent, against what the practice exchange's ledger says after."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.outlook import BookState, Outlook, outlook
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.verdict import Figures
from otoco_desktop.practice.levels import DEPTH
from otoco_desktop.practice.model import Fill
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.app.test_desk_on_practice import AtDesk, at_desk
from tests.waiting import until

MARK, BID = "93120.00", Decimal("93119.90")
BUY = OtocoDraft(entry="93120.10", stop=MARK, target="95000.00")
SELL = OtocoDraft(side=Side.SELL, entry="93119.90", stop=MARK, target="91000.00")
FEE_STEP = Fraction(1, 10**8)
"""To this the exchange rounds each piece's fee down."""


@pytest.fixture
def rich(tmp_path: Path) -> Iterator[PracticeServer]:
    """An exchange where an account can pay for more than the book shows."""
    balances = {"USD": Decimal(10**8), "BTC": Decimal(1_000)}
    config = PracticeConfig(tmp_path, seed=7, market_interval_s=0.02, accept_delay_s=0.005, balances=balances)
    server = PracticeServer(config)
    server.start().result(20)
    server.controls.set_price("BTC_USD", MARK)
    yield server
    server.stop()


async def told(here: AtDesk, draft: OtocoDraft) -> tuple[Figures, Outlook]:
    """Figures and outlook of the draft, once book and fee rates have come at the price that stands."""

    def is_told() -> bool:
        around = here.desk.surroundings()
        quote = around.quote
        has_book = quote is not None and quote.depth is not None and (quote.bid, quote.mark) == (BID, Decimal(MARK))
        return has_book and evaluate(draft, around).figures is not None

    await until(is_told, what="a book at the price that stands, and figures")
    around = here.desk.surroundings()
    verdict = evaluate(draft, around)
    found = outlook(verdict, around)
    assert verdict.figures is not None
    assert found is not None
    return verdict.figures, found


@pytest.mark.parametrize("quantity", ["0.10000", "2.50000", "12.34567"])
@pytest.mark.parametrize("plan", [BUY, SELL], ids=["sold back", "bought back"])
async def test_a_stop_at_the_present_book_slips_as_was_said(
    rich: PracticeServer, tmp_path: Path, plan: OtocoDraft, quantity: str
) -> None:
    draft = plan.with_text(Field.QUANTITY, quantity)
    async with at_desk(rich, tmp_path / "journal.sqlite3") as here:
        figures, ahead = await told(here, draft)
        strategy_id = await here.submit(draft)
        await here.reaches(strategy_id, Phase.CLOSED)
        stop = here.strategy(strategy_id).intent.order.leg(LegRole.STOP)
        ledger = rich.controls.ledger()
        fills = [fill for fill in ledger.fills if fill.client_oid == stop.client_oid]
    assert ahead.slip is not None
    assert ahead.slip.amount is not None
    assert ahead.slip.average is not None
    filled = sum(Fraction(fill.price) * Fraction(fill.quantity) for fill in fills)
    assert sum(fill.quantity for fill in fills) == Decimal(quantity)
    assert abs(filled - Fraction(ahead.slip.average) * Fraction(quantity)) < Fraction(1, 10**80)
    toward = 1 if plan.side is Side.BUY else -1
    paid = toward * (filled - Fraction(figures.stop.value))
    fees = sum(Fraction(fill.fee) * _worth(fill) for fill in fills) - Fraction(figures.stop.fee)
    rounded = sum(FEE_STEP * _worth(fill) for fill in fills)
    assert 0 <= paid - fees - Fraction(ahead.slip.amount) <= rounded


def _worth(fill: Fill) -> Fraction:
    """What one of the coins that the fee was taken in is worth in quote."""
    return Fraction(1) if fill.fee_coin == "USD" else Fraction(fill.price)


async def test_more_than_the_book_shows_is_said_to_be_unknown(rich: PracticeServer, tmp_path: Path) -> None:
    async with at_desk(rich, tmp_path / "journal.sqlite3") as here:
        _figures, ahead = await told(here, BUY.with_text(Field.QUANTITY, "60.00000"))
        assert ahead.slip is not None
        assert (ahead.slip.book, ahead.slip.levels, ahead.worst) == (BookState.THIN, DEPTH, None)
        quote = here.desk.surroundings().quote
        assert quote is not None
        assert quote.depth is not None
        assert ahead.slip.holds == sum(level.quantity for level in quote.depth.bids)
        assert ahead.slip.holds < 60
