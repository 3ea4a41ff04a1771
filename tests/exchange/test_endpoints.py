"""Only the exchange's own hosts and this computer."""

from __future__ import annotations

import pytest

from otoco_desktop.exchange.endpoints import LIVE, SANDBOX, on_this_computer


def test_the_exchanges_own_hosts_are_encrypted() -> None:
    for endpoints in (LIVE, SANDBOX):
        assert endpoints.is_encrypted
        assert endpoints.user.startswith("wss://")
        assert endpoints.market.startswith("wss://")


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost:8700", "[::1]:8700", "127.9.9.9"])
def test_loopback_is_allowed(host: str) -> None:
    endpoints = on_this_computer(f"http://{host}/exchange/v1", f"ws://{host}/user", f"ws://{host}/market")
    assert endpoints.rest.endswith("/v1/")
    assert not endpoints.is_encrypted


@pytest.mark.parametrize(
    "rest",
    [
        "http://10.0.0.1/",
        "https://example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "ftp://127.0.0.1/",
        "http:///",
        "file:///etc/passwd",
    ],
)
def test_any_other_host_is_refused(rest: str) -> None:
    with pytest.raises(ValueError, match="not an exchange on this computer"):
        on_this_computer(rest, "ws://127.0.0.1/", "ws://127.0.0.1/")


def test_the_streams_must_be_here_too() -> None:
    with pytest.raises(ValueError, match="not an exchange on this computer"):
        on_this_computer("http://127.0.0.1/", "ws://127.0.0.1/", "wss://stream.example.com/")
