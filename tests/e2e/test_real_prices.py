"""PRACTICE with the exchange's own prices: the change over, the way back, and every way in which they may stop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QDialog

from otoco_desktop import outside_prices
from otoco_desktop.app.real_prices import Source
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.exchange.endpoints import LIVE, PublicEndpoints
from otoco_desktop.settings import Environment, Places
from otoco_desktop.ui.practice import words
from otoco_desktop.ui.practice.prices import RealPricesSwitch
from tests.e2e.accounts.visit import Visit, visiting
from tests.e2e.real_market import RealMarket, real_market
from tests.e2e.stage import BRISK, MARK, PATIENCE_S, SYMBOL, Plan, Stage, on_stage
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

    from otoco_desktop.ui.practice.panel import PracticePanel

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
"""The offscreen platform says so of every window that is brought to the front."""

REAL = "101000.0"
NOBODY = ("https://127.0.0.1:9/exchange/v1/", "wss://127.0.0.1:9/exchange/v1/market")
HEARD: list[Any] = []
LISTENING: list[bool] = []
INSTALLED: list[Any] = []


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    """Write down every connection to a network address; a hook stays with the process."""
    if LISTENING and event == "socket.connect" and isinstance(arguments[1], tuple):
        HEARD.append(arguments[1][:2])


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    if listen not in INSTALLED:
        sys.addaudithook(listen)
        INSTALLED.append(listen)
    HEARD.clear()
    LISTENING.append(True)
    yield HEARD
    LISTENING.clear()


def switch(stage: Stage) -> RealPricesSwitch:
    found = stage.program.real_prices
    assert found is not None
    return found


def panel(stage: Stage) -> PracticePanel:
    """The practice panel, opened."""
    offer = stage.program.scenarios
    assert offer is not None
    if offer.panel is None:
        offer.show()
    assert offer.panel is not None
    return offer.panel


async def stands(stage: Stage, source: Source) -> None:
    await stage.see(lambda: switch(stage).state.source is source, f"prices {source}")


def bid(stage: Stage) -> Decimal | None:
    quote = stage.program.desk.state.quote
    return None if quote is None else quote.bid


async def on_grid(stage: Stage, tick: str) -> None:
    """Wait until the pair in the ticket is on this grid."""
    desk = stage.program.desk
    await stage.see(lambda: (found := desk.state.instrument) and found.price_tick == Decimal(tick), f"a tick of {tick}")


async def shows(stage: Stage, mark: str) -> None:
    await stage.see(lambda: (quote := stage.program.desk.state.quote) and quote.mark == Decimal(mark), mark)


@asynccontextmanager
async def on_real_prices(
    folder: Path, patch: pytest.MonkeyPatch, **changes: Any
) -> AsyncIterator[tuple[Stage, RealMarket]]:
    """The program at the exchange's own prices, switched on in the practice panel."""
    async with real_market(folder / "peer", patch) as market, on_stage(folder / "data", **changes) as stage:
        market.say(REAL)
        stage.hands.click_on(panel(stage).real)
        await stands(stage, Source.REAL)
        await shows(stage, REAL)
        panel(stage).close()
        stage.program.window.activateWindow()
        await stage.see(stage.program.window.isActiveWindow, "the keyboard in the window")
        yield stage, market


def test_the_hosts_are_the_two_public_ones() -> None:
    assert outside_prices.endpoints() == PublicEndpoints(
        "https://api.crypto.com/exchange/v1/", "wss://stream.crypto.com/exchange/v1/market"
    )
    assert (outside_prices.endpoints().rest, outside_prices.endpoints().market) == (LIVE.rest, LIVE.market)


async def test_the_change_over_takes_prices_ticks_and_candles_and_says_so(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch, heard: list[Any]
) -> None:
    async with real_market(tmp_path / "peer", monkeypatch) as market, on_stage(tmp_path / "data") as stage:
        window, desk = stage.program.window, stage.program.desk
        own = {("127.0.0.1", window_port(stage)), ("127.0.0.1", market.front.plain_port)}
        assert set(heard) <= own, "without the switch nothing but its own port"
        stage.hands.click_on(panel(stage).real)
        await stands(stage, Source.CONNECTING)
        assert words.CONNECTING in panel(stage).real.accessibleDescription()
        assert desk.state.quote is not None
        assert desk.state.quote.mark == Decimal(MARK), "until real prices come nothing changes"
        market.say(REAL)
        await stands(stage, Source.REAL)
        await shows(stage, REAL)
        await on_grid(stage, "0.5")
        instrument = desk.state.instrument
        assert instrument is not None
        assert instrument.quantity_step == Decimal("0.0001")
        offered = {item.symbol: item.tradable for item in desk.state.instruments if item.is_spot}
        assert offered["ETH_USD"]
        assert not offered["SOL_USD"], "not listed there"
        assert window.top_bar.badge.shown == "PRACTICE, real prices"
        assert window.top_bar.badge.accessibleName() == "Environment: PRACTICE, simulated orders, real prices"
        assert "orders are simulated here and never sent to the exchange" in window.status.notice
        assert words.STATUS in window.status.notice
        assert any(told.text == words.BEGUN for told in window.toasts.log)
        quote = desk.state.quote
        assert (quote.bid, quote.ask, quote.change_24h) == (Decimal("100999.5"), Decimal("101000.5"), Decimal("0.0123"))
        await stage.see(lambda: (now := desk.state.quote) is not None and now.depth is not None, "its book")
        chart = window.chart.panel
        if chart is not None:
            await stage.see(lambda: candle_closes(stage) == {market.candle_close}, "its candles")
        both = own | {("127.0.0.1", market.front.port)}
        assert set(heard) <= both
        assert ("127.0.0.1", market.front.port) in heard
        assert market.private_calls() == []
        assert b"get-instruments" in bytes(market.front.heard)


def window_port(stage: Stage) -> int:
    """The practice exchange's own port."""
    assert stage.server is not None
    return stage.server.start().result().port


def candle_closes(stage: Stage) -> set[Decimal]:
    found: list[Any] = []
    front = stage.program.desk
    assert front._desk is not None
    series = front._desk._charting._series  # type: ignore[attr-defined]
    found.extend(candle.close for candle in (series.candles if series is not None else ()))
    return set(found[:-1])


async def test_orders_are_matched_against_real_prices_and_stay_here(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_real_prices(tmp_path, monkeypatch, options=BRISK) as (stage, market):
        await on_grid(stage, "0.5")
        await stage.send(Plan(entry="100500.0", quantity="0.0100", stop="99000.0", target="104000.0"))
        await stage.reaches(Phase.WORKING)
        market.say("100400.0")
        await stage.reaches(Phase.PROTECTED)
        market.say("99001.0")
        await stage.see(lambda: bid(stage) == Decimal("99000.5"), "the book above the trigger")
        market.say("98900.0")
        await stage.reaches(Phase.CLOSED)
        fills = (await stage.ledger()).fills
        assert fills[0].price == Decimal("100500.0")
        # Mark and book are two channels: the stop meets the best bid of whichever moment.
        assert fills[-1].price in (Decimal("98899.5"), Decimal("99000.5"))
        assert market.private_calls() == []


@pytest.mark.long
async def test_open_strategies_are_asked_about_once(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real_market(tmp_path / "peer", monkeypatch) as market, on_stage(tmp_path / "data") as stage:
        market.say(REAL)
        await stage.send()
        await stage.reaches(Phase.WORKING)
        stage.hands.click_on(panel(stage).real)
        question = switch(stage).question
        assert question is not None
        assert question.parent() is panel(stage)
        question.reject()
        assert switch(stage).state.source is Source.SIMULATED
        stage.hands.click_on(panel(stage).real)
        question = switch(stage).question
        assert isinstance(question, QDialog)
        question.accept()
        await stands(stage, Source.REAL)
        await shows(stage, REAL)
        assert stage.phase() is Phase.WORKING, "far above its entry: it waits on"
        assert "1 open practice strategy goes on" in words.question(1)


async def test_silence_holds_the_prices_and_the_trader_may_go_on_with_simulated_ones(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_real_prices(tmp_path, monkeypatch) as (stage, market):
        await falls_silent(stage, market)
        strip = switch(stage).strip
        assert strip.isVisible()
        assert "brought no whole price for more than 8 s" in strip.accessibleName()
        await stage.see(lambda: "old" in checks_said(stage), "the age of the prices among the checks")
        quote = stage.program.desk.state.quote
        assert quote is not None
        assert quote.mark == Decimal(REAL), "held, not simulated"
        market.say("101500.0")
        await stands(stage, Source.REAL)
        await shows(stage, "101500.0")
        assert not strip.isVisible()
        await falls_silent(stage, market)
        stage.hands.click_on(strip.go_on)
        await stands(stage, Source.SIMULATED)
        await stage.see(lambda: not strip.isVisible(), "no notice")
        assert stage.program.window.top_bar.badge.shown == "PRACTICE"
        await on_grid(stage, "0.01")
        await stage.see(lambda: moved_on(stage), "a price that walks from where the real one stood")


async def falls_silent(stage: Stage, market: RealMarket) -> None:
    """Nothing more comes, and more than 8 s pass; what was under way may still arrive after the first of them."""
    market.be_silent()
    for _ in range(4):
        stage.clock.skip(8_500)
        with suppress(AssertionError):
            await until(lambda: switch(stage).state.source is Source.HELD, 2.5)
            return
    await stands(stage, Source.HELD)


def checks_said(stage: Stage) -> str:
    """What is found of the age of prices."""
    return " ".join(found.message for found in stage.program.window.presenter.verdict.findings)


def moved_on(stage: Stage) -> bool:
    quote = stage.program.desk.state.quote
    mark = quote.mark if quote is not None else None
    return mark is not None and mark != Decimal("101500.0") and abs(mark / Decimal("101500.0") - 1) < Decimal("0.05")


async def test_a_broken_connection_is_told_and_made_again(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_real_prices(tmp_path, monkeypatch) as (stage, market):
        seen: list[str] = []
        switch(stage).changed.connect(lambda state: seen.append(f"{state.source}: {state.reason}"))
        async with asyncio.timeout(PATIENCE_S):
            while not any("not connected" in each for each in seen):
                market.cut()
                await asyncio.sleep(0.05)
        market.say("100900.0")
        await shows(stage, "100900.0")
        await stands(stage, Source.REAL)
        assert not any(each.startswith("simulated") for each in seen)


@pytest.mark.parametrize(
    ("trust", "bad"),
    [
        (False, {}),
        pytest.param(True, {"expired": True}, marks=pytest.mark.long),
        pytest.param(True, {"host": "127.0.0.9"}, marks=pytest.mark.long),
    ],
)
async def test_an_exchange_that_is_not_trusted_is_not_listened_to(
    trust: bool, bad: dict[str, Any], tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        real_market(tmp_path / "peer", monkeypatch, trust=trust, **bad) as market,
        on_stage(tmp_path / "data") as stage,
    ):
        market.say(REAL)
        stage.hands.click_on(panel(stage).real)
        await stands(stage, Source.CONNECTING)
        await stands(stage, Source.SIMULATED)
        assert not panel(stage).real.isChecked()
        told = stage.program.window.toasts.log[-1]
        assert told.is_error
        assert told.text.startswith("Prices stay simulated. ")
        assert "the connection is not trusted" in told.text
        quote = stage.program.desk.state.quote
        assert quote is not None
        assert quote.mark == Decimal(MARK)
        assert bytes(market.front.heard) == b""


@pytest.mark.long
async def test_a_pair_that_is_not_traded_there_is_named(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real_market(tmp_path / "peer", monkeypatch), on_stage(tmp_path / "data") as stage:
        stage.program.desk.select("SOL_USD")
        stage.hands.click_on(panel(stage).real)
        await stage.see(lambda: bool(switch(stage).state.reason), "why not")
        assert switch(stage).state.reason == "SOL_USD is not traded on the exchange. Choose another pair first."


@pytest.mark.long
async def test_what_moves_the_price_by_hand_rests(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_real_prices(tmp_path, monkeypatch) as (stage, _market):
        shown = panel(stage)
        shown.show()
        assert not any(each.isEnabled() for each in (shown.price.go, shown.price.free, shown.price.price))
        assert shown.price.price.accessibleDescription() == words.NOT_BY_HAND
        closed = [each.card.name for each in shown.rows if not each.isEnabled()]
        assert closed == ["gap-through-stop"]
        hand = shown._hand
        with pytest.raises(Exception, match="The price comes from the exchange now"):
            await hand.move(SYMBOL, Decimal(MARK))
        stage.hands.click_on(shown.real)
        await stands(stage, Source.SIMULATED)
        await until(shown.price.go.isEnabled, 20)
        assert all(each.isEnabled() for each in shown.rows)


async def chosen_in_settings(visit: Visit) -> None:
    """Switch real prices on in the settings sheet."""
    settings = visit.room.settings
    settings.open_sheet()
    tick = settings.form.real_prices
    await visit.see(tick.isVisible, "the switch in Settings")
    visit.hands.click_on(tick)
    await stands(visit, Source.REAL)
    assert tick.isChecked()
    settings.close_layer()


async def test_it_is_kept_and_the_next_start_waits_for_real_prices(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    chosen = Places(folder, Environment.PRACTICE).preferences
    async with real_market(tmp_path / "peer", monkeypatch) as market:
        market.say(REAL)
        async with visiting(folder, "--environment", "practice") as visit:
            await visit.opened(Environment.PRACTICE, 1)
            await chosen_in_settings(visit)
        assert b'"real_prices": true' in chosen.read_bytes()
    async with visiting(folder, "--environment", "practice") as again:
        monkeypatch.setattr(outside_prices, "endpoints", lambda: PublicEndpoints(*NOBODY))
        await again.opened(Environment.PRACTICE, 1)
        await stands(again, Source.HELD)
        await again.see(lambda: "cannot be reached" in switch(again).strip.accessibleName(), "why")
        assert again.program.desk.state.quote is None or again.program.desk.state.quote.mark is None
        again.hands.click_on(switch(again).strip.go_on)
        await stands(again, Source.SIMULATED)
        await again.see(lambda: (quote := again.program.desk.state.quote) and quote.mark, "a simulated price")
    assert b'"real_prices": false' in chosen.read_bytes()
