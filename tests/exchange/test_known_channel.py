"""The name of the order channel that was confirmed before is asked for first; an unknown one changes nothing."""

from __future__ import annotations

import pytest

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.user_session import ORDER_CHANNELS, UserSession


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, ORDER_CHANNELS),
        ("user.advanced.order", ORDER_CHANNELS),
        ("user.advance.order", tuple(reversed(ORDER_CHANNELS))),
        ("user.other", ORDER_CHANNELS),
    ],
)
def test_it_is_asked_for_first(known: str | None, expected: tuple[str, ...]) -> None:
    session = UserSession(Signer("key", "secret"), lambda: RequestStamp(1, 1, 0), Timing(), known)
    assert session.orders.names == expected
