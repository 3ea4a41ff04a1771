"""Encrypted connections: a peer that is not trusted, or is somebody else, gets nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve

from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.session import Phase
from otoco_desktop.exchange.stream import Sink, Stream
from otoco_desktop.exchange.tls import bare_context, trusting_context
from otoco_desktop.exchange.transport import build_client, exchange_bytes
from tests.exchange.http_server import answering
from tests.exchange.test_stream import EAGER, Following, SystemClock
from tests.waiting import until

SIGNED_BODY = b'{"sig":"x"}'


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(pem, *plain) + built.public_bytes(pem))
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    context = bare_context()
    context.load_verify_locations(certificate)
    return context


@pytest.fixture
def servers_may_be_hung_up_on() -> Callable[[], None]:
    """Call it in a test: the server's side of a refused handshake is no error of the program's."""

    def expect() -> None:
        loop = asyncio.get_running_loop()
        report = loop.get_exception_handler()

        def handle(running: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            if context["message"] != "Error on transport creation for incoming connection" and report is not None:
                report(running, context)

        loop.set_exception_handler(handle)

    return expect


@asynccontextmanager
async def https(certificate: Path, seen: list[bytes]) -> AsyncIterator[int]:
    answer = answering(b"{}")

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(b"connected")
        await answer(reader, writer)

    listening = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=server_context(certificate))
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


async def post(context: ssl.SSLContext, url: str) -> bytes:
    async with build_client(context) as client:
        return (await exchange_bytes(client, client.build_request("POST", url, content=SIGNED_BODY), 100)).body


async def test_a_trusted_peer_is_spoken_to(certificate: Path) -> None:
    async with https(certificate, []) as port:
        assert await post(trusting(certificate), f"https://127.0.0.1:{port}/") == b"{}"


async def test_an_untrusted_peer_gets_nothing(certificate: Path, servers_may_be_hung_up_on: Callable[[], None]) -> None:
    servers_may_be_hung_up_on()
    seen: list[bytes] = []
    async with https(certificate, seen) as port:
        for context in (trusting_context(), bare_context()):
            with pytest.raises(TransportError) as caught:
                await post(context, f"https://127.0.0.1:{port}/")
            assert (caught.value.left, caught.value.words) == (False, "the connection is not trusted")
    assert seen == []


async def test_a_certificate_for_another_host_is_refused(
    certificate: Path, servers_may_be_hung_up_on: Callable[[], None]
) -> None:
    servers_may_be_hung_up_on()
    async with https(certificate, []) as port:
        with pytest.raises(TransportError, match="the connection is not trusted"):
            await post(trusting(certificate), f"https://localhost:{port}/")


async def test_a_stream_to_an_untrusted_peer_is_not_opened(
    certificate: Path, servers_may_be_hung_up_on: Callable[[], None]
) -> None:
    servers_may_be_hung_up_on()

    async def handle(socket: ServerConnection) -> None:
        await socket.wait_closed()

    context = server_context(certificate)
    async with serve(handle, "127.0.0.1", 0, ssl=context) as server:
        url = f"wss://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/user"
        follower = Following(url)
        follower.stream.start(trusting_context())
        await until(lambda: "the connection is not trusted" in follower.words)
        await follower.stream.close()
        trusted = Following(url)
        sink = Sink(trusted.events.append, lambda: None)
        stream = Stream(url, trusted.session.protocol, SystemClock(), sink, EAGER)
        stream.start(trusting(certificate))
        await until(lambda: trusted.session.protocol.phase is Phase.SIGNING_IN)
        await stream.close()
