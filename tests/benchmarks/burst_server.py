"""A practice exchange in a process of its own that floods its clients when told to; tells all in JSON lines.

A line ``SECONDS`` on standard input begins a burst: every 10 ms one entry fills by one step (no coins move),
and the market is told
often enough that a client of one instrument hears a thousand messages a second. The answer is the ledger.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from decimal import Decimal
from itertools import cycle
from pathlib import Path

from msgspec.structs import replace

from otoco_desktop.practice.conversation import Heart
from otoco_desktop.practice.dialect import Request
from otoco_desktop.practice.running import Running
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from tests.benchmarks.practice_server import PRICE

STEP_S = 0.01
MARKET_A_STEP = 5
"""Beats of the market in one step: each is a mark, every second one a book and a ticker too."""

PIECE = Decimal("0.00001")
HEARTBEAT_S = 2.0

beaten: dict[int, float] = {}
answers: list[float] = []


def main() -> None:
    """Serve until standard input ends."""
    _time_heartbeats()
    config = PracticeConfig(
        data_dir=Path(sys.argv[1]), seed=4, script={"BTC_USD": PRICE}, heartbeat_s=HEARTBEAT_S, heartbeat_answer_s=1.9
    )
    server = PracticeServer(config)
    found = server.start().result()
    told = {"addresses": [found.rest_url, found.user_url, found.market_url], "key_file": str(found.key_file)}
    print(json.dumps(told), flush=True)
    for line in sys.stdin:
        running, loop = server._running, server._loop
        if running is None or loop is None:
            raise RuntimeError("the exchange is not running")
        done = asyncio.run_coroutine_threadsafe(_burst(running, float(line)), loop).result()
        ledger = {leg.client_oid: str(leg.filled) for family in server.controls.ledger().lists for leg in family}
        print(json.dumps({"filled": ledger, "heartbeats": answers, **done}), flush=True)
    server.stop()


def _time_heartbeats() -> None:
    beat, answered = Heart.beat, Heart.answered

    def timed_beat(heart: Heart, now_ms: int) -> bytes:
        beaten[now_ms] = time.perf_counter()
        return beat(heart, now_ms)

    def timed_answered(heart: Heart, request: Request) -> None:
        if heart.open_id is not None and request.id == str(heart.open_id):
            answers.append(time.perf_counter() - beaten[heart.open_id])
        answered(heart, request)

    Heart.beat, Heart.answered = timed_beat, timed_answered  # type: ignore[method-assign, assignment]


async def _burst(running: Running, seconds: float) -> dict[str, int]:
    """Keep to the clock: what a slow step left out is made up for."""
    venue, feed = running.venue, running.server.market_feed
    entries = cycle([venue.book.family(list_id)[0].order_id for list_id in venue.book.lists])
    answers.clear()
    venue.engine.on_quote = lambda *_quote: None  # type: ignore[method-assign]  # fills come from here alone
    began, steps = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        while steps < passed / STEP_S:
            leg = venue.book.legs[next(entries)]
            value = leg.value + PIECE * (leg.price or Decimal(0))
            venue.book.put(replace(leg, filled=leg.filled + PIECE, value=value, updated_ns=venue.now_ns))
            venue.commit()
            for _ in range(MARKET_A_STEP):
                feed.publish()
            steps += 1
            await asyncio.sleep(0)
        await asyncio.sleep(STEP_S / 2)
    return {"fills": steps}


if __name__ == "__main__":
    main()
