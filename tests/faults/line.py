"""One connection through the proxy: bytes both ways, until something is to happen to them."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from dataclasses import dataclass

from tests.faults.actions import Cut, End, Mutate, Way
from tests.faults.frames import Frames, payload
from tests.faults.plan import Plan, Traffic

OTHER = {Way.UP: Way.DOWN, Way.DOWN: Way.UP}
_LINGER = struct.pack("ii", 1, 0)


@dataclass
class Pipes:
    """Where each direction is read, and where it is written."""

    readers: dict[Way, asyncio.StreamReader]
    writers: dict[Way, asyncio.StreamWriter]


@dataclass
class Target:
    """The request that something happens to, and whether the exchange has begun to answer it."""

    action: Cut | Mutate | None
    within: bytes
    traffic: Traffic
    is_answered: bool = False
    held: bytes = b""


class Line:
    """``hosts`` are the names of the proxy in a request's head, and the exchange's in their place."""

    def __init__(self, plan: Plan, pipes: Pipes, hosts: tuple[bytes, bytes]) -> None:
        self._plan = plan
        self._pipes = pipes
        self._hosts = hosts
        self._frames: dict[Way, Frames] = {}
        self._target: Target | None = None
        self._ended: set[Way] = set()
        self._is_dumb = False
        self._link = plan.link
        self._pause = self._link.pauses()

    @property
    def is_stream(self) -> bool:
        """Whether it has become a websocket."""
        return Way.DOWN in self._frames

    async def run(self) -> None:
        """Carry bytes until both ends are gone."""
        pumps = [asyncio.create_task(self._pump(way), name=f"{way} pump") for way in Way]
        try:
            await asyncio.wait(pumps)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            for writer in self._pipes.writers.values():
                writer.transport.abort()

    def reset(self) -> None:
        """Break it at both ends, at once."""
        for writer in self._pipes.writers.values():
            end = writer.get_extra_info("socket")
            if end.fileno() >= 0:  # else it has ended by itself
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
            writer.transport.abort()

    def hang_up(self) -> None:
        """End it politely at both ends."""
        for writer in self._pipes.writers.values():
            writer.close()

    def say(self, data: bytes) -> None:
        """Write these bytes to the program, as if the exchange had."""
        self._pipes.writers[Way.DOWN].write(data)

    async def _pump(self, way: Way) -> None:
        try:
            while data := await self._pipes.readers[way].read(1 << 16):
                for message in self._messages(way, data):
                    await self._carry(way, message)
            there = self._pipes.writers[way]
            if not self._swallows(way) and not there.is_closing():
                there.write_eof()
        except OSError:
            self.reset()

    def _messages(self, way: Way, data: bytes) -> list[bytes]:
        """Pieces as they came over HTTP, frames over a websocket."""
        if way in self._frames:
            return self._frames[way].feed(data)
        if way is Way.UP:
            return [data.replace(*self._hosts)]
        if data.startswith(b"HTTP/1.1 101"):
            head, end, rest = data.partition(b"\r\n\r\n")
            self._frames = {way: Frames() for way in Way}
            return [head + end, *self._frames[way].feed(rest)]
        return [data]

    async def _carry(self, way: Way, message: bytes) -> None:
        if self._swallows(way):
            return
        target = self._target_of(way, message)
        action = target.action if target is not None and target.action and target.action.way is way else None
        if isinstance(action, Mutate) and target is not None:
            target.held += message
            if not self.is_stream and not _is_whole(target.held):
                return
            message, target.held = action.change(target.held), b""
        if isinstance(action, Cut):
            message = message[: action.at - self._passed(way)]
        await self._write(way, message)
        if target is not None:
            target.traffic.passed[way] += message
        if isinstance(action, Cut) and self._passed(way) == action.at:
            self._end(action)

    def _target_of(self, way: Way, message: bytes) -> Target | None:
        """The request that was waited for, if this message belongs to it."""
        text = payload(message) if way in self._frames else message
        taken = self._plan.take(text) if way is Way.UP else None
        if taken is not None:
            self._target = Target(*taken, self._plan.traffic)
        target = self._target
        if target is None or not self._belongs(target, way, text):
            return None
        target.traffic.arrived[way] += message
        return target

    def _belongs(self, target: Target, way: Way, text: bytes) -> bool:
        """On a stream both are one message that names the method; over HTTP the request ends where the reply begins."""
        if self.is_stream:
            return target.within in text
        if way is Way.DOWN:
            target.is_answered = True
        elif target.is_answered:
            self._target = None
            return False
        return True

    def _passed(self, way: Way) -> int:
        return len(self._target.traffic.passed[way]) if self._target else 0

    async def _write(self, way: Way, data: bytes) -> None:
        if self._link is not self._plan.link:
            self._link = self._plan.link
            self._pause = self._link.pauses()
        link = self._link
        step = link.slice or max(1, len(data))
        for at in range(0, len(data), step):
            piece = data[at : at + step]
            if way in link.ways and (pause := self._pause(len(piece))):
                await asyncio.sleep(pause)
            self._pipes.writers[way].write(piece)
            await self._pipes.writers[way].drain()

    def _end(self, cut: Cut) -> None:
        if cut.how is End.RESET:
            self.reset()
        elif cut.how is End.HALF_CLOSE:
            self._ended.add(cut.way)
            self._pipes.writers[cut.way].write_eof()
        else:
            self._is_dumb = True

    def _swallows(self, way: Way) -> bool:
        return self._is_dumb or self._plan.is_dumb or way in self._ended


def _is_whole(message: bytes) -> bool:
    """Whether an HTTP message has come as far as its head announces."""
    head, end, body = message.partition(b"\r\n\r\n")
    announced = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    return bool(end) and (announced is None or len(body) >= int(announced[1]))
