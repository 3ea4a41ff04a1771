"""Each fault really happens on the wire: a raw peer behind the proxy and a raw client before it count the bytes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.exchange.http_server import read_request, reply_bytes, server
from tests.faults.actions import CREATE, Cut, End, Link, Mutate, Way, scripted
from tests.faults.frames import Frames, payload
from tests.faults.proxy import HOST, FaultProxy
from tests.waiting import until

BODY = b'{"method":"private/advanced/create-otoco"}'
REQUEST = b"POST /private/advanced/create-otoco HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
REPLY = reply_bytes(b'{"code":0}')


@dataclass
class Peer:
    """The exchange's end: what it read, and how the connection ended there."""

    read: bytes = b""
    pieces: int = 0
    ends: list[str] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each whole request."""
        unanswered = b""
        try:
            while data := await reader.read(1 << 16):
                self.read += data
                self.pieces += 1
                unanswered += data
                while BODY in unanswered:
                    unanswered = unanswered.partition(BODY)[2]
                    writer.write(REPLY)
            self.ends.append("end")
        except ConnectionError:
            self.ends.append("reset")
        writer.close()


@asynccontextmanager
async def behind() -> AsyncIterator[tuple[FaultProxy, Peer]]:
    peer = Peer()
    async with server(peer.handle) as url:
        with FaultProxy(int(url.rstrip("/").rsplit(":", 1)[1])) as proxy:
            yield proxy, peer


async def talk(proxy: FaultProxy, patience_s: float = 0.2) -> tuple[bytes, str]:
    """Send one request; what came back, and how it ended: "end", "reset" or "silence"."""
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    writer.write(REQUEST)
    got = b""
    try:
        async with asyncio.timeout(patience_s):
            while data := await reader.read(1 << 16):
                got += data
        end = "end"
    except TimeoutError:
        end = "silence"
    except ConnectionError:
        end = "reset"
    writer.transport.abort()
    return got, end


async def test_a_good_line_carries_every_byte() -> None:
    async with behind() as (proxy, peer):
        proxy.watch()
        assert await talk(proxy) == (REPLY, "silence")
        assert peer.read == REQUEST
        assert proxy.traffic.passed == {Way.UP: REQUEST, Way.DOWN: REPLY}


@pytest.mark.parametrize("at", [0, 1, 44, len(REQUEST) - 1])
@pytest.mark.parametrize("how", End)
async def test_a_request_is_cut_at_the_byte(at: int, how: End) -> None:
    async with behind() as (proxy, peer):
        proxy.cut(Cut(Way.UP, at, how))
        got, end = await talk(proxy)
        await until(lambda: len(peer.read) == at, 2)
        assert (got, peer.read) == (b"", REQUEST[:at])
        if how is End.SILENCE:
            assert (end, peer.ends) == ("silence", [])
        else:
            await until(lambda: peer.ends == ["reset" if how is End.RESET else "end"], 2)
            assert end == ("reset" if how is End.RESET else "end")


@pytest.mark.parametrize("at", [0, 1, len(REPLY)])
@pytest.mark.parametrize("how", End)
async def test_a_reply_is_cut_at_the_byte_and_the_request_was_processed(at: int, how: End) -> None:
    async with behind() as (proxy, peer):
        proxy.cut(Cut(Way.DOWN, at, how))
        ends = {End.RESET: "reset", End.SILENCE: "silence", End.HALF_CLOSE: "end"}
        assert await talk(proxy) == (REPLY[:at], ends[how])
        assert peer.read == REQUEST


async def test_only_one_request_is_hit() -> None:
    async with behind() as (proxy, peer):
        proxy.cut(Cut(Way.UP, 0))
        assert (await talk(proxy))[1] == "reset"
        assert await talk(proxy) == (REPLY, "silence")
        assert peer.read == REQUEST


async def test_a_request_that_is_not_meant_is_left_alone() -> None:
    async with behind() as (proxy, _):
        proxy.cut(Cut(Way.UP, 0, within=b"cancel"))
        assert await talk(proxy) == (REPLY, "silence")


async def test_refusing_and_healing() -> None:
    async with behind() as (proxy, peer):
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            await talk(proxy)
        proxy.heal()
        assert await talk(proxy) == (REPLY, "silence")
        assert proxy.accepted == 1
        assert peer.read == REQUEST


async def test_connecting_hangs() -> None:
    async with behind() as (proxy, _):
        proxy.hang()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await talk(proxy)
        proxy.heal()
        assert await talk(proxy) == (REPLY, "silence")


async def test_silence_swallows_and_keeps_open() -> None:
    async with behind() as (proxy, peer):
        proxy.be_silent()
        assert await talk(proxy) == (b"", "silence")
        assert (peer.read, peer.ends) == (b"", [])


@pytest.mark.parametrize(
    ("link", "least_s"),
    [(Link(delay_s=0.05), 0.1), (Link(bytes_per_s=1000), len(REQUEST + REPLY) / 1000), (Link(jitter_s=0.02), 0.001)],
)
async def test_a_slow_line_takes_its_time(link: Link, least_s: float) -> None:
    async with behind() as (proxy, _):
        proxy.link(link)
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        began = time.monotonic()
        writer.write(REQUEST)
        assert await reader.readexactly(len(REPLY)) == REPLY
        assert time.monotonic() - began >= least_s
        writer.transport.abort()


def test_jitter_is_the_same_for_the_same_seed() -> None:
    first, again, other = (Link(jitter_s=1, seed=seed).pauses() for seed in (1, 1, 2))
    shaken = [first(1) for _ in range(3)]
    assert shaken == [again(1) for _ in range(3)] != [other(1) for _ in range(3)]
    assert scripted(1, 9, 50) == scripted(1, 9, 50) != scripted(2, 9, 50)


async def test_slices_of_one_byte() -> None:
    async with behind() as (proxy, peer):
        proxy.link(Link(delay_s=0.001, slice=1, ways=frozenset({Way.UP})))
        assert await talk(proxy, 0.6) == (REPLY, "silence")
        assert peer.read == REQUEST
        assert peer.pieces > len(REQUEST) / 2


async def test_a_reply_is_changed() -> None:
    async with behind() as (proxy, _):
        proxy.mutate(Mutate(lambda data: data.replace(b'"code":0', b'"code":7')))
        assert await talk(proxy) == (REPLY.replace(b":0}", b":7}"), "silence")
        assert await talk(proxy) == (REPLY, "silence")


@pytest.mark.parametrize("end", [FaultProxy.hang_up, FaultProxy.reset_all])
async def test_idle_connections_are_ended(end: Callable[[FaultProxy], None]) -> None:
    async with behind() as (proxy, _):
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        writer.write(REQUEST)
        await reader.readexactly(len(REPLY))
        end(proxy)
        if end is FaultProxy.hang_up:
            assert await reader.read() == b""
        else:
            with pytest.raises(ConnectionError):
                await reader.read()
        writer.transport.abort()


# Websockets


@asynccontextmanager
async def echoing() -> AsyncIterator[tuple[FaultProxy, list[str]]]:
    heard: list[str] = []

    async def echo(socket: ServerConnection) -> None:
        async for text in socket:
            heard.append(str(text))
            await socket.send(text)

    async with serve(echo, HOST, 0, compression=None) as listening:
        with FaultProxy(next(iter(listening.sockets)).getsockname()[1]) as proxy:
            yield proxy, heard


@pytest.mark.parametrize("way", Way)
async def test_a_message_on_a_websocket_is_cut_and_others_are_not(way: Way) -> None:
    async with (
        echoing() as (proxy, heard),
        connect(f"ws://{HOST}:{proxy.port}", proxy=None, compression=None) as socket,
    ):
        proxy.cut(Cut(way, 5))
        await socket.send("before")
        assert await socket.recv() == "before"
        await socket.send(BODY.decode())
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert heard == ["before"] + [BODY.decode()] * (way is Way.DOWN)
        assert len(proxy.traffic.passed[way]) == 5


async def test_a_frame_comes_out_of_nowhere() -> None:
    async with (
        echoing() as (proxy, heard),
        connect(f"ws://{HOST}:{proxy.port}", proxy=None, compression=None) as socket,
    ):
        proxy.say(b"\xff{")
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert heard == []


@pytest.mark.parametrize("size", [0, 125, 126, 70_000])
def test_frames_are_told_apart_byte_by_byte(size: int) -> None:
    from websockets.frames import Frame, Opcode

    data = b"x" * size
    whole = [Frame(Opcode.TEXT, data).serialize(mask=masked) for masked in (True, False)]
    frames, found = Frames(), []
    for at in range(0, len(whole[0] + whole[1]), 7):
        found += frames.feed((whole[0] + whole[1])[at : at + 7])
    assert found == whole
    assert [payload(frame) for frame in found] == [data, data]


async def test_the_host_is_the_exchanges_own() -> None:
    seen: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.close()

    async with server(note) as url:
        port = int(re.findall(r":(\d+)/", url)[0])
        with FaultProxy(port) as proxy:
            _, writer = await asyncio.open_connection(HOST, proxy.port)
            writer.write(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 1\r\n\r\nx" % proxy.port)
            await until(lambda: seen, 2)
            writer.transport.abort()
    assert b"Host: 127.0.0.1:%d\r\n" % port in seen[0]
    assert CREATE not in seen[0]
