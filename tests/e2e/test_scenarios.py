"""Every practice scenario, switched on in its panel and lived through: what was shown, what the ledger held."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from otoco_desktop.domain import lifecycle
from otoco_desktop.domain.headline import headline
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.phases import filled
from otoco_desktop.domain.strategy import LegStatus, Phase, Strategy
from otoco_desktop.domain.timeline import TimelineKind
from otoco_desktop.exchange.stream import BackOff
from otoco_desktop.practice import scenarios
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.model import Status
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.ui.practice.panel import PracticePanel, ScenarioRow
from tests.e2e.stage import BRISK, BUY, MARK, PACE, SELL, Plan, Stage, on_stage
from tests.faults.evidence import Evidence
from tests.faults.seen import held, shown

if TYPE_CHECKING:
    import qasync

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
"""The offscreen platform says so of every window that is brought to the front."""

TO_ENTRY = {Side.BUY: "92390.00", Side.SELL: "94010.00"}
PROTECTED = (LegStatus.FILLED, LegStatus.ACTIVE, LegStatus.ACTIVE)
HALF, WHOLE, NOTHING = Decimal("0.05"), Decimal("0.1"), Decimal(0)
SLOW = replace(PACE, back_off=BackOff(first=0.5, longest=1.0, patient=1.0))
"""A reconnect leaves the entry the time to fill meanwhile."""

TOLD_LATE_S, GAP_AFTER_S = 1.5, 0.5


@pytest.fixture
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenarios that take seconds take fewer."""
    seconds = {"late-events": TOLD_LATE_S, "gap-through-stop": GAP_AFTER_S}
    table = tuple(replace(each, value=seconds.get(each.name, each.value)) for each in scenarios.SCENARIOS)
    monkeypatch.setattr(scenarios, "SCENARIOS", table)


# The trader's hand


async def panel_of(stage: Stage) -> PracticePanel:
    """The panel, opened by its key and with the keyboard."""
    stage.hands.press(Qt.Key.Key_P, CTRL | Qt.KeyboardModifier.ShiftModifier)
    offer = stage.program.scenarios
    assert offer is not None
    assert offer.panel is not None
    await stage.see(offer.panel.isActiveWindow, "the panel")
    return offer.panel


async def switch(stage: Stage, name: str, *, on: bool = True) -> ScenarioRow:
    """Click the scenario's row, wait until it says so, and go back to the main window."""
    panel = await panel_of(stage)
    row = next(each for each in panel.rows if each.card.name == name)
    panel.findChildren(QScrollArea)[0].ensureWidgetVisible(row)
    assert row.isChecked() is not on
    stage.hands.click_on(row)
    await stage.see(lambda: (row.isChecked(), bool(row.status)) == (on, on), f"{name} {'on' if on else 'off'}")
    assert not panel.trouble.isVisible()
    stage.program.window.activateWindow()
    await stage.see(stage.program.window.isActiveWindow, "the main window")
    return row


async def cleared(stage: Stage, row: ScenarioRow) -> None:
    """What happens once leaves its row by itself."""
    await stage.see(lambda: not row.isChecked() and not row.status, f"that {row.card.name} is over")


async def send(stage: Stage, plan: Plan) -> None:
    """Send it at the usual price, and wait for its entry."""
    await stage.moved(MARK)
    await stage.send(plan)
    await stage.shows_legs(LegStatus.ACTIVE, LegStatus.WAITING, LegStatus.WAITING)


async def trade(stage: Stage, plan: Plan) -> None:
    """Send it, and let the market meet its entry."""
    await send(stage, plan)
    await stage.move(TO_ENTRY[plan.side])


async def statuses(stage: Stage) -> tuple[Status, ...]:
    return tuple(leg.status for leg in await stage.legs_there())


async def fills(stage: Stage) -> tuple[Decimal, ...]:
    return tuple(leg.filled for leg in await stage.legs_there())


async def reads(stage: Stage, chip: str, words: str) -> None:
    """Chip and sentence of the newest strategy, as they are read."""
    await stage.see(lambda: chip in stage.row()[0].split(", "), f"the chip {chip}")
    await stage.see(lambda: stage.hands.says(words), words)


def alarm(stage: Stage) -> str:
    """The audit's sentence in red on top of the window; empty while it is quiet."""
    strip = stage.program.window.complete().protection.strip
    return strip.sentence.text() if strip.isVisible() else ""


def findings(stage: Stage) -> str:
    return " ".join(each.message for each in stage.program.window.presenter.verdict.findings)


def kinds(stage: Stage) -> list[TimelineKind]:
    return [item.kind for item in stage.timeline()]


def after_active(stage: Stage, kind: TimelineKind) -> int:
    """How long after the stop was active its newest event of this kind came, in the exchange's milliseconds."""
    active = next(item for item in stage.timeline() if item.kind is TimelineKind.STOP_ACTIVE)
    ended = [item for item in stage.timeline() if item.kind is kind][-1]
    assert active.exchange_ms is not None
    assert ended.exchange_ms is not None
    return ended.exchange_ms - active.exchange_ms


class Listening:
    """Notes every state the newest strategy went through, as the window was told."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self.entry: list[LegStatus] = []
        self.reports: list[set[str]] = []

    def desk_changed(self, _state: object) -> None:
        """Nothing of interest."""

    def quote_changed(self, _quote: object) -> None:
        """Nothing of interest."""

    def strategy_changed(self, strategy: Strategy) -> None:
        _note(self.phases, lifecycle.phase(strategy))
        _note(self.entry, lifecycle.leg_status(strategy, LegRole.ENTRY))
        if LegRole.ENTRY in strategy.legs:
            _note(self.reports, {seen.report.status for seen in strategy.legs[LegRole.ENTRY].seen})


def _note(told: list, now: object) -> None:  # type: ignore[type-arg]  # either list
    if told[-1:] != [now]:
        told.append(now)


# Prices and fills


@pytest.mark.usefixtures("sooner")
async def test_a_gap_fills_a_market_stop_far_away_and_leaves_a_limit_stop_behind(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        row = await switch(stage, "gap-through-stop")
        await trade(stage, BUY)
        await stage.reaches(Phase.CLOSED)
        assert after_active(stage, TimelineKind.FILLED) >= GAP_AFTER_S * 1000
        stop = (await stage.legs_there())[1]
        assert await statuses(stage) == (Status.FILLED, Status.FILLED, Status.CANCELED)
        assert stop.value / stop.filled < Decimal(BUY.stop) * Decimal("0.981"), "that is near the trigger"
        words = headline(stage.strategy)
        assert words.startswith(f"Stopped at {stop.value / stop.filled:,.2f}: −")
        await reads(stage, "Stopped", words)
        await cleared(stage, row)
        await switch(stage, "gap-through-stop")
        await trade(stage, SELL)
        await reads(stage, "Stop triggered", "Stop triggered, not yet filled.")
        stop = (await stage.legs_there())[1]
        assert (stop.status, stop.filled, bool(stop.exchange_order_id)) == (Status.ACTIVE, NOTHING, True)
        mark = (await stage.ask(lambda controls: controls.quote("BTC_USD"))).mark
        assert mark > Decimal(SELL.stop_limit) * Decimal("1.019")


@pytest.mark.fault(60)
@pytest.mark.parametrize("plans", [(BUY, SELL), (SELL, BUY)], ids=["buy stays", "sell stays"])
async def test_half_an_entry_that_stays_and_half_an_entry_that_is_cancelled(
    plans: tuple[Plan, Plan], tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    stays, ends = plans
    async with on_stage(tmp_path) as stage:
        row = await switch(stage, "half-fill-stay")
        await trade(stage, stays)
        await reads(stage, "Partly filled 50%", "50% of the entry has filled. No stop is active yet.")
        await stage.see(lambda: "1 NOT protected: 0.05000 BTC of S-0001 has no stop" in alarm(stage), "the alarm")
        await cleared(stage, row)
        await stage.ask(lambda controls: controls.beat(6))
        assert await statuses(stage) == (Status.ACTIVE, Status.PENDING, Status.PENDING)
        assert await fills(stage) == (HALF, NOTHING, NOTHING), "the rest has filled"
        await switch(stage, "half-fill-cancel")
        await trade(stage, ends)
        words = "0.05000 BTC is unprotected. The entry was cancelled after a partial fill."
        await reads(stage, "Unprotected", words)
        await stage.see(lambda: "2 NOT protected" in alarm(stage), "the alarm for both")
        assert await statuses(stage) == (Status.CANCELED,) * 3
        assert await fills(stage) == (HALF, NOTHING, NOTHING)
        evidence.note(60, injected="scenario half-fill-cancel", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(61)
async def test_a_stop_that_is_refused_when_the_mark_reaches_it(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        await switch(stage, "stop-refused")
        await trade(stage, BUY)
        await stage.shows_legs(*PROTECTED)
        await stage.move("90500.00")
        words = "0.10000 BTC is unprotected. The stop was rejected (insufficient balance)."
        await reads(stage, "Unprotected", words)
        await stage.see(lambda: "1 NOT protected: 0.10000 BTC of S-0001 has no stop" in alarm(stage), "the alarm")
        assert await statuses(stage) == (Status.FILLED, Status.REJECTED, Status.ACTIVE)
        assert await fills(stage) == (WHOLE, NOTHING, NOTHING)
        evidence.note(61, injected="scenario stop-refused", shown=shown(stage), ledger=await held(stage))


# Replies


@pytest.mark.fault(7)
async def test_a_lost_reply_is_unknown_until_the_order_is_found(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        told = Listening()
        stage.program.desk.listen(told)
        row = await switch(stage, "reply-lost-placed")
        await stage.send(BUY)
        await stage.see(lambda: Phase.UNKNOWN in told.phases, "that it is unknown")
        await stage.reaches(Phase.WORKING)
        await reads(stage, "Entry working", "Entry is on the book at 92,400.00.")
        await stage.see(lambda: not stage.banner(), "that the banner goes")
        assert Phase.REJECTED not in told.phases
        assert told.phases.index(Phase.UNKNOWN) < told.phases.index(Phase.WORKING)
        assert TimelineKind.UNKNOWN in kinds(stage)
        ledger = await stage.ledger()
        assert (len(ledger.creates), len(ledger.lists)) == (1, 1)
        assert stage.strategy.list_id == ledger.lists[0][0].list_id
        await cleared(stage, row)
        evidence.note(7, injected="scenario reply-lost-placed", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(6)
async def test_a_request_that_was_not_placed_is_not_found_yet_and_locks_its_like(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        await switch(stage, "reply-lost-not-placed")
        await stage.send(BUY)
        unknown = "Outcome unknown. Checking with the exchange. Do not resubmit."
        await reads(stage, "Outcome unknown", unknown)
        assert stage.banner().startswith(unknown)
        await stage.see(lambda: len(stage.strategy.looks) >= 2, "two rounds of questions")
        stage.arm(Fault.CLOCK_AHEAD, 130)
        stage.clock.skip_wall(130_000)
        await stage.reaches(Phase.UNRESOLVED)
        await stage.see(lambda: stage.chip() == "Not found yet", "the chip")
        assert stage.banner().startswith("Not found yet. It may still appear. Do not resubmit.")
        stage.plan(BUY)
        lock = "New BTC_USD buys are locked until S-0001 is settled."
        await stage.see(lambda: lock in findings(stage), lock)
        ledger = await stage.ledger()
        assert (len(ledger.creates), ledger.lists) == (1, ())
        evidence.note(6, injected="scenario reply-lost-not-placed", shown=shown(stage), ledger=await held(stage))


# Events


@pytest.mark.usefixtures("sooner")
async def test_late_events_say_their_delay_and_a_check_finds_states_first(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        row = await switch(stage, "late-events")
        await send(stage, BUY)
        (entry,) = [item for item in stage.timeline() if item.kind is TimelineKind.ENTRY_ACTIVE]
        assert entry.delay_ms is not None
        assert entry.delay_ms >= TOLD_LATE_S * 1000
        await stage.move(TO_ENTRY[Side.BUY])
        await stage.ask(lambda controls: controls.beat(4))
        assert await statuses(stage) == (Status.FILLED, Status.ACTIVE, Status.ACTIVE)
        stage.hands.press(Qt.Key.Key_F5)
        await stage.shows_legs(*PROTECTED)
        await reads(stage, "Exits active", "Stop 90,552.00 and target 97,020.00 are active.")
        (stop,) = [item for item in stage.timeline() if item.kind is TimelineKind.STOP_ACTIVE]
        assert stop.found_by_check, "the event came first"
        await switch(stage, "late-events", on=False)
        assert not row.status
        assert kinds(stage).count(TimelineKind.FILLED) == 1


@pytest.mark.fault(32)
async def test_repeated_events_count_every_fill_once(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        row = await switch(stage, "repeated-events")
        await trade(stage, BUY)
        await stage.shows_legs(*PROTECTED)
        await stage.move("97030.00")
        await reads(stage, "Target filled", "Target filled at 97,")
        lines = [(item.title, item.detail) for item in stage.timeline()]
        assert len(lines) == len(set(lines)), "a line stands there twice"
        assert not stage.strategy.anomalies
        believed = tuple(filled(stage.strategy, role) for role in LegRole)
        assert believed == await fills(stage) == (WHOLE, NOTHING, WHOLE)
        assert row.isChecked(), "what lasts was switched off by itself"
        evidence.note(32, injected="scenario repeated-events", shown=shown(stage), ledger=await held(stage))


@pytest.mark.fault(31)
async def test_events_in_reverse_order_take_no_state_back(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        told = Listening()
        stage.program.desk.listen(told)
        row = await switch(stage, "reordered-events")
        await send(stage, BUY)
        await cleared(stage, row)
        await stage.see(lambda: told.reports[-1] == {"ACTIVE", "NEW"}, "the first report, last")
        assert told.reports[0] == {"ACTIVE"}, "they came in order"
        assert told.entry[-1] is LegStatus.ACTIVE
        assert LegStatus.WAITING not in told.entry[told.entry.index(LegStatus.ACTIVE) :]
        await stage.move(TO_ENTRY[Side.BUY])
        await stage.shows_legs(*PROTECTED)
        await reads(stage, "Exits active", "Stop 90,552.00 and target 97,020.00 are active.")
        assert await statuses(stage) == (Status.FILLED, Status.ACTIVE, Status.ACTIVE)
        evidence.note(31, injected="scenario reordered-events", shown=shown(stage), ledger=await held(stage))


# Connections


def channel(stage: Stage) -> str | None:
    return stage.program.desk.state.connection.order_channel


@pytest.mark.fault(27)
async def test_the_order_channel_under_the_other_name(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path) as stage:
        first = channel(stage)
        await switch(stage, "other-channel")
        await stage.see(lambda: channel(stage) not in (None, first), "the other name")
        await stage.ready()
        await stage.see(lambda: not stage.notice(), "that the notice goes")
        await trade(stage, BUY)
        await stage.shows_legs(*PROTECTED)
        assert not any(item.found_by_check for item in stage.timeline()), "live updates did not go on"
        assert await statuses(stage) == (Status.FILLED, Status.ACTIVE, Status.ACTIVE)
        said = f"{shown(stage)} [{stage.program.desk.state.connection.user_words} as {channel(stage)}]"
        evidence.note(27, injected="scenario other-channel", shown=said, ledger=await held(stage))


@pytest.mark.fault(27)
async def test_the_order_channel_under_no_name(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        await switch(stage, "no-channel")
        connection: Callable[[], str] = lambda: stage.program.desk.state.connection.user_words  # noqa: E731 - read anew
        await stage.see(lambda: connection() == "live updates off: polling", "the words")
        await stage.see(lambda: "every 2 s" in stage.notice(), "what is done instead")
        await stage.ready()
        await trade(stage, BUY)
        await stage.shows_legs(*PROTECTED)
        assert all(item.found_by_check for item in stage.timeline() if item.exchange_ms is not None)
        assert await statuses(stage) == (Status.FILLED, Status.ACTIVE, Status.ACTIVE)
        said = f"{shown(stage)} [{connection()}]"
        evidence.note(27, injected="scenario no-channel", shown=said, ledger=await held(stage))
        await switch(stage, "no-channel", on=False)
        await stage.see(lambda: connection() == "live" and not stage.notice(), "live updates again")


@pytest.mark.fault(35)
async def test_a_disconnect_during_a_fill_is_caught_up(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path, pace=SLOW) as stage:
        await send(stage, BUY)
        row = await switch(stage, "disconnect-during-fill")
        await stage.move(TO_ENTRY[Side.BUY])
        await stage.ask(lambda controls: controls.beat(4))
        await stage.see(lambda: "User stream lost" in stage.notice() and "as of" in stage.row()[0], "a lost stream")
        missed = f"{stage.row()[0]} / {stage.notice()}"
        await stage.shows_legs(*PROTECTED)
        found = [item for item in stage.timeline() if item.kind in (TimelineKind.FILLED, TimelineKind.STOP_ACTIVE)]
        assert [item.found_by_check for item in found] == [True, True]
        await stage.see(lambda: not stage.notice(), "that the notice goes")
        assert stage.chip() == "Exits active"
        assert await fills(stage) == (WHOLE, NOTHING, NOTHING)
        assert filled(stage.strategy, LegRole.ENTRY) == WHOLE
        await cleared(stage, row)
        evidence.note(
            35,
            injected="scenario disconnect-during-fill",
            shown=f"{missed}, then {shown(stage)}",
            ledger=await held(stage),
        )


async def test_a_maintenance_page_sends_nothing_claims_nothing_and_dates_the_states(
    tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        await send(stage, BUY)
        before = await stage.ledger()
        stage.plan(SELL)
        await switch(stage, "maintenance")
        await stage.see(lambda: "as of" in stage.row()[0], "as of when")
        assert stage.chip() == "Entry working"
        await stage.see(lambda: "States may be old." in stage.notice(), "that it may be old")
        await stage.see(lambda: stage.why_closed().startswith("Can't submit."), "that Submit is closed")
        stage.hands.press(Qt.Key.Key_F5)
        await stage.see(lambda: "Cannot check" in alarm(stage) or stage.hands.says("Cannot check"), "no claim")
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert not stage.program.window.review.sheet.is_open
        assert await stage.ledger() == before
        await switch(stage, "maintenance", on=False)
        await stage.ready()
        await stage.see(lambda: "as of" not in stage.row()[0], "states of now")
        await stage.see(lambda: not stage.notice(), "that the notice goes")
        assert await stage.ledger() == before


@pytest.mark.fault(21)
async def test_a_clock_that_is_ahead_closes_submit_and_is_told_by_how_much(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with on_stage(tmp_path, options=BRISK) as stage:
        await send(stage, BUY)
        before = await stage.ledger()
        stage.plan(SELL)
        await switch(stage, "clock-ahead")
        said = re.compile(r"Your clock is (89|90)\.\d s ahead of the exchange\. Set it, then check again\.")
        await stage.see(lambda: said.search(findings(stage)), "the clock check")
        await stage.see(lambda: said.search(stage.notice()), "the notice")
        closed = "Can't submit: 1 error. First: this computer's clock is wrong."
        await stage.see(lambda: stage.why_closed() == closed, closed)
        assert said.search(stage.program.desk.state.gate.reason)
        stage.hands.press(Qt.Key.Key_Return, CTRL)
        assert not stage.program.window.review.sheet.is_open
        assert await stage.ledger() == before
        told = f"{shown(stage)}; {stage.why_closed()}"
        evidence.note(21, injected="scenario clock-ahead", shown=told, ledger=await held(stage))
        await switch(stage, "clock-ahead", on=False)
        await stage.ready()
        await stage.see(lambda: not stage.notice(), "that the notice goes")
        assert stage.chip() == "Entry working"


# The price by hand


@pytest.mark.parametrize(("plan", "words"), [(BUY, "Target filled at 97,"), (SELL, "Target filled at 89,")])
async def test_the_price_goes_where_the_hand_sends_it_and_walks_again(
    plan: Plan, words: str, tmp_path: Path, qloop: qasync.QEventLoop
) -> None:
    async with on_stage(tmp_path) as stage:
        await send(stage, plan)
        panel = await panel_of(stage)
        await stage.see(panel.price.aims[LegRole.ENTRY].isEnabled, "an entry to go to")
        stage.hands.click("To entry")
        await stage.shows_legs(*PROTECTED)
        stage.hands.click("To target")
        await stage.reaches(Phase.CLOSED)
        await reads(stage, "Target filled", words)
        assert await statuses(stage) == (Status.FILLED, Status.CANCELED, Status.FILLED)
        for price in ("0.01", "999999999999999.99", "91234.56"):
            stage.hands.write("Practice price", price)
            stage.hands.press(Qt.Key.Key_Return)
            await stage.see(lambda price=price: mark(stage) == Decimal(price), price)  # type: ignore[misc]  # bound
        stage.hands.click("Let it walk")
        await stage.see(lambda: mark(stage) != Decimal("91234.56"), "that it walks")
        assert not panel.trouble.isVisible()


async def test_an_exchange_that_has_ended_is_told_in_the_panel(tmp_path: Path, qloop: qasync.QEventLoop) -> None:
    async with on_stage(tmp_path) as stage:
        row = await switch(stage, "late-events")
        panel = await panel_of(stage)
        assert stage.server is not None
        await asyncio.to_thread(stage.server.stop)
        await stage.see(lambda: not row.isChecked(), "that nothing waits any more")
        row.click()
        await stage.see(panel.trouble.isVisible, "that it is told")
        assert panel.trouble.text() == "The practice exchange is not running."
        await stage.see(lambda: not row.isChecked(), "that it did not begin")


def mark(stage: Stage) -> Decimal | None:
    """The mark price as the window knows it."""
    quote = stage.program.desk.state.quote
    return quote.mark if quote else None
