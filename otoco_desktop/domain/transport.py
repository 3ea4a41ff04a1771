"""Over which of the exchange's two ways a create or a cancel travels."""

from __future__ import annotations

from collections.abc import Set
from enum import StrEnum


class Transport(StrEnum):
    """What the trader chose. What is recorded with a request is ``REST`` or ``WEBSOCKET``, never ``AUTO``.

    Both take create-otoco and cancel-otoco; only over the websocket do requests carry no signature of their own,
    after its sign-in (exchange docs, private/advanced/create-otoco: Applies To; Websocket Authentication).
    """

    AUTO = "auto"
    REST = "rest"
    WEBSOCKET = "websocket"


def transport_for(chosen: Transport, usable: Set[str], *, post_only: bool = False) -> Transport:
    """The one way this request goes, decided before it is recorded; whether that way is open is seen when it leaves.

    ``usable`` holds the ways that are open now. A post-only entry always goes over the websocket unless the trader
    chose REST, which then refuses it.
    """
    if chosen is not Transport.AUTO:
        return chosen
    return Transport.WEBSOCKET if post_only or Transport.WEBSOCKET in usable else Transport.REST
