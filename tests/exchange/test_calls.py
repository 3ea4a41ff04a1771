"""Requests under way on a websocket, without a socket: whose reply a message is, and when none can come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.events import Outcome, Unknown
from otoco_desktop.exchange.clock import ServerTime, Stamps
from otoco_desktop.exchange.outcome import classify_cancel, classify_create
from otoco_desktop.exchange.requests import Method
from otoco_desktop.exchange.session import Lost, OrderRows, Replied, Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.user_session import UserSession
from tests.exchange.manual_clock import ManualClock
from tests.exchange.samples import KEY, SECRET
from tests.exchange.test_session import Wire, order_frame, signed_in

ID = 1_700_000_000_123
CREATE, CANCEL = Method.CREATE_OTOCO, Method.CANCEL_OTOCO
ACKNOWLEDGED = {"id": ID, "method": CREATE, "code": 0, "result": {"list_id": "7"}}


@pytest.fixture
def user() -> Wire:
    return signed_in_user()


def signed_in_user() -> Wire:
    clock = ManualClock()
    wire = Wire(UserSession(Signer(KEY, SECRET), Stamps(ServerTime(clock)).next, Timing()), clock)
    signed_in(wire)
    return wire


def waiting(wire: Wire, request_id: int = ID, method: str = CREATE) -> Wire:
    wire.protocol.calls.expect(request_id, method)
    return wire


def bodies(wire: Wire) -> list[Any]:
    return [json.loads(event.body) for event in wire.of(Replied)]


def test_a_reply_is_handed_over_as_it_came(user: Wire) -> None:
    waiting(user).say(' {"code":"0", "method":"private/advanced/create-otoco","id":"1700000000123","extra":1} ')
    (reply,) = user.of(Replied)
    assert reply.request_id == ID
    assert reply.body == b' {"code":"0", "method":"private/advanced/create-otoco","id":"1700000000123","extra":1} '
    assert user.protocol.unreadable == 0


@pytest.mark.parametrize(
    "change",
    [{"id": ID + 1}, {"id": -1}, {"id": 0}, {"id": None}, {"method": CANCEL}, {"method": "ERROR"}, {"method": None}],
)
def test_a_message_that_does_not_name_both_is_no_reply(user: Wire, change: dict[str, Any]) -> None:
    waiting(user).say({**ACKNOWLEDGED, **change})
    assert not user.of(Replied)
    user.say(ACKNOWLEDGED)
    assert bodies(user) == [ACKNOWLEDGED]


def test_the_first_of_two_replies_counts(user: Wire) -> None:
    waiting(user).say({**ACKNOWLEDGED, "code": 306})
    user.say(ACKNOWLEDGED)
    assert [body["code"] for body in bodies(user)] == [306]


def test_requests_are_answered_in_any_order(user: Wire) -> None:
    waiting(waiting(user), ID + 1, CANCEL)
    user.say({"id": ID + 1, "method": CANCEL, "code": 0})
    user.say(ACKNOWLEDGED)
    assert [event.request_id for event in user.of(Replied)] == [ID + 1, ID]


def test_a_reply_that_comes_when_nobody_waits_any_more_is_nobodys(user: Wire) -> None:
    waiting(user).protocol.calls.forget(ID)
    user.say(ACKNOWLEDGED)
    assert not user.of(Replied)
    assert user.protocol.unreadable == 0


@pytest.mark.parametrize("code", [True, 0.0, "zero", {}, [0]])
def test_a_reply_whose_code_cannot_be_read_ends_the_wait(user: Wire, code: Any) -> None:
    waiting(user).say({**ACKNOWLEDGED, "code": code})
    (reply,) = user.of(Replied)
    assert isinstance(classify_create(ID, reply.body), Unknown)
    assert user.protocol.unreadable == 1


@pytest.mark.parametrize("text", ["", "{", "<html>502</html>", '{"id":1700000000123,"method":"p', b"\xff\xfe", "[]"])
def test_a_message_of_which_nothing_can_be_read_leaves_it_waiting(user: Wire, text: str | bytes) -> None:
    waiting(user).say(text)
    assert not user.of(Replied)
    assert user.protocol.unreadable == 1
    user.say(ACKNOWLEDGED)
    assert user.of(Replied)


def test_heartbeats_orders_and_subscriptions_go_on_meanwhile(user: Wire) -> None:
    waiting(user)
    user.say({"id": 77, "method": "public/heartbeat", "code": 0})
    assert user.last() == {"id": 77, "method": "public/respond-heartbeat"}
    user.say(order_frame("user.advanced.order"))
    assert len(user.of(OrderRows)) == 1
    assert user.last()["params"] == {"channels": ["user.balance"]}
    user.say(ACKNOWLEDGED)
    assert user.of(Replied)


def test_a_refused_subscription_is_not_taken_for_the_reply_nor_the_reply_for_a_refusal(user: Wire) -> None:
    waiting(user).say({"id": 0, "method": "subscribe", "code": 10004})
    assert user.last()["params"] == {"channels": ["user.advance.order"]}
    user.say({**ACKNOWLEDGED, "code": 306})
    assert user.last()["params"] == {"channels": ["user.advance.order"]}
    assert len(user.of(Replied)) == 1


def test_a_reply_that_looks_like_channel_data_is_a_reply(user: Wire) -> None:
    frame = order_frame("user.advanced.order")
    waiting(user).say({**frame, "id": ID, "method": CREATE})
    assert user.of(Replied)
    assert not user.of(OrderRows)


def test_what_waits_when_the_connection_goes_is_lost(user: Wire) -> None:
    waiting(waiting(user), ID + 1, CANCEL)
    assert user.protocol.disconnected() == [Lost(ID), Lost(ID + 1)]
    assert user.protocol.disconnected() == []
    signed_in(user)
    user.say(ACKNOWLEDGED)
    assert not user.of(Replied)


codes: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([0, "0", 306, "306", 204, 40006, 40801, 50001, 42901, 43005, 999_999, None, True, 0.0, "00", ""]),
    st.integers(-1, 130_000),
)
list_ids: list[Any] = ["6498090546073120100", 6498090546073120100, "0", 0, "", None, {}, True]
odd_results: list[Any] = [
    None,
    [],
    "done",
    {},
    {"channel": "user.advanced.order", "data": []},
    {"list_id": "7", "channel": 1},
]
results: st.SearchStrategy[Any] = st.sampled_from([*({"list_id": value} for value in list_ids), *odd_results])
rest_of_it: dict[str, st.SearchStrategy[Any]] = {
    "code": codes,
    "result": results,
    "message": st.sampled_from(["", "NO_ERROR", {}, None]),
}
commands = st.sampled_from([CREATE, CANCEL])


def classified(method: str, body: bytes) -> Outcome:
    return classify_create(ID, body) if method == CREATE else classify_cancel(ID, "7", body)


def over_websocket(method: str, message: str | bytes) -> list[Outcome]:
    """What the reply proves where it came over the websocket; nothing where it is not taken for the reply."""
    user = waiting(signed_in_user(), ID, method)
    user.say(message)
    return [classified(method, event.body) for event in user.of(Replied)]


@given(method=commands, written=st.sampled_from([ID, str(ID)]), others=st.fixed_dictionaries({}, optional=rest_of_it))
def test_the_transport_never_changes_what_a_reply_proves(method: str, written: object, others: dict[str, Any]) -> None:
    body = json.dumps({"id": written, "method": method, **others})
    assert over_websocket(method, body) == [classified(method, body.encode())]


strangers = st.fixed_dictionaries(
    {
        "id": st.sampled_from([ID, str(ID), ID + 1, -1, None, f"0{ID}", float(ID), {}]),
        "method": st.sampled_from([CREATE, CANCEL, "ERROR", "public/heartbeat", "subscribe", None, 1]),
    },
    optional=rest_of_it,
).map(json.dumps)
torn = st.tuples(strangers, st.integers(1, 40)).map(lambda pair: pair[0][: -pair[1]])


@given(method=commands, message=st.one_of(strangers, torn, st.text(max_size=40), st.binary(max_size=40)))
def test_what_proves_nothing_over_rest_proves_nothing_over_the_websocket(method: str, message: str | bytes) -> None:
    body = message if isinstance(message, bytes) else message.encode()
    over_rest, found = classified(method, body), over_websocket(method, message)
    assert found == [over_rest] or (not found and isinstance(over_rest, Unknown))
