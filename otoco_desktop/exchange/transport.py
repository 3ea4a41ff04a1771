"""HTTP over one warm connection pool: bytes out, bytes in, and typed errors that carry nothing secret."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from otoco_desktop.exchange.errors import TransportError

TIMEOUTS = httpx.Timeout(connect=3.0, write=3.0, read=10.0, pool=3.0)
TOTAL_S = 20.0
KEEP_ALIVE_S = 120.0
MAX_CONNECTIONS = 8
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "otoco-desktop"}
_BEFORE_ANY_BYTE: dict[type[httpx.HTTPError], str] = {
    httpx.ConnectError: "no connection to the exchange",
    httpx.ConnectTimeout: "the exchange did not take the connection in time",
    httpx.PoolTimeout: "all connections were busy",
    httpx.UnsupportedProtocol: "the address is not one this program can use",
}
_IN_DOUBT: dict[type[httpx.HTTPError], str] = {
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteTimeout: "the request could not be handed over in time",
    httpx.ReadError: "the connection broke before the answer",
    httpx.WriteError: "the connection broke while sending",
    httpx.CloseError: "the connection broke while closing",
    httpx.RemoteProtocolError: "the connection was closed before the answer",
}


@dataclass(frozen=True, slots=True)
class HttpReply:
    """Status, the ``Date`` header where it is the exchange's own, and the whole body."""

    status: int
    date: str | None
    body: bytes


@dataclass(slots=True)
class _Watch:
    """Sees whether the request's first byte was about to be written."""

    has_begun: bool = False

    async def __call__(self, event: str, _info: dict[str, Any]) -> None:
        if event.endswith(("send_request_headers.started", "send_request_body.started")):
            self.has_begun = True


def build_client(context: ssl.SSLContext, mock: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The one HTTP client: no redirects, no proxies from the environment, no retries, a pool that stays warm.

    Safe to call in another thread than the loop's; it opens nothing. ``mock`` replaces the network in tests.
    """
    limits = httpx.Limits(
        max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS, keepalive_expiry=KEEP_ALIVE_S
    )
    transport = mock or httpx.AsyncHTTPTransport(verify=context, trust_env=False, retries=0, limits=limits)
    return httpx.AsyncClient(
        transport=transport, timeout=TIMEOUTS, follow_redirects=False, trust_env=False, headers=HEADERS
    )


async def exchange_bytes(client: httpx.AsyncClient, request: httpx.Request, limit: int) -> HttpReply:
    """Send once, read at most ``limit`` bytes. Raises TransportError.

    The error says whether a byte may have left; it drops httpx's own exception, which holds the request.
    """
    watch = _Watch()
    request.extensions = {**request.extensions, "trace": watch}
    try:
        async with asyncio.timeout(TOTAL_S):
            return await _send_and_read(client, request, limit)
    except httpx.HTTPError as error:
        failure = failure_of(error, has_begun=watch.has_begun)
    except httpx.StreamError:
        failure = TransportError("the answer could not be read", left=True)
    except httpx.InvalidURL:
        failure = TransportError("the address is not one this program can use", left=False)
    except TimeoutError:
        failure = TransportError("no whole answer in time", left=watch.has_begun)
    raise failure from None


async def _send_and_read(client: httpx.AsyncClient, request: httpx.Request, limit: int) -> HttpReply:
    response = await client.send(request, stream=True)
    try:
        return HttpReply(response.status_code, _own_date(response), await _bounded(response, limit))
    finally:
        await response.aclose()


def failure_of(error: httpx.HTTPError, *, has_begun: bool) -> TransportError:
    """What an httpx error means, by its concrete class; anything not listed may have left."""
    kind = type(error)
    if kind in _BEFORE_ANY_BYTE and not has_begun:
        return TransportError(_no_connection(error) or _BEFORE_ANY_BYTE[kind], left=False)
    if kind is httpx.LocalProtocolError:
        return TransportError("the request could not be written", left=has_begun)
    return TransportError(_IN_DOUBT.get(kind, "the connection failed"), left=True)


async def _bounded(response: httpx.Response, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > limit:
            raise TransportError(f"the answer is larger than {limit} bytes", left=True)
        chunks.append(chunk)
    return b"".join(chunks)


def _own_date(response: httpx.Response) -> str | None:
    """The time the exchange wrote its answer; none for an answer that came out of a cache."""
    return None if response.headers.get("age", "0") != "0" else response.headers.get("date")


def _no_connection(error: BaseException) -> str:
    """Why there was no connection, in words for people; empty where the cause does not tell."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "the exchange's host was not found"
        if isinstance(cause, ssl.SSLError):
            return "the connection is not trusted"
        if isinstance(cause, ConnectionRefusedError):
            return "the exchange refused the connection"
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it came from, and the parts of a group."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _causes(part)
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _causes(cause)
