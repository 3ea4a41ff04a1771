"""A practice exchange in a process of its own, moved and asked by JSON lines: ``python -m`` with its folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from otoco_desktop.practice.thread import PracticeServer
from tests.e2e.stage import SYMBOL, held_market


def main() -> None:
    """Serve until standard input ends."""
    server = PracticeServer(held_market(Path(sys.argv[1])))
    found = server.start().result()
    say({"port": found.port, "key_file": str(found.key_file)})
    for line in sys.stdin:
        order = json.loads(line)
        if "price" in order:
            server.controls.set_price(SYMBOL, order["price"])
        say({"creates": [[seen.transport, seen.client_oids[0]] for seen in server.controls.ledger().creates]})
    server.stop()


def say(words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
