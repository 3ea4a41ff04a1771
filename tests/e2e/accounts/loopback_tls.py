"""An encrypted loopback peer in place of the real hosts: certificates of a test authority, in front of a plain port."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from otoco_desktop.exchange.endpoints import Endpoints
from otoco_desktop.exchange.tls import bare_context

REDIRECT = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def certificate(path: Path, host: str = "127.0.0.1", expired: bool = False) -> Path:
    """A certificate for this address, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    ends = now - dt.timedelta(days=1) if expired else now + dt.timedelta(days=1)
    address = x509.IPAddress(ipaddress.ip_address(host))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(pem, *plain) + built.public_bytes(pem))
    return path


def trusting(*paths: Path) -> ssl.SSLContext:
    """The program's own context, which trusts these certificates in place of the public authorities."""
    context = bare_context()
    for path in paths:
        context.load_verify_locations(path)
    return context


@dataclass
class Front:
    """What stands before the plain port. ``heard`` are the decrypted bytes.

    A ``redirect`` answers every POST that holds ``redirects``.
    """

    port: int
    plain_port: int
    context: ssl.SSLContext
    heard: bytearray = field(default_factory=bytearray)
    redirect: str = ""
    redirects: bytes = b""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _met: list[asyncio.StreamWriter] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop | None = None

    def present(self, certified: Path) -> None:
        """Show this certificate from now on, and break every connection, so that all of them begin anew."""
        self.context.load_cert_chain(certified)
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def hang_up(self) -> None:
        """Break what is open or still saying goodbye, which asyncio lets take 30 s, and see it end."""
        while self._open:
            self._cut()
            await asyncio.sleep(0.005)
        for writer in self._met:
            writer.transport.abort()
        await asyncio.sleep(0.02)

    @property
    def endpoints(self) -> Endpoints:
        at = f"127.0.0.1:{self.port}/exchange/v1"
        return Endpoints(f"https://{at}/", f"wss://{at}/user", f"wss://{at}/market")

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self._met.append(writer)
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.plain_port)
        both = [
            asyncio.ensure_future(self._pump(reader, there_writer, writer)),
            asyncio.ensure_future(self._pump(there_reader, writer, None)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(writer)
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            for end in (writer, there_writer):
                with suppress(OSError):
                    end.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter | None
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if back is not None:
                    self.heard += data
                    if self.redirect and data.startswith(b"POST ") and self.redirects in data:
                        back.write(REDIRECT % self.redirect.encode())
                        await back.drain()
                        return
                    data = data.replace(b"Host: 127.0.0.1:%d" % self.port, b"Host: 127.0.0.1:%d" % self.plain_port)
                writer.write(data)
                await writer.drain()


@contextmanager
def fronted(certified: Path, plain_port: int) -> Iterator[Front]:
    """Serve until the end of the block, in a thread of its own: a refused handshake is no error of the program's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified)
    front, up = Front(0, plain_port, context), threading.Event()
    ends: list[Callable[[], object]] = []

    async def serve() -> None:
        front._loop = loop = asyncio.get_running_loop()
        over = asyncio.Event()
        loop.set_exception_handler(lambda _loop, _context: None)
        listening = await asyncio.start_server(front.carry, "127.0.0.1", 0, ssl=context)
        front.port = listening.sockets[0].getsockname()[1]
        ends.append(lambda: loop.call_soon_threadsafe(over.set))
        up.set()
        await over.wait()
        listening.close()
        await front.hang_up()

    def run() -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, name="encrypted-peer")
    thread.start()
    try:
        assert up.wait(20), "the encrypted peer did not start"
        yield front
    finally:
        for end in ends:
            end()
        thread.join(20)
