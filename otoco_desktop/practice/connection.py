"""One websocket connection: reads, writes and beats until either side ends it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from otoco_desktop.practice.conversation import Conversation
from otoco_desktop.practice.faults import Fault, Faults
from otoco_desktop.practice.venue import Venue

NORMAL, TRY_LATER = 1000, 1013
_LONGEST_QUEUE = 10_000


@dataclass(frozen=True, slots=True)
class _Close:
    code: int


class Outbox:
    """Messages waiting to be written, in order."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._queue: asyncio.Queue[bytes | _Close] = asyncio.Queue()

    def send(self, message: bytes) -> None:
        """Queue a message; a client that does not read is told to come back later."""
        if self._faults.value(Fault.MUTE_STREAMS):
            return
        if self._queue.qsize() < _LONGEST_QUEUE:
            self._queue.put_nowait(message)
        elif self._queue.qsize() == _LONGEST_QUEUE:
            self._queue.put_nowait(_Close(TRY_LATER))

    def close(self, code: int) -> None:
        """Close after what is queued."""
        self._queue.put_nowait(_Close(code))

    async def write_to(self, socket: WebSocket) -> None:
        """Write until closed."""
        with suppress(WebSocketDisconnect):
            while True:
                item = await self._queue.get()
                if isinstance(item, _Close):
                    await socket.close(item.code)
                    return
                await socket.send_text(item.decode())


async def serve(socket: WebSocket, outbox: Outbox, conversation: Conversation, venue: Venue) -> None:
    """Run a connection to its end."""
    await socket.accept()
    tasks = [
        asyncio.create_task(_read(socket, conversation)),
        asyncio.create_task(outbox.write_to(socket)),
        asyncio.create_task(_beat(outbox, conversation, venue)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        _raise_unexpected(task)


async def _read(socket: WebSocket, conversation: Conversation) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            conversation.handle(message.get("text") or (message.get("bytes") or b"").decode("utf-8", "replace"))


async def _beat(outbox: Outbox, conversation: Conversation, venue: Venue) -> None:
    config, pause = venue.config, venue.config.heartbeat_s
    while True:
        await asyncio.sleep(pause)
        pause = config.heartbeat_s
        if venue.faults.value(Fault.SILENT_HEARTBEATS):
            continue
        outbox.send(conversation.heart.beat(venue.now_ms))
        await asyncio.sleep(config.heartbeat_answer_s)
        if conversation.heart.open_id is not None:
            outbox.close(NORMAL)
            return
        pause = max(0.0, config.heartbeat_s - config.heartbeat_answer_s)


def _raise_unexpected(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        raise error
