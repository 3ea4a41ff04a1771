"""The gateway against the practice exchange, over real HTTP and real websockets.

The two were written from the same protocol text without sharing code, so agreement means something.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from otoco_desktop.app.ports import Gateway, GatewayListener
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.events import Acknowledged, Intended, LegReport, NotSent, Outcome, Refused, Unknown
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery
from otoco_desktop.domain.market import AccountSnapshot, Connection, Light, MarkSource, Quote
from otoco_desktop.domain.order import Leg, LegRole, OrderType, OtocoOrder, Side, client_oid
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff
from otoco_desktop.practice.faults import Fault, Loss, RawReply
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.waiting import until

if TYPE_CHECKING:
    import qasync

PACE = Pace(Timing(pause_ms=0), BackOff(first=0.02, longest=0.1, patient=0.1))
SLOW = Pace(Timing(pause_ms=0), BackOff(first=0.6, longest=0.6, patient=0.6))
"""Between two connections there is time to look."""

START = Decimal(93120)


class SystemClock:
    def wall_ms(self) -> int:
        return int(time.time() * 1000)

    def monotonic_ms(self) -> int:
        return int(time.monotonic() * 1000)


@dataclass
class Heard:
    """Everything the gateway told."""

    reports: list[LegReport] = field(default_factory=list)
    subscribed: int = 0
    quote: Quote | None = None
    account: AccountSnapshot | None = None
    connection: Connection = field(default_factory=Connection)

    def on_reports(self, reports: Sequence[LegReport]) -> None:
        self.reports += reports

    def on_subscribed(self) -> None:
        self.subscribed += 1

    def on_quote(self, quote: Quote) -> None:
        self.quote = quote

    def on_account(self, account: AccountSnapshot) -> None:
        self.account = account

    def on_connection(self, connection: Connection) -> None:
        self.connection = connection

    def has_room(self) -> bool:
        return True

    def status(self, leg: Leg) -> str:
        """The newest word about one leg."""
        words = [report.status for report in self.reports if report.client_oid == leg.client_oid]
        return words[-1] if words else ""

    def statuses(self, order: OtocoOrder) -> tuple[str, ...]:
        return tuple(self.status(leg) for leg in order.legs)


@dataclass(frozen=True)
class Desk:
    """A gateway, what it told, and the practice exchange behind it."""

    gateway: CryptoComGateway
    heard: Heard
    server: PracticeServer
    transport: str = "rest"

    async def send(self, order: OtocoOrder) -> Outcome:
        return await self.gateway.create(self.intend(order))

    def intend(self, order: OtocoOrder) -> Intended:
        stamp = self.gateway.stamp()
        return Intended(
            strategy_id=order.strategy_id,
            at_ms=stamp.nonce,
            number=1,
            order=order,
            stamp=stamp,
            environment="practice",
            account=self.gateway.account_fingerprint,
            transport=self.transport,
            params_sha256=self.gateway.params_digest(order),
            monotonic_ms=0,
            app_version="test",
        )

    async def cancel(self, list_id: str) -> Outcome:
        return await self.gateway.cancel(list_id, self.gateway.stamp(), self.transport)

    async def evidence(self, order: OtocoOrder, list_id: str | None = None) -> Evidence:
        now = self.gateway.server_ms()
        oids = tuple(leg.client_oid for leg in order.legs)
        query = EvidenceQuery(order.strategy_id, order.instrument, oids, now - 120_000, now + 60_000, list_id)
        return await self.gateway.evidence(query)

    def creates(self, order: OtocoOrder) -> int:
        """How often the exchange received this order."""
        oids = {leg.client_oid for leg in order.legs}
        return sum(bool(oids & set(seen.client_oids)) for seen in self.server.controls.ledger().creates)


def bracket(price: str = "93000.00", quantity: str = "0.10000", side: Side = Side.BUY) -> OtocoOrder:
    """A bracket on BTC_USD; a BUY leaves at market, a SELL by limits."""
    strategy = "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(26))
    is_buy = side is Side.BUY
    stop, target = ("91000.00", "95000.00") if is_buy else ("95000.00", "91000.00")
    stop_type = OrderType.STOP_LOSS if is_buy else OrderType.STOP_LIMIT
    target_type = OrderType.TAKE_PROFIT if is_buy else OrderType.TAKE_PROFIT_LIMIT

    def leg(role: LegRole, kind: OrderType, limit: str | None, trigger: str | None) -> Leg:
        return Leg(
            role=role,
            side=side if role is LegRole.ENTRY else side.opposite,
            type=kind,
            quantity=Decimal(quantity),
            client_oid=client_oid(strategy, role),
            price=None if limit is None else Decimal(limit),
            trigger=None if trigger is None else Decimal(trigger),
        )

    return OtocoOrder(
        strategy_id=strategy,
        instrument="BTC_USD",
        entry=leg(LegRole.ENTRY, OrderType.LIMIT, price, None),
        stop=leg(LegRole.STOP, stop_type, None if is_buy else "95100.00", stop),
        target=leg(LegRole.TARGET, target_type, None if is_buy else "91000.00", target),
        fee_instrument="USD" if is_buy else None,
    )


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeServer]:
    server = PracticeServer(
        PracticeConfig(data_dir=tmp_path / "practice", seed=7, market_interval_s=0.02, accept_delay_s=0.005)
    )
    server.start().result(20)
    server.controls.set_price("BTC_USD", str(START))
    yield server
    server.stop()


@pytest.fixture(params=["rest", "websocket"])
def transport(request: pytest.FixtureRequest) -> str:
    """The same story over either transport."""
    found: str = request.param
    return found


@asynccontextmanager
async def at_desk(
    practice: PracticeServer, secret: str | None = None, transport: str = "rest", pace: Pace = PACE
) -> AsyncIterator[Desk]:
    """A gateway that is open; it is ready once the order channel is confirmed."""
    places = practice.start().result(20)
    key = json.loads(places.key_file.read_text("utf-8"))
    endpoints = on_this_computer(places.rest_url, places.user_url, places.market_url)
    gateway = CryptoComGateway(endpoints, Signer(key["api_key"], secret or key["secret"]), SystemClock(), pace)
    heard = Heard()
    gateway.listen(heard)
    await gateway.open()
    try:
        yield Desk(gateway, heard, practice, transport)
    finally:
        await gateway.close()


@asynccontextmanager
async def ready_desk(practice: PracticeServer, transport: str = "rest", pace: Pace = PACE) -> AsyncIterator[Desk]:
    async with at_desk(practice, transport=transport, pace=pace) as desk:
        await until(lambda: desk.heard.subscribed > 0)
        yield desk


def satisfies_the_port(gateway: CryptoComGateway, heard: Heard) -> tuple[Gateway, GatewayListener]:
    """Checked by mypy: the shapes agree."""
    return gateway, heard


async def test_opening(practice: PracticeServer) -> None:
    async with ready_desk(practice) as desk:
        desk.gateway.watch("BTC_USD")
        pairs = {row.symbol: row for row in await desk.gateway.instruments() if row.is_spot}
        account = await desk.gateway.account("BTC_USD")
        await until(lambda: desk.heard.quote is not None and desk.heard.quote.bid is not None)
        await until(lambda: desk.heard.quote is not None and desk.heard.quote.mark is not None)
        await until(lambda: desk.heard.connection.market is Light.GOOD)
        quote, state = desk.heard.quote, desk.heard.connection
    assert quote is not None
    assert (quote.mark, quote.mark_source) == (START, MarkSource.EXCHANGE)
    assert quote.bid is not None
    assert quote.ask is not None
    assert quote.bid < quote.ask
    assert len(pairs) >= 4
    assert pairs["BTC_USD"].tradable
    assert account.available("USD") > 0
    assert account.fees is not None
    assert 0 < account.fees.maker <= account.fees.taker < Decimal("0.01")
    assert (state.rest, state.user, state.polling) == (Light.GOOD, Light.GOOD, False)
    assert state.clock_offset_ms is not None
    assert abs(state.clock_offset_ms) < 1_500


async def life_of_a_bracket(practice: PracticeServer, transport: str) -> None:
    order = bracket()
    async with ready_desk(practice, transport) as desk:
        outcome = await desk.send(order)
        assert isinstance(outcome, Acknowledged)
        assert not outcome.warning
        await until(lambda: desk.heard.status(order.entry) == "ACTIVE")
        practice.controls.set_price("BTC_USD", "92900.00")
        await until(lambda: desk.heard.status(order.entry) == "FILLED")
        practice.controls.set_price("BTC_USD", "95100.00")
        await until(lambda: desk.heard.statuses(order) == ("FILLED", "CANCELED", "FILLED"))
        assert {report.list_id for report in desk.heard.reports} == {outcome.list_id}
        found = await desk.evidence(order, outcome.list_id)
        assert desk.creates(order) == 1
        assert [seen.transport for seen in practice.controls.ledger().creates] == [transport]
        assert await desk.gateway.open_reports() == ()
    assert found.complete
    newest = {report.client_oid: report for report in found.reports}
    assert [newest[leg.client_oid].status for leg in order.legs] == ["FILLED", "CANCELED", "FILLED"]
    entry = newest[order.entry.client_oid]
    assert (entry.filled, entry.average_price) == (Decimal("0.1"), Decimal(93000))
    assert entry.fee > 0
    assert entry.fee_coin == "USD"


async def test_a_bracket_from_send_to_target(practice: PracticeServer, transport: str) -> None:
    await life_of_a_bracket(practice, transport)


async def test_the_same_on_the_loop_of_the_window(
    qloop: qasync.QEventLoop, practice: PracticeServer, transport: str
) -> None:
    await life_of_a_bracket(practice, transport)


async def test_a_sell_first_bracket_to_its_stop(practice: PracticeServer, transport: str) -> None:
    order = bracket("93200.00", side=Side.SELL)
    async with ready_desk(practice, transport) as desk:
        assert isinstance(await desk.send(order), Acknowledged)
        practice.controls.set_price("BTC_USD", "93300.00")
        await until(lambda: desk.heard.status(order.entry) == "FILLED")
        practice.controls.set_price("BTC_USD", "95000.00")
        await until(lambda: desk.heard.statuses(order) == ("FILLED", "FILLED", "CANCELED"))


async def test_cancelling(practice: PracticeServer, transport: str) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice, transport) as desk:
        outcome = await desk.send(order)
        assert isinstance(outcome, Acknowledged)
        await until(lambda: desk.heard.status(order.entry) == "ACTIVE")
        assert {report.list_id for report in await desk.gateway.open_reports()} == {outcome.list_id}
        assert isinstance(await desk.cancel(outcome.list_id), Acknowledged)
        await until(lambda: desk.heard.statuses(order) == ("CANCELED",) * 3)


async def test_a_refusal_with_its_reason(practice: PracticeServer, transport: str) -> None:
    practice.controls.arm(Fault.REFUSE_CREATE, 306)
    async with ready_desk(practice, transport) as desk:
        outcome = await desk.send(bracket())
    assert outcome == Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")


async def test_a_quantity_off_the_step_is_refused(practice: PracticeServer, transport: str) -> None:
    async with ready_desk(practice, transport) as desk:
        outcome = await desk.send(bracket(quantity="0.100001"))
    assert isinstance(outcome, Refused)
    assert outcome.name == "INVALID_ORDERQTY"


async def test_placed_although_the_code_says_no(practice: PracticeServer, transport: str) -> None:
    practice.controls.arm(Fault.PLACE_BUT_REFUSE, 315)
    async with ready_desk(practice, transport) as desk:
        outcome = await desk.send(bracket())
    assert isinstance(outcome, Acknowledged)
    assert "(code 315)" in outcome.warning


async def test_a_lost_reply_is_found_again(practice: PracticeServer, transport: str) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice, transport) as desk:
        practice.controls.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
        assert isinstance(await desk.send(order), Unknown)
        found = await desk.evidence(order)
        assert desk.creates(order) == 1
    assert found.complete
    assert {report.client_oid for report in found.reports} == {leg.client_oid for leg in order.legs}
    assert len({report.list_id for report in found.reports}) == 1


async def test_a_request_lost_with_its_reply_is_not_found(practice: PracticeServer, transport: str) -> None:
    order = bracket()
    async with ready_desk(practice, transport) as desk:
        practice.controls.arm(Fault.LOSE_REPLY_UNPLACED, Loss.ABORT)
        assert isinstance(await desk.send(order), Unknown)
        found = await desk.evidence(order)
    assert found.complete
    assert found.reports == ()


@pytest.mark.parametrize("code", [None, 1000, 1013])
async def test_a_stream_that_is_gone_sends_nothing_and_rest_does_not_stand_in(
    practice: PracticeServer, code: int | None
) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice, "websocket", SLOW) as desk:
        practice.controls.disconnect_users(code)
        await until(lambda: "websocket" not in desk.gateway.transports())
        assert isinstance(await desk.send(order), NotSent)
        await until(lambda: "websocket" in desk.gateway.transports())
        assert desk.creates(order) == 0
        assert isinstance(await desk.send(order), Acknowledged)
        assert desk.creates(order) == 1


async def test_a_line_that_went_dumb_is_unknown_and_found_by_asking(practice: PracticeServer) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice, "websocket") as desk:
        practice.controls.arm(Fault.MUTE_STREAMS)
        sending = asyncio.create_task(desk.send(order))
        await until(lambda: desk.creates(order) == 1)
        practice.controls.clear(Fault.MUTE_STREAMS)
        practice.controls.disconnect_users(None)
        assert isinstance(await sending, Unknown)
        found = await desk.evidence(order)
        assert desk.creates(order) == 1
    assert {report.client_oid for report in found.reports} == {leg.client_oid for leg in order.legs}


async def test_a_locked_key_sends_nothing_over_the_stream_it_signed_in(practice: PracticeServer) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice, "websocket") as desk:
        resting = await desk.send(bracket("92100.00"))
        assert isinstance(resting, Acknowledged)
        desk.gateway.drop_key()
        assert await desk.send(order) == NotSent("the key is locked")
        assert await desk.cancel(resting.list_id) == NotSent("the key is locked")
        assert desk.creates(order) == 0
        assert "websocket" not in desk.gateway.transports()


async def test_a_post_only_entry_rests_and_the_exchange_knows(practice: PracticeServer) -> None:
    order = replace(bracket("92000.00"), post_only=True)
    async with ready_desk(practice, "websocket") as desk:
        assert isinstance(await desk.send(order), Acknowledged)
        await until(lambda: desk.heard.status(order.entry) == "ACTIVE")


async def test_a_post_only_entry_that_would_take_is_rejected_with_its_exits(practice: PracticeServer) -> None:
    order = replace(bracket("93500.00"), post_only=True)
    async with ready_desk(practice, "websocket") as desk:
        assert isinstance(await desk.send(order), Acknowledged)
        await until(lambda: desk.heard.status(order.entry) in ("REJECTED", "CANCELED"))
        entry = next(row for row in reversed(desk.heard.reports) if row.client_oid == order.entry.client_oid)
        assert entry.filled == 0
        await until(lambda: all(desk.heard.status(leg) in ("REJECTED", "CANCELED") for leg in order.legs))


async def test_post_only_does_not_go_over_rest(practice: PracticeServer) -> None:
    order = replace(bracket("92000.00"), post_only=True)
    async with ready_desk(practice) as desk:
        assert isinstance(await desk.send(order), NotSent)
        assert desk.creates(order) == 0


async def test_a_lagging_replica_is_told_apart_by_nothing_but_time(practice: PracticeServer) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice) as desk:
        practice.controls.arm(Fault.HIDE_ORDERS)
        assert isinstance(await desk.send(order), Acknowledged)
        hidden = await desk.evidence(order)
        practice.controls.clear(Fault.HIDE_ORDERS)
        shown = await desk.evidence(order)
    assert hidden.complete
    assert hidden.reports == ()
    assert len({report.client_oid for report in shown.reports}) == 3


@pytest.mark.parametrize(
    "reply",
    [
        RawReply(b"<html>502 Bad Gateway</html>", 502, "text/html"),
        RawReply(b'{"id":1,"method":"private/advanced/create-otoco","code":0', declared=200),
        RawReply(b"", 200),
        RawReply(b'{"code":306}', 500),
        RawReply(b"[" * 100_000, 200),
        RawReply(b"x" * (3 * 1024 * 1024), 200),
    ],
)
async def test_replies_that_prove_nothing(practice: PracticeServer, reply: RawReply) -> None:
    async with ready_desk(practice) as desk:
        practice.controls.arm_raw("private/advanced/create-otoco", reply)
        assert isinstance(await desk.send(bracket()), Unknown)


@pytest.mark.parametrize("name", ["user.advanced.order", "user.advance.order"])
async def test_either_name_of_the_order_channel(practice: PracticeServer, name: str) -> None:
    practice.controls.arm(Fault.ORDER_CHANNELS, (name,))
    order = bracket("92000.00")
    async with ready_desk(practice) as desk:
        assert desk.heard.connection.order_channel == name
        await desk.send(order)
        await until(lambda: desk.heard.status(order.entry) == "ACTIVE")


async def test_without_an_order_channel_the_gateway_says_polling(practice: PracticeServer) -> None:
    practice.controls.arm(Fault.ORDER_CHANNELS, ())
    order = bracket("92000.00")
    async with at_desk(practice) as desk:
        await until(lambda: desk.heard.connection.polling)
        assert isinstance(await desk.send(order), Acknowledged)
        assert len(await desk.gateway.open_reports()) == 3
    assert desk.heard.subscribed == 0


@pytest.mark.parametrize("code", [None, 1000, 1013])
async def test_a_lost_user_stream_comes_back_and_says_so(practice: PracticeServer, code: int | None) -> None:
    order = bracket("92000.00")
    async with ready_desk(practice) as desk:
        practice.controls.disconnect_users(code)
        await until(lambda: desk.heard.subscribed == 2)
        await desk.send(order)
        await until(lambda: desk.heard.status(order.entry) == "ACTIVE")


async def test_repeated_and_reordered_events_all_arrive(practice: PracticeServer) -> None:
    practice.controls.arm(Fault.REPEAT_EVENTS, 3)
    order = bracket("92000.00")
    async with ready_desk(practice) as desk:
        await desk.send(order)
        await until(lambda: _told(desk, order).count("ACTIVE") >= 3, 20, "the entry told to be active three times")


def _told(desk: Desk, order: OtocoOrder) -> list[str]:
    return [report.status for report in desk.heard.reports if report.client_oid == order.entry.client_oid]


@pytest.mark.parametrize("ahead_s", [-600, -45, 45, 600])
async def test_an_exchange_whose_clock_differs_is_measured(practice: PracticeServer, ahead_s: int) -> None:
    practice.controls.arm(Fault.CLOCK_AHEAD, ahead_s)
    async with at_desk(practice) as desk:
        assert desk.gateway.stamp().nonce > 0
        await until(lambda: desk.heard.connection.clock_offset_ms is not None)
        offset = desk.heard.connection.clock_offset_ms
        assert offset is not None
        assert abs(offset - ahead_s * 1000) < 1_500
        await until(lambda: desk.heard.subscribed > 0)
        assert isinstance(await desk.send(bracket()), Acknowledged)


async def test_a_wrong_secret_is_told_everywhere(practice: PracticeServer) -> None:
    async with at_desk(practice, secret="wrong") as desk:
        await until(lambda: "sign-in refused" in desk.heard.connection.user_words)
        with pytest.raises(ExchangeTrouble, match="key or its signature"):
            await desk.gateway.account("BTC_USD")
        outcome = await desk.send(bracket())
        found = await desk.evidence(bracket())
    assert isinstance(outcome, Refused)
    assert outcome.code == "40101"
    assert not found.complete


async def test_another_instrument(practice: PracticeServer) -> None:
    def quoted(symbol: str) -> Callable[[], Any]:
        return lambda: desk.heard.quote is not None and desk.heard.quote.instrument == symbol and desk.heard.quote.mark

    async with ready_desk(practice) as desk:
        symbols = [row.symbol for row in await desk.gateway.instruments() if row.is_spot][:3]
        for symbol in symbols:
            desk.gateway.watch(symbol)
            await until(quoted(symbol))
