"""The gateway over loopback: outcomes of one send, questions, and what listeners are told."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

import otoco_desktop.exchange
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.events import Acknowledged, Intended, LegReport, NotSent, Refused, Unknown
from otoco_desktop.domain.market import AccountSnapshot, Connection, Fees, Light, Quote
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff
from tests.exchange.http_server import read_head, reply_bytes, server
from tests.exchange.samples import KEY, SECRET, golden, intent, otoco
from tests.exchange.stream_server import Peer, stream_server
from tests.exchange.test_stream import SystemClock
from tests.waiting import until

PACE = Pace(Timing(pause_ms=0), BackOff(first=0.01, longest=0.02, patient=0.01))
Answer = dict[str, Any] | bytes | None


class Ears:
    """Records everything a gateway tells."""

    def __init__(self) -> None:
        self.reports: list[LegReport] = []
        self.subscribed = 0
        self.quotes: list[Quote] = []
        self.accounts: list[AccountSnapshot] = []
        self.connections: list[Connection] = []

    def on_reports(self, reports: Sequence[LegReport]) -> None:
        self.reports += reports

    def on_subscribed(self) -> None:
        self.subscribed += 1

    def on_quote(self, quote: Quote) -> None:
        self.quotes.append(quote)

    def on_account(self, account: AccountSnapshot) -> None:
        self.accounts.append(account)

    def on_connection(self, connection: Connection) -> None:
        self.connections.append(connection)

    def has_room(self) -> bool:
        return True


def nothing(_message: dict[str, Any]) -> Answer:
    return {"code": 0, "result": {"data": []}}


class Venue:
    """A scripted exchange: answers by method's last word; None closes the connection without an answer."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[dict[str, Any]], Answer]] = {}
        self.seen: list[dict[str, Any]] = []

    def seen_of(self, method: str) -> list[dict[str, Any]]:
        return [message for message in self.seen if message["method"].endswith(method)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                answer = self._answer(await read_head(reader))
                if answer is None:
                    break
                writer.write(reply_bytes(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    def _answer(self, request: tuple[str, bytes]) -> bytes | None:
        path, body = request
        method = path.split("/v1/")[1].split("?")[0]
        message = json.loads(body) if body else {"id": -1, "method": method}
        self.seen.append(message)
        script = self.answers.get(method.rsplit("/", 1)[1], nothing)
        found = script(message)
        if isinstance(found, dict):
            return json.dumps({"id": message["id"], "method": message["method"], **found}).encode()
        return found


async def follow(peer: Peer) -> None:
    await peer.answer_all()


@asynccontextmanager
async def opened(
    venue: Venue, user: Any = follow, market: Any = follow
) -> AsyncIterator[tuple[CryptoComGateway, Ears]]:
    async with (
        server(venue.serve) as rest,
        stream_server(user) as user_url,
        stream_server(market) as market_url,
    ):
        endpoints = on_this_computer(rest + "exchange/v1/", user_url, market_url)
        gateway = CryptoComGateway(endpoints, Signer(KEY, SECRET), SystemClock(), PACE)
        ears = Ears()
        gateway.listen(ears)
        await gateway.open()
        try:
            await until(lambda: bool(venue.seen))
            yield gateway, ears
        finally:
            await gateway.close()


@pytest.fixture
def venue() -> Venue:
    return Venue()


def intended(gateway: CryptoComGateway) -> Intended:
    order = otoco()
    return intent(order, gateway.stamp(), gateway.params_digest(order))


async def test_a_send_is_acknowledged_and_carries_what_was_recorded(venue: Venue) -> None:
    venue.answers["create-otoco"] = lambda _m: {"code": "0", "result": {"list_id": 6498090546073120100}}
    async with opened(venue) as (gateway, _):
        recorded = intended(gateway)
        assert await gateway.create(recorded) == Acknowledged("6498090546073120100")
        preview = json.loads(gateway.preview(otoco(), "rest"))
        verb, _, address = gateway.address("rest").partition(" ")
        assert gateway.address("websocket").startswith("ws://127.0.0.1:")
    assert (verb, httpx.URL(address).path) == ("POST", f"/exchange/v1/{preview['method']}")
    (sent,) = venue.seen_of("create-otoco")
    assert sent["params"] == preview["params"]
    assert (sent["id"], sent["nonce"]) == (recorded.stamp.request_id, recorded.stamp.nonce)
    assert sent["sig"] == Signer(KEY, SECRET).sign(sent["method"], sent["id"], sent["nonce"], sent["params"])
    assert KEY not in gateway.preview(otoco(), "rest")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"code": 306}, Refused),
        ({"code": 42901}, Refused),
        ({"code": 204}, Unknown),
        ({"code": 50001}, Unknown),
        ({"code": 0}, Unknown),
        ({"code": 0, "id": 1, "result": {"list_id": "7"}}, Unknown),
        (b"<html>502</html>", Unknown),
        (b"", Unknown),
        (None, Unknown),
    ],
)
async def test_outcomes_of_one_send(venue: Venue, answer: Answer, outcome: type[Any]) -> None:
    venue.answers["create-otoco"] = lambda _m: answer
    async with opened(venue) as (gateway, _):
        assert isinstance(await gateway.create(intended(gateway)), outcome)
    assert len(venue.seen_of("create-otoco")) == 1


async def test_an_order_that_is_not_the_recorded_one_is_not_sent(venue: Venue) -> None:
    async with opened(venue) as (gateway, _):
        tampered = replace(intended(gateway), order=otoco(fee=None))
        assert isinstance(await gateway.create(tampered), NotSent)
    assert not venue.seen_of("create-otoco")


async def test_an_exchange_that_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{free.getsockname()[1]}"
    endpoints = on_this_computer(f"http://{here}/exchange/v1/", f"ws://{here}/user", f"ws://{here}/market")
    gateway = CryptoComGateway(endpoints, Signer(KEY, SECRET), SystemClock(), PACE)
    assert isinstance(await gateway.create(intended(gateway)), NotSent)
    with pytest.raises(ExchangeTrouble, match=r"cannot be reached: not connected\."):
        await gateway.open_reports()
    ears = Ears()
    gateway.listen(ears)
    await gateway.open()
    with pytest.raises(ExchangeTrouble, match=r"cannot be reached: the exchange refused the connection\."):
        await gateway.instruments()
    assert isinstance(await gateway.create(intended(gateway)), NotSent)
    assert isinstance(await gateway.cancel("1", gateway.stamp()), NotSent)
    await until(lambda: ears.connections and ears.connections[-1].polling)
    state = ears.connections[-1]
    await gateway.close()
    assert (state.rest, state.user, state.market) == (Light.DOWN, Light.DOWN, Light.DOWN)
    assert state.rest_words == "the exchange refused the connection"


async def test_who_asks_after_the_end_is_told_that_there_is_no_connection(venue: Venue) -> None:
    async with opened(venue) as (gateway, _):
        await gateway.instruments()
    asked = len(venue.seen)
    with pytest.raises(ExchangeTrouble, match=r"cannot be reached: not connected\."):
        await gateway.instruments()
    assert isinstance(await gateway.create(intended(gateway)), NotSent)
    assert len(venue.seen) == asked


async def test_cancelling(venue: Venue) -> None:
    venue.answers["cancel-otoco"] = lambda _m: {"code": 0}
    async with opened(venue) as (gateway, _):
        assert await gateway.cancel("4611686018427705309", gateway.stamp()) == Acknowledged("4611686018427705309")
        venue.answers["cancel-otoco"] = lambda _m: None
        assert isinstance(await gateway.cancel("4611686018427705309", gateway.stamp()), Unknown)
    assert [m["params"] for m in venue.seen_of("cancel-otoco")] == [{"list_id": "4611686018427705309"}] * 2


async def test_instruments_that_cannot_be_read_are_left_out(venue: Venue, caplog: pytest.LogCaptureFixture) -> None:
    spot = golden("public.get-instruments")["third_party_observed"]
    venue.answers["get-instruments"] = lambda _m: {"code": 0, "result": {"data": [{"symbol": "X"}, *spot]}}
    async with opened(venue) as (gateway, _):
        assert [row.symbol for row in await gateway.instruments()] == ["BTC_USDT", "BTC_USD"]
    assert "1 instruments could not be read" in caplog.text


BALANCE = golden("private.user-balance")["documented_new"]["response"]["result"]


async def test_the_account_has_balances_and_the_instruments_fees(venue: Venue) -> None:
    venue.answers["user-balance"] = lambda _m: {"code": 0, "result": BALANCE}
    venue.answers["get-instrument-fee-rate"] = lambda m: {
        "code": 0,
        "result": {"instrument_name": "BTC_USD", "effective_maker_rate_bps": "25", "effective_taker_rate_bps": "50"},
    }
    async with opened(venue) as (gateway, _):
        account = await gateway.account("BTC_USD")
    assert account.available("USD") == Decimal("3113.50747209")
    assert account.fees is not None
    assert (account.fees.maker, account.fees.taker) == (Decimal("0.0025"), Decimal("0.005"))
    assert venue.seen_of("get-instrument-fee-rate")[0]["params"] == {"instrument_name": "BTC_USD"}


async def test_the_accounts_own_fees_stand_in(venue: Venue) -> None:
    venue.answers["user-balance"] = lambda _m: {"code": 0, "result": BALANCE}
    venue.answers["get-instrument-fee-rate"] = lambda _m: {"code": 40002}
    venue.answers["get-fee-rate"] = lambda _m: {
        "code": 0,
        "result": golden("private.get-fee-rate")["documented_new"]["response"]["result"],
    }
    async with opened(venue) as (gateway, _):
        account = await gateway.account("BTC_USD")
    assert account.fees is not None
    assert account.fees.maker == Decimal("0.00065")


async def test_pushed_balances_go_with_the_fees_of_the_instrument_asked_for_last(venue: Venue) -> None:
    venue.answers["user-balance"] = lambda _m: {"code": 0, "result": BALANCE}
    late = asyncio.Event()
    async with opened(venue) as (gateway, _):

        async def rates(instrument: str) -> Fees:
            if instrument == "BTC_USD":
                await late.wait()
            return Fees(Decimal(len(instrument)), Decimal(1))

        gateway._fee_rates = rates  # type: ignore[method-assign]
        first = asyncio.create_task(gateway.account("BTC_USD"))
        await asyncio.sleep(0)
        second = await gateway.account("DOGE_USD")
        late.set()
        await first
        assert gateway._fees == second.fees


async def test_no_fees_at_all_is_no_reason_to_withhold_the_balances(venue: Venue) -> None:
    venue.answers["user-balance"] = lambda _m: {"code": 0, "result": BALANCE}
    async with opened(venue) as (gateway, _):
        account = await gateway.account("BTC_USD")
    assert account.fees is None
    assert account.balances


async def test_a_refused_question_is_told_in_words(venue: Venue) -> None:
    venue.answers["get-open-orders"] = lambda _m: {"code": 40101}
    venue.answers["get-instruments"] = lambda _m: b"<html>"
    async with opened(venue) as (gateway, _):
        with pytest.raises(ExchangeTrouble, match=r"refused to answer: the key or its signature"):
            await gateway.open_reports()
        with pytest.raises(
            ExchangeTrouble, match=r"^No usable answer from the exchange: the answer could not be read\.$"
        ):
            await gateway.instruments()


async def test_an_account_without_a_row_is_told_in_words(venue: Venue) -> None:
    async with opened(venue) as (gateway, _):
        with pytest.raises(ExchangeTrouble, match="could not be read"):
            await gateway.account("BTC_USD")


async def test_without_trusted_authorities_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "missing.pem"))
    endpoints = on_this_computer("https://127.0.0.1:1/v1/", "wss://127.0.0.1:1/user", "wss://127.0.0.1:1/market")
    gateway = CryptoComGateway(endpoints, Signer(KEY, SECRET), SystemClock(), PACE)
    ears = Ears()
    gateway.listen(ears)
    await gateway.open()
    with pytest.raises(ExchangeTrouble, match="the list of trusted authorities cannot be read"):
        await gateway.instruments()
    assert isinstance(await gateway.create(intended(gateway)), NotSent)
    await gateway.close()
    assert ears.connections[-1].rest is Light.DOWN


async def test_open_orders(venue: Venue) -> None:
    rows = golden("private.advanced.get-open-orders")["documented_older"]["response"]["result"]["data"]
    venue.answers["get-open-orders"] = lambda _m: {"code": 0, "result": {"data": [*rows, {"status": {}}]}}
    async with opened(venue) as (gateway, _):
        assert [report.leg_id for report in await gateway.open_reports()] == ["1", "2", "3"]


async def test_listeners_hear_of_orders_balances_quotes_and_subscriptions(venue: Venue) -> None:
    order = {"channel": "user.advance.order", "data": [{"status": "ACTIVE", "client_oid": "od1-x-e"}]}
    balance = golden("ws.user.balance")["documented"]["event"]

    async def user(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        await peer.say({"id": -1, "method": "subscribe", "code": 0, "result": order})
        await peer.say(balance)
        if peer.number > 1:
            await peer.socket.wait_closed()

    async def market(peer: Peer) -> None:
        for _ in range(3):
            await peer.answer()
        result = {"channel": "mark", "subscription": "mark.BTC_USD", "data": [{"v": "93000.01", "t": 1}]}
        await peer.say({"id": -1, "method": "subscribe", "code": 0, "result": result})
        await peer.socket.wait_closed()

    async with opened(venue, user, market) as (gateway, ears):
        gateway.watch("BTC_USD")
        await until(lambda: ears.subscribed == 2)
        await until(lambda: ears.quotes and len(ears.reports) == 2 and len(ears.accounts) == 2)
        await until(lambda: ears.connections[-1].market is Light.GOOD)
        state = ears.connections[-1]
    assert ears.quotes[-1].mark == Decimal("93000.01")
    assert (state.rest, state.user, state.order_channel) == (Light.GOOD, Light.GOOD, "user.advanced.order")
    assert not state.polling


async def test_a_pair_without_a_mark_price_is_told(venue: Venue) -> None:
    async def market(peer: Peer) -> None:
        await peer.answer(10004)
        await peer.answer()
        book = {"bids": [["92999.00", "1", "1"]], "asks": [["93001.00", "1", "1"]]}
        result = {"channel": "book", "subscription": "book.BTC_USD.10", "data": [book]}
        await peer.say({"id": -1, "method": "subscribe", "code": 0, "result": result})
        await peer.answer_all()

    async with opened(venue, market=market) as (gateway, ears):
        gateway.watch("BTC_USD")
        await until(lambda: ears.connections and ears.connections[-1].market_words == "live, midpoint for mark")
    assert ears.quotes[-1].mark == Decimal("93000.00")


async def test_both_names_of_the_order_channel_refused_means_polling(venue: Venue) -> None:
    async def user(peer: Peer) -> None:
        await peer.answer()
        await peer.answer(10004)
        await peer.answer(10004)
        await peer.answer_all()

    async with opened(venue, user) as (_, ears):
        await until(lambda: ears.connections and ears.connections[-1].polling)
        state = ears.connections[-1]
    assert (state.user, state.user_words, state.order_channel) == (Light.WAITING, "live updates off: polling", None)
    assert ears.subscribed == 0


async def test_the_clock_is_measured_and_applied(venue: Venue) -> None:
    async with opened(venue) as (gateway, ears):
        await until(lambda: ears.connections and ears.connections[-1].rest_ms is not None)
        now = SystemClock().wall_ms()
        assert abs(gateway.server_ms() - now) < 60_000
        assert gateway.stamp().nonce < gateway.stamp().nonce


async def test_a_whole_session_at_debug_shows_no_secret(venue: Venue, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    venue.answers["create-otoco"] = lambda _m: None
    async with opened(venue) as (gateway, ears):
        await until(lambda: ears.subscribed == 1)
        await gateway.create(intended(gateway))
        await gateway.cancel("1", gateway.stamp())
    assert KEY not in caplog.text
    assert SECRET not in caplog.text
    for sent in venue.seen:
        assert sent.get("sig", KEY) not in caplog.text
    assert SECRET not in repr(vars(gateway))


def test_create_is_called_from_one_place_in_the_package() -> None:
    folder = Path(otoco_desktop.exchange.__file__).parent
    uses = [
        (path.name, node.lineno)
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and any(isinstance(a, ast.Attribute) and a.attr == "CREATE_OTOCO" for a in node.args)
        and not (isinstance(node.func, ast.Name) and node.func.id == "_proved_code")
        # One builds and signs, a test below shows that nothing leaves by it; the other only tells where it would go.
        and not (isinstance(node.func, ast.Attribute) and node.func.attr in {"make_ready", "address"})
    ]
    assert len(uses) == 1, uses
    assert uses[0][0] == "commands.py"
