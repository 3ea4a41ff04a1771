"""Where the exchange is. The real hosts are fixed here; any other address must be on this computer."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_LOOPBACK_NAMES = ("localhost",)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses of one environment: REST base (ends with a slash), user stream, market stream."""

    rest: str
    user: str
    market: str

    @property
    def is_encrypted(self) -> bool:
        return self.rest.startswith("https://")


@dataclass(frozen=True, slots=True)
class PublicEndpoints:
    """Where market data is had that anybody may read; no key is ever sent there."""

    rest: str
    market: str

    @property
    def is_encrypted(self) -> bool:
        return self.rest.startswith("https://")


LIVE = Endpoints(
    rest="https://api.crypto.com/exchange/v1/",
    user="wss://stream.crypto.com/exchange/v1/user",
    market="wss://stream.crypto.com/exchange/v1/market",
)
PUBLIC = PublicEndpoints(LIVE.rest, LIVE.market)
SANDBOX = Endpoints(
    rest="https://uat-api.3ona.co/exchange/v1/",
    user="wss://uat-stream.3ona.co/exchange/v1/user",
    market="wss://uat-stream.3ona.co/exchange/v1/market",
)


def on_this_computer(rest: str, user: str, market: str) -> Endpoints:
    """Endpoints of an exchange on a loopback address. Raises ValueError for any other host."""
    for url, schemes in ((rest, ("http", "https")), (user, ("ws", "wss")), (market, ("ws", "wss"))):
        parts = urlsplit(url)
        if parts.scheme not in schemes or not _is_loopback(parts.hostname):
            raise ValueError(f"{parts.scheme}://{parts.hostname} is not an exchange on this computer")
    return Endpoints(rest if rest.endswith("/") else rest + "/", user, market)


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _LOOPBACK_NAMES
