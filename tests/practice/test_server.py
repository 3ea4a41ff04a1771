"""The exchange over real HTTP."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from otoco_desktop.practice.candles import TIMEFRAMES
from otoco_desktop.practice.server import LARGEST_BODY
from tests.practice.client import legs, stream, user_stream
from tests.practice.conftest import Practice
from tests.waiting import until

WIRE = Path(__file__).parents[1] / "wire"
PUBLIC = {
    "public/get-instruments": {},
    "public/get-tickers": {"instrument_name": "BTC_USD"},
    "public/get-candlestick": {"instrument_name": "BTC_USD", "timeframe": "5m", "count": "1"},
    "public/get-valuations": {"instrument_name": "BTC_USD", "valuation_type": "mark_price", "count": "1"},
}
PRIVATE = {
    "private/get-fee-rate": {},
    "private/get-instrument-fee-rate": {"instrument_name": "BTC_USD"},
}
NOT_SENT = {"put_call", "strike"}


def sample(method: str) -> Any:
    return json.loads((WIRE / f"{method.replace('/', '.')}.json").read_text("utf-8"))


def shape(value: Any) -> Any:
    """Names of an answer at all depths; lists by their first row, numbers and texts alike."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "value"


@pytest.mark.parametrize(("method", "params"), PUBLIC.items())
def test_public_answers_have_the_documented_shape(shared: Practice, method: str, params: dict[str, str]) -> None:
    documented = sample(method)["documented_new"]["response"]
    answer = shared.client.http.get(f"/{method}", params=params).json()
    if method == "public/get-instruments":
        documented["result"]["data"] = sample(method)["third_party_observed"][-1:]
        del answer["result"]["data"][0]["product_type"]
    assert shape(answer) == shape(documented)


@pytest.mark.parametrize(("method", "params"), PRIVATE.items())
def test_private_answers_have_the_documented_shape(shared: Practice, method: str, params: dict[str, str]) -> None:
    documented = sample(method)["documented_new"]["response"]
    assert shape(shared.client.post(method, params).json()) == shape(documented)


def test_the_account_starts_as_the_example_account(shared: Practice) -> None:
    (row,) = shared.client.result("private/user-balance")["data"]
    documented = sample("private/user-balance")["documented_new"]["response"]["result"]["data"][0]
    assert row.keys() <= documented.keys()
    held = {p["instrument_name"]: p["quantity"] for p in row["position_balances"]}
    assert (held["USD"], held["BTC"]) == ("24310.22000000", "0.41000000")
    assert shape(row["position_balances"]) == shape(documented["position_balances"])


def test_fees_are_a_quarter_and_a_half_percent(shared: Practice) -> None:
    rates = shared.client.result("private/get-fee-rate")
    assert (rates["effective_spot_maker_rate_bps"], rates["effective_spot_taker_rate_bps"]) == ("25", "50")


@pytest.mark.parametrize("timeframe", [*TIMEFRAMES, "M5", "D1"])
def test_five_hundred_candles_of_history(shared: Practice, timeframe: str) -> None:
    rows = shared.client.get("public/get-candlestick", instrument_name="BTC_USD", timeframe=timeframe, count="500")[
        "data"
    ]
    assert len(rows) == 500
    assert rows == sorted(rows, key=lambda row: row["t"])
    assert rows[-1]["c"] == "93120.00"


def test_candles_within_a_window(shared: Practice) -> None:
    def ask(**window: str) -> list[dict[str, Any]]:
        found = shared.client.get(
            "public/get-candlestick", instrument_name="BTC_USD", timeframe="1m", count="50", **window
        )
        rows: list[dict[str, Any]] = found["data"]
        return rows

    newest = ask()
    older = ask(end_ts=str(newest[0]["t"] - 1))
    assert len(older) == 50
    assert older[-1]["t"] == newest[0]["t"] - 60_000
    assert [row["t"] for row in ask(start_ts=str(newest[-3]["t"]))][:3] == [row["t"] for row in newest[-3:]]


def test_the_book_stands_around_the_mark(shared: Practice) -> None:
    book = shared.client.get("public/get-book", instrument_name="BTC_USD", depth="10")["data"][0]
    assert (book["bids"][0][0], book["asks"][0][0]) == ("93119.90", "93120.10")
    assert len(book["bids"]) == len(book["asks"]) == 10
    assert book["asks"] == sorted(book["asks"], key=lambda level: float(level[0]))


async def test_order_rows_have_the_documented_names(practice: Practice) -> None:
    client = practice.client
    list_id = client.create("a", fee="USD").json()["result"]["list_id"]
    await until(lambda: client.statuses(list_id)[0] == "ACTIVE")
    rows = client.result("private/advanced/get-order-list-detail", {"list_id_list": [list_id]})["data"]
    samples = sample("private/advanced/get-order-list-detail")["documented_new"]["response"]["result"]["data"]
    extra = {"maker_fee_rate", "taker_fee_rate", "exchange_order_id"}
    for row, documented in zip(rows, samples, strict=False):
        assert documented.keys() <= row.keys()
        assert row.keys() - documented.keys() <= extra
    assert [row["contingency_type"] for row in rows] == ["SPOT_ATTACH"] * 3
    assert [row["leg_id"] for row in rows] == ["1", "2", "3"]
    assert (rows[0]["limit_price"], rows[0]["fee_instrument_name"]) == ("92400.00", "USD")
    assert (rows[1]["limit_price"], rows[1]["ref_price"]) == ("0.00", "91000.00")


async def test_queries_find_a_list_through_its_life(practice: Practice) -> None:
    client, controls = practice.client, practice.controls
    list_id = client.create("a").json()["result"]["list_id"]
    await until(lambda: client.statuses(list_id)[0] == "ACTIVE")
    listed = client.result("private/advanced/get-open-orders", {"instrument_name": "BTC_USD"})["data"]
    assert [row["client_oid"] for row in listed] == ["a-e", "a-s", "a-t"]
    assert client.result("private/advanced/get-open-orders", {"instrument_name": "ETH_USD"})["data"] == []
    detail = client.result("private/advanced/get-order-detail", {"client_oid": "a-t"})
    assert detail == client.result("private/advanced/get-order-detail", {"order_id": detail["order_id"]})
    controls.set_price("BTC_USD", "92300.00")
    await until(lambda: client.statuses(list_id)[0] == "FILLED")
    controls.set_price("BTC_USD", "95600.00")
    assert client.statuses(list_id) == ["FILLED", "CANCELED", "FILLED"]
    assert client.result("private/advanced/get-open-orders")["data"] == []
    history = client.result("private/advanced/get-order-history")["data"]
    assert [row["client_oid"] for row in history] == ["a-t", "a-s", "a-e"]
    trades = client.result("private/get-trades", {"instrument_name": "BTC_USD", "limit": "20"})["data"]
    assert {row["client_oid"] for row in trades} == {"a-e", "a-t"}
    assert trades[0]["order_id"] == detail_of(client, "a-t")["exchange_order_id"]


def detail_of(client: Any, client_oid: str) -> dict[str, Any]:
    found: dict[str, Any] = client.result("private/advanced/get-order-detail", {"client_oid": client_oid})
    return found


async def test_history_is_paged_by_time_of_creation(practice: Practice) -> None:
    client = practice.client
    for number in range(3):
        list_id = client.create(f"p{number}", quantity="0.00100").json()["result"]["list_id"]
        client.result("private/advanced/cancel-otoco", {"list_id": list_id})
        await until(lambda made=list_id: set(client.statuses(made)) == {"CANCELED"})  # type: ignore[misc]
    seen: list[str] = []
    window: dict[str, str] = {"limit": "3"}
    while rows := client.result("private/advanced/get-order-history", window)["data"]:
        seen += [row["client_oid"] for row in rows]
        window["end_time"] = min(row["create_time_ns"] for row in rows)
    assert seen == [f"p{number}-{leg}" for number in (2, 1, 0) for leg in "tse"]


async def test_cancelling_one_leg_answers_with_its_ids(practice: Practice) -> None:
    client = practice.client
    list_id = client.create("a").json()["result"]["list_id"]
    answer = client.result("private/advanced/cancel-order", {"client_oid": "a-s"})
    assert answer == {"client_oid": "a-s", "order_id": detail_of(client, "a-s")["order_id"]}
    again = client.post("private/advanced/cancel-order", {"client_oid": "a-t"}).json()
    assert shape(again) == shape(sample("private/advanced/cancel-order")["documented_new"]["response"])
    await until(lambda: client.statuses(list_id) == ["ACTIVE", "CANCELED", "CANCELED"])
    gone = client.post("private/advanced/cancel-order", {"client_oid": "a-s"})
    assert (gone.status_code, gone.json()["code"]) == (500, 316)


async def test_moving_one_exit_answers_with_its_ids_and_is_told(practice: Practice) -> None:
    client, amend = practice.client, "private/advanced/amend-order"
    client.create("a")
    await until(lambda: detail_of(client, "a-e")["status"] == "ACTIVE")
    before = detail_of(client, "a-s")
    params = {"order_id": before["order_id"], "new_quantity": "0.10000", "new_ref_price": "90500.00", "new_price": "0"}
    async with user_stream(client) as user:
        answer = client.post(amend, params).json()
        assert answer["result"] == {"order_id": before["order_id"], "client_oid": "a-s"}
        assert shape(answer) == shape(sample(amend)["documented_new"]["response"])
        await until(lambda: detail_of(client, "a-s")["ref_price"] == "90500.00")
        await until(lambda: user.rows("user.advance.order")[-1:] == [detail_of(client, "a-s")])
    changed = {"ref_price", "update_time", "order_value"}
    after = detail_of(client, "a-s")
    assert {name: after[name] for name in after if name not in changed} == {
        name: before[name] for name in before if name not in changed
    }
    assert after["order_value"] == "9050"


async def test_a_limit_makes_a_limit_exit_of_it_and_zero_a_market_one(practice: Practice) -> None:
    client, amend = practice.client, "private/advanced/amend-order"
    client.create("a")
    params = {"client_oid": "a-t", "new_quantity": "0.10000"}
    client.result(amend, {**params, "new_price": "95400.00"})
    await until(lambda: detail_of(client, "a-t")["order_type"] == "TAKE_PROFIT_LIMIT")
    assert (detail_of(client, "a-t")["limit_price"], detail_of(client, "a-t")["ref_price"]) == ("95400.00", "95500.00")
    client.result(amend, {**params, "new_price": "0"})
    await until(lambda: detail_of(client, "a-t")["order_type"] == "TAKE_PROFIT")
    assert detail_of(client, "a-t")["limit_price"] == "0.00"


async def test_exits_are_moved_and_cancelled_over_the_websocket_too(practice: Practice) -> None:
    client = practice.client
    client.create("a")
    async with user_stream(client) as user:
        params = {"client_oid": "a-s", "new_quantity": "0.10000", "new_ref_price": "90500.00", "new_price": "0"}
        order_id = detail_of(client, "a-s")["order_id"]
        moved = await user.call("private/advanced/amend-order", params)
        assert (moved["code"], moved["result"]) == (0, {"order_id": order_id, "client_oid": "a-s"})
        await until(lambda: detail_of(client, "a-s")["ref_price"] == "90500.00")
        gone = await user.call("private/advanced/cancel-order", {"order_id": order_id})
        assert (gone["code"], gone["message"]) == (0, "NO_ERROR")
        await until(lambda: detail_of(client, "a-s")["status"] == "CANCELED")
        refused = await user.call("private/advanced/amend-order", params)
        assert (refused["code"], refused["message"]) == (316, "NO_ACTIVE_ORDER")
    seen = [(one.transport, one.method.rpartition("/")[2]) for one in practice.controls.ledger().exits]
    assert seen == [("websocket", name) for name in ("amend-order", "cancel-order", "amend-order")]


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({}, 400, 40004),
        ({"client_oid": "z-s"}, 400, 40004),
        ({"client_oid": "z-s", "new_quantity": "0.10000"}, 400, 40004),
        ({"client_oid": "z-s", "new_price": "0"}, 400, 40004),
        ({"client_oid": "z-s", "new_quantity": None, "new_price": "0"}, 400, 40004),
        ({"client_oid": "z-s", "new_quantity": 0.1, "new_price": "0"}, 400, 40004),
        ({"client_oid": "z-s", "new_quantity": "0.10000", "new_price": 0}, 400, 40004),
        ({"client_oid": "z-s", "new_quantity": ["0.10000"], "new_price": {"a": "b"}}, 400, 213),
        ({"client_oid": ["z-s"], "new_quantity": "0.10000", "new_price": "0"}, 400, 40004),
        ({"client_oid": "z-s", "new_quantity": "0.10000", "new_price": "0", "new_ref_price": "NaN"}, 400, 229),
        ({"client_oid": "z-s", "new_quantity": "0.10000", "new_price": "0", "ref_price": "90000.00"}, 400, 40004),
        ({"order_id": "5", "new_quantity": "0.10000", "new_price": "0"}, 500, 212),
        ({"client_oid": "z-e", "new_quantity": "0.10000", "new_price": "92000.00"}, 400, 218),
    ],
)
def test_amends_that_are_refused(shared: Practice, params: dict[str, Any], status: int, code: int) -> None:
    shared.client.create("z")
    reply = shared.client.post("private/advanced/amend-order", params)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert detail_of(shared.client, "z-s")["ref_price"] == "91000.00"


@pytest.mark.parametrize(
    ("method", "params", "status", "code"),
    [
        ("private/advanced/get-order-detail", {"client_oid": "nobody"}, 200, 40401),
        ("private/advanced/get-order-detail", {}, 400, 40004),
        ("private/advanced/get-order-list-detail", {"list_id_list": ["5"]}, 200, 40401),
        ("private/advanced/get-order-list-detail", {"list_id_list": "5"}, 400, 40004),
        ("private/advanced/cancel-otoco", {"list_id": "5"}, 200, 40401),
        ("private/advanced/cancel-otoco", {}, 400, 40004),
        ("private/advanced/cancel-order", {"order_id": "5"}, 500, 212),
        ("private/advanced/get-order-history", {"start_time": "soon"}, 400, 40005),
        ("private/advanced/get-order-history", {"limit": "-1"}, 400, 40004),
        ("private/get-instrument-fee-rate", {"instrument_name": "X"}, 400, 209),
        ("private/create-withdrawal", {}, 400, 40002),
        ("public/get-instruments", {}, 400, 40002),
    ],
)
def test_refusals(shared: Practice, method: str, params: dict[str, Any], status: int, code: int) -> None:
    reply = shared.client.post(method, params)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert reply.json()["method"] == method


def test_a_wrong_signature_and_a_wrong_clock(practice: Practice) -> None:
    client = practice.client
    forged = client.post("private/user-balance", sig="0" * 64)
    late = client.post("private/user-balance", signed_nonce=1_700_000_000_000)
    method = "private/advanced/create-otoco"
    signed = client.envelope(method, {"order_list": []})
    changed = client.http.post(f"/{method}", json={**signed, "params": {"order_list": legs("a")}})
    answers = [(r.status_code, r.json()["code"], r.json()["message"]) for r in (forged, late, changed)]
    assert answers == [(401, 40101, "UNAUTHORIZED"), (400, 40102, "INVALID_NONCE"), (401, 40101, "UNAUTHORIZED")]
    assert practice.controls.ledger().lists == ()


def test_a_request_serves_once(practice: Practice) -> None:
    client = practice.client
    body = client.envelope("private/advanced/create-otoco", {"order_list": legs("a")})
    first = client.http.post("/private/advanced/create-otoco", json=body).json()
    again = client.http.post("/private/advanced/create-otoco", json=body)
    assert first["code"] == 0
    assert (again.status_code, again.json()["code"]) == (400, 40006)
    assert client.create("a").json()["code"] == 204
    assert len(practice.controls.ledger().lists) == 1


def test_limits_are_refused_where_they_are_enforced(start_practice: Any) -> None:
    client = start_practice(enforce_limits=True).client
    replies = [client.post("private/get-trades") for _ in range(2)]
    assert [(r.status_code, r.json()["code"]) for r in replies] == [(200, 0), (429, 42901)]
    assert client.post("private/user-balance").json()["code"] == 0


def test_ids_are_echoed_as_they_came(shared: Practice) -> None:
    body = shared.client.envelope("private/user-balance")
    as_text = {**body, "id": str(body["id"]), "nonce": str(body["nonce"])}
    assert shared.client.http.post("/private/user-balance", json=as_text).json()["id"] == str(body["id"])


def test_the_url_names_the_method(shared: Practice) -> None:
    body = shared.client.envelope("private/user-balance")
    assert shared.client.http.post("/private/get-fee-rate", json=body).json()["code"] == 40003
    assert shared.client.http.get("/private/user-balance").json()["code"] == 40003
    assert shared.client.http.get("/public/nothing").json()["code"] == 40002


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 20_000, b'{"id":1}', b"\xff\xfe"])
def test_what_is_no_request_is_answered_in_json(shared: Practice, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    reply = shared.client.http.post("/private/user-balance", content=body, headers=headers)
    assert reply.status_code == 400
    assert (reply.json()["id"], reply.json()["method"]) == (-1, "ERROR")


def test_other_content_types_and_long_bodies_are_refused(shared: Practice) -> None:
    http, body = shared.client.http, shared.client.envelope("private/user-balance")
    plain = http.post("/private/user-balance", content=json.dumps(body), headers={"content-type": "text/plain"})
    assert plain.status_code == 415
    long = http.post(
        "/private/user-balance",
        content=b" " * (LARGEST_BODY + 1),
        headers={"content-type": "application/json"},
    )
    assert long.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "example.com"},
        {"host": "127.0.0.1"},
        {"host": "localhost:1"},
        {"origin": "http://127.0.0.1"},
        {"origin": "null"},
    ],
)
async def test_foreign_hosts_and_web_pages_are_refused(shared: Practice, headers: dict[str, str]) -> None:
    reply = shared.client.http.get("/public/get-instruments", headers=headers)
    assert reply.status_code == 403
    if "origin" in headers:
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidStatus

        with pytest.raises(InvalidStatus, match="403"):
            async with connect(shared.client.endpoints.market_url, additional_headers=headers, proxy=None):
                pass


def test_it_listens_on_loopback_alone_and_without_delay(shared: Practice) -> None:
    port = shared.client.endpoints.port
    with socket.create_connection(("127.0.0.1", port)) as reached:
        assert reached.getpeername()[0] == "127.0.0.1"
    for address in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}:
        if not str(address).startswith("127."):
            with pytest.raises(OSError, match=r"refused|timed out"):
                socket.create_connection((str(address), port), timeout=0.5).close()


def test_replies_carry_the_exchange_clock(shared: Practice) -> None:
    reply = shared.client.http.get("/public/get-tickers", params={"instrument_name": "BTC_USD"})
    assert len(reply.headers.get_list("date")) == 1
    assert isinstance(reply.json()["result"]["data"][0]["t"], int)


async def test_market_and_user_paths_are_websockets_only(shared: Practice) -> None:
    assert shared.client.http.get("/user").json()["code"] == 40002
    async with stream(shared.client.endpoints.market_url) as market:
        assert (await market.subscribe("mark.BTC_USD"))["code"] == 0


def test_a_stopped_exchange_is_gone(start_practice: Any) -> None:
    practice = start_practice()
    practice.server.stop()
    practice.server.stop()
    with pytest.raises(httpx.ConnectError):
        practice.client.get("public/get-instruments")
