"""Which pairs are listed in which order, and what is said of each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.ui.picker.state import HINT, Liking, PairList, build
from tests.ui.fakes import BTC, INSTRUMENTS

CLOSED = replace(BTC, symbol="ADA_USD", base="ADA", tradable=False)
PERPETUAL = replace(BTC, symbol="BTCUSD-PERP", kind="PERPETUAL_SWAP")
CHANGES = {"BTC_USD": Decimal("-0.01245"), "ETH_USD": Decimal("0.1"), "SOL_USD": Decimal(0)}


def listed(liking: Liking | None = None) -> PairList:
    return build((*INSTRUMENTS, CLOSED, PERPETUAL), liking or Liking(), CHANGES)


def symbols(text: str, liking: Liking | None = None) -> list[str]:
    return [row.symbol for row in listed(liking).search(text)]


def test_spot_pairs_stand_by_name_and_closed_ones_last() -> None:
    assert symbols("") == ["BTC_USD", "CRO_USD", "ETH_USD", "SOL_USD", "ADA_USD"]


def test_favourites_come_first_then_those_used_last() -> None:
    liking = Liking(frozenset({"SOL_USD"})).used("CRO_USD").used("ETH_USD")
    assert symbols("", liking) == ["SOL_USD", "ETH_USD", "CRO_USD", "BTC_USD", "ADA_USD"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eth", ["ETH_USD"]),
        ("usd eth", ["ETH_USD"]),
        ("ETH/USD", ["ETH_USD"]),
        ("ethusd", ["ETH_USD"]),
        ("eth-usd", ["ETH_USD"]),
        ("o", ["CRO_USD", "SOL_USD"]),
        ("c", ["CRO_USD", "BTC_USD"]),
        (" ", ["BTC_USD", "CRO_USD", "ETH_USD", "SOL_USD", "ADA_USD"]),
        ("perp", []),
    ],
)
def test_words_are_sought_in_any_order(text: str, found: list[str]) -> None:
    assert symbols(text) == found


def test_nothing_found_is_said_with_the_count() -> None:
    pairs = listed()
    assert pairs.answer("xyz", pairs.search("xyz")) == "Nothing matches 'xyz' in 5 pairs."
    assert pairs.answer("eth", pairs.search("eth")) == HINT
    assert build((BTC,), Liking(), {}).answer("xyz", ()) == "Nothing matches 'xyz' in 1 pair."


def test_changes_have_their_sign_and_a_dash_where_not_known() -> None:
    shown = {row.symbol: row.shown_change for row in listed().rows}
    assert shown == {
        "BTC_USD": "\u22121.24%",
        "ETH_USD": "+10.00%",
        "SOL_USD": "0.00%",
        "CRO_USD": "–",
        "ADA_USD": "–",
    }


def test_a_row_reads_aloud_as_it_looks() -> None:
    rows = {row.symbol: row.spoken for row in listed(Liking(frozenset({"BTC_USD"}))).rows}
    assert rows["BTC_USD"] == "BTC_USD, favourite, 24 h change \u22121.24%"
    assert rows["ADA_USD"] == "ADA_USD, not open for trading"


def test_a_favourite_that_is_gone_says_so() -> None:
    (row,) = build((), Liking(frozenset({"OLD_USD"})), {}).rows
    assert (row.symbol, row.closed) == ("OLD_USD", "not listed any more")


def test_what_is_liked_is_kept_as_text() -> None:
    liking = Liking().toggled("ETH_USD").toggled("BTC_USD").toggled("BTC_USD").used("A_B").used("C_D").used("A_B")
    assert liking.kept() == ("ETH_USD", "A_B C_D")
    assert Liking.read(*liking.kept()) == liking
    assert Liking.read(None, None) == Liking()
    for at in range(20):
        liking = liking.used(f"P{at}_USD")
    assert liking.recent == tuple(f"P{at}_USD" for at in range(19, 11, -1))
