"""The practice exchange on the loop of whoever asks: the same server, and a hand that needs no other thread."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from otoco_desktop.exchange.endpoints import Endpoints, on_this_computer
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.practice.controls import PracticeControls
from otoco_desktop.practice.keyfile import load_or_make
from otoco_desktop.practice.running import Running
from otoco_desktop.practice.store import Store
from otoco_desktop.practice.venue import PracticeConfig, Venue
from otoco_desktop.practice.wires import listen
from tests.soak.time import WorldTime

T = TypeVar("T")


class NearControls(PracticeControls):
    """Acts at once: it is called on the exchange's own loop."""

    def submit(self, call: Callable[[], T]) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(call())
        return done


@dataclass(frozen=True, slots=True)
class NearExchange:
    endpoints: Endpoints
    signer: Signer
    controls: NearControls


@asynccontextmanager
async def exchange_here(config: PracticeConfig, time: WorldTime) -> AsyncIterator[NearExchange]:
    """Serves over loopback until this block ends."""
    sock = listen(0)
    key, key_file = load_or_make(config.data_dir)
    store, loaded = Store.open(config.data_dir, config.balances)
    venue = Venue(config, time, store, loaded)
    running = Running(venue, key, sock)
    stop, up = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(running.run(stop, up.set), name="exchange")
    try:
        await up.wait()
        yield _reached(sock.getsockname()[1], key_file, NearControls(venue, running.server, asyncio.get_running_loop()))
    finally:
        stop.set()
        await serving
        venue.close()
        store.close()
        sock.close()


def _reached(port: int, key_file: Path, controls: NearControls) -> NearExchange:
    key = json.loads(key_file.read_bytes())
    place = f"127.0.0.1:{port}/exchange/v1/"
    endpoints = on_this_computer(f"http://{place}", f"ws://{place}user", f"ws://{place}market")
    return NearExchange(endpoints, Signer(key["api_key"], key["secret"]), controls)
