"""Calls over REST for one account: signed commands and queries beside the public questions."""

from __future__ import annotations

import httpx

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.exchange.clock import Clock
from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.public_client import PublicClient, checked
from otoco_desktop.exchange.replies import MAX_REPLY, Reply, parse_reply
from otoco_desktop.exchange.requests import Method, signed_body
from otoco_desktop.exchange.signing import Params, Signer
from otoco_desktop.exchange.transport import HttpReply

JSON = {"Content-Type": "application/json"}


class RestClient(PublicClient):
    """One account's REST side."""

    def __init__(self, base: str, signer: Signer, clock: Clock) -> None:
        super().__init__(base, clock)
        self._ready: tuple[RequestStamp, httpx.Request] | None = None
        self._urls = {method: httpx.URL(base + method) for method in Method}
        self._signer = signer

    async def command(self, method: Method, params: Params, stamp: RequestStamp) -> HttpReply:
        """Send one state-changing request, once, now. Raises TransportError.

        It is never delayed and never repeated; where our rate limit has no room, nothing is sent.
        """
        self.take_room(method)
        return await self._post(method, params, stamp)

    def address(self, method: Method) -> str:
        """Where a command goes: ``POST https://host/path``."""
        return f"POST {self._urls[method]}"

    def make_ready(self, method: Method, params: Params, stamp: RequestStamp) -> None:
        """Build and sign a command beforehand; nothing leaves until ``command`` is asked for this very stamp."""
        if self._http is not None:
            self._ready = (stamp, self._signed(method, params, stamp))

    def take_room(self, method: Method) -> None:
        """Count one command against the account's limits, whichever way it goes. Raises TransportError."""
        if not self._limits.try_command(method):
            raise TransportError("too many requests in this second", left=False)

    async def query(self, method: Method, params: Params) -> Reply:
        """Ask one private question. Raises ExchangeError of one kind or another."""
        await self._limits.query(method)
        stamp = self.stamps.next()
        answer = await self._post(method, params, stamp)
        return checked(parse_reply(answer.body), stamp.request_id, method)

    @property
    def is_usable(self) -> bool:
        """Whether it is open and the newest request brought an answer."""
        return self._http is not None and self.trouble is None

    async def _post(self, method: Method, params: Params, stamp: RequestStamp) -> HttpReply:
        return await self._exchange(self._made_ready(stamp) or self._signed(method, params, stamp), MAX_REPLY)

    def _made_ready(self, stamp: RequestStamp) -> httpx.Request | None:
        """What was built beforehand for this stamp; given out once."""
        if self._ready is None or self._ready[0] != stamp:
            return None
        request, self._ready = self._ready[1], None
        return request

    def _signed(self, method: Method, params: Params, stamp: RequestStamp) -> httpx.Request:
        body = signed_body(method, params, stamp, self._signer)
        return self._client().build_request("POST", self._urls[method], content=body, headers=JSON)
