"""A create whose reply does not come, or proves nothing: never called rejected, never sent again, looked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from PySide6.QtCore import Qt

from otoco_desktop.domain.strategy import LegStatus, Phase
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault, Loss, RawReply
from otoco_desktop.practice.rows import _core
from otoco_desktop.rehearsal.hands import CTRL
from tests.e2e.stage import BRISK, BUY, CALM_MS, PACE, SELL, Stage, on_stage

if TYPE_CHECKING:
    import qasync

CREATE = "private/advanced/create-otoco"
LOCK = "New BTC_USD buys are locked until S-0001 is settled."
UNKNOWN = "Outcome unknown. Checking with the exchange. Do not resubmit."


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent exchange is given up after a moment instead of ten seconds."""
    times = httpx.Timeout(connect=3.0, write=3.0, read=1.0, pool=3.0)
    monkeypatch.setattr("otoco_desktop.exchange.transport.TIMEOUTS", times)
    monkeypatch.setattr("tests.e2e.stage.PACE", replace(PACE, timing=replace(PACE.timing, reply_ms=1_000)))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("loss", Loss)
async def test_a_lost_reply_of_a_placed_order_is_found(loss: Loss, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.HIDE_ORDERS)
        stage.arm(Fault.MUTE_STREAMS)
        stage.arm(Fault.LOSE_REPLY_PLACED, loss)
        await stage.send(BUY)
        await unknown(stage)
        stage.controls.clear()
        stage.choose("Check now")
        await stage.reaches(Phase.WORKING)
        await stage.see(lambda: not stage.banner(), "that the banner goes")
        entry, *_ = await stage.legs_there()
        assert stage.strategy.list_id == entry.list_id
        assert stage.chip() == "Entry working"
        assert "New BTC_USD buys" not in checks(stage)
        assert len((await stage.ledger()).creates) == 1


async def test_a_lost_reply_is_found_by_the_stream_as_well(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.HIDE_ORDERS)
        stage.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
        await stage.send(BUY)
        await stage.reaches(Phase.WORKING)
        await stage.see(lambda: not stage.banner(), "that the banner goes")
        assert stage.strategy.list_id == (await stage.legs_there())[0].list_id


@pytest.mark.usefixtures("impatient")
async def test_a_request_lost_in_silence_stays_unknown(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        stage.arm(Fault.LOSE_REPLY_UNPLACED, Loss.SILENCE)
        await stage.send(BUY)
        await unknown(stage)
        await stage.see(lambda: len(stage.strategy.looks) >= 2, "two rounds of questions")
        await unknown(stage)
        await locked(stage)


async def test_a_request_that_is_never_found_is_never_called_rejected(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        stage.arm(Fault.LOSE_REPLY_UNPLACED, Loss.ABORT)
        await stage.send(BUY)
        await stage.see(lambda: len(stage.strategy.looks) >= 5, "five rounds of questions")
        await unknown(stage)
        await two_minutes_pass(stage)
        await stage.reaches(Phase.UNRESOLVED)
        assert stage.chip() == "Not found yet"
        assert stage.banner().startswith("Not found yet. It may still appear. Do not resubmit.")
        assert stage.legs() == (LegStatus.UNKNOWN,) * 3
        await locked(stage)
        ledger = await stage.ledger()
        assert (len(ledger.creates), ledger.lists) == (1, ())


@pytest.mark.usefixtures("impatient")
async def test_an_order_that_appears_late_is_found(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.LATE_CREATE, 1.5)
        await stage.send(BUY)
        await unknown(stage)
        await stage.reaches(Phase.WORKING)
        assert stage.strategy.list_id == (await stage.legs_there())[0].list_id
        assert len((await stage.ledger()).creates) == 1


@dataclass(frozen=True)
class Odd:
    """A reply to a create that proves nothing."""

    name: str
    reply: RawReply
    because: str


ODD = (
    Odd("a web page", RawReply(b"<html>maintenance</html>", 200, "text/html"), "The reply could not be read"),
    Odd("a gateway's page", RawReply(b"<h1>502</h1>", 502, "text/html"), "The reply could not be read"),
    Odd("cut off", RawReply(b'{"id":1,"code":0', declared=400), "the connection was closed before the answer"),
    Odd("oversized", RawReply(b'{"x":"' + b"x" * 3_000_000 + b'"}'), "The answer is larger than"),
    Odd("wrong types", RawReply(b'{"id":[],"code":{},"result":7,"method":0}'), "The reply"),
    Odd("somebody else's", RawReply(b'{"id":1,"method":"public/auth","code":0}'), "belongs to another request"),
    Odd("nothing", RawReply(b""), "The reply could not be read"),
)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
async def test_an_odd_reply_is_no_answer(odd: Odd, tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path, options=replace(BRISK, transport=lambda: Transport.REST)) as stage:
        stage.controls.arm_raw(CREATE, odd.reply)
        await stage.send(BUY)
        await unknown(stage)
        assert odd.because.lower() in stage.banner().lower(), stage.banner()
        await locked(stage)
        await stage.see(lambda: stage.strategy.looks, "a first round of questions, which finds the exchange in reach")
        assert stage.chip() == "Outcome unknown"


async def test_a_code_nobody_knows_is_no_refusal(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.REFUSE_CREATE, 99_999)
        await stage.send(BUY)
        await unknown(stage)
        assert "code 99999" in stage.banner()


async def test_a_refusal_that_placed_is_shown_as_placed(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        stage.arm(Fault.PLACE_BUT_REFUSE, 306)
        await stage.send(BUY)
        await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)
        assert stage.phase() is Phase.WORKING
        assert stage.strategy.list_id == (await stage.legs_there())[0].list_id


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exchange calls an order on its book by a word that no document knows."""

    def odd_core(*args: object) -> dict[str, object]:
        row = _core(*args)  # type: ignore[arg-type]
        return {**row, "status": "FROZEN"} if row["status"] == "ACTIVE" else row

    monkeypatch.setattr("otoco_desktop.practice.rows._core", odd_core)


@pytest.mark.usefixtures("frozen")
async def test_a_status_word_nobody_knows_is_shown_as_such(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.send(BUY)
        await stage.shows_legs(LegStatus.UNRECOGNISED, LegStatus.WAITING, LegStatus.WAITING)
        assert stage.row()[2] == "Entry leg, unrecognised, 92,400.00, FROZEN"
        said = "The exchange lists the entry as FROZEN, a status this program does not know."
        await stage.see(lambda: stage.hands.says(said), said)
        await stage.move("92390.00")
        await stage.see(lambda: stage.legs()[0] is LegStatus.FILLED, "that known words count again")


async def unknown(stage: Stage) -> None:
    """The banner stands there, the chip says it, and nobody claims a refusal."""
    await stage.reaches(Phase.UNKNOWN)
    await stage.see(lambda: stage.banner().startswith(UNKNOWN), UNKNOWN)
    assert stage.chip() == "Outcome unknown"
    assert not stage.hands.says("refused it")


async def locked(stage: Stage) -> None:
    """The whole pair is locked until the outcome is known; only typed words lift it."""
    stage.plan(SELL)
    await stage.see(lambda: LOCK.replace("buys", "sells") in checks(stage), "the lock of the other side")
    stage.plan(BUY)
    await stage.see(lambda: LOCK in checks(stage), LOCK)
    words = f"Locked. {LOCK} Review asks for your words to send it all the same."
    await stage.see(lambda: stage.hands.says(words), words)
    stage.hands.press(Qt.Key.Key_Return, CTRL)
    sheet = stage.program.window.review.sheet
    await stage.see(lambda: sheet.is_open, "the review")
    stage.clock.skip(CALM_MS)
    assert not sheet.sheet.submit.isEnabled()
    stage.close_review()


def checks(stage: Stage) -> str:
    """All checks as they are read out."""
    return " ".join(finding.message for finding in stage.program.window.presenter.verdict.findings)


async def two_minutes_pass(stage: Stage) -> None:
    """For both sides at once, so that the request's nonce is too old to be admitted any more."""
    stage.arm(Fault.CLOCK_AHEAD, 130)
    stage.clock.skip_wall(130_000)
