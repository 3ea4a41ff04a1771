"""Plans that were typed and not sent: they come back as typed, can be put away, and are never sent by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from otoco_desktop.app import drafts
from otoco_desktop.domain.drafts import MOST
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.drafts.sheet import DraftsSheet
from tests.e2e.processes import started
from tests.e2e.stage import BUY, ENTRY, QUANTITY, SELL, STOP, TARGET, Plan, Stage, on_stage
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

SHIFT = Qt.KeyboardModifier.ShiftModifier
RELATIVE = Plan(entry="92400.00", quantity="0.5 %", stop="2%", target="2.5R", target_limit="97000.00", mode="Risk %")
LIMIT_S = 20.0


def file_in(folder: Path) -> Path:
    return Places(folder, Environment.PRACTICE).drafts("")


def typed(stage: Stage) -> tuple[str, ...]:
    """The texts of the ticket."""
    return tuple(stage.hands.read(name) for name in (ENTRY, QUANTITY, STOP, TARGET))


def beside_title(stage: Stage) -> str:
    """What stands beside the ticket's title."""
    return stage.program.window.page.ticket.kept.text()


def told(stage: Stage) -> list[str]:
    return [message.text for message in stage.program.window.toasts.log]


async def saved(stage: Stage) -> None:
    await stage.see(lambda: beside_title(stage) == "autosaved", "the draft on the disk")


async def keep(stage: Stage) -> None:
    """Put away what stands in the ticket, by key."""
    before = len(told(stage))
    stage.hands.press(Qt.Key.Key_S, CTRL)
    await stage.see(lambda: len(told(stage)) > before, "an answer")


async def listed(stage: Stage) -> DraftsSheet:
    """The list of drafts, opened by key."""
    stage.hands.press(Qt.Key.Key_D, CTRL | SHIFT)
    assert stage.program.drafting is not None
    sheet = stage.program.drafting.sheet
    assert sheet is not None
    await stage.see(sheet.isVisible, "the list")
    return sheet


def names(sheet: DraftsSheet) -> list[str]:
    return [sheet.model.index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(sheet.model.rowCount())]


async def test_it_comes_back_as_typed_and_is_told_as_a_draft(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        assert beside_title(stage) == ""
        stage.plan(RELATIVE)
        assert beside_title(stage) != "autosaved"
        await saved(stage)
        first = typed(stage)

    async with on_stage(tmp_path) as stage:
        assert typed(stage) == first == ("92400.00", "0.5 %", "2%", "2.5R")
        assert beside_title(stage).startswith("draft ")
        assert "Mark was 93,118.42 then. Checks and figures are of now. Nothing has been sent." in " ".join(told(stage))
        await stage.see(lambda: stage.hands.says("Ready."), "a verdict of now")
        assert not stage.strategies
        stage.hands.write(QUANTITY, "0.4")
        assert not beside_title(stage).startswith("draft")
        await saved(stage)
        assert not (await stage.ledger()).lists


async def test_what_was_typed_before_the_program_was_ready_is_kept_and_the_last_draft_too(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    said: list[str] = []
    for entry in ("91000", "92000"):
        async with on_stage(tmp_path, connect=False) as stage:
            stage.hands.write("Entry price", entry)
            await stage.program.connect()
            await stage.ready()
            await saved(stage)
            assert stage.hands.read(ENTRY) == entry
            said = told(stage)
    assert any("The ticket holds something newer" in each for each in said)
    held = json.loads(file_in(tmp_path).read_text())["drafts"]
    assert (held["current"]["draft"]["entry"], held["kept"][0]["draft"]["entry"]) == ("92000", "91000")


async def test_plans_of_other_pairs_come_back_too(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        stage.program.window.choose_instrument("ETH_USD")
        stage.hands.write(ENTRY, "3000")
        await saved(stage)

    async with on_stage(tmp_path, ready=False) as stage:
        await stage.see(lambda: stage.hands.read(ENTRY) == "3000", "the draft")
        shown = stage.program.desk.state.instrument
        assert shown is not None
        assert shown.symbol == "ETH_USD"
        stage.program.window.choose_instrument("BTC_USD")
        await stage.see(lambda: stage.hands.read(ENTRY) == BUY.entry, "the plan of the other pair")


async def test_what_has_been_sent_is_no_draft(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)

    async with on_stage(tmp_path) as stage:
        assert typed(stage) == ("", "", "", "")
        assert beside_title(stage) == ""
        assert len(stage.strategies) == 1


async def test_what_is_typed_while_another_plan_is_on_its_way_is_kept(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        stage.hands.write(ENTRY, "91000")
        await stage.reaches(Phase.WORKING)
        await saved(stage)
        assert json.loads(file_in(tmp_path).read_text())["drafts"]["current"]["draft"]["entry"] == "91000"


async def test_it_is_there_after_a_kill(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    """A process that types, says when its window claims "autosaved", and is killed then."""
    with started(tmp_path, "tests.e2e.child", "type", str(tmp_path / "data"), "92400.00") as child:
        await until(lambda: child.says("autosaved"), LIMIT_S * 2, "a draft in the other process")
        child.kill()
    held = json.loads(file_in(tmp_path / "data").read_text())
    assert held["drafts"]["current"]["draft"]["entry"] == "92400.00"
    async with on_stage(tmp_path / "data") as stage:
        assert stage.hands.read(ENTRY) == "92400.00"
        assert not stage.strategies


async def test_a_damaged_file_is_told_and_kept(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    path = file_in(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"version": 7}')
    async with on_stage(tmp_path) as stage:
        assert typed(stage) == ("", "", "", "")
        sentence = "Your drafts are of another version of this program and are kept as drafts.damaged-1.json."
        assert sentence in " ".join(told(stage))
        stage.hands.write(ENTRY, "92000")
        await saved(stage)
    assert (path.parent / "drafts.damaged-1.json").read_bytes() == b'{"version": 7}'


async def test_a_disk_that_takes_nothing_is_told_and_typing_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    monkeypatch.setattr(drafts, "AGAIN_S", 0.1)
    blocked = file_in(tmp_path).with_suffix(".new")
    async with on_stage(tmp_path) as stage:
        blocked.mkdir()
        stage.hands.write(ENTRY, "92000")
        await stage.see(lambda: beside_title(stage) == "not saved", "the trouble")
        assert any("The draft cannot be saved (Is a directory)." in each for each in told(stage))
        stage.hands.write(ENTRY, "92100")
        assert stage.hands.read(ENTRY) == "92100"
        assert stage.program.window.page.ticket.kept.toolTip().startswith("The draft cannot be saved")
        blocked.rmdir()
        await saved(stage)
    async with on_stage(tmp_path) as stage:
        assert stage.hands.read(ENTRY) == "92100"


async def test_a_draft_of_a_pair_that_is_gone_says_so_and_stays(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.hands.write(ENTRY, "92000")
        await saved(stage)
    path = file_in(tmp_path)
    path.write_text(path.read_text().replace("BTC_USD", "GONE_USD"))
    async with on_stage(tmp_path) as stage:
        assert stage.hands.read(ENTRY) == ""
        gone = "GONE_USD is not traded here any more"
        assert any(gone in each and "It stays in the list." in each for each in told(stage))
        sheet = await listed(stage)
        assert names(sheet)[0].startswith("GONE_USD, buy at 92000")
        QTest.keyClick(sheet.open_button, Qt.Key.Key_Space)
        assert gone in sheet.said.text()
        assert sheet.isVisible()
        sheet.reject()


async def test_drafts_are_put_away_named_opened_and_deleted_by_keys(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await keep(stage)
        assert told(stage)[-1] == "Nothing is typed, so there is nothing to keep."
        stage.plan(BUY)
        await keep(stage)
        assert told(stage)[-1].startswith("Kept as draft: BTC_USD, buy at 92400.00.")
        await keep(stage)
        assert told(stage)[-1] == "This plan is kept as a draft already."
        stage.plan(SELL)
        await keep(stage)

        sheet = await listed(stage)
        assert [name.split(",")[1] for name in names(sheet)] == [" sell at 94000.00", " buy at 92400.00"]
        QTest.keyClick(sheet.list, Qt.Key.Key_Down)
        sheet.name.setFocus()
        QTest.keyClicks(sheet.name, "for the morning")
        assert names(sheet)[1].startswith("for the morning (BTC_USD, buy at 92400.00)")
        sheet.list.setFocus()
        QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
        assert len(names(sheet)) == 1
        assert sheet.said.text() == "Deleted for the morning (BTC_USD, buy at 92400.00)."
        QTest.keyClick(sheet.list, Qt.Key.Key_Z, CTRL)
        assert len(names(sheet)) == 2
        QTest.keyClick(sheet.list, Qt.Key.Key_Down)
        QTest.keyClick(sheet.open_button, Qt.Key.Key_Space)
        await stage.see(lambda: stage.hands.read(ENTRY) == BUY.entry, "the draft in the ticket")
        assert stage.program.window.presenter.draft.side is Side.BUY
        assert not stage.strategies

    async with on_stage(tmp_path) as stage:
        sheet = await listed(stage)
        assert [name.split(",")[0] for name in names(sheet)] == ["BTC_USD", "for the morning (BTC_USD"]
        sheet.reject()


async def test_opening_a_draft_loses_nothing_that_was_typed(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.plan(BUY)
        await keep(stage)
        stage.hands.write(ENTRY, "91000")
        sheet = await listed(stage)
        QTest.keyClick(sheet.open_button, Qt.Key.Key_Space)
        await stage.see(lambda: stage.hands.read(ENTRY) == BUY.entry, "the draft in the ticket")
        sheet = await listed(stage)
        assert any("buy at 91000" in name for name in names(sheet))
        sheet.reject()


async def test_opening_a_draft_of_another_pair_loses_nothing_that_was_typed_for_either(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        window, desk = stage.program.window, stage.program.desk
        window.choose_instrument("ETH_USD")
        await stage.see(lambda: (found := desk.state.instrument) and found.symbol == "ETH_USD", "the pair")
        stage.hands.write(ENTRY, "3000")
        await keep(stage)
        stage.hands.write(ENTRY, "3111")
        window.choose_instrument("BTC_USD")
        await stage.see(lambda: (found := desk.state.instrument) and found.symbol == "BTC_USD", "the pair before")
        stage.hands.write(ENTRY, "92000")
        sheet = await listed(stage)
        QTest.keyClick(sheet.open_button, Qt.Key.Key_Space)
        await stage.see(lambda: stage.hands.read(ENTRY) == "3000", "the draft in the ticket")
        sheet = await listed(stage)
        assert all(any(entry in name for name in names(sheet)) for entry in ("3111", "92000"))
        sheet.reject()


async def test_there_is_a_most_and_it_is_said(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        for at in range(MOST):
            stage.hands.write(ENTRY, str(92_000 + at))
            await keep(stage)
        stage.hands.write(ENTRY, "93000")
        await keep(stage)
        assert told(stage)[-1] == "50 drafts are kept, which is the most. Delete one to keep another."


@pytest.mark.parametrize("environment", Environment)
def test_environments_and_accounts_never_share_drafts(environment: Environment, tmp_path: Path) -> None:
    others = [Places(tmp_path, each) for each in Environment if each is not environment]
    own = Places(tmp_path, environment)
    names = ("", "Main", "main", "../live", "a/b")
    mine = {own.drafts(name) for name in names}
    assert len(mine) == len(names)
    assert {path.parent for path in mine} == {own.home}
    assert not mine & {other.drafts(name) for other in others for name in names}
