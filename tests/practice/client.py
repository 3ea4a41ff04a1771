"""A plain client of the protocol for these tests: its own signing, no code of the program."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from otoco_desktop.practice.thread import Endpoints

_ids = itertools.count(1)


def flat(value: Any) -> str:
    """Parameters as the documents sign them."""
    if isinstance(value, dict):
        return "".join(key + flat(value[key]) for key in sorted(value))
    if isinstance(value, list):
        return "".join(flat(one) for one in value)
    return str(value)


class Client:
    """Signs and sends."""

    def __init__(self, endpoints: Endpoints) -> None:
        key = json.loads(Path(endpoints.key_file).read_text())
        self.endpoints = endpoints
        self.api_key: str = key["api_key"]
        self.secret: str = key["secret"]
        self.http = httpx.Client(base_url=endpoints.rest_url, trust_env=False, timeout=5)

    def envelope(self, method: str, params: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A signed request; changes are applied after signing."""
        number, nonce = next(_ids), time.time_ns() // 1_000_000
        nonce = changes.pop("signed_nonce", nonce)
        payload = f"{method}{number}{self.api_key}{flat(params or {})}{nonce}"
        sig = hmac.new(self.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
        body = {"id": number, "method": method, "params": params or {}, "nonce": nonce}
        return {**body, "api_key": self.api_key, "sig": sig, **changes}

    def post(self, method: str, params: dict[str, Any] | None = None, **changes: Any) -> httpx.Response:
        """Send a signed request."""
        return self.http.post(f"/{method}", json=self.envelope(method, params, **changes))

    def result(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """The result of a request that must succeed."""
        reply = self.post(method, params).json()
        assert reply["code"] == 0, reply
        return reply.get("result")

    def get(self, method: str, **params: str) -> Any:
        """The result of a public request that must succeed."""
        reply = self.http.get(f"/{method}", params=params).json()
        assert reply["code"] == 0, reply
        return reply["result"]

    def create(self, token: str, **changes: str) -> httpx.Response:
        """Send a bracket."""
        return self.post("private/advanced/create-otoco", {"order_list": legs(token, **changes)})

    def statuses(self, list_id: str) -> list[str]:
        """Status words of entry, stop and target."""
        rows = self.result("private/advanced/get-order-list-detail", {"list_id_list": [list_id]})["data"]
        return [row["status"] for row in rows]


def legs(token: str, **changes: str) -> list[dict[str, Any]]:
    """Entry, stop and target of a BUY at 92,400 with market exits; changes by name."""
    entry = {
        "instrument_name": "BTC_USD",
        "side": "BUY",
        "type": "LIMIT",
        "price": changes.get("price", "92400.00"),
        "quantity": changes.get("quantity", "0.10000"),
        "client_oid": f"{token}-e",
    }
    if "fee" in changes:
        entry["fee_instrument_name"] = changes["fee"]
    shared = {"instrument_name": "BTC_USD", "side": "SELL", "quantity": changes.get("quantity", "0.10000")}
    shared["ref_price_type"] = "MARK_PRICE"
    stop = {**shared, "type": "STOP_LOSS", "ref_price": "91000.00", "client_oid": f"{token}-s"}
    target = {**shared, "type": "TAKE_PROFIT", "ref_price": "95500.00", "client_oid": f"{token}-t"}
    return [entry, stop, target]


class Stream:
    """A websocket whose messages are kept as they come."""

    def __init__(self, socket: ClientConnection, beats: bool) -> None:
        self._socket = socket
        self._beats = beats
        self.messages: list[dict[str, Any]] = []
        self.close_code: int | None = None

    async def read(self) -> None:
        """Read until the end."""
        try:
            async for text in self._socket:
                message = json.loads(text)
                self.messages.append(message)
                if message["method"] == "public/heartbeat" and self._beats:
                    await self.say({"id": message["id"], "method": "public/respond-heartbeat"})
        finally:
            self.close_code = self._socket.close_code

    async def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        await self._socket.send(json.dumps(message))

    async def find(self, wanted: Callable[[dict[str, Any]], Any], what: str = "a message") -> dict[str, Any]:
        """The first message that fits, waited for."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for message in self.messages:
                if wanted(message):
                    return message
            await asyncio.sleep(0.005)
        raise AssertionError(f"{what} did not come; these did: {self.messages}")

    async def call(self, method: str, params: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """Send a request and wait for the answer with its id."""
        number = next(_ids)
        body = {"id": number, "method": method, "params": params or {}, "nonce": time.time_ns() // 1_000_000}
        await self.say({**body, **fields})
        return await self.find(lambda m: m["id"] in (number, 0) and m["method"] == method, f"answer to {method}")

    async def subscribe(self, name: str, **params: Any) -> dict[str, Any]:
        """Subscribe to one channel and give the acknowledgement."""
        return await self.call("subscribe", {"channels": [name], **params})

    def rows(self, channel: str, live: bool = True) -> list[dict[str, Any]]:
        """Rows of a channel, live ones or those of the snapshot."""
        return [
            row
            for message in self.messages
            if message.get("result", {}).get("channel") == channel and (message["id"] == -1) is live
            for row in message["result"]["data"]
        ]

    def steps(self, channel: str = "user.advance.order") -> list[tuple[str, str, str]]:
        """Leg, status and filled quantity of each live row, in the order they came."""
        return [(r["client_oid"][-1], r["status"], r["cumulative_quantity"]) for r in self.rows(channel)]


@asynccontextmanager
async def stream(url: str, beats: bool = True) -> AsyncIterator[Stream]:
    """A connection that is read in the background."""
    async with connect(url, proxy=None, ping_interval=None, origin=None) as socket:
        made = Stream(socket, beats)
        reader = asyncio.create_task(made.read())
        try:
            yield made
        finally:
            await socket.close()
            await asyncio.gather(reader, return_exceptions=True)


@asynccontextmanager
async def user_stream(client: Client, channel: str = "user.advance.order") -> AsyncIterator[Stream]:
    """A signed-in user stream that has subscribed."""
    async with stream(client.endpoints.user_url) as made:
        await made.say(client.envelope("public/auth"))
        assert (await made.find(lambda m: m["method"] == "public/auth"))["code"] == 0
        assert (await made.subscribe(channel))["code"] == 0
        yield made
