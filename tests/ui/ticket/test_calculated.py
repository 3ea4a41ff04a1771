"""Fields that are worked out: what they stand on is taken once, said, and kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.market import MarkSource
from otoco_desktop.domain.order import Side
from otoco_desktop.ui.ticket.presenter import TicketPresenter
from tests.ui.fakes import ACCOUNT, PLAN, QUOTE, FakeDesk

SIZED = replace(PLAN, quantity_mode=QuantityMode.QUANTITY)


def test_a_calculation_keeps_the_market_it_was_typed_in(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry=""))
    presenter.edit(Field.ENTRY, "mark-0.5%")
    state = presenter.state
    assert (state.fields[Field.ENTRY].text, state.fields[Field.ENTRY].suffix) == ("mark-0.5%", "= 92,652.82 USD")
    words = "On tick. Rests 0.50% below the best bid. From mark 93,118.42 at 15:26:59 UTC."
    assert (state.verdicts[Field.ENTRY].text, state.fields[Field.ENTRY].description) == (words, words)
    desk.pass_time(60_000)
    desk.tick(replace(QUOTE, mark=Decimal("50000"), mark_ms=desk.monotonic_ms))
    presenter.refresh()
    assert presenter.state.fields[Field.ENTRY].suffix == "= 92,652.82 USD"
    assert "15:26:59 UTC" in presenter.state.verdicts[Field.ENTRY].text
    presenter.edit(Field.ENTRY, "mark-0.5")
    assert presenter.state.fields[Field.ENTRY].suffix == "= 49,999.50 USD"
    assert "From mark 50,000.00 at 15:27:59 UTC." in presenter.state.verdicts[Field.ENTRY].text


def test_a_price_of_another_day_says_which(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry="mark-0.5%"))
    desk.pass_time(86_400_000)
    presenter.refresh()
    assert "From mark 93,118.42 at 22 Nov 15:26:59 UTC." in presenter.state.verdicts[Field.ENTRY].text


def test_every_price_a_calculation_stands_on_is_named(presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, stop="(bid+ask)/2-2%", stop_market=False, stop_limit="last-3%"))
    assert presenter.state.verdicts[Field.STOP].text.endswith(
        "From bid 93,119.50, ask 93,120.10 at 15:26:59 UTC. From last 93,120.10 at 15:26:59 UTC."
    )


def test_the_middle_that_stands_in_for_a_mark_price_is_named_so(desk: FakeDesk, presenter: TicketPresenter) -> None:
    desk.tick(replace(QUOTE, mark=Decimal("93119.80"), mark_source=MarkSource.MIDPOINT))
    presenter.load(replace(PLAN, entry="mark-0.5%"))
    assert presenter.state.verdicts[Field.ENTRY].text.endswith("From midpoint 93,119.80 at 15:26:59 UTC.")


def test_a_fix_stands_alone(presenter: TicketPresenter) -> None:
    """Where the line has a link, its words are not crowded by dates."""
    presenter.load(replace(PLAN, quantity_mode=QuantityMode.QUANTITY, quantity="9", stop="mark+1%"))
    assert presenter.state.verdicts[Field.STOP].fix is not None
    assert "From mark" not in presenter.state.verdicts[Field.STOP].text


def test_the_market_is_taken_as_soon_as_it_is_known(desk: FakeDesk, presenter: TicketPresenter) -> None:
    desk.tick(replace(QUOTE, mark=None))
    presenter.load(replace(PLAN, entry="mark-0.5%"))
    assert presenter.state.verdicts[Field.ENTRY].text == (
        "mark is not known yet. It is taken as soon as it comes, or type a price."
    )
    assert not presenter.verdict.submittable
    desk.tick(QUOTE)
    presenter.refresh()
    assert presenter.state.fields[Field.ENTRY].suffix == "= 92,652.82 USD"


def test_a_pair_left_and_come_back_to_keeps_what_was_taken(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry="mark-0.5%"))
    kept = presenter.draft
    desk.select("ETH_USD")
    presenter.refresh()
    desk.select("BTC_USD")
    desk.tick(replace(QUOTE, mark=Decimal("50000")))
    presenter.refresh()
    assert presenter.draft == kept


def test_an_arrow_moves_the_price_of_a_calculation(presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry="mark-0.5%"))
    presenter.step(Field.ENTRY, 1)
    assert (presenter.draft.entry, presenter.draft.taken) == ("92652.83", ())


@pytest.mark.parametrize("word", ["mark", "bid", "mid", "last"])
def test_a_stale_price_is_not_taken(desk: FakeDesk, presenter: TicketPresenter, word: str) -> None:
    """Dated now, it would look as if it were of now."""
    desk.pass_time(41_000)
    presenter.load(replace(PLAN, entry=f"{word}-0.5%"))
    assert presenter.draft.taken == ()
    assert presenter.state.verdicts[Field.ENTRY].text == (
        f"{word} is 41.2 s old. It is taken as soon as a new one comes, or type a price."
    )
    desk.tick(replace(QUOTE, book_ms=desk.monotonic_ms))
    presenter.refresh()
    assert presenter.state.fields[Field.ENTRY].suffix.startswith("= 92,65")


def test_a_field_put_back_stands_on_what_it_stood_on(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry="mark-0.5%", stop="bid-3%"))
    before = presenter.draft
    desk.tick(replace(QUOTE, mark=Decimal("50000"), bid=Decimal("49999.99")))
    presenter.edit(Field.ENTRY, "91000.00")
    presenter.put_back(Field.ENTRY, before)
    assert presenter.draft.taken_for(Field.ENTRY) == before.taken_for(Field.ENTRY)
    assert presenter.draft.taken_for(Field.STOP) == before.taken_for(Field.STOP)
    assert presenter.state.fields[Field.ENTRY].suffix == "= 92,652.82 USD"


# Sizes


def test_a_risk_may_be_an_amount(presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, quantity="250 usd"))
    state = presenter.state
    assert state.fields[Field.QUANTITY].suffix == "= 0.09874 BTC"
    assert state.verdicts[Field.QUANTITY].text == ("Costs 9,123.58 USD. Asked 250.00, actual 249.99 USD incl. fees.")


def test_an_amount_has_no_unit_beside_it_while_it_is_not_sized(presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry="", quantity="250 USD"))
    assert presenter.state.fields[Field.QUANTITY].suffix == ""
    presenter.edit(Field.QUANTITY, "1")
    assert presenter.state.fields[Field.QUANTITY].suffix == "% of account"


def test_what_is_free_is_named_and_dated(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(replace(SIZED, quantity="25% of free"))
    state = presenter.state
    words = "Costs 6,046.66 USD. Risks 165.68 of 50,000.00. Of 24,310.22 USD at 15:26:59 UTC."
    assert (state.fields[Field.QUANTITY].text, state.fields[Field.QUANTITY].suffix) == ("25% of free", "= 0.06544 BTC")
    assert (state.verdicts[Field.QUANTITY].text, state.fields[Field.QUANTITY].description) == (words, words)
    desk.change(account=replace(ACCOUNT, balances={}))
    desk.pass_time(60_000)
    presenter.refresh()
    assert presenter.state.fields[Field.QUANTITY].suffix == "= 0.06544 BTC"
    presenter.edit(Field.QUANTITY, "25% of fre")
    presenter.edit(Field.QUANTITY, "25% of free")
    assert presenter.state.verdicts[Field.QUANTITY].text == (
        "No USD is free, or other exits count on all of it. Type a quantity."
    )


def test_another_side_counts_what_was_free_of_its_own_coin(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(OtocoDraft(entry="94000", quantity="max", stop="0.1%", target="5%"))
    presenter.choose_side(Side.SELL)
    assert presenter.state.fields[Field.QUANTITY].suffix == "= 0.41000 BTC"
    assert "Of 0.41000 BTC at 15:26:59 UTC." in presenter.state.verdicts[Field.QUANTITY].text


def test_an_arrow_steps_a_worked_out_quantity(presenter: TicketPresenter) -> None:
    presenter.load(replace(SIZED, quantity="0.1+0.05"))
    presenter.step(Field.QUANTITY, 1)
    assert presenter.draft.quantity == "0.15001"


def test_a_worked_out_risk_has_no_unit_beside_it_while_it_is_not_sized(presenter: TicketPresenter) -> None:
    presenter.load(replace(PLAN, entry="", quantity="free/200"))
    assert presenter.state.fields[Field.QUANTITY].suffix == ""


# What another mode cannot say


def test_a_mode_that_cannot_say_the_quantity_loses_nothing(presenter: TicketPresenter) -> None:
    presenter.load(replace(SIZED, quantity="0.5", stop=""))
    presenter.choose_mode(QuantityMode.RISK)
    assert presenter.draft.quantity == ""
    presenter.choose_mode(QuantityMode.QUANTITY)
    assert presenter.draft.quantity == "0.5"


def test_it_is_said_as_soon_as_it_can_be(presenter: TicketPresenter) -> None:
    presenter.load(replace(SIZED, quantity="0.09874", entry="", stop=""))
    presenter.choose_mode(QuantityMode.RISK)
    presenter.choose_mode(QuantityMode.SPEND)
    assert presenter.draft.quantity == ""
    presenter.edit(Field.ENTRY, "92400")
    presenter.edit(Field.STOP, "2%")
    presenter.choose_mode(QuantityMode.RISK)
    assert presenter.draft.quantity == "0.5%"


def test_a_risk_of_more_than_all_comes_back_as_the_quantity_it_was(presenter: TicketPresenter) -> None:
    presenter.load(replace(SIZED, quantity="99.0", stop="50%"))
    presenter.choose_mode(QuantityMode.RISK)
    assert presenter.verdict.plan.value(Field.QUANTITY) is None
    presenter.choose_mode(QuantityMode.QUANTITY)
    assert presenter.draft.quantity == "99.0"


def test_what_was_free_then_comes_back_with_its_text(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(replace(SIZED, quantity="0.5*free", stop=""))
    before = presenter.draft
    presenter.choose_mode(QuantityMode.RISK)
    desk.change(account=replace(ACCOUNT, balances={}))
    presenter.choose_mode(QuantityMode.QUANTITY)
    assert presenter.draft == before


@pytest.mark.parametrize("act", ["clear", "type", "load", "leave"])
def test_what_is_gone_on_purpose_stays_gone(desk: FakeDesk, presenter: TicketPresenter, act: str) -> None:
    presenter.load(replace(SIZED, quantity="0.5", stop=""))
    presenter.choose_mode(QuantityMode.RISK)
    if act == "clear":
        presenter.clear()
    elif act == "load":
        presenter.load(OtocoDraft(quantity_mode=QuantityMode.RISK))
    elif act == "leave":
        desk.select("ETH_USD")
        presenter.refresh()
    else:
        presenter.edit(Field.QUANTITY, "1")
        presenter.edit(Field.QUANTITY, "")
    presenter.choose_mode(QuantityMode.QUANTITY)
    assert presenter.draft.quantity == ""
