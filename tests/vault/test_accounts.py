"""The list of account names: private, whole, set aside when it cannot be read, and never a secret."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from otoco_desktop.domain.credentials import KnownKey
from otoco_desktop.domain.errors import AccountListFailed
from otoco_desktop.vault.accounts import AccountList

MAIN, SWING = KnownKey("main", "1111", "aa"), KnownKey("swing", "2222", "bb")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "live" / "accounts.json"


def test_names_are_kept_in_order_and_replaced(path: Path) -> None:
    names = AccountList(path)
    assert names.all() == ()
    for known in (SWING, MAIN, KnownKey("main", "3333", "cc")):
        names.put(known)
    assert AccountList(path).all() == (KnownKey("main", "3333", "cc"), SWING)
    names.drop("main")
    names.drop("never")
    assert (names.find("main"), names.find("swing")) == (None, SWING)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders to the user by itself")
def test_the_file_is_this_users_alone(path: Path) -> None:
    AccountList(path).put(MAIN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_what_is_known_already_is_not_written_again(path: Path) -> None:
    names = AccountList(path)
    names.put(MAIN)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    names.put(MAIN)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "was damaged"),
        (b"\xff\xfe", "was damaged"),
        (b'{"version":1}', "was damaged"),
        (b'{"version":1,"accounts":[{"name":1}]}', "was damaged"),
        (b'{"version":2,"accounts":[]}', "is of another version"),
    ],
)
def test_an_unreadable_list_is_set_aside_and_told(path: Path, body: bytes, reason: str) -> None:
    path.parent.mkdir()
    names = AccountList(path)
    for number in (1, 2):
        path.write_bytes(body)
        assert names.all() == ()
        aside = path.with_name(f"accounts.damaged-{number}.json")
        assert aside.read_bytes() == body
        assert reason in names.notice
        assert aside.name in names.notice
    names.put(MAIN)
    assert AccountList(path).all() == (MAIN,)


def test_a_list_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    blocked = tmp_path / "live"
    blocked.write_bytes(b"")
    with pytest.raises(AccountListFailed, match="cannot be"):
        AccountList(blocked / "accounts.json").put(MAIN)


def test_a_list_that_cannot_be_set_aside_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    path.write_bytes(b"damaged")

    def refuse(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(AccountListFailed, match="cannot be set aside"):
        AccountList(path).all()
    assert path.read_bytes() == b"damaged"
