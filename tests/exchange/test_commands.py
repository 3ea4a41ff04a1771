"""Create and cancel over the user websocket of a real server: what leaves, what comes back, what cannot be known."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from otoco_desktop.domain.events import Acknowledged, Amendment, Intended, NotSent, Outcome, Refused, Unknown
from otoco_desktop.exchange.clock import Clock
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway, Pace
from otoco_desktop.exchange.requests import Method
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff
from tests.exchange.http_server import server
from tests.exchange.manual_clock import ManualClock
from tests.exchange.samples import KEY, SECRET, intent, otoco
from tests.exchange.stream_server import Peer, stream_server
from tests.exchange.test_gateway import Ears, Venue, follow
from tests.exchange.test_session import order_frame
from tests.exchange.test_stream import SystemClock
from tests.waiting import until

EAGER = BackOff(first=0.01, longest=0.02, patient=0.01)
SHORT, LONG = Timing(pause_ms=0, reply_ms=400), Timing(pause_ms=0)
Reaction = Callable[[Peer, dict[str, Any]], Awaitable[None]]


def reply_to(message: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"id": message["id"], "method": message["method"], "code": 0, "result": {"list_id": "77"}, **changes}


async def acknowledge(peer: Peer, message: dict[str, Any]) -> None:
    await peer.say(reply_to(message))


async def name_the_order(peer: Peer, message: dict[str, Any]) -> None:
    await peer.say(reply_to(message, result={"order_id": message["params"]["order_id"]}))


async def stay_silent(_peer: Peer, _message: dict[str, Any]) -> None:
    """The reply is lost; the connection lives."""


@dataclass
class Trader:
    """A gateway, the scripted exchange's two sides, and what was said on the websocket."""

    gateway: CryptoComGateway
    ears: Ears
    venue: Venue
    said: list[dict[str, Any]] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)

    @property
    def commands(self) -> list[dict[str, Any]]:
        return [message for message in self.said if "advanced" in message["method"]]

    def intended(self, **changes: Any) -> Intended:
        order = replace(otoco(), **changes)
        recorded = intent(order, self.gateway.stamp(), self.gateway.params_digest(order))
        return replace(recorded, transport="websocket")

    async def create(self) -> Outcome:
        return await self.gateway.create(self.intended())

    async def ready(self) -> None:
        await until(lambda: "websocket" in self.gateway.transports())


@asynccontextmanager
async def trading(
    react: Reaction = acknowledge, timing: Timing = LONG, clock: Clock | None = None, *, signs_in: bool = True
) -> AsyncIterator[Trader]:
    """The exchange acknowledges all but create and cancel, which it leaves to ``react``, and maybe the sign-in."""
    venue = Venue()

    async def user(peer: Peer) -> None:
        trader.peers.append(peer)
        while True:
            message = await peer.hear()
            trader.said.append(message)
            if "advanced" in message["method"]:
                await react(peer, message)
            elif signs_in:
                await peer.say({"id": message["id"], "method": message["method"], "code": 0})

    async with (
        server(venue.serve) as rest,
        stream_server(user) as user_url,
        stream_server(follow) as market_url,
    ):
        endpoints = on_this_computer(rest + "exchange/v1/", user_url, market_url)
        gateway = CryptoComGateway(endpoints, Signer(KEY, SECRET), clock or SystemClock(), Pace(timing, EAGER))
        trader = Trader(gateway, Ears(), venue)
        gateway.listen(trader.ears)
        await gateway.open()
        try:
            await until(lambda: venue.seen and trader.said)
            if signs_in:
                await trader.ready()
            yield trader
        finally:
            await gateway.close()


async def test_a_create_carries_the_recorded_order_and_nothing_secret() -> None:
    async with trading() as trader:
        recorded = trader.intended()
        assert await trader.gateway.create(recorded) == Acknowledged("77")
        (sent,) = trader.commands
        assert sent == {
            "id": recorded.stamp.request_id,
            "method": "private/advanced/create-otoco",
            "params": json.loads(trader.gateway.preview(recorded.order, "rest"))["params"],
            "nonce": recorded.stamp.nonce,
        }
        assert not trader.venue.seen_of("create-otoco")


async def test_what_is_made_ready_leaves_only_when_it_is_sent_and_once() -> None:
    async with trading() as trader:
        trader.venue.answers["create-otoco"] = lambda _m: {"code": 0, "result": {"list_id": "77"}}
        first, other = (replace(trader.intended(), transport="rest") for _ in range(2))
        trader.gateway.make_ready(first)
        await trader.gateway.open_reports()
        assert not trader.venue.seen_of("create-otoco")
        for recorded in (other, first):
            assert isinstance(await trader.gateway.create(recorded), Acknowledged)
        sent = trader.venue.seen_of("create-otoco")
        assert [message["nonce"] for message in sent] == [other.stamp.nonce, first.stamp.nonce]
        assert trader.gateway._rest._ready is None
        params = trader.gateway._commands.frozen(first.order).params
        signer = Signer(KEY, SECRET)
        assert sent[1]["sig"] == signer.sign(sent[1]["method"], sent[1]["id"], sent[1]["nonce"], params)


async def test_nothing_is_made_ready_with_a_locked_key_and_what_was_does_not_leave() -> None:
    async with trading() as trader:
        recorded = replace(trader.intended(), transport="rest")
        trader.gateway.make_ready(recorded)
        trader.gateway.drop_key()
        trader.gateway.make_ready(recorded)
        assert isinstance(await trader.gateway.create(recorded), NotSent)
        assert not trader.venue.seen_of("create-otoco")


async def test_a_cancel_is_asked_for_over_the_recorded_transport() -> None:
    async with trading() as trader:
        trader.venue.answers["cancel-otoco"] = lambda _m: {"code": 0}
        stamps = trader.gateway.stamp(), trader.gateway.stamp()
        assert await trader.gateway.cancel("77", stamps[0], "websocket") == Acknowledged("77")
        assert await trader.gateway.cancel("78", stamps[1]) == Acknowledged("78")
        assert [(m["id"], m["params"]) for m in trader.commands] == [(stamps[0].request_id, {"list_id": "77"})]
        assert [m["params"] for m in trader.venue.seen_of("cancel-otoco")] == [{"list_id": "78"}]


@pytest.mark.parametrize(
    ("price", "sent"), [(None, "0"), (Decimal("84900.10"), "84900.10"), (Decimal("8.49E+4"), "84900")]
)
@pytest.mark.parametrize("way", ["rest", "websocket"])
async def test_an_amend_says_all_values_over_the_recorded_transport(way: str, price: Decimal | None, sent: str) -> None:
    async with trading(name_the_order) as trader:
        trader.venue.answers["amend-order"] = lambda _m: {"code": 0, "result": {"order_id": "12"}}
        stamp = trader.gateway.stamp()
        amendment = Amendment("12", Decimal("0.09870"), Decimal("85000.00"), price)
        assert await trader.gateway.amend_order(amendment, stamp, way) == Acknowledged("12")
        (left,) = trader.commands or trader.venue.seen_of("amend-order")
        assert (left["id"], left["nonce"], left["method"]) == (stamp.request_id, stamp.nonce, Method.AMEND_ORDER)
        assert left["params"] == {
            "order_id": "12",
            "new_quantity": "0.09870",
            "new_price": sent,
            "new_ref_price": "85000.00",
        }
        assert len(trader.commands) + len(trader.venue.seen_of("amend-order")) == 1
        assert ("sig" in left) is (way == "rest")


@pytest.mark.parametrize("way", ["rest", "websocket"])
async def test_a_removal_names_the_order_alone_and_a_locked_key_sends_nothing(way: str) -> None:
    async with trading(name_the_order) as trader:
        trader.venue.answers["cancel-order"] = lambda _m: {"code": 0, "result": {"order_id": "12"}}
        assert await trader.gateway.cancel_order("12", trader.gateway.stamp(), way) == Acknowledged("12")
        (left,) = trader.commands or trader.venue.seen_of("cancel-order")
        assert left["params"] == {"order_id": "12"}
        trader.gateway.drop_key()
        assert isinstance(await trader.gateway.cancel_order("12", trader.gateway.stamp(), way), NotSent)
        amendment = Amendment("12", Decimal("0.1"), Decimal("85000.00"), None)
        assert isinstance(await trader.gateway.amend_order(amendment, trader.gateway.stamp(), way), NotSent)
        assert len(trader.commands) + len(trader.venue.seen_of("cancel-order")) == 1
        assert trader.venue.seen_of("amend-order") == []


async def test_a_lost_reply_about_an_exit_is_unknown_and_no_second_request_leaves() -> None:
    async with trading(stay_silent, SHORT) as trader:
        amendment = Amendment("12", Decimal("0.1"), Decimal("85000.00"), None)
        assert isinstance(await trader.gateway.amend_order(amendment, trader.gateway.stamp(), "websocket"), Unknown)
        assert isinstance(await trader.gateway.cancel_order("12", trader.gateway.stamp(), "websocket"), Unknown)
        assert [message["method"] for message in trader.commands] == [Method.AMEND_ORDER, Method.CANCEL_ORDER]
        assert trader.venue.seen_of("amend-order") + trader.venue.seen_of("cancel-order") == []


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 0, "result": {"list_id": 6498090546073120100}},
        {"code": "0", "result": {}},
        {"code": 306},
        {"code": "306", "result": {"list_id": "7"}},
        {"code": 204},
        {"code": 42901},
        {"code": 50001},
        {"code": 999_999},
        {"code": True},
        {},
        {"code": 0, "result": {"list_id": {}}},
    ],
)
async def test_the_same_reply_is_the_same_outcome_over_either_transport(answer: dict[str, Any]) -> None:
    async def react(peer: Peer, message: dict[str, Any]) -> None:
        await peer.say({"id": message["id"], "method": message["method"], **answer})

    async with trading(react) as trader:
        trader.venue.answers["create-otoco"] = lambda _m: answer
        over_websocket = await trader.create()
        over_rest = await trader.gateway.create(replace(trader.intended(), transport="rest"))
        assert over_websocket == over_rest
        assert (len(trader.commands), len(trader.venue.seen_of("create-otoco"))) == (1, 1)


async def test_a_lost_reply_is_unknown_and_a_late_one_changes_nothing() -> None:
    held: list[dict[str, Any]] = []

    async def react(peer: Peer, message: dict[str, Any]) -> None:
        if not held:
            held.append(message)
            return
        await peer.say(reply_to(held[0]))
        await peer.say(reply_to(message, result={"list_id": "78"}))

    async with trading(react, SHORT) as trader:
        assert await trader.create() == Unknown("no answer in time")
        assert await trader.create() == Acknowledged("78")
        assert len(trader.peers) == 1
        assert not trader.venue.seen_of("create-otoco")


async def test_heartbeats_and_events_flow_while_the_reply_is_awaited() -> None:
    async def react(peer: Peer, message: dict[str, Any]) -> None:
        await peer.say({"id": 5, "method": "public/heartbeat", "code": 0})
        assert await peer.hear() == {"id": 5, "method": "public/respond-heartbeat"}
        await peer.say(order_frame("user.advanced.order"))
        await until(lambda: len(trader.ears.reports) == 1)
        await peer.say(reply_to(message))

    async with trading(react) as trader:
        assert await trader.create() == Acknowledged("77")


async def close_politely(peer: Peer, _message: dict[str, Any]) -> None:
    await peer.socket.close(1013)


async def abort(peer: Peer, _message: dict[str, Any]) -> None:
    peer.socket.transport.abort()


async def break_off_inside_the_reply(peer: Peer, message: dict[str, Any]) -> None:
    text = json.dumps(reply_to(message)).encode()
    peer.socket.transport.write(b"\x81\x7e" + len(text).to_bytes(2, "big") + text[:-3])
    peer.socket.transport.close()


async def say_more_than_is_read(peer: Peer, _message: dict[str, Any]) -> None:
    await peer.say("x" * (3 * 1024 * 1024))


@pytest.mark.parametrize("react", [close_politely, abort, break_off_inside_the_reply, say_more_than_is_read])
async def test_a_connection_that_ends_before_the_reply_is_unknown_and_nothing_is_sent_again(react: Reaction) -> None:
    async with trading(react) as trader:
        assert await trader.create() == Unknown("the connection broke before the answer")
        await until(lambda: len(trader.peers) > 1)
        await trader.ready()
        assert len(trader.commands) == 1
        assert not trader.venue.seen_of("create-otoco")


@pytest.mark.parametrize(
    "changes", [{"id": 1}, {"id": -1, "method": "ERROR", "code": 40003}, {"method": "private/advanced/cancel-otoco"}]
)
async def test_a_reply_to_something_else_is_no_reply(changes: dict[str, Any]) -> None:
    async def react(peer: Peer, message: dict[str, Any]) -> None:
        await peer.say(reply_to(message, **changes))

    async with trading(react, SHORT) as trader:
        assert await trader.create() == Unknown("no answer in time")


async def test_the_first_of_two_replies_counts() -> None:
    async def react(peer: Peer, message: dict[str, Any]) -> None:
        await peer.say(reply_to(message, code=306, result={}))
        await peer.say(reply_to(message))

    async with trading(react) as trader:
        assert isinstance(await trader.create(), Refused)
        assert isinstance(await trader.create(), Refused)


async def test_garbage_in_place_of_the_reply_is_unknown() -> None:
    async def react(peer: Peer, _message: dict[str, Any]) -> None:
        await peer.say("<html>502</html>")

    async with trading(react, SHORT) as trader:
        assert await trader.create() == Unknown("no answer in time")


async def test_a_wait_that_is_cancelled_leaves_the_connection_usable() -> None:
    async def react(peer: Peer, message: dict[str, Any]) -> None:
        if len(trader.commands) > 1:
            await peer.say(reply_to(trader.commands[0]))
            await peer.say(reply_to(message, result={"list_id": "78"}))

    async with trading(react) as trader:
        sending = asyncio.create_task(trader.create())
        await until(lambda: trader.commands)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert await trader.create() == Acknowledged("78")
        assert len(trader.peers) == 1


async def test_a_gateway_that_closes_lets_nobody_wait() -> None:
    async with trading(stay_silent) as trader:
        sending = asyncio.create_task(trader.create())
        await until(lambda: trader.commands)
        await trader.gateway.close()
        assert isinstance(await sending, Unknown)
        assert isinstance(await trader.create(), NotSent)


async def test_a_request_too_large_to_leave_at_once_is_not_sent() -> None:
    async with trading() as trader:
        assert isinstance(await trader.gateway.cancel("7" * 20_000, trader.gateway.stamp(), "websocket"), NotSent)
        assert await trader.create() == Acknowledged("77")
        assert len(trader.commands) == 1


async def test_without_a_sign_in_nothing_leaves() -> None:
    async with trading(signs_in=False) as trader:
        outcome = await trader.create()
        cancelled = await trader.gateway.cancel("77", trader.gateway.stamp(), "websocket")
        assert outcome == cancelled == NotSent("the websocket is not signed in (connecting)")
        assert [message["method"] for message in trader.said] == ["public/auth"]
        assert not trader.venue.seen_of("otoco")
        assert "websocket" not in trader.gateway.transports()


async def test_before_it_was_opened_nothing_leaves() -> None:
    endpoints = on_this_computer("http://127.0.0.1:1/", "ws://127.0.0.1:1/user", "ws://127.0.0.1:1/market")
    gateway = CryptoComGateway(endpoints, Signer(KEY, SECRET), SystemClock())
    assert gateway.transports() == frozenset()
    assert isinstance(await Trader(gateway, Ears(), Venue()).create(), NotSent)


async def test_while_it_is_connecting_again_nothing_leaves() -> None:
    async with trading(abort) as trader:
        await trader.create()
        assert isinstance(await trader.create(), NotSent)
        assert len(trader.commands) == 1


async def test_post_only_is_in_the_entry_and_only_there() -> None:
    async with trading() as trader:
        assert isinstance(await trader.gateway.create(trader.intended(post_only=True)), Acknowledged)
        entry, stop, target = trader.commands[0]["params"]["order_list"]
        assert entry["exec_inst"] == ["POST_ONLY"]
        assert "exec_inst" not in stop | target


async def test_post_only_is_never_sent_over_rest() -> None:
    async with trading() as trader:
        recorded = replace(trader.intended(post_only=True), transport="rest")
        assert await trader.gateway.create(recorded) == NotSent(
            "post-only goes over the websocket only, and this was to go over REST"
        )
        assert not trader.commands
        assert not trader.venue.seen_of("create-otoco")


async def test_a_transport_that_is_not_known_sends_nothing() -> None:
    async with trading() as trader:
        assert isinstance(await trader.gateway.create(replace(trader.intended(), transport="fix")), NotSent)
        assert not trader.commands
        assert not trader.venue.seen_of("create-otoco")


async def test_both_transports_share_one_limit() -> None:
    clock = ManualClock()
    async with trading(clock=clock) as trader:
        trader.venue.answers["create-otoco"] = lambda _m: {"code": 0, "result": {"list_id": "77"}}
        ways = ["rest", "websocket", "rest", "websocket", "rest"]
        for way in ways:
            clock.pass_ms(50)
            assert isinstance(await trader.gateway.create(replace(trader.intended(), transport=way)), Acknowledged)
        for way in ("rest", "websocket"):
            refused = await trader.gateway.create(replace(trader.intended(), transport=way))
            assert refused == NotSent("too many requests in this second")


async def test_rest_is_usable_once_it_answers_and_the_websocket_once_it_follows_orders() -> None:
    async with trading() as trader:
        await until(lambda: trader.gateway.transports() == {"rest", "websocket"})
        await trader.gateway.close()
        assert "websocket" not in trader.gateway.transports()
