"""Connections at the level of bytes: knows each one's transport, so that faults can break it."""

from __future__ import annotations

import asyncio
import socket
from typing import Any
from weakref import WeakValueDictionary

from uvicorn.protocols.http.h11_impl import H11Protocol

Address = tuple[str, int]


class Wires:
    """The open transports by the client's address."""

    def __init__(self) -> None:
        self._transports: WeakValueDictionary[Address, asyncio.Transport] = WeakValueDictionary()

    def add(self, transport: asyncio.Transport) -> None:
        """Remember a new connection."""
        self._transports[transport.get_extra_info("peername")] = transport

    def cut(self, client: Address | None) -> None:
        """Break one connection without a word."""
        transport = self._transports.get(client) if client else None
        if transport is not None:
            transport.abort()

    def cut_all(self) -> None:
        """Break every connection."""
        for transport in list(self._transports.values()):
            transport.abort()


def protocol_for(wires: Wires) -> type[H11Protocol]:
    """uvicorn's HTTP protocol, reporting its transports."""

    class Wired(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            wires.add(transport)
            super().connection_made(transport)

    return Wired


def listen(port: int) -> socket.socket:
    """A listening loopback socket. Raises `OSError` where the port is taken.

    Made with IPPROTO_TCP: asyncio turns Nagle's delay off only for sockets that say so.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR lets two programs share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(64)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock
