"""Plans as traders write them: what is taken from each, and what is named and left."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otoco_desktop.domain import pasting, plan_settling
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.pasted_plan import Pasted
from otoco_desktop.domain.pasting import LONGEST, format_plan, read_plan


def pair(base: str, quote: str, kind: str = "CCY_PAIR") -> Instrument:
    return Instrument(f"{base}_{quote}", base, quote, Decimal("0.01"), Decimal("0.0001"), kind)


PAIRS = (
    pair("BTC", "USD"),
    pair("BTC", "USDT"),
    pair("ETH", "USD"),
    pair("CRO", "BTC"),
    pair("SOL", "EUR"),
    Instrument("BTCUSD-PERP", "BTC", "USD", Decimal(1), Decimal(1), "PERPETUAL_SWAP"),
)
WHOLE = {"side": "BUY", "symbol": "ETH_USD", "entry": "3000", "stop": "2900", "target": "3300"}


def read(text: str, standing: str = "BTC_USD") -> Pasted:
    return read_plan(text, PAIRS, standing)


def told(plan: Pasted) -> dict[str, str]:
    """Everything that was taken, by name."""
    taken = {field.value: text for field, text in plan.texts}
    if plan.side:
        taken["side"] = plan.side.value
    if plan.symbol:
        taken["symbol"] = plan.symbol
    if plan.mode:
        taken["mode"] = plan.mode.value
    return taken


CLEAN = [
    ("BUY ETH_USD 3000 SL 2900 TP 3300 risk 1%", {"mode": "Risk %", "quantity": "1%"}),
    ("buy eth_usd 3000 sl 2900 tp 3300", {}),
    ("Long ETH/USD 3000 SL 2900 TP 3300", {}),
    ("LONG ETHUSD entry 3000 stop 2900 target 3300", {}),
    ("long $ETH @ 3000 | SL: 2900 | TP: 3300", {}),
    ("$ETH long\nentry: 3000\nstop loss: 2900\ntake profit: 3300", {}),
    ("#ETH Buy @3000 SL=2900 TP=3300", {}),
    ("Buy 0.5 ETH at 3000, stop-loss 2900, take-profit 3300.", {"mode": "Quantity", "quantity": "0.5"}),
    ("BUY ETH_USD 0.5 @ 3000 SL2900 TP3300", {"mode": "Quantity", "quantity": "0.5"}),
    ("BUY ETH-USD limit 3000 s/l 2900 t/p 3300 qty 0.5 ETH", {"mode": "Quantity", "quantity": "0.5"}),
    ("ETH USD buy limit 3000 stp 2900 tgt 3300 size 500 USD", {"mode": "Spend", "quantity": "500"}),
    ("Buy ETH_USD\n3000\nstop\n2900\ntarget\n3300\nspend $500", {"mode": "Spend", "quantity": "500"}),
    ("Pair: ETH/USD\nSide: Buy\nEntry price: 3000\nStop price: 2900\nTarget price: 3300", {}),
    ("**BUY** `ETH_USD` 3000 (SL 2900) [TP 3300]", {}),
    ("buy ETH_USD at $3000, SL at $2900, TP at $3300, 1% risk", {"mode": "Risk %", "quantity": "1%"}),
    ("BUY ETH_USD @3000 SL@2900 TP@3300 risking 0.5 % of my account", {"mode": "Risk %", "quantity": "0.5%"}),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 risk $250", {"mode": "Risk %", "quantity": "250 USD"}),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 risking 250.50 USD", {"mode": "Risk %", "quantity": "250.50 USD"}),
    ("BUY/LONG ETH_USD 3000 USD SL 2900 USD TP 3300 USD", {}),
    ("\ufeffBUY ETH_USD 3000 SL 2900 TP1 3300", {}),
    ("entry ETH_USD buy 3000 stop_loss 2900 takeprofit 3300 position size 2", {"mode": "Quantity", "quantity": "2"}),
    ("BUY ETH_USD 3,000.00 SL 2,900.00 TP 3,300.00", {"entry": "3000.00", "stop": "2900.00", "target": "3300.00"}),
    ("BUY ETH_USD 3.000,50 SL 2900,5 TP 3'300.00", {"entry": "3000.50", "stop": "2900.5", "target": "3300.00"}),
    ("BUY ETH_USD 3000 SL 2% TP +10%", {"stop": "2%", "target": "+10%"}),
    ("BUY ETH_USD 3000 SL -100 TP 2.5R", {"stop": "-100", "target": "2.5R"}),
    ("BUY ETH_USD 3000 SL -2 % TP 2 R", {"stop": "-2%", "target": "2R"}),
    ("Short ETHUSD @ 3000 stop 3100 target 2800", {"side": "SELL", "stop": "3100", "target": "2800"}),
    ("SELL ETH 3000 SL 3100 TP 2800 amount 1", {"side": "SELL", "stop": "3100", "target": "2800"}
     | {"mode": "Quantity", "quantity": "1"}),
    ("buy ETH_USD 3000 sl 2900 tp market 3300", {}),
    ("ETH: long, 3000; SL: 2900; TP: 3300!", {}),
    ("\U0001f680BUY ETH_USD 3000\U0001f680 SL 2900\u26a0\ufe0f TP 3300", {}),
]  # fmt: skip

LEFT: list[tuple[str, dict[str, str | None], list[str]]] = [
    ("BUY ETH_USD 3000 SL 2900 TP 3300 maybe 3 targets", {}, ["maybe 3 targets"]),
    ("BUY ETH_USD 3000 SL 2900 TP1 3300 TP2 3400 TP3 3500", {}, ["TP2 3400 TP3 3500"]),
    ("BUY ETH_USD 3000 SL 2900 targets 3300/3400/3500", {}, ["3400 3500"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 - 3400", {}, ["3400"]),
    ("BUY ETH_USD 3000 SL 2900 TP1 3300 TP2 3400 maybe 3 targets", {}, ["TP2 3400", "maybe 3 targets"]),
    ("BUY ETH_USD 3,000 SL 2900 TP 3300", {"entry": None}, ["3,000"]),
    ("BUY ETH_USD 3000 SL 2,900 TP 3300", {"stop": None}, ["SL 2,900"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3,300 3400", {"target": None}, ["TP 3,300", "3400"]),
    ("BUY ETH_USD 3000-3010 SL 2900 TP 3300", {"entry": None}, ["3000-3010"]),
    ("BUY ETH_USD entry 3000 to 3010 SL 2900 TP 3300", {"entry": None}, ["entry 3000", "3010"]),
    ("BUY ETH_USD 3k SL 2900 TP 3300", {"entry": None}, ["3k"]),
    ("BUY ETH_USD ~3000 SL 2900 TP 3300", {"entry": None}, ["~3000"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 10x", {}, ["10x"]),
    ("BUY ETH_USD 3000 SL 2900 10x TP 3300", {}, ["10x"]),
    ("BUY ETH_USD 3000 SL-2900 TP 3300", {"stop": None}, ["SL-2900"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 risk 100", {}, ["risk 100"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 risk 100 EUR", {}, ["risk 100 EUR"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 qty 1 risk 1%", {}, ["qty 1 risk 1%"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 size 5%", {}, ["size 5%"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 size 1,000", {}, ["size 1,000"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 spend 1 ETH", {}, ["spend 1 ETH"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 qty -1", {}, ["qty -1"]),
    ("BUY ETH_USD market SL 2900 TP 3300", {"entry": None}, ["market"]),
    ("BUY ETH_USD entry 2% SL 2900 TP 3300", {"entry": None}, ["entry 2%"]),
    ("BUY ETH_USD entry -5 SL 2900 TP 3300", {"entry": None}, ["entry -5"]),
    ("BUY ETH_USD 3000 SL 2900 EUR TP 3300", {"stop": None}, ["SL 2900 EUR"]),
    ("BUY ETH_USD 3000 SL 2900 TP -2R", {"target": None}, ["TP -2R"]),
    ("BUY ETH_USD 3000 SL 2900 SL 2950 TP 3300", {"stop": None}, ["SL 2900 SL 2950"]),
    ("BUY SELL ETH_USD 3000 SL 2900 TP 3300", {"side": None}, ["BUY SELL"]),
    ("BUY ETH_USD 3000 SL below 2900 TP 3300", {"stop": None}, ["SL below 2900"]),
    ("BUY ETH_USD 3000 SL TP 3300 2900 stop", {"stop": None}, ["SL", "2900", "stop"]),
    ("BUY ETH_USD 3000 SL 2\u200b900 TP 3300", {"stop": None}, ["SL 2\u200b900"]),
    ("BUY ETH_USD 3000 SL \u22122900 TP 3300", {"stop": None}, ["SL \u22122900"]),
    ("BUY ETH_USD 3000 SL $2900USD TP 3300", {"stop": None}, ["SL $2900USD"]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300 RR 1:2", {}, ["RR 1:2"]),
    ("BUY ETH_USD 3000 SL 2900 TP " + "3" * 40, {"target": None}, ["TP " + "3" * 40]),
    ("BUY ETH_USD 3000 SL 2900 TP 3300\n<b>now</b>", {}, ["<b>now</b>"]),
    ("BUY ETH_USD 3000 \U0001f6d1 2900 \U0001f3af 3300", {"stop": None, "target": None},
     ["\U0001f6d1 2900 \U0001f3af 3300"]),
    ("BUY ETH_USD 3000 SL 2900 (-3.3%) TP 3300 (+10%)", {}, ["-3.3%", "+10%"]),
    ("BUY ETH_USD 3000 SL 2900 and (3%) TP 3300", {"stop": None}, ["SL 2900", "3%"]),
    ("ETH_USD buy now 3000 SL 2900 TP 3300", {"entry": None}, ["now 3000"]),
    ("3000 BUY ETH_USD SL 2900 TP 3300", {"entry": None}, ["3000"]),
    ("BUY ETH_USD 3000 SL 2900 targets 3300USD/3400USD", {}, ["3400USD"]),
    ("BUY ETH_USD 3000 SL 2900(-3.3%) TP1 3300(3R) TP2 3400", {}, ["-3.3%", "3R", "TP2 3400"]),
    ("BUY ETH_USD 3000 SL 2900 TP 50% at 3300", {}, ["50%"]),
    ("BUY ETH_USD 3000 SL 2900 TP 50% at 3300, 50% at 3400", {}, ["50%", "50%", "at 3400"]),
    ("BUY ETH_USD 3.000 SL 2.900 TP 3300", {"entry": None, "stop": None}, ["3.000 SL 2.900"]),
    ("BUY CRO_BTC 3.000 SL 2.900,50 TP 3300 qty 1.500",
     {"symbol": "CRO_BTC", "entry": None, "stop": "2900.50"}, ["3.000", "qty 1.500"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "more"), CLEAN)
def test_a_common_spelling_is_taken_whole(text: str, more: dict[str, str]) -> None:
    plan = read(text)
    assert (told(plan), plan.missed, plan.refused) == ({**WHOLE, **more}, (), "")


@pytest.mark.parametrize(("text", "but", "left"), LEFT)
def test_what_is_not_taken_is_named_with_the_reason(text: str, but: dict[str, str | None], left: list[str]) -> None:
    plan = read(text)
    expected = {name: value for name, value in (WHOLE | but).items() if value is not None}
    assert told(plan) == expected
    assert all(missed.why for missed in plan.missed if any(mark.isdigit() for mark in missed.text))
    assert [missed.text for missed in plan.missed] == left


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", pasting.EMPTY),
        (" \n\t", pasting.EMPTY),
        ("x" * 10_000_000, "The text has 10,000,000 characters. A plan has 4,000 at most."),
        ("BUY ETH_USD \u202e0003 SL 2900", pasting.TURNED.format(mark="U+202E")),
        ("hello world", plan_settling.NOTHING_TAKEN),
        ("BUY BTCUSD-PERP 90000 SL 80000", "BTCUSD-PERP is not a spot pair here."),
        ("BUY XRP/USDT 3 SL 2", "XRP/USDT is not a spot pair here."),
        ("BUY XRPUSDT 3 SL 2", "XRPUSDT is not a spot pair here."),
        ("BUY ETHUSD.P 3000 SL 2900", "ETHUSD.P is not a spot pair here."),
        ("buy $XRP 3 SL 2", "$XRP is not a spot pair here."),
        ("BUY XRP/BTC 3 SL 2", "XRP/BTC is not a spot pair here."),
        ("BUY XRP-PERP 3 SL 2", "XRP-PERP is not a spot pair here."),
        ("buy solana 150 sl 140", "solana is not a spot pair here."),
        ("BUY ETH_USD BTC_USD 3000", "Several pairs are named: ETH_USD, BTC_USD."),
        ("BUY 10 USD @ 3000", "USD is not a spot pair here."),
        ("buy eth 3000 sl 2900", "eth may be a coin or a word. Write ETH, or the whole pair."),
        ("buy 0.5 eth at 3000", "eth may be a coin or a word. Write ETH, or the whole pair."),
        ("BUY ETH 3000 SL 2900 TP 3300\nSELL ETH 3300 SL 3400 TP 3000", plan_settling.TWO_PLANS),
        ("BUY ETH 3000 SL 2900 TP 3300\nBUY ETH 2900 SL 2800 TP 3300", plan_settling.TWO_PLANS),
        ("BUY ETH SL 2900 TP 3300\nSELL ETH SL 3400 TP 3000", plan_settling.TWO_PLANS),
    ],
)
def test_nothing_is_taken_from_what_cannot_be_a_plan_for_a_pair_here(text: str, reason: str) -> None:
    plan = read(text)
    assert (plan.refused, plan.texts, plan.symbol) == (reason, (), "")


def test_without_a_list_of_pairs_nothing_is_taken() -> None:
    refused = read_plan("BUY ETH_USD 3000", ()).refused
    assert refused == "The list of pairs has not come yet. Try again in a moment."


def test_a_coin_with_several_pairs_is_the_one_that_stands() -> None:
    assert read("BUY BTC 90000", "BTC_USDT").symbol == "BTC_USDT"
    assert read("BUY BTC 90000", "ETH_USD").refused == plan_settling.SEVERAL_QUOTES.format(
        name="BTC", names="BTC_USD, BTC_USDT"
    )


@pytest.mark.parametrize(
    "text", ["buy btc 90000 sl 89000", "buy 0.1 btc at 90000 sl 89000", "btc long @ 90000 sl 89000"]
)
def test_small_letters_stand_for_the_coin_in_the_ticket_alone(text: str) -> None:
    taken = told(read(text, "BTC_USDT"))
    assert {name: taken[name] for name in ("side", "symbol", "entry", "stop")} == {
        "side": "BUY",
        "symbol": "BTC_USDT",
        "entry": "90000",
        "stop": "89000",
    }
    assert taken.get("quantity") == ("0.1" if "0.1" in text else None)


def test_where_prices_have_three_decimals_a_point_is_a_point() -> None:
    for tick in ("0.001", "0.0001"):
        finer = Instrument("XRP_USD", "XRP", "USD", Decimal(tick), Decimal(1))
        plan = read_plan("BUY XRP_USD 2.345 SL 2.250 TP 2.500 risk 1%", [finer])
        assert dict(plan.texts)[Field.ENTRY] == "2.345"
        assert not plan.missed


def test_a_point_that_may_stand_between_thousands_is_said() -> None:
    why = {missed.text: missed.why for missed in read("BUY ETH_USD 3.000 SL 2900,50 TP 3300").missed}
    assert why["3.000"] == "Other numbers have a decimal comma, so it may mean 3000. Write it without a point."
    alone = read("BUY ETH_USD 3.000 SL 2900 TP 3300").missed
    assert alone[0].why == "ETH_USD has no price with three decimals, so it may mean 3000. Write it without a point."


def test_without_a_pair_the_plan_is_for_the_one_that_stands() -> None:
    plan = read("SL 88000 TP 99000")
    assert (plan.symbol, plan.side, told(plan)) == ("", None, {"stop": "88000", "target": "99000"})


def test_money_fits_only_a_pair_that_is_paid_in_it() -> None:
    assert told(read("BUY SOL 150 SL 140 EUR")) == {"side": "BUY", "symbol": "SOL_EUR", "entry": "150", "stop": "140"}
    assert [missed.text for missed in read("BUY SOL 150 SL $140").missed] == ["SL $140"]
    assert [missed.text for missed in read("SL 140 USD TP 150", "").missed] == ["SL 140 USD"]


def test_exit_types_are_read() -> None:
    plan = read("BUY ETH_USD 3000 SL 2900 limit 2890 TP limit 3300")
    assert (plan.stop_market, plan.target_market) == (False, False)
    assert told(plan)["stop_limit"] == "2890"
    assert read("BUY ETH_USD 3000 SL 2900 market").stop_market is True
    assert read("BUY ETH_USD entry limit 3000 SL limit TP 3300").stop_market is None


def test_a_size_named_anew_loses_what_the_exits_covered_of_the_one_before() -> None:
    before = OtocoDraft(quantity="1", exit_quantity="0.5")
    assert read("SL 2900", "ETH_USD").onto(before).exit_quantity == "0.5"
    assert read("SL 2900 qty 2", "ETH_USD").onto(before).exit_quantity == ""


def test_an_exit_named_anew_loses_the_limit_of_the_one_before() -> None:
    before = OtocoDraft(stop_market=False, stop="2950", stop_limit="2940", target="3100", target_limit="3090")
    after = read("SL 2900", "ETH_USD").onto(before)
    assert (after.stop, after.stop_limit, after.target, after.target_limit) == ("2900", "", "3100", "3090")


NUMBERS = st.decimals(Decimal("0.0001"), Decimal(10**9), places=4).map(lambda value: f"{value:f}")
EXITS = st.one_of(NUMBERS, NUMBERS.map(lambda text: f"-{text}"), NUMBERS.map(lambda t: f"{t}%"), st.just("2.5R"))


@st.composite
def drafts(draw: st.DrawFn) -> OtocoDraft:
    stop_market, target_market = draw(st.booleans()), draw(st.booleans())
    mode = draw(st.sampled_from(QuantityMode))
    quantity = draw(NUMBERS) + ("%" if mode is QuantityMode.RISK else "")
    return OtocoDraft(
        side=draw(st.sampled_from(Side)),
        entry=draw(st.one_of(st.just(""), NUMBERS)),
        quantity_mode=mode,
        quantity=quantity,
        stop_market=stop_market,
        stop=draw(EXITS),
        stop_limit="" if stop_market else draw(st.one_of(st.just(""), EXITS)),
        target_market=target_market,
        target=draw(EXITS),
        target_limit="" if target_market else draw(st.one_of(st.just(""), EXITS)),
    )


@given(drafts(), st.sampled_from(["ETH_USD", "CRO_BTC"]))
@settings(max_examples=200, deadline=None)
def test_a_draft_written_out_is_read_back_the_same(draft: OtocoDraft, symbol: str) -> None:
    plan = read(format_plan(draft, symbol))
    assert (plan.onto(OtocoDraft()), plan.symbol, plan.missed) == (draft, symbol, ())


@given(drafts(), NUMBERS, st.sampled_from(["ETH_USD", "CRO_BTC"]))
@settings(max_examples=50, deadline=None)
def test_a_risk_written_as_an_amount_is_read_back_the_same(draft: OtocoDraft, amount: str, symbol: str) -> None:
    risked = replace(draft, quantity_mode=QuantityMode.RISK, quantity=f"{amount} {symbol[4:]}")
    plan = read(format_plan(risked, symbol))
    assert (plan.onto(OtocoDraft()), plan.missed) == (risked, ())


@pytest.mark.parametrize(
    ("typed", "told_as"), [("0.5", "0.5%"), ("0.5 %", "0.5%"), ("250usd", "250 USD"), ("250 Usd", "250 USD")]
)
def test_a_risk_is_written_with_what_it_is_in(typed: str, told_as: str) -> None:
    """As every spelling of the ticket is read back."""
    draft = OtocoDraft(entry="3000", quantity_mode=QuantityMode.RISK, quantity=typed, stop="2%", target="5%")
    plan = read(format_plan(draft, "ETH_USD"))
    assert (plan.onto(OtocoDraft()), plan.missed) == (replace(draft, quantity=told_as), ())


def test_an_empty_draft_is_written_as_side_and_pair() -> None:
    assert format_plan(OtocoDraft(), "ETH_USD") == "BUY ETH_USD"


PIECES = st.one_of(
    st.sampled_from(["BUY", "sell", "ETH", "ETH_USD", "BTC", "SL", "TP", "TP2", "entry", "@", ":", "=", "1%", "R"]),
    st.sampled_from(["risk", "limit", "market", "qty", "-", "/", "maybe", "10x"]),
    st.sampled_from(["3000", "3,000", "3,000.00", "1.5R", "-100", "\u200b", "\u202e", "$", "$5", "USD", "0.5", "\n"]),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=14), st.sampled_from([" ", ""]))
@settings(max_examples=500, deadline=None)
def test_no_text_is_too_strange_and_no_number_is_invented(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    plan = read(text)
    standing = set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,'_](?=\d)", "", text)))
    for _field, taken in plan.texts:
        digits = "".join(re.findall(r"[0-9]", taken))
        assert any(digits in number for number in standing)
    assert len({field for field, _text in plan.texts}) == len(plan.texts)
    assert plan.onto(OtocoDraft()).text(Field.ENTRY) == dict(plan.texts).get(Field.ENTRY, "")


def test_the_longest_text_is_looked_at() -> None:
    text = "BUY ETH_USD 3000".ljust(LONGEST, "!")
    assert told(read(text))["entry"] == "3000"
