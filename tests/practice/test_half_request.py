"""A client that goes away in the middle of its request is no failure of the exchange."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig

HALF = (
    b"POST /exchange/v1/private/user-balance HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
)
WHOLE = b"GET /exchange/v1/public/get-instruments HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"


def test_a_request_that_breaks_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server = PracticeServer(PracticeConfig(tmp_path))
    try:
        port = server.start().result(20).port
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                client.sendall(HALF % port)
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(WHOLE % port)
            assert client.recv(12) == b"HTTP/1.1 200"
    finally:
        server.stop()
    assert not caplog.records, caplog.text
