"""What is exported comes back exactly, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import errno
import io
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.app.export import COLUMNS, FORMULA, csv_text, everything, guarded, unguarded, utc_time, written
from otoco_desktop.app.save_file import NotSaved, save
from otoco_desktop.domain.events import Noted
from otoco_desktop.domain.history import HistoryPage, HistoryQuery
from otoco_desktop.domain.lifecycle import evolve
from otoco_desktop.domain.order import LegRole
from otoco_desktop.domain.phases import latest
from otoco_desktop.domain.result import result
from otoco_desktop.domain.strategy import Strategy
from tests.history_pages import page_of
from tests.ui.fakes import FakeDesk, four_strategies, unknown_strategy

EVIL = ("=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\0x", "＝1", "＋1", "－1", "＠x", "\n=1")
NUMBERS = {"quantity", "entry_price", "planned_loss", "entry_filled", "result_net"}


def rows(strategies: tuple[Strategy, ...]) -> list[dict[str, str]]:
    """As a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(csv_text(strategies), newline=""), strict=True))


def tagged(strategy: Strategy, tag: str, note: str) -> Strategy:
    return evolve(strategy, Noted(strategy.strategy_id, strategy.intent.at_ms, tag, note))


def test_every_strategy_is_a_row_in_the_given_order() -> None:
    strategies = (unknown_strategy(), *four_strategies())
    found = rows(strategies)
    assert [row["strategy"] for row in found] == ["S-0416", "S-0415", "S-0414", "S-0413", "S-0411"]
    assert [(row["state"], row["ended"]) for row in found[:2]] == [("unknown", ""), ("protected", "")]
    assert (found[-1]["state"], found[-1]["ended"]) == ("closed", "target_filled")
    assert found[0]["reason"] == "No reply in 10 s"
    assert csv_text(strategies).count("\r\n") == len(strategies) + 1
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_numbers_are_exact_and_negative_ones_stay_numbers() -> None:
    closed = four_strategies()[-1]
    (row,) = rows((closed,))
    made = result(closed)
    assert made
    assert made.r is not None
    assert row["planned_loss"] == "-120.00"
    assert row["quantity"] == "0.10000"
    assert Decimal(row["result_net"]) == made.net
    assert Decimal(row["result_r"]) == made.r
    assert Decimal(row["entry_filled_value"]) == Decimal("0.10000") * Decimal("90120.00")
    assert written(Decimal("-5.2")) == "-5.2"
    assert written(Decimal("1E-8")) == "0.00000001"
    for wrong in ("NaN", "Infinity"):
        with pytest.raises(ValueError, match="not finite"):
            written(Decimal(wrong))


def test_no_digit_of_an_id_is_lost() -> None:
    closed = four_strategies()[-1]
    (row,) = rows((closed,))
    assert row["list_id"].startswith("'")
    assert unguarded(row["list_id"]) == closed.list_id
    for role in LegRole:
        report = latest(closed, role)
        assert report
        assert unguarded(row[f"{role.value}_order_id"]) == report.order_id
    assert guarded("12345e678901") == "'12345e678901"


def test_times_are_utc_with_milliseconds() -> None:
    assert utc_time(1_795_361_219_214) == "2026-11-22T15:26:59.214Z"
    (row,) = rows(four_strategies()[:1])
    assert row["sent_utc"].endswith("Z")
    assert row["last_update_utc"] > row["sent_utc"]


@pytest.mark.parametrize("text", EVIL)
def test_a_formula_is_text(text: str) -> None:
    (row,) = rows((tagged(four_strategies()[0], text, text),))
    assert row["tag"] == row["note"] == f"'{text}"


@given(tag=st.text(st.characters(exclude_categories=["Cs"])), note=st.text(st.sampled_from("=+-@'\",;\r\n\0\t x1＝")))
def test_whatever_was_typed_comes_back_and_nothing_begins_a_formula(tag: str, note: str) -> None:
    strategy = replace(four_strategies()[0], tag=tag, note=note)
    (row,) = rows((strategy,))
    assert (unguarded(row["tag"]), unguarded(row["note"])) == (tag, note)
    for name, cell in row.items():
        negative_number = name in NUMBERS and cell.startswith("-")
        assert not cell or cell[0] not in FORMULA or negative_number, name


async def test_everything_is_read_page_by_page_and_what_is_at_hand_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = (unknown_strategy(), *four_strategies())
    desk = FakeDesk(stored[:2])

    async def history(query: HistoryQuery) -> HistoryPage:
        return page_of(stored, replace(query, limit=2))

    async def strategy(strategy_id: str) -> Strategy:
        read.append(strategy_id)
        return next(each for each in stored if each.strategy_id == strategy_id)

    read: list[str] = []
    monkeypatch.setattr(desk, "history", history)
    monkeypatch.setattr(desk, "strategy", strategy)
    assert await everything(desk) == stored
    assert read == [each.strategy_id for each in stored[2:]]
    assert await everything(FakeDesk()) == ()


# The file


def test_the_file_is_complete_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "strategies.csv"
    path.write_text("an older one")
    path.chmod(0o644)
    save(path, csv_text(four_strategies()), "utf-8-sig")
    assert path.read_text("utf-8-sig").startswith("strategy,environment,")
    assert list(tmp_path.iterdir()) == [path]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "list.csv was not saved: the disk is full. Free some space or choose another folder."),
        (errno.EROFS, "list.csv was not saved: {folder} cannot be written. Choose another folder."),
        (errno.EIO, "list.csv was not saved in {folder}: Input/output error. Choose another folder."),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(
    code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fails)
    path = tmp_path / "list.csv"
    path.write_text("an older one")
    with pytest.raises(NotSaved) as failed:
        save(path, "new")
    assert str(failed.value) == words.format(folder=tmp_path)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["an older one"]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="No such file or directory"):
        save(tmp_path / "gone" / "list.csv", "new")
