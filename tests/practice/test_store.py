"""What outlives the exchange, and what happens when it does not."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.practice import keyfile, store
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.store import Store, StoreError
from otoco_desktop.practice.thread import PracticeError, PracticeServer
from otoco_desktop.practice.venue import PracticeConfig, starting_balances
from tests.practice.conftest import Practice, StartPractice
from tests.waiting import until

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions are a matter of POSIX systems")


async def test_account_orders_and_prices_live_on(start_practice: StartPractice) -> None:
    first = start_practice()
    list_id = first.client.create("a", fee="USD").json()["result"]["list_id"]
    waiting = first.client.create("b", price="90000.00", quantity="0.02000").json()
    first.controls.set_price("BTC_USD", "92300.00")
    await until(lambda: first.client.statuses(list_id) == ["FILLED", "ACTIVE", "ACTIVE"])
    before = first.controls.ledger()
    history = first.client.result("private/get-trades")["data"]
    first.server.stop()

    second = start_practice(seed=8)
    after = second.controls.ledger()
    assert waiting["code"] == 229  # its stop lies above its entry
    assert (after.lists, after.fills, after.quantities) == (before.lists, before.fills, before.quantities)
    assert after.reserved == before.reserved
    assert str(second.controls.quote("BTC_USD").mark) == "92300.00"
    assert second.client.result("private/get-trades")["data"] == history
    assert second.client.create("a").json()["code"] == 204
    assert second.client.api_key == first.client.api_key
    second.controls.set_price("BTC_USD", "90000.00")
    assert second.client.statuses(list_id) == ["FILLED", "FILLED", "CANCELED"]
    ids = [leg.order_id for family in second.controls.ledger().lists for leg in family]
    assert len(set(ids)) == len(ids)


async def test_a_list_saved_but_not_placed_is_placed_after_a_restart(start_practice: StartPractice) -> None:
    first = start_practice(accept_delay_s=60.0, market_interval_s=60.0)
    list_id = first.client.create("a").json()["result"]["list_id"]
    cancelled = first.client.create("b").json()["result"]["list_id"]
    first.client.result("private/advanced/cancel-otoco", {"list_id": cancelled})
    assert first.client.statuses(list_id) == ["NEW", "PENDING", "PENDING"]
    first.server.stop()
    second = start_practice()
    await until(lambda: second.client.statuses(list_id) == ["ACTIVE", "PENDING", "PENDING"])
    await until(lambda: set(second.client.statuses(cancelled)) == {"CANCELED"})


async def test_an_amend_saved_but_not_carried_out_is_carried_out_after_a_restart(start_practice: StartPractice) -> None:
    first = start_practice(accept_delay_s=60.0, market_interval_s=60.0)
    list_id = first.client.create("a").json()["result"]["list_id"]
    old = first.controls.ledger().leg("a-s").order_id
    first.controls.arm(Fault.RENAME_ON_AMEND)
    first.controls.amend("a-s", new_quantity="0.10000", new_price="90400.00", new_ref_price="90500.00")
    first.server.stop()
    second = start_practice()
    await until(lambda: str(second.controls.ledger().leg("a-s").ref_price) == "90500.00")
    await until(lambda: second.client.statuses(list_id) == ["ACTIVE", "PENDING", "PENDING"])
    before = second.controls.ledger().lists
    assert before[0][1].order_id != old
    second.server.stop()
    third = start_practice()
    assert third.controls.ledger().lists == before
    assert third.client.result("private/advanced/get-order-detail", {"order_id": old})["status"] == "CANCELED"
    third.controls.set_price("BTC_USD", "92300.00")
    await until(lambda: third.client.statuses(list_id) == ["FILLED", "ACTIVE", "ACTIVE"])
    third.controls.set_price("BTC_USD", "90450.00")
    await until(lambda: third.client.statuses(list_id) == ["FILLED", "FILLED", "CANCELED"])


def test_the_book_is_on_disk_before_the_reply(practice: Practice, tmp_path: Path) -> None:
    list_id = practice.client.create("a").json()["result"]["list_id"]
    copy = tmp_path / "copy"
    copy.mkdir()
    for part in (tmp_path / "practice").glob(f"{store.FILE_NAME}*"):
        (copy / part.name).write_bytes(part.read_bytes())
    opened, loaded = Store.open(copy, {})
    opened.close()
    assert list_id in loaded.book.lists


@POSIX
def test_files_are_the_owners_alone(practice: Practice, tmp_path: Path) -> None:
    practice.client.create("a")
    folder = tmp_path / "practice"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {part.name: stat.S_IMODE(part.stat().st_mode) for part in folder.iterdir()}
    assert {store.FILE_NAME, keyfile.FILE_NAME} <= modes.keys()
    assert set(modes.values()) == {0o600}


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 500)


def _torn(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:2048] + b"\x00\xff" * 3000 + content[8048:])


def _wrong_row(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE legs SET body = '{}' WHERE rowid = 1")
    connection.commit()
    connection.close()


def _newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("damage", [_garbage, _torn, _wrong_row, _newer])
def test_a_damaged_book_is_set_aside(start_practice: StartPractice, tmp_path: Path, damage: Any) -> None:
    first = start_practice()
    first.client.create("a")
    first.server.stop()
    path = tmp_path / "practice" / store.FILE_NAME
    damage(path)
    damaged = path.read_bytes()
    second = start_practice()
    (aside,) = (tmp_path / "practice").glob("practice.damaged-*.sqlite3")
    assert aside.read_bytes() == damaged
    assert aside.name in second.client.endpoints.notice
    assert second.controls.ledger().quantities == starting_balances()
    assert second.client.create("a").json()["code"] == 0


def test_an_empty_file_is_a_new_book(tmp_path: Path) -> None:
    (tmp_path / store.FILE_NAME).touch()
    opened, loaded = Store.open(tmp_path, starting_balances())
    opened.close()
    assert loaded.notice == ""
    assert loaded.book.account.quantity("BTC") == Decimal("0.41000")


def test_one_exchange_per_book(practice: Practice, tmp_path: Path) -> None:
    second = PracticeServer(PracticeConfig(data_dir=tmp_path / "practice"))
    with pytest.raises(PracticeError, match="Another program has the practice book open"):
        second.start().result(10)
    second.stop()
    assert practice.client.create("a").json()["code"] == 0
    assert not list((tmp_path / "practice").glob("*damaged*"))


def test_a_taken_port_is_said_in_one_sentence(practice: Practice, tmp_path: Path) -> None:
    port = practice.client.endpoints.port
    second = PracticeServer(PracticeConfig(data_dir=tmp_path / "other", port=port))
    with pytest.raises(PracticeError, match=f"Port {port} is taken"):
        second.start().result(10)
    second.stop()
    with pytest.raises(PracticeError, match="not running"):
        _ = second.controls


def test_an_exchange_may_be_stopped_while_it_starts(tmp_path: Path) -> None:
    for _ in range(5):
        server = PracticeServer(PracticeConfig(data_dir=tmp_path))
        server.start()
        server.stop(timeout_s=5)
        assert not server.running


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server = PracticeServer(PracticeConfig(data_dir=tmp_path / "file" / "practice"))
    with pytest.raises(PracticeError, match="practice folder cannot be used"):
        server.start().result(10)
    server.stop()


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / store.FILE_NAME).touch(mode=0o400)
    with pytest.raises(StoreError, match="cannot be"):
        Store.open(tmp_path, starting_balances())


def test_a_broken_key_file_is_named_and_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / keyfile.FILE_NAME
    path.write_text('{"api_key": "abc", "secret": 17, "x": "hush"}')
    with pytest.raises(StoreError) as raised:
        keyfile.load_or_make(tmp_path)
    assert str(path) in str(raised.value)
    assert "hush" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_each_installation_has_its_own_key(tmp_path: Path) -> None:
    one, one_again, two = (keyfile.load_or_make(tmp_path / name)[0] for name in ("a", "a", "b"))
    assert one == one_again
    assert one.secret != two.secret
    assert json.loads((tmp_path / "a" / keyfile.FILE_NAME).read_text())["api_key"] == one.api_key
    assert len(one.secret) >= 32


async def test_a_disk_that_fails_ends_the_exchange(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Store, "save", full)
    reply = practice.client.create("a")
    assert reply.status_code == 500
    await until(lambda: not practice.server.running)
