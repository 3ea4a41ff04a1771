"""A gateway whose key is locked away: public data and the signed-in stream go on, nothing is signed."""

from __future__ import annotations

import asyncio
import json
import pickle

import pytest

from otoco_desktop.app.ports import KeyHolder
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.events import Acknowledged, NotSent
from otoco_desktop.domain.market import Light
from otoco_desktop.exchange.errors import LockedError
from otoco_desktop.exchange.gateway import Pace
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.stream import BackOff
from otoco_desktop.practice.thread import PracticeServer
from tests.contracts.test_gateway_on_practice import bracket, practice, ready_desk  # noqa: F401 - a fixture
from tests.waiting import until

PATIENT = Pace(Timing(pause_ms=0), BackOff(first=0.02, longest=3600.0, patient=3600.0))
"""After a refused sign-in it would wait an hour."""


def key_of(server: PracticeServer) -> tuple[str, str]:
    key = json.loads(server.start().result(20).key_file.read_text("utf-8"))
    return key["api_key"], key["secret"]


def test_a_locked_signer_signs_nothing_until_the_same_key_is_back() -> None:
    signer = Signer("the key", "the secret")
    before = signer.sign("m", 1, 2)
    signer.lock()
    assert signer.is_locked
    with pytest.raises(LockedError) as refused:
        signer.sign("m", 1, 2)
    assert (refused.value.left, refused.value.words) == (False, "the key is locked")
    with pytest.raises(ValueError, match="another key"):
        signer.unlock("other key", "the secret")
    signer.unlock("the key", "the secret")
    assert signer.sign("m", 1, 2) == before
    with pytest.raises(TypeError):
        pickle.dumps(signer)


async def test_nothing_is_signed_and_nothing_leaves(practice: PracticeServer) -> None:  # noqa: F811
    key = key_of(practice)
    async with ready_desk(practice) as desk:
        holder: KeyHolder = desk.gateway
        holder.drop_key()
        order = bracket()
        assert await desk.send(order) == NotSent("the key is locked")
        assert desk.creates(order) == 0
        with pytest.raises(ExchangeTrouble, match=r"^The key is locked\. Unlock to ask about your account\.$"):
            await desk.gateway.account("BTC_USD")
        assert await desk.gateway.instruments()
        assert desk.heard.connection.user is Light.GOOD
        holder.take_key(Credentials(*key))
        assert isinstance(await desk.send(bracket()), Acknowledged)
        assert (await desk.gateway.account("BTC_USD")).fees is not None


async def test_events_arrive_while_locked(practice: PracticeServer) -> None:  # noqa: F811
    async with ready_desk(practice) as desk:
        order = bracket()
        assert isinstance(await desk.send(order), Acknowledged)
        desk.gateway.drop_key()
        practice.controls.set_price("BTC_USD", "92900.00")
        await until(lambda: desk.heard.status(order.entry) == "FILLED")


async def test_a_lost_stream_waits_for_the_key_and_comes_back_at_once(practice: PracticeServer) -> None:  # noqa: F811
    key = key_of(practice)
    async with ready_desk(practice, pace=PATIENT) as desk:
        desk.gateway.drop_key()
        await asyncio.to_thread(practice.controls.disconnect_users)
        await until(lambda: desk.heard.connection.user_words == "the key is locked")
        subscribed = desk.heard.subscribed
        desk.gateway.take_key(Credentials(*key))
        await until(lambda: desk.heard.subscribed > subscribed)
        assert desk.heard.connection.user is Light.GOOD
