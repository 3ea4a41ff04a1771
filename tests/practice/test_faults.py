"""Everything that can be made to go wrong, seen by a client."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import httpx
import pytest

from otoco_desktop.practice.faults import Fault, Loss, RawReply, Spelling
from tests.practice.client import Client, stream, user_stream
from tests.practice.conftest import Practice
from tests.practice.desk import bracket
from tests.waiting import until

CREATE = "private/advanced/create-otoco"
CANCEL_ORDER, AMEND_ORDER = "private/advanced/cancel-order", "private/advanced/amend-order"


def lists_of(practice: Practice) -> int:
    return len(practice.controls.ledger().lists)


@pytest.mark.parametrize(("fault", "placed"), [(Fault.LOSE_REPLY_PLACED, 1), (Fault.LOSE_REPLY_UNPLACED, 0)])
def test_a_reply_lost_with_the_connection(practice: Practice, fault: Fault, placed: int) -> None:
    practice.controls.arm(fault, Loss.ABORT)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        practice.client.create("a")
    assert lists_of(practice) == placed
    assert [seen.client_oids for seen in practice.controls.ledger().creates] == [("a-e", "a-s", "a-t")]
    assert practice.client.create("b").json()["code"] == 0


@pytest.mark.parametrize(("fault", "placed"), [(Fault.LOSE_REPLY_PLACED, 1), (Fault.LOSE_REPLY_UNPLACED, 0)])
def test_a_reply_that_never_comes(practice: Practice, fault: Fault, placed: int) -> None:
    practice.controls.arm(fault, Loss.SILENCE)
    practice.client.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.ReadTimeout):
        practice.client.create("a")
    assert lists_of(practice) == placed


def test_stopping_does_not_wait_for_a_silent_reply(practice: Practice) -> None:
    practice.controls.arm(Fault.LOSE_REPLY_PLACED, Loss.SILENCE)
    practice.client.http.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        practice.client.create("a")
    practice.server.stop(timeout_s=5)


@pytest.mark.parametrize(
    ("code", "status"), [(306, 500), (42901, 429), (40801, 408), (50001, 500), (204, 400), (229, 400)]
)
def test_a_create_refused_with_a_code(practice: Practice, code: int, status: int) -> None:
    practice.controls.arm(Fault.REFUSE_CREATE, code)
    reply = practice.client.create("a")
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert lists_of(practice) == 0
    assert practice.client.create("a").json()["code"] == 0


async def test_a_create_placed_too_late(practice: Practice) -> None:
    practice.controls.arm(Fault.LATE_CREATE, 1.0)
    practice.client.http.timeout = httpx.Timeout(0.1)
    with pytest.raises(httpx.ReadTimeout):
        practice.client.create("a")
    assert lists_of(practice) == 0
    await until(lambda: lists_of(practice) == 1)


def test_ids_as_bare_numbers_beyond_doubles(practice: Practice) -> None:
    practice.controls.arm(Fault.SPELLING, Spelling.NUMBERS)
    list_id = practice.client.create("a").json()["result"]["list_id"]
    assert isinstance(list_id, int)
    assert float(list_id) != list_id
    (row, *_) = practice.client.result("private/advanced/get-open-orders")["data"]
    assert (row["list_id"], row["leg_id"]) == (list_id, 1)


async def test_ids_and_codes_as_texts(practice: Practice) -> None:
    practice.controls.arm(Fault.SPELLING, Spelling.TEXTS)
    answer = practice.client.create("a").json()
    assert (answer["code"], answer["id"].isdigit()) == ("0", True)
    async with stream(practice.client.endpoints.market_url) as market:
        await market.say({"id": 5, "method": "subscribe", "params": {"channels": ["mark.BTC_USD"]}})
        assert (await market.find(lambda m: m["id"] == "5"))["code"] == "0"


async def test_no_mark_price_for_anyone(practice: Practice) -> None:
    practice.controls.arm(Fault.NO_MARK_PRICE)
    query = {"instrument_name": "BTC_USD", "valuation_type": "mark_price"}
    assert practice.client.http.get("/public/get-valuations", params=query).json()["code"] == 207
    async with stream(practice.client.endpoints.market_url) as market:
        assert (await market.subscribe("mark.BTC_USD"))["code"] == 10004
        market.messages.clear()
        assert (await market.subscribe("ticker.BTC_USD"))["code"] == 0


def test_a_code_beside_a_list_id(practice: Practice) -> None:
    practice.controls.arm(Fault.PLACE_BUT_REFUSE, 306)
    answer = practice.client.create("a").json()
    assert (answer["code"], lists_of(practice)) == (306, 1)
    assert practice.client.statuses(answer["result"]["list_id"])


@pytest.mark.parametrize(
    ("fault", "code", "expected"),
    [
        (Fault.REJECT_ENTRY, 306, ["REJECTED", "CANCELED", "CANCELED"]),
        (Fault.REJECT_STOP, 229, ["FILLED", "REJECTED", "ACTIVE"]),
        (Fault.REJECT_TARGET, 229, ["FILLED", "ACTIVE", "REJECTED"]),
    ],
)
async def test_a_leg_refused_late(practice: Practice, fault: Fault, code: int, expected: list[str]) -> None:
    practice.controls.arm(fault, code)
    async with user_stream(practice.client) as user:
        list_id = practice.client.create("a").json()["result"]["list_id"]
        practice.controls.set_price("BTC_USD", "92300.00")
        await until(lambda: practice.client.statuses(list_id) == expected)
        await until(lambda: [step for step in user.steps() if step[1] == "REJECTED"])
        (refused,) = [row for row in user.rows("user.advance.order") if row["status"] == "REJECTED"]
    names = {306: "INSUFFICIENT_AVAILABLE_BALANCE", 229: "INVALID_REF_PRICE"}
    assert (refused["reason"], refused["reject_reason"]) == (str(code), names[code])


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.HALF_FILL_STAY, ["ACTIVE", "PENDING", "PENDING"]),
        (Fault.HALF_FILL_CANCEL, ["CANCELED", "CANCELED", "CANCELED"]),
    ],
)
async def test_an_entry_filled_by_half(practice: Practice, fault: Fault, expected: list[str]) -> None:
    practice.controls.arm(fault)
    list_id = practice.client.create("a").json()["result"]["list_id"]
    await until(lambda: practice.client.statuses(list_id)[0] == "ACTIVE")
    practice.controls.set_price("BTC_USD", "92300.00")
    practice.controls.beat(3)
    assert practice.client.statuses(list_id) == expected
    detail = practice.client.result("private/advanced/get-order-detail", {"client_oid": "a-e"})
    assert detail["cumulative_quantity"] == "0.05000"


async def test_events_that_come_several_times(practice: Practice) -> None:
    practice.controls.arm(Fault.REPEAT_EVENTS, 3)
    async with user_stream(practice.client) as user:
        practice.client.create("a")
        await until(lambda: len(user.rows("user.advance.order")) == 12)
    assert [step[0] for step in user.steps()[:6]] == ["e"] * 3 + ["s"] * 3


async def test_events_that_come_late(practice: Practice) -> None:
    practice.controls.arm(Fault.DELAY_EVENTS, 1.0)
    async with user_stream(practice.client) as user:
        list_id = practice.client.create("a").json()["result"]["list_id"]
        await until(lambda: practice.client.statuses(list_id)[0] == "ACTIVE")
        assert user.steps() == []
        await until(lambda: ("e", "ACTIVE", "0.00000") in user.steps())


async def test_events_in_reverse_order(practice: Practice) -> None:
    practice.controls.arm(Fault.REORDER_EVENTS, 4)
    async with user_stream(practice.client) as user:
        practice.client.create("a")
        await until(lambda: len(user.steps()) == 4)
        assert [step[:2] for step in user.steps()] == [
            ("e", "ACTIVE"),
            ("t", "PENDING"),
            ("s", "PENDING"),
            ("e", "NEW"),
        ]
        practice.controls.set_price("BTC_USD", "92300.00")
        await until(lambda: user.steps()[-1] == ("t", "ACTIVE", "0.00000"))


@pytest.mark.parametrize(("code", "seen"), [(None, 1006), (1013, 1013), (1000, 1000)])
async def test_the_user_stream_ends(practice: Practice, code: int | None, seen: int) -> None:
    async with user_stream(practice.client) as user, stream(practice.client.endpoints.market_url) as market:
        practice.controls.disconnect_users(code)
        await until(lambda: user.close_code == seen)
        assert (await market.subscribe("mark.BTC_USD"))["code"] == 0
    async with user_stream(practice.client) as again:
        assert again.close_code is None


async def test_streams_that_fall_mute_stay_open(practice: Practice) -> None:
    async with stream(practice.client.endpoints.market_url) as market:
        await market.subscribe("mark.BTC_USD")
        await until(lambda: len(market.messages) > 3)
        practice.controls.arm(Fault.MUTE_STREAMS)
        practice.controls.set_price("BTC_USD", "90000.00")
        practice.controls.set_price("BTC_USD", "91000.00")
        practice.controls.clear(Fault.MUTE_STREAMS)
        await market.find(lambda m: m.get("result", {}).get("data", [{}])[0].get("v") == "91000.00")
        assert not [m for m in market.messages if "90000.00" in str(m)]
        assert market.close_code is None


async def test_every_connection_breaks(practice: Practice) -> None:
    client = practice.client
    assert client.result("private/user-balance")
    async with user_stream(client) as user:
        practice.controls.drop_connections()
        await until(lambda: user.close_code == 1006)
    assert client.result("private/user-balance")


async def test_what_others_do_with_the_account(practice: Practice) -> None:
    async with user_stream(practice.client) as user:
        list_id = practice.controls.place(bracket("z"))
        await until(lambda: practice.client.statuses(list_id)[0] == "ACTIVE")
        practice.controls.cancel("z-s")
        await until(lambda: ("s", "CANCELED", "0.00000") in user.steps())
    assert practice.controls.ledger().creates == ()


async def test_heartbeats_fall_silent(start_practice: object) -> None:
    practice = start_practice(heartbeat_s=0.03)  # type: ignore[operator]
    practice.controls.arm(Fault.SILENT_HEARTBEATS)
    async with stream(practice.client.endpoints.market_url) as market:
        await market.subscribe("mark.BTC_USD")
        await until(lambda: len(market.messages) > 10)
        assert not [m for m in market.messages if m["method"] == "public/heartbeat"]
        practice.controls.clear(Fault.SILENT_HEARTBEATS)
        await market.find(lambda m: m["method"] == "public/heartbeat")


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (("user.advanced.order",), (10004, 0)),
        (("user.advance.order", "user.advanced.order"), (0, 0)),
        ((), (10004, 10004)),
    ],
)
async def test_the_order_channel_under_other_names(
    practice: Practice, names: tuple[str, ...], codes: tuple[int, int]
) -> None:
    practice.controls.arm(Fault.ORDER_CHANNELS, names)
    async with user_stream(practice.client, "user.balance") as user:
        first = await user.subscribe("user.advance.order")
        user.messages.clear()
        second = await user.subscribe("user.advanced.order")
        assert (first["code"], second["code"]) == codes
        if codes[1] == 0:
            practice.client.create("a")
            await until(lambda: user.steps("user.advanced.order"))


@pytest.mark.parametrize(("ahead", "code"), [(30, 0), (-30, 0), (61, 40102), (-61, 40102)])
def test_a_clock_that_is_off(practice: Practice, ahead: int, code: int) -> None:
    practice.controls.arm(Fault.CLOCK_AHEAD, ahead)
    reply = practice.client.post("private/user-balance")
    assert reply.json()["code"] == code
    told = parsedate_to_datetime(reply.headers["date"]).timestamp()
    assert abs(told - time.time() - ahead) < 3


def test_orders_that_queries_do_not_find_yet(practice: Practice) -> None:
    list_id = practice.client.create("a").json()["result"]["list_id"]
    practice.controls.arm(Fault.HIDE_ORDERS)
    assert practice.client.post("private/advanced/get-order-detail", {"client_oid": "a-e"}).json()["code"] == 40401
    assert practice.client.result("private/advanced/get-open-orders")["data"] == []
    practice.controls.clear()
    assert practice.client.statuses(list_id)


@pytest.mark.parametrize(
    "raw",
    [
        RawReply(b"<html><body>maintenance</body></html>", 503, "text/html"),
        RawReply(b'{"id":1,"method":"private/user-bal'),
        RawReply(b"", 502),
        RawReply(b'{"id":"7","method":"private/user-balance","code":"00","result":5}'),
        RawReply(b"[" * 100_000),
        RawReply(b" " * 12_000_000),
    ],
    ids=["html", "truncated", "empty", "wrong types", "deep", "oversized"],
)
def test_a_raw_reply_is_sent_as_it_stands_once(practice: Practice, raw: RawReply) -> None:
    practice.controls.arm_raw("private/user-balance", raw)
    reply = practice.client.post("private/user-balance")
    assert (reply.status_code, reply.content) == (raw.status, raw.body)
    assert reply.headers["content-type"].startswith(raw.content_type)
    assert practice.client.post("private/user-balance").json()["code"] == 0


def test_a_reply_that_breaks_off(practice: Practice) -> None:
    practice.controls.arm_raw("private/user-balance", RawReply(b'{"id":1', declared=500))
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        practice.client.post("private/user-balance")
    assert practice.client.post("private/user-balance").json()["code"] == 0


def test_public_methods_can_be_overridden_too(practice: Practice) -> None:
    practice.controls.arm_raw("public/get-instruments", RawReply(b"{}", 500))
    assert practice.client.http.get("/public/get-instruments").status_code == 500


async def test_a_lost_reply_over_the_stream(practice: Practice) -> None:
    practice.controls.arm(Fault.LOSE_REPLY_PLACED, Loss.ABORT)
    async with user_stream(practice.client) as user:
        from tests.practice.client import legs

        await user.say({"id": 5, "method": CREATE, "params": {"order_list": legs("a")}, "nonce": 1})
        await until(lambda: user.close_code == 1006)
    assert lists_of(practice) == 1


async def test_prices_moved_by_hand(practice: Practice) -> None:
    controls, client = practice.controls, practice.client

    def mark(symbol: str = "BTC_USD") -> str:
        return str(controls.quote(symbol).mark)

    controls.set_price("BTC_USD", "91234.50")
    assert mark() == "91234.50"
    assert client.get("public/get-tickers", instrument_name="BTC_USD")["data"][0]["a"] == "91234.50"
    controls.set_speed(50)
    controls.glide("BTC_USD", "92000.00", seconds=1)
    await until(lambda: mark() == "92000.00")
    controls.script("BTC_USD", [(0.5, "91000.00"), (1, "95000.00")])
    await until(lambda: mark() == "95000.00")
    controls.release("BTC_USD")
    await until(lambda: mark() != "95000.00")
    controls.hold("BTC_USD")
    held = mark()
    walking = mark("ETH_USD")
    await until(lambda: mark("ETH_USD") != walking)
    assert mark() == held


async def test_a_script_from_the_start(start_practice: object) -> None:
    script = {"ETH_USD": ((0.25, "3000.00"), (0.5, "3100.00"))}
    practice = start_practice(script=script, speed=20.0)  # type: ignore[operator]
    await until(lambda: str(practice.controls.quote("ETH_USD").mark) == "3100.00")


def test_an_unknown_instrument_or_price_is_an_error_of_the_caller(practice: Practice) -> None:
    with pytest.raises(KeyError):
        practice.controls.set_price("NOPE", "1")
    with pytest.raises(ArithmeticError):
        practice.controls.set_price("BTC_USD", "much")
    assert practice.client.post("private/user-balance").json()["code"] == 0


def test_the_ledger_shows_who_owns_what(practice: Practice) -> None:
    practice.client.create("a")
    ledger = practice.controls.ledger()
    assert ledger.leg("a-s").leg_id == 2
    with pytest.raises(KeyError):
        ledger.leg("z")


def test_signatures_are_not_logged(practice: Practice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    client: Client = practice.client
    client.create("a")
    client.post("private/user-balance", sig="0" * 64)
    assert client.secret not in caplog.text
    assert client.api_key not in caplog.text


# One exit


def exit_request(practice: Practice, method: str) -> httpx.Response:
    """Cancel or move the stop of list a."""
    if method == CANCEL_ORDER:
        return practice.client.post(method, {"client_oid": "a-s"})
    params = {"client_oid": "a-s", "new_quantity": "0.10000", "new_price": "0", "new_ref_price": "90500.00"}
    return practice.client.post(method, params)


def stop_of(practice: Practice) -> tuple[str, str]:
    """Status and trigger of the stop of list a."""
    leg = practice.controls.ledger().leg("a-s")
    return leg.status.value, str(leg.ref_price)


DONE = {CANCEL_ORDER: ("CANCELED", "91000.00"), AMEND_ORDER: ("PENDING", "90500.00")}
UNDONE = ("PENDING", "91000.00")


@pytest.mark.parametrize(
    ("method", "fault", "done", "how"),
    [
        (CANCEL_ORDER, Fault.LOSE_CANCEL_DONE, True, Loss.SILENCE),
        (CANCEL_ORDER, Fault.LOSE_CANCEL_UNDONE, False, Loss.ABORT),
        (AMEND_ORDER, Fault.LOSE_AMEND_DONE, True, Loss.ABORT),
        (AMEND_ORDER, Fault.LOSE_AMEND_UNDONE, False, Loss.SILENCE),
    ],
)
async def test_a_lost_reply_about_one_exit(
    practice: Practice, method: str, fault: Fault, done: bool, how: Loss
) -> None:
    practice.client.create("a")
    practice.controls.arm(fault, how)
    practice.client.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.TransportError):
        exit_request(practice, method)
    await until(lambda: stop_of(practice) == (DONE[method] if done else UNDONE))
    assert [(seen.method, seen.transport) for seen in practice.controls.ledger().exits] == [(method, "rest")]
    assert practice.controls.faults.armed() == {}
    practice.client.http.timeout = httpx.Timeout(5)
    if not done:
        assert exit_request(practice, method).json()["code"] == 0
        await until(lambda: stop_of(practice) == DONE[method])


@pytest.mark.parametrize(("method", "fault"), [(CANCEL_ORDER, Fault.REFUSE_CANCEL), (AMEND_ORDER, Fault.REFUSE_AMEND)])
async def test_a_request_about_one_exit_refused_with_a_code(practice: Practice, method: str, fault: Fault) -> None:
    practice.client.create("a")
    for code, status in ((316, 500), (229, 400), (42901, 429), (50001, 500), (40801, 408)):
        practice.controls.arm(fault, code)
        reply = exit_request(practice, method)
        assert (reply.status_code, reply.json()["code"]) == (status, code)
        assert stop_of(practice) == UNDONE
    assert exit_request(practice, method).json()["code"] == 0
    await until(lambda: stop_of(practice) == DONE[method])


async def test_each_fault_is_of_its_own_request(practice: Practice) -> None:
    practice.client.create("a")
    practice.controls.arm(Fault.REFUSE_CANCEL, 316)
    assert exit_request(practice, AMEND_ORDER).json()["code"] == 0
    assert exit_request(practice, CANCEL_ORDER).json()["code"] == 316


async def test_an_exit_that_moves_too_late_fires_at_its_old_trigger(practice: Practice) -> None:
    list_id = practice.client.create("a").json()["result"]["list_id"]
    practice.controls.set_price("BTC_USD", "92300.00")
    await until(lambda: practice.client.statuses(list_id) == ["FILLED", "ACTIVE", "ACTIVE"])
    practice.controls.arm(Fault.LATE_AMEND, 0.5)
    assert exit_request(practice, AMEND_ORDER).json()["code"] == 0
    practice.controls.set_price("BTC_USD", "91000.00")
    assert practice.client.statuses(list_id) == ["FILLED", "FILLED", "CANCELED"]
    practice.controls.set_price("BTC_USD", "93120.00")
    practice.client.create("b", quantity="0.00100")
    practice.controls.arm(Fault.LATE_AMEND, 0.5)
    practice.controls.amend("b-t", new_quantity="0.00100", new_price="0", new_ref_price="95600.00")
    await until(lambda: str(practice.controls.ledger().leg("b-t").ref_price) == "95600.00")
    assert stop_of(practice) == ("FILLED", "91000.00"), "nothing came of the one before it"


async def test_an_exit_that_moves_late_moves(practice: Practice) -> None:
    practice.client.create("a")
    practice.controls.arm(Fault.LATE_AMEND, 0.3)
    assert exit_request(practice, AMEND_ORDER).json()["code"] == 0
    assert stop_of(practice) == UNDONE
    await until(lambda: stop_of(practice) == DONE[AMEND_ORDER])


async def test_an_amend_that_renames_the_order(practice: Practice) -> None:
    client = practice.client
    list_id = client.create("a").json()["result"]["list_id"]
    old = client.result("private/advanced/get-order-detail", {"client_oid": "a-s"})["order_id"]
    practice.controls.arm(Fault.RENAME_ON_AMEND)
    async with user_stream(client) as user:
        answer = exit_request(practice, AMEND_ORDER).json()
        assert (answer["code"], answer["result"]) == (0, {"order_id": old, "client_oid": "a-s"})
        await until(lambda: ("s", "PENDING", "0.00000") in user.steps())
        told = [
            (row["order_id"], row["status"], row["ref_price"], row["cumulative_quantity"])
            for row in user.rows("user.advance.order")
            if row["client_oid"] == "a-s"
        ][-2:]
    new = client.result("private/advanced/get-order-detail", {"client_oid": "a-s"})["order_id"]
    assert new != old
    assert told == [(old, "CANCELED", "91000.00", "0.00000"), (new, "PENDING", "90500.00", "0.00000")]
    listed = client.result("private/advanced/get-order-list-detail", {"list_id_list": [list_id]})["data"]
    assert [row["order_id"] for row in listed][1] == new
    opened = client.result("private/advanced/get-open-orders")["data"]
    assert old not in [row["order_id"] for row in opened]
    assert old in [row["order_id"] for row in client.result("private/advanced/get-order-history")["data"]]
    assert client.result("private/advanced/get-order-detail", {"order_id": old})["status"] == "CANCELED"
    assert client.post(CANCEL_ORDER, {"order_id": old}).json()["code"] == 316
    assert client.result(CANCEL_ORDER, {"order_id": new})["order_id"] == new
