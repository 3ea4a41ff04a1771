"""The two requests that change something, each sent once over the one transport that was recorded with it."""

from __future__ import annotations

from otoco_desktop.domain.events import Intended, NotSent, Outcome, RequestStamp
from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.outcome import classify_cancel, classify_create, classify_failure
from otoco_desktop.exchange.requests import Method, command_text, digest, otoco_params
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.signing import Params
from otoco_desktop.exchange.stream import Stream

DIFFERENT = "the order differs from the one that was recorded"
POST_ONLY_OVER_REST = "post-only goes over the websocket only, and this was to go over REST"
"""The published samples sign ``exec_inst`` inside an order in two ways; over the websocket nothing is signed."""


class Commands:
    """Create and cancel. Nothing is sent a second time, and a transport never stands in for the other."""

    def __init__(self, rest: RestClient, user_stream: Stream) -> None:
        self._rest = rest
        self._stream = user_stream

    async def create(self, intent: Intended) -> Outcome:
        """Send the intended order once. Anything that is not proven is Unknown."""
        params, stamp = otoco_params(intent.order), intent.stamp
        if digest(params) != intent.params_sha256:
            return NotSent(DIFFERENT)
        if intent.order.post_only and intent.transport != Transport.WEBSOCKET:
            return NotSent(POST_ONLY_OVER_REST)
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

    async def _send(self, method: Method, params: Params, stamp: RequestStamp, transport: str) -> bytes:
        """The reply's bytes. Raises TransportError."""
        if transport == Transport.REST:
            return (await self._rest.command(method, params, stamp)).body
        if transport != Transport.WEBSOCKET:
            raise TransportError("the recorded transport is not known", left=False)
        self._rest.take_room(method)
        return await self._stream.ask(stamp.request_id, method, command_text(method, params, stamp))
