"""The ticket's mind, without Qt: every change gives one finished state, in the same call."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.ticket.presenter import Source, TicketPresenter
from otoco_desktop.ui.ticket.state import TicketState
from otoco_desktop.ui.widgets.tones import FieldTone
from tests.ui.fakes import PLAN, QUOTE, WRONG_PLAN, FakeDesk


def test_the_example_plan_reads_as_in_the_drawing(presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    state = presenter.state
    assert {field: state.verdicts[field].text for field in state.verdicts} == {
        Field.ENTRY: "On tick. Rests 0.77% below the best bid.",
        Field.QUANTITY: "Costs 9,123.58 USD. Risks 249.99 of 50,000.00.",
        Field.STOP: "Below entry. 1R = 1,848.00 USD per BTC.",
        Field.TARGET: "Limit is +4.98%, well above fees of 0.75%.",
    }
    assert [state.fields[field].suffix for field in (Field.ENTRY, Field.QUANTITY, Field.STOP, Field.TARGET)] == [
        "USD",
        "= 0.09874 BTC",
        "= 90,552.00 USD",
        "= 97,020.00",
    ]
    assert (state.footer.available, state.footer.account_value, state.footer.fees) == (
        "24,310.22 USD",
        "50,000.00 USD",
        "0.25% / 0.50%",
    )
    assert presenter.verdict.submittable


START = OtocoDraft(stop_market=False, target_market=True, stop="2%", target="2.5R", post_only=True)


def test_a_plan_nobody_touched_takes_the_preferred_start(presenter: TicketPresenter) -> None:
    presenter.start_with(START)
    assert presenter.draft == START
    presenter.choose_exit(Field.STOP, market=True)
    presenter.start_with(START)
    assert presenter.draft.stop_market
    presenter.start_with(replace(START, stop="3%"))
    assert (presenter.draft.stop, presenter.draft.target) == ("3%", "2.5R")


@pytest.mark.parametrize(
    "touched",
    [{"entry": "1"}, {"quantity": "1"}, {"stop": "1"}, {"target_limit": "1"}, {"stop": "2%"}],
)
def test_a_plan_that_was_begun_keeps_what_it_holds(presenter: TicketPresenter, touched: dict[str, str]) -> None:
    presenter.load(replace(OtocoDraft(), **touched))  # type: ignore[arg-type]
    before = presenter.draft
    presenter.start_with(START)
    assert presenter.draft == before


def test_a_sell_begins_with_limit_exits_whatever_is_preferred(presenter: TicketPresenter) -> None:
    presenter.start_with(replace(START, stop_market=True))
    presenter.choose_side(Side.SELL)
    assert (presenter.draft.stop_market, presenter.draft.target_market) == (False, False)
    assert (presenter.draft.stop, presenter.draft.target) == ("2%", "2.5R")
    presenter.choose_side(Side.BUY)
    assert (presenter.draft.stop_market, presenter.draft.target_market) == (True, True)
    presenter.edit(Field.STOP, "4%")
    presenter.choose_side(Side.SELL)
    assert presenter.draft.stop_market


def test_another_instrument_begins_with_the_preferred_distances(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.start_with(START)
    presenter.load(PLAN)
    desk.select("ETH_USD")
    presenter.refresh()
    assert (presenter.draft.stop, presenter.draft.target, presenter.draft.entry) == ("2%", "2.5R", "")
    assert presenter.is_as_begun(presenter.draft), "the trader has typed nothing of it"
    assert not presenter.is_as_begun(presenter.others["BTC_USD"])
    presenter.clear()
    assert presenter.draft.is_empty


def test_each_instrument_has_its_own_draft(desk: FakeDesk, presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    desk.select("ETH_USD")
    presenter.refresh()
    kept = OtocoDraft(quantity_mode=PLAN.quantity_mode, stop_market=True, target_market=False)
    assert presenter.draft == kept
    presenter.edit(Field.ENTRY, "3041.20")
    desk.select("BTC_USD")
    presenter.edit(Field.STOP, "typed a moment too late")
    assert presenter.draft == PLAN
    desk.select("ETH_USD")
    presenter.refresh()
    assert presenter.draft == replace(kept, entry="3041.20")


def test_what_is_typed_before_the_instruments_are_known_stays(desk: FakeDesk) -> None:
    known = desk.state.instrument
    desk.change(instrument=None)
    presenter = TicketPresenter(desk)
    presenter.edit(Field.ENTRY, "92400.00")
    desk.change(instrument=known)
    presenter.refresh()
    assert presenter.draft.entry == "92400.00"


def test_a_plan_is_loaded_for_the_instrument_that_stands(desk: FakeDesk, presenter: TicketPresenter) -> None:
    desk.select("ETH_USD")
    presenter.load(PLAN)
    assert presenter.draft == PLAN


def test_distances_are_signed_and_coloured_by_their_own_direction(presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    stop, target = (presenter.state.distances[field] for field in (Field.STOP, Field.TARGET))
    assert "".join(span.text for span in stop.spans) == "−1,848.00  −2.00%  184,800 ticks"
    assert "".join(span.text for span in target.spans) == "+4,620.00  +5.00%  462,000 ticks, trigger"
    assert (stop.glyph, stop.spans[0].token) == (Glyph.DOWN, Token.NEG)
    assert (target.glyph, target.spans[0].token) == (Glyph.UP, Token.POS)


def test_an_exit_on_the_wrong_side_is_not_coloured_as_a_gain(presenter: TicketPresenter) -> None:
    presenter.load(WRONG_PLAN)
    stop = presenter.state.distances[Field.STOP]
    assert (stop.glyph, stop.glyph_token, stop.spans[0].token) == (Glyph.UP, Token.TEXT2, None)


def test_the_wrong_plan_marks_each_field_with_its_worst_verdict(presenter: TicketPresenter) -> None:
    presenter.load(WRONG_PLAN)
    fields = presenter.state.fields
    assert [fields[field].tone for field in (Field.ENTRY, Field.QUANTITY, Field.STOP, Field.TARGET)] == [
        FieldTone.ERROR,
        FieldTone.ERROR,
        FieldTone.ERROR,
        FieldTone.WARN,
    ]
    assert fields[Field.STOP_LIMIT].tone is FieldTone.REST
    assert presenter.state.verdicts[Field.ENTRY].text == "92,400.005 is between ticks of 0.01. Use 92,400.00"


@pytest.mark.parametrize(
    ("field", "text"),
    [(Field.ENTRY, "92400.00"), (Field.QUANTITY, "0.26243"), (Field.STOP, "2%"), (Field.TARGET, "0.76%")],
)
def test_a_fix_fills_its_field_with_plain_ascii_and_touches_nothing_else(
    presenter: TicketPresenter, field: Field, text: str
) -> None:
    presenter.load(WRONG_PLAN)
    fix = presenter.state.verdicts[field].fix
    assert fix is not None
    presenter.apply(fix)
    assert presenter.draft == WRONG_PLAN.with_text(field, text)


def test_an_edit_tells_state_and_verdict_in_the_same_call(presenter: TicketPresenter) -> None:
    told: list[tuple[TicketState, Verdict]] = []
    presenter.listen(lambda state, verdict: told.append((state, verdict)))
    presenter.edit(Field.ENTRY, "92400.00")
    assert len(told) == 1
    assert told[0][0].fields[Field.ENTRY].text == "92400.00"
    assert told[0][1] is presenter.verdict


def test_a_tick_in_the_market_is_judged_on_refresh(presenter: TicketPresenter, desk: FakeDesk) -> None:
    presenter.load(PLAN)
    desk.tick(replace(QUOTE, bid=Decimal("92000.00"), ask=Decimal("92000.10")))
    presenter.refresh()
    assert presenter.state.fields[Field.ENTRY].tone is FieldTone.WARN


@pytest.mark.parametrize(
    ("text", "ticks", "result"),
    [
        ("92400.00", 1, "92400.01"),
        ("92400.00", -10, "92399.90"),
        ("92400.00", 100, "92401.00"),
        ("92400.005", 1, "92400.01"),
        ("92400.005", -1, "92400.00"),
        ("0.01", -1, "0.01"),
        ("abc", 1, "abc"),
        ("", 1, ""),
    ],
)
def test_stepping_moves_by_ticks_and_never_to_zero(
    presenter: TicketPresenter, text: str, ticks: int, result: str
) -> None:
    presenter.edit(Field.ENTRY, text)
    presenter.step(Field.ENTRY, ticks)
    assert presenter.draft.entry == result


def test_stepping_a_computed_stop_makes_it_a_price(presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    presenter.step(Field.STOP, 1)
    assert presenter.draft.stop == "90552.01"


def test_a_quantity_steps_in_its_own_step_and_only_as_a_quantity(presenter: TicketPresenter) -> None:
    presenter.edit(Field.QUANTITY, "0.50000")
    presenter.step(Field.QUANTITY, 10)
    assert presenter.draft.quantity == "0.50010"
    presenter.load(PLAN)
    presenter.step(Field.QUANTITY, 10)
    assert presenter.draft.quantity == PLAN.quantity


@pytest.mark.parametrize(
    ("side", "source", "text"),
    [
        (Side.BUY, Source.BID, "93119.50"),
        (Side.BUY, Source.ASK, "93120.10"),
        (Side.BUY, Source.MID, "93119.80"),
        (Side.SELL, Source.MID, "93119.80"),
    ],
)
def test_market_prices_fill_the_entry(presenter: TicketPresenter, side: Side, source: Source, text: str) -> None:
    presenter.choose_side(side)
    presenter.fill_entry(source)
    assert presenter.draft.entry == text


@pytest.mark.parametrize(("side", "text"), [(Side.BUY, "93119.50"), (Side.SELL, "93119.51")])
def test_a_middle_between_ticks_moves_away_from_crossing(
    presenter: TicketPresenter, desk: FakeDesk, side: Side, text: str
) -> None:
    desk.tick(replace(QUOTE, bid=Decimal("93119.50"), ask=Decimal("93119.51")))
    presenter.choose_side(side)
    presenter.fill_entry(Source.MID)
    assert presenter.draft.entry == text


def test_without_prices_nothing_can_be_filled(presenter: TicketPresenter, desk: FakeDesk) -> None:
    desk.tick(Quote("BTC_USD"))
    presenter.refresh()
    presenter.fill_entry(Source.BID)
    assert presenter.draft.entry == ""
    assert not presenter.state.can_fill


def test_another_quantity_mode_keeps_the_quantity(presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    before = presenter.verdict.plan.value(Field.QUANTITY)
    for mode in (QuantityMode.QUANTITY, QuantityMode.SPEND, QuantityMode.RISK):
        presenter.choose_mode(mode)
        assert presenter.verdict.plan.value(Field.QUANTITY) == before
    presenter.choose_mode(QuantityMode.QUANTITY)
    assert presenter.draft.quantity == "0.09874"


def test_a_sell_proposes_limit_exits_while_none_is_typed(presenter: TicketPresenter) -> None:
    presenter.choose_side(Side.SELL)
    assert (presenter.draft.stop_market, presenter.draft.target_market) == (False, False)
    presenter.choose_side(Side.BUY)
    assert (presenter.draft.stop_market, presenter.draft.target_market) == (True, True)
    presenter.edit(Field.STOP, "2%")
    presenter.choose_side(Side.SELL)
    assert presenter.draft.stop_market


def test_a_sell_shows_what_can_be_sold(presenter: TicketPresenter) -> None:
    presenter.choose_side(Side.SELL)
    assert presenter.state.footer.available == "0.41000 BTC"


def test_clear_keeps_the_choices_and_drops_the_texts(presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    presenter.clear()
    assert presenter.draft == OtocoDraft(quantity_mode=QuantityMode.RISK, target_market=False)
    assert not presenter.state.can_clear


def test_a_refused_paste_is_said_until_the_next_change(presenter: TicketPresenter) -> None:
    presenter.load(PLAN)
    presenter.refuse(Field.STOP, "Not pasted: too long.")
    assert presenter.state.verdicts[Field.STOP].text == "Not pasted: too long."
    assert presenter.draft == PLAN
    presenter.edit(Field.STOP, "3%")
    assert "Not pasted" not in presenter.state.verdicts[Field.STOP].text


def test_without_an_instrument_the_ticket_still_takes_texts(presenter: TicketPresenter, desk: FakeDesk) -> None:
    desk.change(instrument=None, quote=None, account=None)
    presenter.edit(Field.ENTRY, "1.5")
    entry = presenter.state.fields[Field.ENTRY]
    assert (entry.text, entry.suffix, presenter.state.footer.available) == ("1.5", "", "–")


@pytest.mark.parametrize("draft", [PLAN, WRONG_PLAN, OtocoDraft()])
def test_a_field_is_toned_by_the_verdicts_own_answer(presenter: TicketPresenter, draft: OtocoDraft) -> None:
    presenter.load(draft)
    for field, shown in presenter.state.fields.items():
        worst = presenter.verdict.worst(field)
        expected = {"fail": FieldTone.ERROR, "warning": FieldTone.WARN}
        assert shown.tone is expected.get(worst.severity.value if worst else "", FieldTone.REST)


# Calculations
