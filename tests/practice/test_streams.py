"""The websockets: sign-in, subscriptions, snapshots, live rows, heartbeats."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.practice import conversation
from tests.practice.client import legs, stream, user_stream
from tests.practice.conftest import Practice, StartPractice
from tests.waiting import until

WIRE = Path(__file__).parents[1] / "wire"


def sample(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text("utf-8"))


async def test_a_bracket_from_create_to_target(practice: Practice) -> None:
    client, controls = practice.client, practice.controls
    async with user_stream(client) as user:
        reply = client.create("a1").json()
        assert reply["code"] == 0
        list_id = reply["result"]["list_id"]
        assert isinstance(list_id, str)
        assert int(list_id) > 2**53
        await until(lambda: ("e", "ACTIVE", "0.00000") in user.steps())
        controls.set_price("BTC_USD", "92300.00")
        await until(lambda: client.statuses(list_id) == ["FILLED", "ACTIVE", "ACTIVE"])
        controls.set_price("BTC_USD", "95600.00")
        await until(lambda: ("s", "CANCELED", "0.00000") in user.steps())
        assert client.statuses(list_id) == ["FILLED", "CANCELED", "FILLED"]
    steps = user.steps()
    assert steps[:3] == [("e", "NEW", "0.00000"), ("s", "PENDING", "0.00000"), ("t", "PENDING", "0.00000")]
    assert steps.index(("t", "FILLED", "0.10000")) > steps.index(("s", "ACTIVE", "0.00000"))
    assert all(row["list_id"] == list_id for row in user.rows("user.advance.order"))


async def test_live_rows_have_the_documented_names(practice: Practice) -> None:
    happy = sample("constructed.lifecycles")["scenarios"]["happy_take_profit"]
    documented = {name for message in happy for row in message["result"]["data"] for name in row}
    async with user_stream(practice.client) as user:
        practice.client.create("a")
        await until(lambda: ("e", "ACTIVE", "0.00000") in user.steps())
        message = next(m for m in user.messages if m["id"] == -1)
    assert message.keys() == happy[0].keys()
    assert message["result"].keys() == happy[0]["result"].keys()
    sent = {name for row in user.rows("user.advance.order") for name in row}
    assert sent == documented | {"maker_fee_rate", "taker_fee_rate"}


async def test_a_subscription_is_acknowledged_then_tells_what_is_open(practice: Practice) -> None:
    practice.client.create("a")
    async with user_stream(practice.client) as user:
        await until(lambda: user.rows("user.advance.order", live=False))
        acknowledged, first = (m for m in user.messages if m["method"] == "subscribe" and m["id"] != -1)
    assert acknowledged == {"id": first["id"], "method": "subscribe", "code": 0}
    assert [row["client_oid"] for row in first["result"]["data"]] == ["a-e", "a-s", "a-t"]


async def test_the_channel_of_one_instrument(practice: Practice) -> None:
    async with user_stream(practice.client, "user.advance.order.ETH_USD") as user:
        assert (await user.subscribe("user.balance"))["code"] == 0
        practice.client.create("a")
        await until(lambda: len(user.rows("user.balance")) == 1)
        assert user.rows("user.advance.order") == []


async def test_plain_orders_trades_and_balances_follow(practice: Practice) -> None:
    async with user_stream(practice.client, "user.order") as user:
        await user.subscribe("user.trade")
        await user.subscribe("user.balance")
        practice.client.create("a")
        await until(lambda: user.rows("user.order"))
        practice.controls.set_price("BTC_USD", "92300.00")
        await until(lambda: [r for r in user.rows("user.order") if r["status"] == "FILLED"])
        (detail,) = [leg for family in practice.controls.ledger().lists for leg in family if leg.leg_id == 1]
        assert {r["order_id"] for r in user.rows("user.order")} == {detail.exchange_order_id}
        assert {r["order_id"] for r in user.rows("user.trade")} == {detail.exchange_order_id}
        documented = sample("ws.user.balance")["documented"]["event"]["result"]["data"][0]
        assert user.rows("user.balance")[-1].keys() <= documented.keys()


@pytest.mark.parametrize(
    "name", ["user.advanced.order", "user.advance.order.NOPE", "user.positions", "", "mark.BTC_USD"]
)
async def test_unknown_channels_are_refused_by_name(shared: Practice, name: str) -> None:
    async with user_stream(shared.client) as user:
        answer = await user.subscribe(name)
    documented = sample("ws.subscribe")["invalid_channel_third_party"]
    assert answer.keys() == documented.keys()
    assert (answer["id"], answer["code"]) == (documented["id"], documented["code"])
    assert answer["message"] == f'invalid channel {{"channels":["{name}"]}}'


async def test_nothing_without_sign_in(practice: Practice) -> None:
    client = practice.client
    async with stream(client.endpoints.user_url) as user:
        assert (await user.subscribe("user.advance.order"))["code"] == 40101
        answer = await user.call("private/advanced/create-otoco", {"order_list": legs("a")})
        assert answer["code"] == 40101
        await user.say(client.envelope("public/auth", sig="0" * 64))
        refused = await user.find(lambda m: m["method"] == "public/auth")
        assert (refused["code"], refused["message"]) == (40101, "UNAUTHORIZED")
        assert (await user.subscribe("user.advance.order"))["code"] == 40101
    assert practice.controls.ledger().lists == ()


async def test_commands_over_the_user_stream_carry_no_signature(practice: Practice) -> None:
    async with user_stream(practice.client) as user:
        listed = legs("w")
        listed[0]["exec_inst"] = ["POST_ONLY"]
        made = await user.call("private/advanced/create-otoco", {"order_list": listed})
        assert made["code"] == 0
        list_id = made["result"]["list_id"]
        await until(lambda: ("e", "ACTIVE", "0.00000") in user.steps())
        assert user.rows("user.advance.order")[-1]["exec_inst"] == ["POST_ONLY"]
        assert (await user.call("private/advanced/cancel-otoco", {"list_id": list_id}))["code"] == 0
        await until(lambda: ("t", "CANCELED", "0.00000") in user.steps())
        assert (await user.call("private/user-balance"))["code"] == 40002
    (seen,) = practice.controls.ledger().creates
    assert (seen.transport, seen.client_oids) == ("websocket", ("w-e", "w-s", "w-t"))


async def test_an_unreadable_message_is_answered_and_survived(shared: Practice) -> None:
    async with stream(shared.client.endpoints.market_url) as market:
        await market.say({"foo": 1})
        answer = await market.find(lambda m: m["method"] == "ERROR")
        assert (answer["id"], answer["code"]) == (-1, 40003)
        assert (await market.subscribe("mark.BTC_USD"))["code"] == 0


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("ticker.BTC_USD", "ticker"),
        ("mark.BTC_USD", "mark"),
        ("candlestick.1D.BTC_USD", "candlestick"),
        ("book.BTC_USD.10", "book"),
    ],
)
async def test_market_channels_have_the_documented_shape(shared: Practice, name: str, channel: str) -> None:
    documents = {
        "ticker": sample("ws.ticker")["event"],
        "mark": sample("ws.mark-index")["mark"]["event"],
        "candlestick": sample("ws.candlestick")["event"],
        "book": sample("ws.book")["snapshot"],
    }
    async with stream(shared.client.endpoints.market_url) as market:
        assert (await market.subscribe(name))["code"] == 0
        event = await market.find(lambda m: m["id"] == -1)
    documented = documents[channel]
    assert event.keys() == documented.keys()
    assert event["result"].keys() == documented["result"].keys()
    assert event["result"]["data"][0].keys() == documented["result"]["data"][0].keys()
    assert event["result"]["subscription"] == name


async def test_book_updates_build_the_book(practice: Practice) -> None:
    async with stream(practice.client.endpoints.market_url) as market:
        await market.subscribe(
            "book.BTC_USD.10", book_subscription_type="SNAPSHOT_AND_UPDATE", book_update_frequency=10
        )
        practice.controls.set_price("BTC_USD", "93125.00")
        await market.find(lambda m: "93125.10" in json.dumps(m))
        practice.controls.set_price("BTC_USD", "93110.00")
        await market.find(lambda m: "93110.10" in json.dumps(m))
    told = [m["result"]["data"][0] for m in market.messages if "result" in m]
    book = {side: {level[0]: level for level in told[0][side]} for side in ("asks", "bids")}
    number = told[0]["u"]
    for row in told[1:]:
        assert row["pu"] == number
        number = row["u"]
        for side, levels in row["update"].items():
            for level in levels:
                book[side].pop(level[0], None)
                if level[1] != "0":
                    book[side][level[0]] = level
        assert len(book["asks"]) == len(book["bids"]) == 10
    assert min(book["asks"], key=float) == "93110.10"


async def test_a_stream_may_stop_listening(shared: Practice) -> None:
    async with stream(shared.client.endpoints.market_url) as market:
        await market.subscribe("mark.BTC_USD")
        assert (await market.call("unsubscribe", {"channels": ["mark.BTC_USD"]}))["code"] == 0
        count = len(market.messages)
        await market.subscribe("ticker.ETH_USD")
        await market.find(lambda m: m["id"] == -1 and m["result"]["channel"] == "ticker")
        assert not [m for m in market.messages[count:] if m.get("result", {}).get("channel") == "mark"]


async def test_subscriptions_have_a_limit(shared: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert conversation.MOST_SUBSCRIPTIONS == 400
    monkeypatch.setattr(conversation, "MOST_SUBSCRIPTIONS", 2)
    async with stream(shared.client.endpoints.market_url) as market:
        await market.subscribe("mark.BTC_USD")
        assert (await market.call("subscribe", {"channels": ["mark.BTC_USD", "mark.ETH_USD"]}))["code"] == 0
        refused = await market.subscribe("mark.SOL_USD")
    documented = sample("ws.subscribe")["too_many_constructed"]
    assert {**refused, "id": documented["id"]} == documented


async def test_heartbeats_come_and_an_answer_keeps_the_line_open(start_practice: StartPractice) -> None:
    practice = start_practice(heartbeat_s=0.05, heartbeat_answer_s=0.5)
    async with stream(practice.client.endpoints.market_url) as market:
        await until(lambda: len([m for m in market.messages if m["method"] == "public/heartbeat"]) >= 3)
        assert market.close_code is None
    first = market.messages[0]
    assert first.keys() == sample("ws.heartbeat")["server_to_client"].keys()


async def test_a_heartbeat_without_answer_closes_the_line(start_practice: StartPractice) -> None:
    practice = start_practice(heartbeat_s=0.05, heartbeat_answer_s=0.05)
    async with stream(practice.client.endpoints.market_url, beats=False) as market:
        await until(lambda: market.close_code == 1000)
    assert len([m for m in market.messages if m["method"] == "public/heartbeat"]) == 1


async def test_a_message_beyond_the_limit_ends_the_line(shared: Practice) -> None:
    async with stream(shared.client.endpoints.market_url) as market:
        await market.say({"id": 1, "method": "x" * 1_000_100})
        await until(lambda: market.close_code == 1009)


async def test_nothing_is_logged_when_lines_end_amid_messages(
    start_practice: StartPractice, caplog: pytest.LogCaptureFixture
) -> None:
    practice = start_practice(market_interval_s=0.001)
    url = practice.client.endpoints.market_url
    async with stream(url) as one, stream(url) as two, user_stream(practice.client) as user:
        for name in ("mark.BTC_USD", "mark.ETH_USD", "book.BTC_USD.50", "ticker.BTC_USD"):
            await one.subscribe(name)
            await two.subscribe(name, book_subscription_type="SNAPSHOT_AND_UPDATE")
        async with stream(url) as three:
            await three.subscribe("book.ETH_USD.50")
        practice.controls.disconnect_users()
        await until(lambda: user.close_code)
        await until(lambda: len(one.messages) > 100)
        await asyncio.to_thread(practice.server.stop)
    ours = [record for record in caplog.records if not record.name.startswith(("asyncio", "httpx", "httpcore"))]
    assert ours == []


async def test_stopping_tells_the_streams(start_practice: StartPractice) -> None:
    practice = start_practice()
    async with user_stream(practice.client) as user:
        await asyncio.to_thread(practice.server.stop)
        await until(lambda: user.close_code in (1013, 1012))
