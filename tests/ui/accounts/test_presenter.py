"""When a key may be tested and kept, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otoco_desktop.app.accounts import AccountsState, KeyringMood, KeyringWords, enter
from otoco_desktop.domain.errors import CredentialsSpent, WayOn
from otoco_desktop.domain.probing import ProbeReport
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.presenter import FAILED_TEST, FILL_IN, STOPPED, TEST_FIRST, TICK_FIRST, KeyPresenter
from tests.ui.accounts.fakes import BAD, GOOD, HALFWAY, KEY, MAIN, READY, SECRET

LIVE = Environment.LIVE
QUIET = AccountsState(keyring=READY)


def typed(name: str = "Main account", key: str = KEY, secret: str = SECRET) -> KeyPresenter:
    presenter = KeyPresenter(LIVE)
    presenter.type(enter(name, key, secret))
    return presenter


def tried(report: ProbeReport = GOOD) -> KeyPresenter:
    presenter = typed()
    number = presenter.begin_test()
    presenter.observe(number, report)
    presenter.end_test(number)
    return presenter


def test_tested_and_ticked_it_may_be_saved() -> None:
    presenter = tried()
    presenter.tick(on=True)
    status = presenter.status(QUIET)
    assert (status.can_save, status.save_reason, status.test_label) == (True, "", "Test again")


@pytest.mark.parametrize(
    ("presenter", "reason"),
    [
        (typed(key=""), FILL_IN),
        (typed(secret=""), FILL_IN),
        (typed(key="two parts"), "Correct the API key first."),
        (typed(secret="ключ"), "Correct the secret first."),
        (typed(name="a/b"), "Correct the name first."),
        (typed(), TEST_FIRST),
        (tried(HALFWAY), FAILED_TEST),
        (tried(BAD), FAILED_TEST),
        (tried(), TICK_FIRST),
    ],
)
def test_why_not(presenter: KeyPresenter, reason: str) -> None:
    status = presenter.status(QUIET)
    assert (status.can_save, status.save_reason) == (False, reason)
    assert not presenter.may_keep


def test_a_server_on_this_computer_has_nothing_to_withdraw() -> None:
    presenter = KeyPresenter(Environment.LOCAL)
    presenter.type(enter("", KEY, SECRET))
    number = presenter.begin_test()
    presenter.observe(number, GOOD)
    presenter.end_test(number)
    assert presenter.status(QUIET).can_save


def test_a_tick_before_the_test_counts_for_nothing() -> None:
    presenter = typed()
    presenter.tick(on=True)
    assert not presenter.status(QUIET).ticked
    assert not presenter.status(QUIET).can_tick


def test_another_key_wants_another_test_and_another_tick() -> None:
    presenter = tried()
    presenter.tick(on=True)
    presenter.forget_test()
    status = presenter.status(QUIET)
    assert (status.report, status.ticked, status.save_reason) == (None, False, TEST_FIRST)


def test_a_test_again_takes_the_tick_back() -> None:
    presenter = tried()
    presenter.tick(on=True)
    presenter.begin_test()
    assert not presenter.status(QUIET).ticked


def test_news_of_an_overtaken_test_is_let_go() -> None:
    presenter = typed()
    first = presenter.begin_test()
    second = presenter.begin_test()
    presenter.observe(first, GOOD)
    presenter.end_test(first)
    assert presenter.report is None
    presenter.observe(second, BAD)
    assert presenter.report is BAD


def test_while_testing_nothing_else_starts() -> None:
    presenter = typed()
    presenter.observe(presenter.begin_test(), GOOD)
    status = presenter.status(QUIET)
    assert (status.can_test, status.can_tick, status.can_save) == (False, False, False)


def test_an_error_inside_the_program_is_said() -> None:
    presenter = typed()
    presenter.end_test(presenter.begin_test(), stopped=True)
    status = presenter.status(QUIET)
    assert (status.news, status.is_trouble, status.can_test) == (STOPPED, True, True)


def test_credentials_are_let_go_of_at_every_keystroke() -> None:
    entered = enter("Main account", KEY, SECRET)
    assert entered.credentials is not None
    KeyPresenter(LIVE).type(entered)
    with pytest.raises(CredentialsSpent):
        entered.credentials.lend(lambda _key, _secret: None)


def test_what_was_taken_off_is_said() -> None:
    status = typed(key=f" “{KEY}”\n").status(QUIET)
    assert status.api_key.text == "Removed from what you pasted: line breaks, quotation marks, spaces."
    assert status.api_key_good


def test_replacing_a_key_is_said_before() -> None:
    status = typed().status(replace(QUIET, accounts={LIVE: (MAIN,)}))
    assert status.name.text == "Saving replaces Main account (…k3F9)."
    assert not typed("Other").status(replace(QUIET, accounts={LIVE: (MAIN,)})).name.text


def test_an_open_question_of_the_keyring_leaves_the_session_as_way_on() -> None:
    presenter = tried()
    presenter.tick(on=True)
    presenter.saving(on=True)
    waiting = KeyringWords(KeyringMood.WAITING, "OS keyring is asking", "Answer it.", (WayOn.SESSION_ONLY,))
    status = presenter.status(replace(QUIET, keyring=waiting, busy="Storing the key…"))
    assert not status.can_save
    assert status.ways_on == (WayOn.SESSION_ONLY,)
    assert presenter.may_keep


def test_what_the_keyring_says_is_said_once() -> None:
    locked = KeyringWords(KeyringMood.LOCKED, "OS keyring, locked", "It is locked.", (WayOn.UNLOCK,))
    accounts = replace(QUIET, keyring=locked, trouble="It is locked.", ways_on=(WayOn.UNLOCK, WayOn.SESSION_ONLY))
    status = typed().status(accounts)
    assert status.news == ""
    assert status.ways_on == (WayOn.UNLOCK, WayOn.SESSION_ONLY)
