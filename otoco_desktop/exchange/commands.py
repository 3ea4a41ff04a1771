"""The requests that change something, each sent once over the one transport that was recorded with it."""

from __future__ import annotations

import msgspec

from otoco_desktop.domain.events import Amendment, Intended, NotSent, Outcome, RequestStamp
from otoco_desktop.domain.order import OtocoOrder
from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.errors import LockedError, TransportError
from otoco_desktop.exchange.outcome import classify_cancel, classify_create, classify_exit, classify_failure
from otoco_desktop.exchange.requests import Frozen, Method, amend_params, command_body, freeze
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.signing import Params, Signer
from otoco_desktop.exchange.stream import Stream

DIFFERENT = "the order differs from the one that was recorded"
POST_ONLY_OVER_REST = "post-only goes over the websocket only, and this was to go over REST"
"""The published samples sign ``exec_inst`` inside an order in two ways; over the websocket nothing is signed."""


class Commands:
    """Create, cancel and amend. Nothing is sent a second time, and a transport never stands in for the other.

    While the key is locked nothing leaves, not even over a websocket that has signed in before.
    """

    def __init__(self, signer: Signer, rest: RestClient, user_stream: Stream) -> None:
        self._signer = signer
        self._rest = rest
        self._stream = user_stream
        self._newest: Frozen | None = None

    def frozen(self, order: OtocoOrder) -> Frozen:
        """The order made ready; one and the same from its review to its sending, so that little is left to do then."""
        if self._newest is None or self._newest.order is not order:
            self._newest = freeze(order)
        return self._newest

    def make_ready(self, intent: Intended) -> None:
        """Sign it while it is being recorded, so that nothing but the sending is left to do then."""
        if intent.transport == Transport.REST and not self._signer.is_locked:
            self._rest.make_ready(Method.CREATE_OTOCO, self.frozen(intent.order).params, intent.stamp)

    async def create(self, intent: Intended) -> Outcome:
        """Send the intended order once. Anything that is not proven is Unknown."""
        order, stamp, frozen = intent.order, intent.stamp, self.frozen(intent.order)
        if frozen.sha256 != intent.params_sha256:
            return NotSent(DIFFERENT)
        if order.post_only and intent.transport != Transport.WEBSOCKET:
            return NotSent(POST_ONLY_OVER_REST)
        params = frozen.params if intent.transport == Transport.REST else frozen.json
        try:
            reply = await self._send(Method.CREATE_OTOCO, params, stamp, intent.transport)
        except TransportError as error:
            return classify_failure(error)
        return classify_create(stamp.request_id, reply)

    async def cancel(self, list_id: str, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask once to cancel the list. Acknowledged means requested, not cancelled."""
        try:
            reply = await self._send(Method.CANCEL_OTOCO, {"list_id": list_id}, stamp, transport)
        except TransportError as error:
            return classify_failure(error)
        return classify_cancel(stamp.request_id, list_id, reply)

    async def cancel_order(self, order_id: str, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask once to cancel one exit. Acknowledged means requested, not cancelled."""
        return await self._about_exit(Method.CANCEL_ORDER, {"order_id": order_id}, stamp, transport)

    async def amend_order(self, amendment: Amendment, stamp: RequestStamp, transport: str) -> Outcome:
        """Ask once for other prices of one exit. Acknowledged means requested, not moved."""
        return await self._about_exit(Method.AMEND_ORDER, amend_params(amendment), stamp, transport)

    async def _about_exit(self, method: Method, params: Params, stamp: RequestStamp, transport: str) -> Outcome:
        try:
            reply = await self._send(method, params, stamp, transport)
        except TransportError as error:
            return classify_failure(error)
        return classify_exit(stamp.request_id, method, str(params["order_id"]), reply)

    async def _send(self, method: Method, params: Params | msgspec.Raw, stamp: RequestStamp, transport: str) -> bytes:
        """The reply's bytes. Raises TransportError."""
        if self._signer.is_locked:
            raise LockedError
        if transport == Transport.REST and not isinstance(params, msgspec.Raw):
            return (await self._rest.command(method, params, stamp)).body
        if transport != Transport.WEBSOCKET:
            raise TransportError("the recorded transport is not known", left=False)
        self._rest.take_room(method)
        return await self._stream.ask(stamp.request_id, method, command_body(method, params, stamp))
