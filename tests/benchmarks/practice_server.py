"""A practice exchange in a process of its own whose price stands still; tells its addresses in one JSON line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig

PRICE = ((0.0, "93118.42"),)


def main() -> None:
    """Serve until standard input ends, so that the exchange never outlives who started it."""
    server = PracticeServer(PracticeConfig(data_dir=Path(sys.argv[1]), seed=4, script={"BTC_USD": PRICE}))
    found = server.start().result()
    told = {"addresses": [found.rest_url, found.user_url, found.market_url], "key_file": str(found.key_file)}
    print(json.dumps(told), flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
