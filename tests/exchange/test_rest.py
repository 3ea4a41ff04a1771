"""Signed calls and public questions over a mock transport."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import httpx
import pytest

from otoco_desktop.exchange.errors import (
    DecodeError,
    ExchangeError,
    RefusedQueryError,
    TransportError,
)
from otoco_desktop.exchange.requests import Method, PublicMethod
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.tls import bare_context
from otoco_desktop.exchange.transport import build_client
from tests.exchange.manual_clock import ManualClock
from tests.exchange.samples import KEY, SECRET

BASE = "http://127.0.0.1:1/exchange/v1/"
Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer, clock: ManualClock | None = None) -> RestClient:
    rest = RestClient(BASE, Signer(KEY, SECRET), clock or ManualClock())
    rest.open(build_client(bare_context(), httpx.MockTransport(lambda request: unread(answer(request)))))
    return rest


def unread(response: httpx.Response) -> httpx.Response:
    """The response as it comes from a network: its body still to be read."""
    return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content))


def echo(request: httpx.Request, code: int | str = 0, **extra: object) -> httpx.Response:
    sent = json.loads(request.content)
    return httpx.Response(200, json={"id": sent["id"], "method": sent["method"], "code": code, **extra})


async def test_a_query_is_signed_and_posted_as_json() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return echo(request, result={"data": []})

    await client(answer).query(Method.USER_BALANCE, {})
    (request,) = seen
    body = json.loads(request.content)
    assert str(request.url) == BASE + "private/user-balance"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert body["params"] == {}
    assert body["sig"] == Signer(KEY, SECRET).sign(body["method"], body["id"], body["nonce"], {})


async def test_a_public_question_carries_no_key() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": -1, "method": "public/get-tickers", "code": 0})

    await client(answer).public(PublicMethod.TICKERS, {"instrument_name": "BTC_USD"})
    (request,) = seen
    assert str(request.url) == BASE + "public/get-tickers?instrument_name=BTC_USD"
    assert (request.method, request.content) == ("GET", b"")
    assert KEY not in str(request.headers)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda r: echo(r, 40101), RefusedQueryError),
        (lambda r: echo(r, "40401"), RefusedQueryError),
        (lambda r: httpx.Response(502, text="<html>"), DecodeError),
        (lambda r: httpx.Response(200, json={"id": 1, "method": "private/user-balance", "code": 0}), DecodeError),
        (lambda r: httpx.Response(200, json={"id": 1}), DecodeError),
        (lambda r: httpx.Response(200, content=b"x" * (2 * 1024 * 1024 + 1)), TransportError),
    ],
)
async def test_answers_that_are_none(answer: Answer, error: type[ExchangeError]) -> None:
    with pytest.raises(error):
        await client(answer).query(Method.USER_BALANCE, {})


async def test_a_failure_is_remembered_until_the_next_answer() -> None:
    broken = True

    def answer(request: httpx.Request) -> httpx.Response:
        if broken:
            raise httpx.ReadTimeout("no", request=request)
        return echo(request)

    rest = client(answer)
    with pytest.raises(TransportError) as caught:
        await rest.query(Method.USER_BALANCE, {})
    assert caught.value.left
    assert (rest.trouble, rest.latency_ms) == ("no answer in time", None)
    broken = False
    await rest.query(Method.USER_BALANCE, {})
    assert (rest.trouble, rest.latency_ms) == (None, 0)


async def test_a_command_without_room_is_not_sent() -> None:
    calls: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return echo(request)

    clock = ManualClock()
    rest = client(answer, clock)
    for room in (3, 2):  # three in 100 ms, five in a second
        for _ in range(room):
            await rest.command(Method.CANCEL_OTOCO, {"list_id": "1"}, rest.stamps.next())
        with pytest.raises(TransportError) as caught:
            await rest.command(Method.CANCEL_OTOCO, {"list_id": "1"}, rest.stamps.next())
        assert not caught.value.left
        clock.pass_ms(100)
    assert len(calls) == 5


async def test_nothing_is_sent_before_the_client_is_open() -> None:
    rest = RestClient(BASE, Signer(KEY, SECRET), ManualClock())
    with pytest.raises(TransportError) as caught:
        await rest.command(Method.CANCEL_OTOCO, {}, rest.stamps.next())
    assert not caught.value.left
    await rest.close()


async def test_the_clock_is_learnt_from_replies() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        response = echo(request)
        response.headers["date"] = "Tue, 14 Nov 2023 22:14:33 GMT"
        return response

    rest = client(answer)
    await rest.query(Method.USER_BALANCE, {})
    assert rest.server_time.offset_ms == 73_000


async def test_no_log_line_carries_the_key_or_a_signature(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await client(echo).query(Method.USER_BALANCE, {})
    assert KEY not in caplog.text
    assert "sig" not in caplog.text.replace("signal", "")
