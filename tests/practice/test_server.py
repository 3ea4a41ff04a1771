"""The exchange over real HTTP and websockets."""

from __future__ import annotations

from tests.practice.client import user_stream
from tests.practice.conftest import Practice
from tests.waiting import until


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
        await until(lambda: client.statuses(list_id) == ["FILLED", "CANCELED", "FILLED"])
        await until(lambda: ("s", "CANCELED", "0.00000") in user.steps())
    steps = user.steps()
    assert steps[:3] == [("e", "NEW", "0.00000"), ("s", "PENDING", "0.00000"), ("t", "PENDING", "0.00000")]
    assert steps.index(("t", "FILLED", "0.10000")) > steps.index(("s", "ACTIVE", "0.00000"))
