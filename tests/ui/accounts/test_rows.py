"""Test steps and balances in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees
from otoco_desktop.domain.probing import ProbeKind, ProbeReport, ProbeState, ProbeStep
from otoco_desktop.domain.promised import Promise
from otoco_desktop.ui.accounts.rows import account_state, probe_card
from otoco_desktop.ui.accounts.words import STEPS
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from tests.ui.accounts.fakes import ACCOUNT, BAD, GOOD, HALFWAY, KNOWLEDGE, PROMISES


def test_the_drawn_report() -> None:
    card = probe_card(GOOD)
    assert (card.headline, card.tested) == ("Connected, with 1 warning", "tested 15:26:59 UTC, no order sent")
    assert (card.glyph, card.ink, card.ground) == (Glyph.WARNING, Token.WARN, Token.WARN_SOFT)
    assert [row.took for row in card.rows] == ["84 ms", "91 ms", "", "213 ms", "88 ms", ""]
    assert card.rows[0].spoken == "Pass. Reached the exchange. api.crypto.com answered. 84 ms"


def test_a_test_under_way() -> None:
    card = probe_card(HALFWAY)
    assert (card.headline, card.tested) == ("Testing…", "no order is sent")
    assert card.rows[3].title == "Sign in to the user stream."
    assert [row.quiet for row in card.rows] == [False, False, False, False, True, True]


def test_a_failure_says_what_to_change() -> None:
    card = probe_card(BAD)
    assert (card.headline, card.ink) == ("Not connected", Token.NEG)
    assert card.rows[1].remedy == "The secret does not belong to this key. Copy both from the exchange again."
    assert card.rows[1].spoken.startswith("Fail. The exchange refused the signature. Code 40101. The secret")


def test_how_a_test_ended_is_announced_with_what_is_wrong() -> None:
    assert probe_card(BAD).news.startswith("Not connected. Fail. The exchange refused the signature.")
    assert probe_card(GOOD).news.startswith("Connected, with 1 warning. Warning. Permissions were not reported.")
    assert not probe_card(HALFWAY).done


def test_every_state_has_its_own_icon_and_every_kind_a_name() -> None:
    steps = tuple(ProbeStep(ProbeKind.REACH, state) for state in ProbeState)
    assert len({row.glyph for row in probe_card(ProbeReport("live", steps)).rows}) == len(ProbeState)
    assert set(STEPS) == set(ProbeKind)


def test_the_exchanges_words_stay_one_plain_line() -> None:
    step = ProbeStep(ProbeKind.REACH, ProbeState.FAIL, "No answer.", "<b>x</b>\u202e\nGET /")
    assert probe_card(ProbeReport("live", (step,))).rows[0].detail == "<b>x</b> GET /"


def test_balances_with_what_exits_need() -> None:
    state = account_state(ACCOUNT, PROMISES, None)
    btc, cro, usd = state.balances
    assert (btc.total, btc.reserved, btc.available) == ("0.41000000", "0.09874000", "0.31126000")
    assert (btc.promised, btc.waiting) == ("0.17994000", "0.05000000")
    assert (cro.total, cro.promised) == ("1,200.00000000", "–")
    assert usd.available == "24,310.22"
    assert (state.empty, state.warnings, state.venue) == ("", (), ())


def test_digits_are_never_cut() -> None:
    account = AccountSnapshot({"USD": Balance(Decimal("1.234567"), Decimal("0"))})
    row = account_state(account, (), None).balances[0]
    assert (row.total, row.available, row.reserved) == ("1.234567", "1.234567", "0.00")


def test_coins_that_a_stop_counts_on_and_that_are_gone_are_said() -> None:
    promises = (Promise("BTC", Decimal("0.5"), Decimal(0), 1), Promise("ETH", Decimal("2"), Decimal(0), 1))
    state = account_state(ACCOUNT, promises, None)
    assert state.warnings == (
        "Exits need 0.50000000 BTC, the account holds 0.41000000. The exchange may refuse a stop.",
        "Exits need 2.00000000 ETH, the account holds 0.00000000. The exchange may refuse a stop.",
    )


@pytest.mark.parametrize(
    ("account", "empty"),
    [(None, "Balances have not come yet."), (AccountSnapshot(), "This account holds no coins.")],
)
def test_nothing_is_shown_that_is_not_known(account: AccountSnapshot | None, empty: str) -> None:
    state = account_state(account, (), None)
    assert (state.balances, state.empty, state.warnings) == ((), empty, ())
    assert [fact.value for fact in state.fees] == ["not known yet"]


@pytest.mark.parametrize(
    ("ratio", "words"), [("0.0025", "0.25%"), ("0.00075", "0.075%"), ("0", "0.00%"), ("0.01", "1.00%")]
)
def test_fee_rates_keep_their_digits_and_name_their_source(ratio: str, words: str) -> None:
    fees = Fees(Decimal(ratio), Decimal(ratio), "the exchange's published table")
    state = account_state(replace(ACCOUNT, fees=fees), (), None)
    assert [fact.value for fact in state.fees] == [words, words, "the exchange's published table"]


def test_what_the_test_learned_is_shown_and_copied() -> None:
    state = account_state(ACCOUNT, PROMISES, KNOWLEDGE)
    known = {fact.caption: fact.value for fact in state.venue}
    assert known["Order events arrive as"] == "user.advanced.order"
    assert known["Mark price of BTC_USD"] == "published"
    assert known["Clock"] == "+42 ms to the exchange"
    assert known["Last test"] == "2026-11-22 15:26:59 UTC"
    assert "BTC: total 0.41000000, reserved 0.09874000" in state.text
    assert "Order events arrive as: user.advanced.order" in state.text


def test_a_venue_that_refused_both_channels_says_so() -> None:
    state = account_state(ACCOUNT, (), replace(KNOWLEDGE, order_channel=None, mark_published=None, id_types={}))
    known = {fact.caption: fact.value for fact in state.venue}
    assert known["Order events arrive as"] == "nothing: both names were refused"
    assert known["Mark price of BTC_USD"] == "not seen"
    assert known["Ids arrive"] == "not seen"
