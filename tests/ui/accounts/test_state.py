"""The environment page as data: what can be chosen, what is missing, what is never shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otoco_desktop.app.accounts import AccountsState, KeptAccount
from otoco_desktop.domain.errors import KeyringLocked
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.state import Choice, PageFrame, build
from tests.ui.accounts.fakes import MAIN, OFFERED

PRACTICE, SANDBOX, LIVE = OFFERED
SECOND = KeptAccount("Second", "Zz19", session_only=True)
FIRST_START = PageFrame(OFFERED)
WITH_KEYS = AccountsState(accounts={LIVE: (MAIN, SECOND)}, in_use=(LIVE, "Second"))


def test_practice_needs_nothing() -> None:
    page = build(Choice(PRACTICE), AccountsState(), FIRST_START)
    assert (page.go_label, page.can_go, page.reason) == ("Continue with PRACTICE", True, "")
    assert page.footer == "The app connects to nothing until you choose."


def test_practice_says_that_prices_are_simulated_too() -> None:
    bullets = [bullet.text for bullet in build(Choice(PRACTICE), AccountsState(), FIRST_START).cards[0].bullets]
    assert bullets[0] == "Prices and fills are simulated on this computer"
    assert not any("Real prices" in bullet for bullet in bullets)


@pytest.mark.parametrize("environment", [Environment.LOCAL, SANDBOX, LIVE])
def test_without_a_key_the_way_on_is_to_add_one(environment: Environment) -> None:
    page = build(Choice(environment), AccountsState(), PageFrame(tuple(Environment)))
    assert not page.can_go
    assert page.reason == f"Add a {environment.label} key first."
    assert page.add_link


def test_the_account_in_use_is_picked_by_itself() -> None:
    page = build(Choice(LIVE), WITH_KEYS, PageFrame(OFFERED, PRACTICE))
    assert page.choice == Choice(LIVE, "Second")
    assert (page.go_label, page.can_go) == ("Continue with LIVE", True)
    rows = page.cards[2].accounts
    assert [row.label for row in rows] == ["Main account (…k3F9)", "Second (…Zz19)"]
    assert [row.remark for row in rows] == ["", "in use, until the program closes"]
    assert [row.chosen for row in rows] == [False, True]


def test_an_account_that_is_gone_gives_way_to_one_that_exists() -> None:
    left = replace(WITH_KEYS, accounts={LIVE: (MAIN,)})
    assert build(Choice(LIVE, "Second"), left, FIRST_START).choice == Choice(LIVE, "Main account")
    assert build(Choice(LIVE, "Second"), AccountsState(), FIRST_START).choice == Choice(LIVE, None)


def test_a_card_that_is_not_chosen_names_its_keys_and_offers_nothing() -> None:
    card = build(Choice(PRACTICE), WITH_KEYS, FIRST_START).cards[2]
    assert card.accounts == ()
    assert card.bullets[-1].text == "Kept here: Main account (…k3F9), Second (…Zz19)"


def test_staying_is_never_refused_and_switching_is() -> None:
    frame = PageFrame(OFFERED, LIVE, refusal="Something is being sent. Wait until it has arrived.")
    stays = build(Choice(LIVE, "Second"), WITH_KEYS, frame)
    assert (stays.go_label, stays.can_go) == ("Stay in LIVE", True)
    switches = build(Choice(LIVE, "Main account"), WITH_KEYS, frame)
    assert (switches.go_label, switches.can_go, switches.reason) == ("Continue with LIVE", False, frame.refusal)
    leaves = build(Choice(SANDBOX), WITH_KEYS, frame)
    assert not leaves.can_go
    assert not leaves.add_link


def test_trouble_comes_with_its_ways_on_and_news_without() -> None:
    trouble = replace(WITH_KEYS, trouble=str(KeyringLocked()), ways_on=KeyringLocked.ways_on, busy="Reading the key…")
    page = build(Choice(LIVE), trouble, FIRST_START)
    assert page.news == "OS keyring is locked. Unlock it, or keep the key for this session only."
    assert page.ways_on == KeyringLocked.ways_on
    assert build(Choice(LIVE), replace(trouble, trouble=""), FIRST_START).ways_on == ()
