"""Credentials show four characters at most, are not copied, and give the secret away once."""

from __future__ import annotations

import copy
import hashlib
import hmac
import pickle
import traceback
from collections.abc import Callable

import pytest

from otoco_desktop.domain.credentials import Credentials, KnownKey, account_name
from otoco_desktop.domain.errors import BadAccountName, CredentialsSpent, EntryDamaged, WayOn

KEY, SECRET = "SentinelKey9Zq7", "sentinel-secret"


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(KEY, SECRET)


def test_only_the_end_of_the_key_is_shown(credentials: Credentials) -> None:
    shown = [repr(credentials), str(credentials), f"{credentials}", repr([credentials]), repr({"key": credentials})]
    assert all("9Zq7" in text for text in shown)
    assert not [text for text in shown if SECRET in text or KEY in text]
    assert not hasattr(credentials, "__dict__")


@pytest.mark.parametrize(("key", "shown"), [("1234567", ""), ("12345678", "5678")])
def test_of_a_short_key_nothing_is_shown(key: str, shown: str) -> None:
    assert Credentials(key, SECRET).last_four == shown


@pytest.mark.parametrize("use", [copy.copy, copy.deepcopy, pickle.dumps])
def test_copies_are_refused(credentials: Credentials, use: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="a secret is not") as caught:
        use(credentials)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_key_without_a_secret_is_none() -> None:
    for key, secret in (("", SECRET), (KEY, "")):
        with pytest.raises(ValueError, match="both needed"):
            Credentials(key, secret)


def test_the_secret_is_handed_over_once(credentials: Credentials) -> None:
    keyed = credentials.hand_over(lambda _, secret: hmac.new(secret.encode(), b"x", hashlib.sha256))
    assert keyed.digest() == hmac.digest(SECRET.encode(), b"x", "sha256")
    with pytest.raises(CredentialsSpent, match="no longer in memory"):
        credentials.hand_over(lambda *both: both)
    assert credentials.known_as("main") == KnownKey("main", "9Zq7", hashlib.sha256(KEY.encode()).hexdigest()[:16])


def test_a_taker_that_fails_leaves_nothing_behind(credentials: Credentials) -> None:
    with pytest.raises(ZeroDivisionError):
        credentials.hand_over(lambda *_: 1 // 0)
    with pytest.raises(CredentialsSpent):
        credentials.lend(lambda *both: both)


def test_lending_keeps_it(credentials: Credentials) -> None:
    assert credentials.lend(lambda *both: both) == (KEY, SECRET)
    assert credentials.lend(Credentials).same_as(credentials)


@pytest.mark.parametrize(("key", "secret"), [(KEY, "other"), ("other", SECRET), (KEY[:-1], KEY[-1] + SECRET)])
def test_what_differs_is_not_the_same(credentials: Credentials, key: str, secret: str) -> None:
    assert not credentials.same_as(Credentials(key, secret))


def test_names_are_trimmed() -> None:
    assert account_name("  swing trades ") == "swing trades"
    assert account_name("") == ""


@pytest.mark.parametrize("text", ["a/b", "a\tb", "a\u200bb", "x" * 41])
def test_names_that_could_be_mistaken_are_refused(text: str) -> None:
    with pytest.raises(BadAccountName):
        account_name(text)


def test_a_damaged_entry_is_named_with_the_ways_on() -> None:
    damaged = EntryDamaged("otoco-desktop live")
    assert str(damaged).startswith("The entry “otoco-desktop live” in the OS keyring cannot be read as a key.")
    assert WayOn.FORGET in damaged.ways_on
