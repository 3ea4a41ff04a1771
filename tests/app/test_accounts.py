"""Keys entered, tested, kept, used and forgotten; and a keyring that fails at each of these."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

import pytest

from otoco_desktop.app.account_keeper import Accounts, AccountsNeeds, keyring_words
from otoco_desktop.app.accounts import AccountsPort, AccountsState, Entered, KeptAccount, KeyringMood, enter
from otoco_desktop.app.ports import Prober
from otoco_desktop.app.probe import ConnectionTest
from otoco_desktop.domain.credentials import Credentials, VaultState
from otoco_desktop.domain.errors import (
    CredentialsSpent,
    EntryChanged,
    EntryMissing,
    KeyringCancelled,
    KeyringFailed,
    KeyringLocked,
    KeyringUnanswered,
    NoKeyring,
    NotForgotten,
    UnsafeKeyring,
    VaultTrouble,
    WayOn,
    WriteNotKept,
)
from otoco_desktop.domain.market import AccountSnapshot, Fees
from otoco_desktop.domain.probing import ProbeReason, ProbeReport, ProbeTrouble, VenueKnowledge
from otoco_desktop.settings import Environment
from otoco_desktop.vault.session_vault import SessionVault
from tests.app.fakes import Time, account, settle
from tests.vault.fake import FakeVault

KEY, SECRET = "9nB2qX7dT4mWc1Rk3F9z", "cL7s3cr3tOfThatKey"
LIVE, SANDBOX, LOCAL = Environment.LIVE, Environment.SANDBOX, Environment.LOCAL
KEYED = (LOCAL, SANDBOX, LIVE)


@dataclass
class FakeProber:
    """An exchange that takes the key, unless it is told not to."""

    host: str = "the.host"
    offset_ms: int | None = 42
    id_types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"id": "number"}))
    refused: bool = False
    closed: bool = False

    async def reach(self) -> None: ...

    async def fee_rates(self) -> Fees | None:
        if self.refused:
            raise ProbeTrouble(ProbeReason.KEY_REFUSED)
        return Fees(Decimal("0.0025"), Decimal("0.0050"))

    async def balances(self) -> AccountSnapshot:
        return account()

    async def sign_in(self) -> None: ...

    async def order_channel(self) -> str | None:
        return "user.advanced.order"

    async def mark_published(self, pair: str) -> bool:
        return bool(pair)

    async def close(self) -> None:
        self.closed = True


class Remembered:
    """Knowledge in memory."""

    def __init__(self) -> None:
        self.known: dict[str, VenueKnowledge] = {}
        self.refuses = False

    def load(self, environment: str) -> VenueKnowledge | None:
        return self.known.get(environment)

    def save(self, knowledge: VenueKnowledge) -> None:
        if self.refuses:
            raise OSError(28, "No space left on device")
        self.known[knowledge.environment] = knowledge


class Bench:
    """The use case over vaults in memory and an exchange that is told what to say."""

    def __init__(self) -> None:
        self.kept = {each: FakeVault(each.value) for each in KEYED}
        self.held = {each: SessionVault(each.value) for each in KEYED}
        self.prober = FakeProber()
        self.knowledge = Remembered()
        self.lent: list[str] = []
        test = ConnectionTest(self._prober, Time(), self.knowledge)
        self.accounts = Accounts(AccountsNeeds(self.kept, self.held, test, self.knowledge))
        self.told: list[AccountsState] = []
        self.port: AccountsPort = self.accounts
        self.port.listen(self.told.append)

    def _prober(self, _environment: Environment, credentials: Credentials) -> Prober:
        self.lent.append(credentials.lend(lambda key, _secret: key))
        return self.prober

    def names(self, environment: Environment = LIVE) -> list[tuple[str, bool]]:
        return [(each.name, each.session_only) for each in self.port.state.accounts[environment]]


def entered(name: str = "Main account") -> Entered:
    found = enter(name, KEY, SECRET)
    assert found.credentials is not None
    return found


# What was entered


def test_what_clings_to_a_pasted_key_is_named() -> None:
    found = enter("  Main account ", f" {KEY}\n", f'"{SECRET}"')
    assert found.account == "Main account"
    assert found.api_key.text == "Removed from what you pasted: line breaks, spaces."
    assert found.secret.text == "Removed from what you pasted: quotation marks."
    assert found.credentials is not None
    assert found.credentials.lend(lambda key, secret: (key, secret)) == (KEY, SECRET)


@pytest.mark.parametrize(
    ("name", "key", "secret", "refused"),
    [
        ("", f"{KEY} {KEY}", SECRET, "api_key"),
        ("", KEY, f"{SECRET}\n{SECRET}", "secret"),
        ("a/b", KEY, SECRET, "name"),
    ],
)
def test_what_cannot_be_a_key_is_refused(name: str, key: str, secret: str, refused: str) -> None:
    found = enter(name, key, secret)
    assert found.credentials is None
    assert [part for part in ("name", "api_key", "secret") if getattr(found, part).refused] == [refused]
    assert getattr(found, refused).text.endswith(".")


@pytest.mark.parametrize(("key", "secret"), [("", SECRET), (KEY, ""), ("  ", SECRET), ("", "")])
def test_an_empty_field_is_not_wrong_and_not_ready(key: str, secret: str) -> None:
    found = enter("", key, secret)
    assert found.credentials is None
    assert (found.api_key.refused, found.secret.refused) == (False, False)


def test_nothing_that_is_shown_holds_the_secret() -> None:
    found = entered()
    assert SECRET not in repr(found)
    assert KEY not in repr(found)
    assert KEY[-4:] in repr(found)


# Keeping and using


async def test_kept_listed_used_and_forgotten() -> None:
    bench = Bench()
    given = entered()
    assert await bench.port.keep(LIVE, given)
    assert bench.port.state.accounts[LIVE] == (KeptAccount("Main account", KEY[-4:]),)
    assert bench.port.state.accounts[LIVE][0].label == "Main account (…3F9z)"
    assert bench.port.state.accounts[SANDBOX] == ()
    loaded = await bench.accounts.load(LIVE, "Main account")
    assert loaded.lend(lambda key, secret: (key, secret)) == (KEY, SECRET)
    assert given.credentials is not None
    with pytest.raises(CredentialsSpent):
        given.credentials.lend(lambda _key, secret: secret)
    assert bench.port.state.keyring.title == "OS keyring, unlocked"
    assert await bench.port.forget(LIVE, "Main account")
    assert bench.port.state.accounts[LIVE] == ()
    with pytest.raises(EntryMissing):
        await bench.accounts.load(LIVE, "Main account")


async def test_several_accounts_by_name() -> None:
    bench = Bench()
    for name in ("second", "", "first"):
        assert await bench.port.keep(LIVE, enter(name, KEY + name, SECRET))
    assert bench.names() == [("", False), ("first", False), ("second", False)]
    assert bench.port.state.accounts[LIVE][0].label == "…3F9z"
    assert (await bench.accounts.load(LIVE, "first")).last_four == "irst"


async def test_for_the_session_only() -> None:
    bench = Bench()
    bench.kept[LIVE].trouble = NoKeyring()
    given = entered()
    assert not await bench.port.keep(LIVE, given)
    assert (bench.port.state.trouble, bench.port.state.ways_on) == (NoKeyring.sentence, NoKeyring.ways_on)
    assert WayOn.SESSION_ONLY in bench.port.state.ways_on
    assert await bench.port.keep_for_session(LIVE, given)
    assert (bench.names(), bench.port.state.trouble) == ([("Main account", True)], "")
    assert (await bench.accounts.load(LIVE, "Main account")).last_four == KEY[-4:]
    assert await bench.kept[LIVE].accounts() == ()
    assert await bench.port.forget(LIVE, "Main account")
    assert bench.names() == []


async def test_keeping_ends_the_session_only_copy() -> None:
    bench = Bench()
    assert await bench.port.keep_for_session(LIVE, entered())
    assert await bench.port.keep(LIVE, entered())
    assert bench.names() == [("Main account", False)]
    assert await bench.held[LIVE].accounts() == ()


async def test_forgetting_takes_both() -> None:
    bench = Bench()
    assert await bench.port.keep(LIVE, entered())
    assert await bench.port.keep_for_session(LIVE, entered())
    assert bench.names() == [("Main account", True)]
    assert await bench.port.forget(LIVE, "Main account")
    assert bench.names() == []


async def test_closing_drops_what_was_held() -> None:
    bench = Bench()
    assert await bench.port.keep_for_session(LIVE, entered())
    await bench.accounts.close()
    with pytest.raises(VaultTrouble):
        await bench.accounts.load(LIVE, "Main account")


# The keyring's failures

FAILURES = [
    (NoKeyring(), KeyringMood.MISSING, "No OS keyring"),
    (UnsafeKeyring("keyrings.alt.file.PlaintextKeyring"), KeyringMood.MISSING, "No OS keyring"),
    (KeyringLocked(), KeyringMood.LOCKED, "OS keyring, locked"),
    (KeyringCancelled(), KeyringMood.LOCKED, "OS keyring, locked"),
    (KeyringUnanswered(), KeyringMood.TROUBLE, "OS keyring"),
    (KeyringFailed("PasswordSetError"), KeyringMood.TROUBLE, "OS keyring"),
    (WriteNotKept(), KeyringMood.TROUBLE, "OS keyring"),
]


@pytest.mark.parametrize(("trouble", "mood", "title"), FAILURES)
async def test_each_failure_has_its_words_and_a_way_on(trouble: VaultTrouble, mood: KeyringMood, title: str) -> None:
    bench = Bench()
    bench.kept[LIVE].trouble = trouble
    given = entered()
    assert not await bench.port.keep(LIVE, given)
    state = bench.port.state
    assert (state.trouble, state.ways_on, state.busy) == (str(trouble), trouble.ways_on, "")
    assert (state.keyring.mood, state.keyring.title, state.keyring.detail) == (mood, title, str(trouble))
    assert await bench.port.keep(LIVE, given)
    assert (bench.port.state.trouble, bench.port.state.keyring.mood) == ("", KeyringMood.READY)


async def test_a_changed_entry_is_taken_only_when_asked() -> None:
    bench = Bench()
    await bench.port.keep(LIVE, entered())
    bench.kept[LIVE].trouble = EntryChanged("live/Main account", "3F9z", "abcd")
    assert await bench.port.test_kept(LIVE, "Main account", lambda _report: None) is None
    assert WayOn.TAKE_CHANGED in bench.port.state.ways_on
    assert await bench.port.take_changed(LIVE, "Main account")
    assert bench.port.state.trouble == ""


async def test_an_entry_that_stays_is_told() -> None:
    bench = Bench()
    await bench.port.keep(LIVE, entered())
    bench.kept[LIVE].trouble = NotForgotten("live/Main account")
    assert not await bench.port.forget(LIVE, "Main account")
    assert bench.names() == [("Main account", False)]
    assert bench.port.state.trouble.startswith("The key “live/Main account” is still in the OS keyring.")


async def test_while_the_keyring_asks_it_says_so() -> None:
    bench = Bench()
    question = bench.kept[LIVE].question = asyncio.Event()
    keeping = asyncio.create_task(bench.port.keep(LIVE, entered()))
    await settle()
    assert (bench.port.state.busy, bench.port.state.keyring.mood) == ("Storing the key…", KeyringMood.WAITING)
    assert WayOn.SESSION_ONLY in bench.port.state.keyring.ways_on
    question.set()
    assert await keeping
    assert (bench.port.state.busy, bench.port.state.keyring.mood) == ("", KeyringMood.READY)


@pytest.mark.parametrize("state", list(VaultState))
def test_the_keyring_always_has_words(state: VaultState) -> None:
    words = keyring_words(state, None, proven=True)
    assert words.title.startswith("OS keyring")
    assert words.detail


# Testing


async def test_a_test_keeps_nothing_of_the_key() -> None:
    bench = Bench()
    told: list[ProbeReport] = []
    report = await bench.port.test(LIVE, entered(), told.append)
    assert report.passed
    assert (bench.lent, bench.prober.closed) == ([KEY], True)
    assert bench.port.state.knowledge[LIVE].order_channel == "user.advanced.order"
    await bench.port.refresh()
    assert bench.names() == []
    assert SECRET not in bench.port.report_text(report)


async def test_a_kept_account_is_tested_with_a_key_of_its_own() -> None:
    bench = Bench()
    await bench.port.keep(LIVE, entered())
    bench.prober.refused = True
    report = await bench.port.test_kept(LIVE, "Main account", lambda _report: None)
    assert report is not None
    assert (report.passed, bench.prober.closed) == (False, True)
    assert bench.port.state.knowledge == {}


async def test_what_was_learned_and_cannot_be_written_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.knowledge.refuses = True
    assert (await bench.port.test(LIVE, entered(), lambda _report: None)).passed
    assert "No space left on device" in caplog.text
    assert bench.port.state.knowledge == {}


async def test_nothing_is_tested_or_kept_without_a_key() -> None:
    bench, nothing = Bench(), enter("", "", "")
    with pytest.raises(ValueError, match="no key to test"):
        await bench.port.test(LIVE, nothing, lambda _report: None)
    with pytest.raises(ValueError, match="no key to keep"):
        await bench.port.keep(LIVE, nothing)


async def test_it_outlives_the_window_that_listened() -> None:
    bench = Bench()
    bench.accounts.tell_nobody()
    before = len(bench.told)
    assert await bench.port.keep(LIVE, entered())
    assert len(bench.told) == before


async def test_the_account_that_trades_is_known() -> None:
    bench = Bench()
    bench.accounts.trades_with(LIVE, "Main account")
    assert bench.told[-1].in_use == (LIVE, "Main account")
    bench.accounts.trades_with(LIVE, None)
    assert bench.told[-1].in_use is None
