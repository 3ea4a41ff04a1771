"""What left and what did not, by concrete failure; real sockets where a mock would only agree with itself."""

from __future__ import annotations

import asyncio
import socket
import ssl

import httpx
import pytest

from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.tls import bare_context, trusting_context
from otoco_desktop.exchange.transport import HttpReply, build_client, exchange_bytes, failure_of
from tests.exchange.http_server import answering, read_request, server

REPLY = b'{"code":0}'
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
IN_DOUBT = (
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.ProxyError,
    httpx.DecodingError,
    httpx.TooManyRedirects,
)


async def post(url: str, limit: int = 1_000_000) -> HttpReply:
    async with build_client(bare_context()) as client:
        request = client.build_request("POST", url, content=b'{"sig":"secret-signature"}')
        return await exchange_bytes(client, request, limit)


async def failure(url: str, limit: int = 1_000_000) -> TransportError:
    with pytest.raises(TransportError) as caught:
        await post(url, limit)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "secret" not in repr(caught.value)
    return caught.value


@pytest.mark.parametrize("kind", NOT_SENT)
def test_failures_before_any_byte(kind: type[httpx.HTTPError]) -> None:
    assert not failure_of(kind("x"), has_begun=False).left
    assert failure_of(kind("x"), has_begun=True).left


@pytest.mark.parametrize("kind", IN_DOUBT)
@pytest.mark.parametrize("has_begun", [False, True])
def test_failures_in_doubt(kind: type[httpx.HTTPError], has_begun: bool) -> None:
    assert failure_of(kind("x"), has_begun=has_begun).left


def test_a_local_protocol_error_depends_on_what_was_written() -> None:
    assert not failure_of(httpx.LocalProtocolError("x"), has_begun=False).left
    assert failure_of(httpx.LocalProtocolError("x"), has_begun=True).left


def test_a_class_not_known_by_name_is_in_doubt() -> None:
    class NewKind(httpx.ConnectError):
        pass

    assert failure_of(NewKind("x"), has_begun=False).left


async def test_a_reply_and_its_date() -> None:
    async with server(answering(REPLY, "HTTP/1.1 500 Oops", "Date: Thu, 01 Jan 2026 00:00:00 GMT")) as url:
        assert await post(url) == HttpReply(500, "Thu, 01 Jan 2026 00:00:00 GMT", REPLY)


async def test_the_date_of_a_cached_reply_is_not_the_exchanges_time() -> None:
    async with server(answering(REPLY, "HTTP/1.1 200 OK", "Date: x", "Age: 7")) as url:
        assert (await post(url)).date is None


async def test_a_closed_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = await failure(f"http://127.0.0.1:{port}/")
    assert (error.left, error.words) == (False, "the exchange refused the connection")


async def test_a_host_that_does_not_exist() -> None:
    error = await failure("http://no-such-host.invalid/")
    assert (error.left, error.words) == (False, "the exchange's host was not found")


async def test_an_address_that_is_none() -> None:
    assert not (await failure("gopher://127.0.0.1/")).left


async def test_a_peer_that_is_not_trusted() -> None:
    async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    async with server(plain) as url:
        error = await failure(url.replace("http://", "https://"))
    assert (error.left, error.words) == (False, "the connection is not trusted")


async def test_a_connection_closed_after_the_request_was_read() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.close()

    async with server(rude) as url:
        assert (await failure(url)).left


async def test_a_reply_cut_short() -> None:
    async def short(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        writer.close()

    async with server(short) as url:
        assert (await failure(url)).left


async def test_a_post_is_never_sent_twice() -> None:
    seen: list[bytes] = []

    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.transport.abort()

    async with server(rude) as url:
        assert (await failure(url)).left
        await asyncio.sleep(0.05)
    assert len(seen) == 1


async def test_a_redirect_is_not_followed() -> None:
    attacked: list[bytes] = []

    async def attacker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        attacked.append(await reader.read(100))
        writer.close()

    moved = "HTTP/1.1 307 Temporary Redirect"
    async with server(attacker) as evil, server(answering(b"", moved, f"Location: {evil}")) as url:
        assert (await post(url)).status == 307
    assert attacked == []


async def test_environment_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        used.append(await reader.read(100))
        writer.close()

    async with server(proxy) as address, server(answering(REPLY)) as url:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, address)
        assert (await post(url)).body == REPLY
    assert used == []


async def test_an_oversized_reply_is_cut_off() -> None:
    async with server(answering(b"x" * 5_000)) as url:
        error = await failure(url, limit=4_999)
        assert error.left
        assert "larger" in error.words


async def test_a_compressed_reply_is_not_unpacked() -> None:
    async with server(answering(b"\x1f\x8b" + b"x" * 20, "HTTP/1.1 200 OK", "Content-Encoding: gzip")) as url:
        assert (await post(url)).body.startswith(b"\x1f\x8b")


async def test_a_server_that_says_nothing_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otoco_desktop.exchange.transport.TOTAL_S", 0.1)
    finished = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await reader.read()
        writer.close()
        finished.set()

    async with server(silent) as url:
        assert (await failure(url)).left
        await finished.wait()


async def test_the_connection_is_used_again() -> None:
    connections = 0
    answer = answering(REPLY)

    async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await answer(reader, writer)

    async with server(counting) as url, build_client(bare_context()) as client:
        for _ in range(3):
            await exchange_bytes(client, client.build_request("POST", url, content=b"{}"), 100)
    assert connections == 1


def test_tls_contexts_check_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", f"{tmp_path}/keys")
    for context in (bare_context(), trusting_context()):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert context.keylog_filename is None
    assert trusting_context().cert_store_stats()["x509_ca"] > 20
    assert bare_context().cert_store_stats()["x509_ca"] == 0
