"""Practice exchanges in a process of their own, one per crash, told what to do by JSON lines."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from otoco_desktop.practice.faults import Fault, Loss, RawReply
from otoco_desktop.practice.model import Leg
from otoco_desktop.practice.thread import PracticeServer
from tests.e2e.stage import held_market

WAIT_S = 10.0


class House:
    """The exchanges that run here, by the name of their folder."""

    def __init__(self) -> None:
        self._servers: dict[str, PracticeServer] = {}

    def open(self, folder: str) -> dict[str, Any]:
        server = self._servers[folder] = PracticeServer(held_market(Path(folder)))
        found = server.start().result()
        return {
            "addresses": [found.rest_url, found.user_url, found.market_url],
            "key_file": str(found.key_file),
            "port": found.port,
        }

    def arm(self, folder: str, fault: str, value: Any) -> None:
        spoken = Loss(value) if Fault(fault) in (Fault.LOSE_REPLY_PLACED, Fault.LOSE_REPLY_UNPLACED) else value
        self._servers[folder].controls.arm(Fault(fault), spoken)

    def clear(self, folder: str) -> None:
        self._servers[folder].controls.clear()

    def answer_nonsense(self, folder: str, method: str) -> None:
        """To the next call of this method."""
        self._servers[folder].controls.arm_raw(method, RawReply(b"<html>"))

    def creates(self, folder: str, number: int) -> int:
        """How many creates were seen, once there are so many."""
        deadline = time.monotonic() + WAIT_S
        while len(self._servers[folder].controls.ledger().creates) < number and time.monotonic() < deadline:
            time.sleep(0.005)
        return len(self._servers[folder].controls.ledger().creates)

    def ledger(self, folder: str) -> dict[str, Any]:
        ledger = self._servers[folder].controls.ledger()
        return {
            "creates": [list(seen.client_oids) for seen in ledger.creates],
            "exits": [[seen.request_id, seen.method] for seen in ledger.exits],
            "lists": [[_told(leg) for leg in legs] for legs in ledger.lists],
        }

    def close(self, folder: str) -> None:
        self._servers.pop(folder).stop()


def _told(leg: Leg) -> list[str]:
    return [leg.list_id, leg.client_oid, leg.status.value, str(leg.ref_price)]


def main() -> None:
    """Answer each line until standard input ends."""
    house = House()
    for line in sys.stdin:
        what, *told = json.loads(line)
        sys.stdout.write(json.dumps(getattr(house, what)(*told)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
