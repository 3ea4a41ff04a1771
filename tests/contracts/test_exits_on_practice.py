"""Removing and moving one exit: the gateway against the practice exchange, over real HTTP and real websockets."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from otoco_desktop.domain.events import Acknowledged, Amendment, LegReport, NotSent, Outcome, Refused, Unknown
from otoco_desktop.domain.order import Leg, OtocoOrder, Side
from otoco_desktop.exchange.endpoints import on_this_computer
from otoco_desktop.exchange.gateway import CryptoComGateway
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.practice.faults import Fault, Loss, RawReply
from otoco_desktop.practice.thread import PracticeServer
from tests.contracts.test_gateway_on_practice import (
    PACE,
    SLOW,
    Desk,
    Heard,
    SystemClock,
    bracket,
    practice,
    ready_desk,
    transport,
)
from tests.faults.actions import Way
from tests.faults.frames import payload
from tests.faults.proxy import FaultProxy
from tests.waiting import until

__all__ = ["practice", "transport"]

CANCEL_ORDER, AMEND_ORDER = "private/advanced/cancel-order", "private/advanced/amend-order"
WIRE = Path(__file__).parents[1] / "wire"


@dataclass(frozen=True)
class Change:
    """One request about a stop, its faults, and what the exchange has once it was carried out."""

    method: str
    refuse: Fault
    lose_done: Fault
    lose_undone: Fault
    done: tuple[str, str]

    async def ask(self, desk: Desk, order_id: str) -> Outcome:
        gateway, stamp = desk.gateway, desk.gateway.stamp()
        if self.method == CANCEL_ORDER:
            return await gateway.cancel_order(order_id, stamp, desk.transport)
        return await gateway.amend_order(moved(order_id), stamp, desk.transport)


REMOVE = Change(
    CANCEL_ORDER, Fault.REFUSE_CANCEL, Fault.LOSE_CANCEL_DONE, Fault.LOSE_CANCEL_UNDONE, ("CANCELED", "91000.00")
)
MOVE = Change(AMEND_ORDER, Fault.REFUSE_AMEND, Fault.LOSE_AMEND_DONE, Fault.LOSE_AMEND_UNDONE, ("PENDING", "90500.00"))
UNDONE = ("PENDING", "91000.00")
BOTH = pytest.mark.parametrize("change", [REMOVE, MOVE], ids=["remove", "move"])


def moved(order_id: str, trigger: str = "90500.00", price: str | None = None) -> Amendment:
    return Amendment(order_id, Decimal("0.10000"), Decimal(trigger), None if price is None else Decimal(price))


def stands(practice: PracticeServer, leg: Leg) -> tuple[str, str]:
    """Status and trigger of an exit, as the exchange has it."""
    there = practice.controls.ledger().leg(leg.client_oid)
    return there.status.value, str(there.ref_price)


def asked(practice: PracticeServer) -> list[tuple[str, str]]:
    return [(seen.method, seen.transport) for seen in practice.controls.ledger().exits]


def order_id_of(practice: PracticeServer, leg: Leg) -> str:
    return practice.controls.ledger().leg(leg.client_oid).order_id


def newest(heard: Heard, leg: Leg) -> LegReport | None:
    told = [report for report in heard.reports if report.client_oid == leg.client_oid]
    return told[-1] if told else None


async def resting(desk: Desk, side: Side = Side.BUY) -> OtocoOrder:
    """A bracket whose entry waits, far from the market, and whose exits sleep."""
    order = bracket("92000.00" if side is Side.BUY else "94000.00", side=side)
    assert isinstance(await desk.send(order), Acknowledged)
    await until(lambda: desk.heard.status(order.entry) == "ACTIVE")
    return order


@BOTH
async def test_what_was_accepted_comes_to_pass_and_is_told(
    practice: PracticeServer, transport: str, change: Change
) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        stop_id = order_id_of(practice, order.stop)
        assert await change.ask(desk, stop_id) == Acknowledged(stop_id)
        await until(lambda: stands(practice, order.stop) == change.done)
        await until(lambda: (told := newest(desk.heard, order.stop)) and told.status == change.done[0])
        found = {report.client_oid: report for report in (await desk.evidence(order)).reports}
    told = newest(desk.heard, order.stop)
    for report in (told, found[order.stop.client_oid]):
        assert report is not None
        assert (report.status, report.trigger, report.order_id) == (change.done[0], Decimal(change.done[1]), stop_id)
    assert found[order.target.client_oid].status == "PENDING"
    assert asked(practice) == [(change.method, transport)]


async def test_a_moved_stop_fires_where_it_is_and_not_where_it_was(practice: PracticeServer, transport: str) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        practice.controls.set_price("BTC_USD", "91900.00")
        await until(lambda: desk.heard.status(order.entry) == "FILLED")
        stop_id = order_id_of(practice, order.stop)
        assert isinstance(await desk.gateway.amend_order(moved(stop_id), desk.gateway.stamp(), transport), Acknowledged)
        await until(lambda: stands(practice, order.stop) == ("ACTIVE", "90500.00"))
        practice.controls.set_price("BTC_USD", "90600.00")
        assert stands(practice, order.stop) == ("ACTIVE", "90500.00")
        practice.controls.set_price("BTC_USD", "90500.00")
        await until(lambda: desk.heard.statuses(order) == ("FILLED", "FILLED", "CANCELED"))


async def test_limit_exits_keep_their_kind_and_get_their_limit(practice: PracticeServer, transport: str) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk, Side.SELL)
        stop_id = order_id_of(practice, order.stop)
        change = moved(stop_id, "95500.00", "95650.50")
        assert await desk.gateway.amend_order(change, desk.gateway.stamp(), transport) == Acknowledged(stop_id)
        await until(lambda: (told := newest(desk.heard, order.stop)) and told.trigger == Decimal("95500.00"))
        told = newest(desk.heard, order.stop)
    assert told is not None
    assert (told.order_type, told.limit_price) == ("STOP_LIMIT", Decimal("95650.50"))


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own rate limit is wide, for one request after the other."""
    monkeypatch.setattr("otoco_desktop.exchange.limits.WINDOW_MS", 1)


PROOF = (212, 229, 307, 308, 316, 415, 40004, 40101, 42901)
NO_PROOF = (204, 40006, 40401, 40801, 50001, 120009, 130008, 99_999)


@pytest.mark.usefixtures("unhurried")
@BOTH
async def test_which_codes_prove_that_nothing_happened(
    practice: PracticeServer, transport: str, change: Change
) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        for code in (*PROOF, *NO_PROOF):
            practice.controls.arm(change.refuse, code)
            outcome = await change.ask(desk, order_id_of(practice, order.stop))
            assert isinstance(outcome, Refused if code in PROOF else Unknown), (code, outcome)
            assert str(code) in (outcome.code if isinstance(outcome, Refused) else outcome.reason)
        assert stands(practice, order.stop) == UNDONE
        assert asked(practice) == [(change.method, transport)] * len(PROOF + NO_PROOF)


@BOTH
@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
async def test_a_lost_reply_is_unknown_and_the_truth_is_found_by_asking(
    practice: PracticeServer, transport: str, change: Change, done: bool
) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        practice.controls.arm(change.lose_done if done else change.lose_undone, Loss.ABORT)
        assert isinstance(await change.ask(desk, order_id_of(practice, order.stop)), Unknown)
        expected = change.done if done else UNDONE
        await until(lambda: stands(practice, order.stop) == expected)
        found = await desk.evidence(order)
        assert asked(practice) == [(change.method, transport)]
    assert found.complete
    (stop,) = (report for report in found.reports if report.client_oid == order.stop.client_oid)
    assert (stop.status, stop.trigger) == (expected[0], Decimal(expected[1]))


async def test_an_order_renamed_by_its_amend_is_told_under_both_ids(practice: PracticeServer, transport: str) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        old = order_id_of(practice, order.stop)
        practice.controls.arm(Fault.RENAME_ON_AMEND)
        assert await MOVE.ask(desk, old) == Acknowledged(old)
        await until(lambda: (told := newest(desk.heard, order.stop)) and told.order_id != old)
        new = order_id_of(practice, order.stop)
        told = [row for row in desk.heard.reports if row.client_oid == order.stop.client_oid][-2:]
        assert [(row.order_id, row.status, row.filled, row.trigger) for row in told] == [
            (old, "CANCELED", Decimal(0), Decimal("91000.00")),
            (new, "PENDING", Decimal(0), Decimal("90500.00")),
        ]
        found = await desk.evidence(order, told[0].list_id)
        assert new in {row.order_id for row in found.reports if row.status == "PENDING"}
        assert isinstance(await REMOVE.ask(desk, old), Refused)
        assert await REMOVE.ask(desk, new) == Acknowledged(new)


@pytest.mark.usefixtures("unhurried")
async def test_values_the_exchange_refuses(practice: PracticeServer, transport: str) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        stop_id = order_id_of(practice, order.stop)
        wrong = {
            "between ticks": (moved(stop_id, "90500.005"), "229"),
            "beyond the entry": (moved(stop_id, "92000.00"), "229"),
            "a limit too far away": (moved(stop_id, price="70000.00"), "315"),
            "a limit between ticks": (moved(stop_id, price="90499.999"), "308"),
            "more than was bought": (Amendment(stop_id, Decimal(1), Decimal(90500), None), "213"),
            "nobody's order": (moved("5"), "212"),
        }
        for name, (amendment, code) in wrong.items():
            outcome = await desk.gateway.amend_order(amendment, desk.gateway.stamp(), transport)
            assert isinstance(outcome, Refused), name
            assert (outcome.code, bool(outcome.reason)) == (code, True), name
        assert stands(practice, order.stop) == UNDONE


async def test_an_exit_that_ended_or_triggered_is_refused(practice: PracticeServer, transport: str) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        stop_id, target_id = order_id_of(practice, order.stop), order_id_of(practice, order.target)
        practice.controls.set_price("BTC_USD", "91900.00")
        await until(lambda: desk.heard.status(order.entry) == "FILLED")
        practice.controls.set_price("BTC_USD", "91000.00")
        await until(lambda: desk.heard.statuses(order) == ("FILLED", "FILLED", "CANCELED"))
        for change in (REMOVE, MOVE):
            for order_id in (stop_id, target_id):
                outcome = await change.ask(desk, order_id)
                assert isinstance(outcome, Refused)
                assert outcome.name == "NO_ACTIVE_ORDER"


ODD = (
    RawReply(b"<html>502 Bad Gateway</html>", 502, "text/html"),
    RawReply(b'{"id":1,"code":0', declared=200),
    RawReply(b""),
    RawReply(b'{"code":0}'),
    RawReply(b'{"code":316}', 500),
)


@pytest.mark.usefixtures("unhurried")
@BOTH
async def test_replies_that_prove_nothing(practice: PracticeServer, change: Change) -> None:
    async with ready_desk(practice) as desk:
        for reply in ODD:
            practice.controls.arm_raw(change.method, reply)
            assert isinstance(await change.ask(desk, "289987352276367396"), Unknown), reply


@BOTH
async def test_a_stream_that_is_gone_sends_nothing_and_rest_does_not_stand_in(
    practice: PracticeServer, change: Change
) -> None:
    async with ready_desk(practice, "websocket", SLOW) as desk:
        order = await resting(desk)
        practice.controls.disconnect_users()
        await until(lambda: "websocket" not in desk.gateway.transports())
        assert isinstance(await change.ask(desk, order_id_of(practice, order.stop)), NotSent)
        assert (asked(practice), stands(practice, order.stop)) == ([], UNDONE)


@BOTH
async def test_a_locked_key_sends_nothing(practice: PracticeServer, transport: str, change: Change) -> None:
    async with ready_desk(practice, transport) as desk:
        order = await resting(desk)
        desk.gateway.drop_key()
        assert await change.ask(desk, order_id_of(practice, order.stop)) == NotSent("the key is locked")
        assert asked(practice) == []


# The request as it leaves


Send = Callable[[CryptoComGateway, str], Awaitable[Outcome]]


async def bytes_of(practice: PracticeServer, method: str, transport: str, send: Send) -> dict[str, Any]:
    """The body of a request as it passes a proxy on its way."""
    places = practice.start().result(20)
    key = json.loads(places.key_file.read_bytes())
    with FaultProxy(places.port) as proxy:
        urls = [
            url.replace(f":{places.port}/", f":{proxy.port}/")
            for url in (places.rest_url, places.user_url, places.market_url)
        ]
        gateway, heard = (
            CryptoComGateway(on_this_computer(*urls), Signer(key["api_key"], key["secret"]), SystemClock(), PACE),
            Heard(),
        )
        gateway.listen(heard)
        await gateway.open()
        try:
            await until(lambda: heard.subscribed > 0)
            proxy.watch(method.encode())
            await send(gateway, transport)
            sent = proxy.traffic.passed[Way.UP]
        finally:
            await gateway.close()
    body: dict[str, Any] = json.loads(payload(sent) if transport == "websocket" else sent.partition(b"\r\n\r\n")[2])
    return body


def documented(method: str) -> dict[str, Any]:
    sample = json.loads((WIRE / f"{method.replace('/', '.')}.json").read_text("utf-8"))
    request: dict[str, Any] = sample["documented_new"]["request"]
    return request


@pytest.mark.parametrize(
    ("limit", "new_price"), [(None, "0"), ("90450.50", "90450.5")], ids=["at market", "with a limit"]
)
async def test_an_amend_as_it_is_documented(
    practice: PracticeServer, transport: str, limit: str | None, new_price: str
) -> None:
    amendment = moved("18342311", "90500.00", limit)
    body = await bytes_of(
        practice, AMEND_ORDER, transport, lambda gateway, way: gateway.amend_order(amendment, gateway.stamp(), way)
    )
    sample = documented(AMEND_ORDER)
    # The sample leaves out new_price, which the same page requires.
    assert body["params"].keys() == sample["params"].keys() | {"new_price"}
    assert {name: Decimal(value) for name, value in body["params"].items() if name != "order_id"} == {
        "new_quantity": Decimal("0.1"),
        "new_ref_price": Decimal(90500),
        "new_price": Decimal(new_price),
    }
    assert body["params"]["order_id"] == "18342311"
    assert all(isinstance(value, str) for value in body["params"].values())
    assert_envelope(body, sample, AMEND_ORDER, transport)


async def test_a_cancel_of_one_order_as_it_is_documented(practice: PracticeServer, transport: str) -> None:
    body = await bytes_of(
        practice, CANCEL_ORDER, transport, lambda gateway, way: gateway.cancel_order("18342311", gateway.stamp(), way)
    )
    sample = documented(CANCEL_ORDER)
    assert body["params"] == sample["params"] == {"order_id": "18342311"}
    assert_envelope(body, sample, CANCEL_ORDER, transport)


def assert_envelope(body: dict[str, Any], sample: dict[str, Any], method: str, transport: str) -> None:
    """Over a websocket that has signed in nothing is signed (exchange docs, websocket authentication)."""
    signed = {"api_key", "sig"}
    assert body["method"] == method
    assert body.keys() | signed == sample.keys()
    assert (signed <= body.keys()) is (transport == "rest")
