"""Eighty plans whose figures are formulas, worked out a second time in fractions: equal to the last digit shown."""

from __future__ import annotations

import ast
import csv
import tomllib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees, MarkSource, Quote
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.outlook import Outlook, outlook
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import Figures, PlanSettings, Surroundings, Verdict
from otoco_desktop.ui.outcome.state import OutcomeState, build
from otoco_desktop.ui.widgets.spans import text_of
from tests.domain.outcome_sheet.reckon import Cell, Levels, Sheet, is_finite_decimal, shown

FOLDER = Path(__file__).parent
CENT_COINS = {"USD", "USDT", "USDC", "EUR"}
RICH = Balance(Decimal(10**15))
Row = dict[str, str]


def _read(name: str) -> list[Row]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


PLANS = _read("plans.csv")
FORMULAS = tomllib.loads((FOLDER / "formulas.toml").read_text(encoding="utf-8"))


@cache
def _books() -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in _read("books.csv"):
        found.setdefault((row["book"], row["side"]), []).append((row["price"], row["quantity"]))
    return found


# The program's answer


def _surroundings(row: Row) -> Surroundings:
    instrument = Instrument(
        f"{row['base']}_{row['quote']}", row["base"], row["quote"], Decimal(row["tick"]), Decimal(row["step"])
    )
    bids, asks = (
        [(Decimal(price), Decimal(size)) for price, size in _books()[row["book"], side]] for side in ("bid", "ask")
    )
    quote = Quote(
        instrument.symbol,
        bid=bids[0][0],
        ask=asks[0][0],
        mark=Decimal(row["mark"]),
        mark_source=MarkSource.EXCHANGE,
        mark_ms=800,
        book_ms=800,
        depth=Depth.of(bids, asks),
        depth_mark=Decimal(row["mark"]),
    )
    value = Decimal(row["value_usd"]) if row["value_usd"] else None
    fees = Fees(Decimal(row["maker"]), Decimal(row["taker"]))
    quote_coins = Balance(Decimal(row["free_quote"])) if row["free_quote"] else RICH
    account = AccountSnapshot({row["base"]: RICH, row["quote"]: quote_coins}, fees, value)
    settings = PlanSettings(fee_in_quote=row["fee_in_quote"] == "yes")
    rate = Decimal(row["usd_per_quote"]) if row["usd_per_quote"] else None
    return Surroundings(instrument, quote, account, 1_000, settings, clock_offset_ms=0, usd_per_quote=rate)


def _draft(row: Row) -> OtocoDraft:
    return OtocoDraft(
        side=Side(row["side"]),
        entry=row["entry"],
        quantity=row["quantity"],
        exit_quantity=row["exits"],
        stop_market=row["stop_type"] == "market",
        stop=row["stop"],
        stop_limit=row["stop_limit"],
        target_market=row["target_type"] == "market",
        target=row["target"],
        target_limit=row["target_limit"],
    )


def _answer(row: Row) -> tuple[Verdict, Figures, Outlook, OutcomeState]:
    around = _surroundings(row)
    verdict = evaluate(_draft(row), around)
    found = outlook(verdict, around)
    assert verdict.submittable, [one for one in verdict.findings if one.severity.blocks]
    assert verdict.figures is not None
    assert found is not None
    assert around.account is not None
    return verdict, verdict.figures, found, build(verdict, around.instrument, around.account.fees, found)


# The sheet's


def _number(text: str) -> Cell:
    return Fraction(text) if text else None


def _sheet(row: Row) -> Sheet:
    names = (
        "tick",
        "maker",
        "taker",
        "entry",
        "quantity",
        "exits",
        "stop",
        "stop_limit",
        "target",
        "target_limit",
        "mark",
    )
    cells: dict[str, Cell] = {name: _number(row[name]) for name in (*names, "value_usd")}
    buys = row["side"] == "BUY"
    book: Levels = [(Fraction(p), Fraction(q)) for p, q in _books()[row["book"], "bid" if buys else "ask"]]
    cells |= {
        "buys": Fraction(buys),
        "partial": Fraction(bool(row["exits"])),
        "market_stop": Fraction(row["stop_type"] == "market"),
        "market_target": Fraction(row["target_type"] == "market"),
        "fee_in_quote": Fraction(row["fee_in_quote"] == "yes"),
        "best_bid": Fraction(_books()[row["book"], "bid"][0][0]),
        "best_ask": Fraction(_books()[row["book"], "ask"][0][0]),
        "usd_per_quote": _number(row["usd_per_quote"] or "1"),
        "nothing": None,
        "free_quote": _number(row["free_quote"]) or Fraction(RICH.total),
    }
    return Sheet(cells, {**FORMULAS["parts"], **FORMULAS["figures"]}, book)


def _found(figures: Figures, ahead: Outlook) -> dict[str, Decimal | None]:
    slip, gap = ahead.slip, ahead.gap
    return {
        "cost": figures.cost,
        "held": figures.held,
        "entry_fee": figures.entry.fee,
        "stop_fee": figures.stop.fee,
        "target_fee": figures.target.fee,
        "gross_loss": figures.gross_loss,
        "gross_gain": figures.gross_gain,
        "loss": figures.loss,
        "gain": figures.gain,
        "net_rr": figures.net_rr,
        "break_even_rate": figures.break_even_rate,
        "break_even_price": figures.break_even_price,
        "at_risk": figures.at_risk,
        "slip_step": figures.slip_step,
        "slip": slip.amount if slip else None,
        "average": slip.average if slip else None,
        "worst": ahead.worst,
        "gap_price": gap.price if gap else None,
        "gap_result": gap.result if gap else None,
    }


def _expected(row: Row) -> dict[str, Cell]:
    """What the formulas come to; figures of the other type of stop are not told by the program."""
    sheet = _sheet(row)
    other = {"gap_price", "gap_result"} if row["stop_type"] == "market" else {"slip", "slip_step", "average"}
    return {name: None if name in other else sheet.value(name) for name in FORMULAS["figures"]}


BY_NAME = pytest.mark.parametrize("row", PLANS, ids=[f"{at + 1} {row['plan']}" for at, row in enumerate(PLANS)])


@BY_NAME
def test_every_figure_is_what_its_formula_says(row: Row) -> None:
    _verdict, figures, ahead, _state = _answer(row)
    found, expected = _found(figures, ahead), _expected(row)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        figure = found[name]
        if value is None or figure is None:
            assert (name, figure) == (name, value)
        elif is_finite_decimal(value):
            assert (name, Fraction(figure)) == (name, value)
        else:
            assert abs(Fraction(figure) / value - 1) < Fraction(1, 10**100), name


@BY_NAME
def test_every_text_is_its_formula_rounded_half_to_even(row: Row) -> None:
    _verdict, _figures, _ahead, state = _answer(row)
    value = _expected(row)
    money = 2 if row["quote"] in CENT_COINS else 8
    price = len(row["tick"].partition(".")[2])
    assert [figure.value for figure in state.figures] == [
        shown(value["cost"], money),
        shown(value["loss"], money, sign=True),
        shown(value["gain"], money, sign=True),
        shown(value["net_rr"], 2),
        shown(value["break_even_rate"], 1, percent=True),
        shown(value["at_risk"], 2, percent=True),
    ]
    even, gross, stop, *_rest = state.facts
    assert even.value == shown(value["break_even_price"], price)
    ends = [shown(value[name], money, sign=True) for name in ("gross_loss", "gross_gain")]
    assert gross.value == " / ".join(ends)
    fees = [shown(value[f"{leg}_fee"], money) for leg in ("entry", "stop", "target")]
    assert [fee for fee in fees if fee in gross.detail] == fees
    name = "slip" if row["stop_type"] == "market" else "worst"
    assert stop.value == shown(value[name], money, sign=True)


@BY_NAME
def test_every_sentence_about_the_stop_has_the_numbers_of_its_formulas(row: Row) -> None:
    _verdict, _figures, _ahead, state = _answer(row)
    value = _expected(row)
    money = 2 if row["quote"] in CENT_COINS else 8
    price = len(row["tick"].partition(".")[2])
    stop, second = state.facts[2:]
    if row["stop_type"] == "limit":
        result = shown(value["gap_result"], money, sign=True)
        assert second.words == f"1% past it {result}"
        assert f"at {shown(value['gap_price'], price)}, it is {result}, fees included." in stop.detail
    elif value["slip"] is None:
        assert "too thin to say" in stop.detail
        assert f"A market stop can slip: each 0.10% adds {shown(value['slip_step'], money)} to the" in state.caption
    else:
        worst = shown(value["worst"], money, sign=True)
        assert f"fills at {shown(value['average'], price)} on average: {worst} in all" in stop.detail
        assert f"gaps further adds {shown(value['slip_step'], money)}." in stop.detail


@BY_NAME
def test_every_plan_is_told_in_the_words_of_its_kind(row: Row) -> None:
    _verdict, _figures, _ahead, state = _answer(row)
    buys = row["side"] == "BUY"
    steps, ticks = (len(row[name].partition(".")[2]) for name in ("step", "tick"))
    told = {
        name: shown(_number(row[name]), steps if name in ("quantity", "exits") else ticks)
        for name in ("quantity", "exits", "entry", "stop", "stop_limit", "target", "target_limit")
    }
    verb, edge, act, falls, back = (
        ("Buy", "lower", "sell", "falls", "higher") if buys else ("Sell", "higher", "buy", "rises", "lower")
    )
    part = f" for {told['exits']} {row['base']} of it" if row["exits"] else ""
    stop = (
        f"{act} at market if mark {falls} to {told['stop']}"
        if row["stop_type"] == "market"
        else f"{act} at {told['stop_limit']} or {back} if mark {falls} to {told['stop']}"
    )
    target = (
        f"{act} at market once mark reaches {told['target']}"
        if row["target_type"] == "market"
        else f"{act} at {told['target_limit']} or {back} once mark reaches {told['target']}"
    )
    assert text_of(state.sentence) == (
        f"{verb} {told['quantity']} {row['base']} at {told['entry']} or {edge}. Once all of it has filled, both exits"
        f" go live{part}: {stop}, or {target}. The first to execute cancels the other."
    )
    in_base = _sheet(row).value("in_base") and _expected(row)["entry_fee"]
    cost = "Cost before fee" if in_base else "Cost incl. fee"
    assert state.figures[0].label == (cost if buys else "Received after fee")


def test_the_drawn_plan_has_the_drawn_figures() -> None:
    value = _expected(PLANS[0])
    drawn = {"cost": "9,146.38", "loss": "−249.99", "gain": "+383.51", "slip_step": "8.94"}
    assert {name: shown(value[name], 2, sign=name in ("loss", "gain")) for name in drawn} == drawn
    assert shown(value["net_rr"], 2) == "1.53"
    assert shown(value["break_even_rate"], 1, percent=True) == "39.5%"
    assert shown(value["at_risk"], 2, percent=True) == "0.50%"


def test_the_sheet_has_every_kind_of_plan() -> None:
    assert len(PLANS) == 80
    kinds = {(row["side"], row["stop_type"], row["target_type"]) for row in PLANS}
    assert len(kinds) == 8
    assert {(row["side"], row["fee_in_quote"]) for row in PLANS} == {("BUY", "yes"), ("BUY", "no"), ("SELL", "yes")}
    assert len({(row["tick"], row["step"]) for row in PLANS}) >= 7
    assert sum(bool(row["exits"]) for row in PLANS) >= 25
    assert sum(row["side"] == "SELL" for row in PLANS) >= 35
    assert sum(row["stop_type"] == "limit" for row in PLANS) >= 35
    assert sum(_sheet(row).value("uncertain") == 1 for row in PLANS if row["free_quote"]) >= 5
    slips = [_expected(row)["slip"] for row in PLANS if row["stop_type"] == "market"]
    assert sum(slip is None for slip in slips) >= 3
    assert sum(slip is not None and slip < 0 for slip in slips) >= 10
    assert {_sheet(row).value("crosses") for row in PLANS} == {Fraction(0), Fraction(1)}


def test_the_second_calculation_shares_no_code_with_the_program() -> None:
    tree = ast.parse((FOLDER / "reckon.py").read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert modules == {"__future__", "ast", "math", "operator", "collections.abc", "fractions"}
